"""Letting callers in: `requires` is what a route declares, and its description says.

A route that needs a scope has `dependencies=[requires("jobs:read")]`, or takes the caller as
`Annotated[Caller, requires("jobs:read")]`. One whose scope depends on what is asked takes
`requires()`, and calls `admit` once it knows.
"""

from __future__ import annotations

import logging
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Security
from fastapi.security import SecurityScopes

from api.access.caller import Caller
from api.access.credentials import KEY, SESSION
from api.access.gate import Gate
from api.access.refusals import bad_key, bad_session, cross_origin, key_needed, scope_missing
from api.access.same_origin import SAFE_METHODS, is_same_origin
from api.access.scopes import Scope
from geo_match.store import StoreError

_LOG: Final = logging.getLogger(__name__)


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
    request: Request, gate: TheGate, _key: KeyGiven, _session: SessionGiven
) -> Caller | None:
    return identify(request, gate)


def identify(request: Request, gate: Gate) -> Caller | None:
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
    key, session = KEY.given(request), SESSION.given(request)
    caller = gate.who(key, session)
    if caller is None and key is not None:
        raise bad_key()
    if caller is None and session is not None:
        raise bad_session(is_https=gate.is_https)
    if caller is not None and caller.by == "session":
        check_origin(request, gate)
    request.state.caller = caller
    return caller


async def _key_given(request: Request) -> str | None:
    return await KEY(request)  # behind a function: the description is to ask for none


async def _session_given(request: Request) -> str | None:
    return await SESSION(request)


def _is_known(
    gate: TheGate,
    key: Annotated[str | None, Depends(_key_given)],
    session: Annotated[str | None, Depends(_session_given)],
) -> bool:
    """Return whether who asks may be told what is served; nobody where the store cannot say."""
    try:
        return gate.who(key, session) is not None
    except StoreError as error:
        _LOG.warning("%s: %s", type(error).__name__, error)
        return False


IsKnown = Annotated[bool, Depends(_is_known)]
"""Whether somebody asks who is let in; of what answers everybody, and some more than others."""


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
