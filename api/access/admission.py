"""Letting callers in: `requires` is what a route declares, and its description says.

A route that needs a scope has `dependencies=[requires("jobs:read")]`, or takes the caller as
`Annotated[Caller, requires("jobs:read")]`. One whose scope depends on what is asked takes
`requires()`, and calls `admit` once it knows.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import SecurityScopes

from api.access.caller import Caller
from api.access.credentials import KEY, SESSION
from api.access.gate import Gate
from api.access.refusals import bad_key, bad_session, cross_origin, key_needed, scope_missing
from api.access.same_origin import SAFE_METHODS, is_same_origin
from api.access.scopes import Scope


async def _gate_of(request: Request) -> Gate:
    gate: Gate = request.app.state.gate
    return gate


TheGate = Annotated[Gate, Depends(_gate_of)]
"""The gate of the application that a request came to."""
KeyGiven = Annotated[str | None, Depends(KEY)]
"""The key that a request carries, whatever it is; None for none."""
SessionGiven = Annotated[str | None, Depends(SESSION)]
"""The secret of the session that a request carries, whatever it is; None for none."""


def _identify(
    request: Request, gate: TheGate, key: KeyGiven, session: SessionGiven
) -> Caller | None:
    """Return who asks; None for somebody without a key where nobody such may.

    A key counts before a session. One that opens nothing is refused also where none is needed: who
    sends it believes to be somebody.

    Raises
    ------
    ProblemError
        If the key or the session opens nothing, or a page elsewhere would change something.
    StoreError
        If the store cannot be read.
    """
    if key is not None:
        caller = gate.by_key(key)
        if caller is None:
            raise bad_key()
    elif session is not None:
        caller = gate.by_session(session)
        if caller is None:
            raise bad_session(is_https=gate.is_https)
        check_origin(request, gate)
    else:
        caller = gate.keyless()
    request.state.caller = caller
    return caller


async def _admitted(
    needed: SecurityScopes, caller: Annotated[Caller | None, Depends(_identify)]
) -> Caller:
    """Return who asks, if they may.

    Raises
    ------
    ProblemError
        If they may not.
    """
    scopes: Any = needed.scopes  # those of `requires`
    if caller is None:
        raise key_needed(*scopes)
    for scope in scopes:
        admit(caller, scope)
    return caller


def requires(*scopes: Scope) -> Any:  # noqa: ANN401 - FastAPI's marker of a dependency
    """Return the dependency that lets in who has all of the scopes, and gives the `Caller`."""
    return Security(_admitted, scopes=list(scopes))


def admit(caller: Caller, scope: Scope) -> None:
    """Let a caller go on.

    Raises
    ------
    ProblemError
        If they have not the scope.
    """
    if scope not in caller.scopes:
        raise key_needed(scope) if caller.by == "nothing" else scope_missing(caller, scope)


def check_origin(request: Request, gate: Gate, *, of_programs: bool = False) -> None:
    """Check that what changes something comes from a page of this server.

    Parameters
    ----------
    request, gate
        What is asked, and of whom.
    of_programs
        Whether it may come from a program, too, which says nothing of pages.

    Raises
    ------
    ProblemError
        If it does not.
    """
    if request.method in SAFE_METHODS:
        return
    said = is_same_origin(request.headers, is_https=gate.is_https)
    if not (of_programs if said is None else said):
        raise cross_origin()
