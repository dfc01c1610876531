"""The audit of what is read of persons: one log of a worker, and no answer before its entry."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from api.stored import ServedStore
from geo_match.store import AuditLog, audited

if TYPE_CHECKING:
    from collections.abc import Callable, Sized
    from typing import TypeVar

    from api.access.caller import Caller
    from api.access.scopes import Scope

    _Answer = TypeVar("_Answer", bound=Sized)

_NOBODY: Final = "keyless"


class Audit:
    """The audit of a store, opened when the first entry is written; for concurrent requests.

    Parameters
    ----------
    store
        Path or URL of the store.
    """

    def __init__(self, store: str) -> None:
        self._store = store
        self._log: AuditLog | None = None
        self._opening = threading.Lock()

    def noted(
        self, caller: Caller, *, purpose: str, scope: Scope
    ) -> Callable[[Callable[[], _Answer]], _Answer]:
        """Return what runs a read of persons and gives its answer once it is noted.

        The entry names the caller's key, and nobody's record.

        Parameters
        ----------
        caller
            Who reads.
        purpose
            What for, such as 岗位匹配.
        scope
            The right under which it is read.

        Raises
        ------
        StoreError
            If the audit cannot be opened; what is returned raises `AuditError`, which is one, in
            place of the answer if it cannot be noted.
        """
        who = _NOBODY if caller.key is None else f"{caller.role} {caller.key}"
        return audited(self._opened(), who=who, purpose=purpose, scope=scope)

    def close(self) -> None:
        """Let go of the log."""
        with self._opening:
            if self._log is not None:
                self._log.close()
                self._log = None

    def _opened(self) -> AuditLog:
        with self._opening:
            if self._log is None:
                self._log = AuditLog.open(self._store)
            return self._log


async def _audit_of(request: Request, _: ServedStore) -> Audit:
    """Return the audit of the application that a request came to, which serves a store."""
    audit: Audit = request.app.state.audit
    return audit


ServedAudit = Annotated[Audit, Depends(_audit_of)]
"""The audit; a problem for who asks a server of a file."""
