"""What is answered of a server that is not ready."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from api.problems import Problem, ProblemError

_BEHIND: Final = "urn:geo-match:problem:index-behind"


def behind(changes: int | None) -> ProblemError:
    """Return what to raise where the index is behind the store by some changes, if that is told."""
    by = "" if changes is None else f" by {changes:,} {'change' if changes == 1 else 'changes'}"
    return ProblemError(
        Problem(
            type=_BEHIND,
            title="Index behind",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            detail=f"The index is behind the store{by}. It is being brought up to date: ask again.",
        ),
        {"Retry-After": "1"},
    )
