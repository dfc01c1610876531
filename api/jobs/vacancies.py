"""How many people a job still seeks."""

from __future__ import annotations


def left_of(vacancies: int | None, filled: int | None) -> int | None:
    """Return how many are still sought; None where it is not stated how many were."""
    return None if vacancies is None else max(vacancies - (filled or 0), 0)


def is_full(vacancies: int | None, filled: int | None) -> bool:
    """Return whether all who were sought are found; a job that never sought any is not full."""
    return left_of(vacancies, filled) == 0 and bool(filled)
