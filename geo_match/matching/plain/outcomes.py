"""Pass, fail, unknown, and how several of them make one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

PASS: Final = "pass"  # noqa: S105 - an outcome, no password
FAIL: Final = "fail"
UNKNOWN: Final = "unknown"


def passes(holds: bool) -> str:  # noqa: FBT001 - a truth is its whole input
    """Return "pass" for what holds, else "fail"."""
    return PASS if holds else FAIL


def among(cases: Iterable[bool]) -> str:
    """Return "pass" if every case that is possible holds, "fail" if none does, else "unknown"."""
    found = set(cases)
    if found == {True}:
        return PASS
    return FAIL if found == {False} else UNKNOWN


def every(*outcomes: str) -> str:
    """Return the outcome of conditions that must all pass: fail wins over unknown."""
    if FAIL in outcomes:
        return FAIL
    return UNKNOWN if UNKNOWN in outcomes else PASS


def either(*outcomes: str) -> str:
    """Return the outcome of conditions of which one must pass: pass wins over unknown."""
    if PASS in outcomes:
        return PASS
    return UNKNOWN if UNKNOWN in outcomes else FAIL
