"""The id of the request that is being answered: in the answer, in its problem, and in the logs."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final
from uuid import UUID

CURRENT: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
"""Its text, as the answer has it; None outside of requests. A thread has that of the context in
which its work was begun, as the work of routes is; one that is handed work without it has none."""


def as_uri() -> str | None:
    """Return it as the URI by which a problem names its occurrence; None outside of requests."""
    current = CURRENT.get()
    return None if current is None else UUID(current).urn
