"""Faults of a body that only the store or the library can tell, named as they stand in it."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from api.problems import Fault, Problem, ProblemError, invalid
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.matching import FrameError

_NO_SEEKER: Final = "urn:geo-match:problem:no-such-seeker"
_IN_BODY: Final = frozenset({"on", "basis"})
"""Options of the library's that stand in a body under `options`."""


def fault(rule: str, *, at: str) -> ProblemError:
    """Return what to raise where a field of a body breaks a rule; no value is told.

    Parameters
    ----------
    at
        Where it stands, a JSON pointer.
    """
    return ProblemError(invalid([Fault(parameter=at, detail=rule, value=None)]))


def faulty(error: FrameError, *, at: str) -> Problem:
    """Say which fields of somebody cannot be matched; no value of them is told."""
    return invalid(
        [
            Fault(parameter=f"{at}/{name.strip()}", detail=f"must {one.rule}", value=None)
            for one in error.faults
            for name in one.column.split(",")
        ]
    )


def no_seeker() -> ProblemError:
    """Return what to raise where there is no such seeker for a caller."""
    return ProblemError(
        Problem(
            type=_NO_SEEKER,
            title="No such seeker",
            status=HTTPStatus.NOT_FOUND,
            detail="There is no such seeker, or not in the caller's area.",
        )
    )


@contextmanager
def kept(problems: dict[str, Problem], at: str) -> Iterator[None]:
    """Keep the problem of one item, so that the others go on."""
    try:
        yield
    except ProblemError as error:
        problems[at] = error.problem


@contextmanager
def named_in_body() -> Iterator[None]:
    """Name options that break a rule as they stand in the body."""
    try:
        yield
    except ArgumentError as error:
        if error.argument not in _IN_BODY:
            raise
        rule = f"must {error.rule}.{' ' if error.remedy else ''}{error.remedy}"
        raise fault(rule, at=f"/options/{error.argument}") from None
