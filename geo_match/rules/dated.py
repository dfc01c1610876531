"""A rule as a table of what held from which day on, and by which source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, TypeVar

from geo_match.errors import ArgumentError

T = TypeVar("T")


class NotInForceError(ArgumentError):
    """A rule is asked for a day on which it has no entry."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """What holds for some time; a decision tells by it what it rests on.

    Parameters
    ----------
    value
        What holds.
    valid_from
        The first day.
    valid_until
        The first day on which it no longer holds; None while it lasts.
    source
        Where it stands, with how well that is known: [H] a primary text was read, [M] a secondary
        page, [L] weak.
    name
        Of its rule; the table gives it.
    """

    value: T
    valid_from: dt.date
    valid_until: dt.date | None
    source: str
    name: str = ""

    def __str__(self) -> str:
        """Say which entry of which rule it is, and its source."""
        end = "" if self.valid_until is None else f" to {self.valid_until}, exclusive"
        return f"{self.name} as from {self.valid_from}{end}: {self.source}"


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A rule whose content depends on the day.

    Parameters
    ----------
    name
        Of the rule, as decisions record it.
    entries
        In the order of their days; none overlaps the next, though days between two may have none.

    Raises
    ------
    ArgumentError
        If the name or a source is empty, there is no entry, an entry ends before it began, or one
        begins before the last has ended.

    Examples
    --------
    >>> age = Dated("age", (Entry(60, dt.date(1978, 6, 2), None, "国发〔1978〕104号 [M]"),))
    >>> age.on(dt.date(2020, 1, 1)).value
    60
    """

    name: str
    entries: tuple[Entry[T], ...]

    def __post_init__(self) -> None:
        """Check the table, and let each entry bear its name."""
        if not self.name:
            raise ArgumentError("name", "not be empty", repr(self.name))
        if not self.entries:
            raise ArgumentError("entries", "have an entry", "none")
        for one in self.entries:
            _check(one)
        for one, after in pairwise(self.entries):
            if one.valid_until is None or after.valid_from < one.valid_until:
                raise ArgumentError(
                    "entries",
                    "be in order, each over when the next begins",
                    f"one from {one.valid_from} to {one.valid_until} before one from "
                    f"{after.valid_from}",
                )
        named = tuple(replace(one, name=self.name) for one in self.entries)
        object.__setattr__(self, "entries", named)  # as it is frozen

    def on(self, day: dt.date) -> Entry[T]:
        """Return the entry that holds on a day.

        Raises
        ------
        ArgumentError
            If it is no date.
        NotInForceError
            If no entry holds on it.
        """
        _check_day("on", day)
        for one in self.entries:
            if one.valid_from <= day and (one.valid_until is None or day < one.valid_until):
                return one
        known = "; ".join(f"from {one.valid_from} to {one.valid_until}" for one in self.entries)
        raise NotInForceError(
            "on",
            f"be a day on which {self.name} has an entry",
            str(day),
            f"There are entries {known}.".replace("to None", "on"),
        )


def _check(entry: Entry[T]) -> None:
    _check_day("valid_from", entry.valid_from)
    if not entry.source:
        raise ArgumentError("source", "not be empty", repr(entry.source), "Say where it stands.")
    if entry.valid_until is None:
        return
    _check_day("valid_until", entry.valid_until)
    if entry.valid_until <= entry.valid_from:
        raise ArgumentError(
            "valid_until", f"lie after {entry.valid_from}, the first day", str(entry.valid_until)
        )


def _check_day(name: str, day: object) -> None:
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise ArgumentError(name, "be a date without a time", repr(day))
