"""What is asked of a service plan: `PlanOptions`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from geo_match._validate import as_count, as_radius, is_number
from geo_match.errors import ArgumentError
from geo_match.rules import WORKING_AGE
from geo_match.taxonomy import Occupations

if TYPE_CHECKING:
    import datetime as dt

DIGITS: Final = {"major": 1, "middle": 3}
"""How many digits of an occupation's code name its group, by level."""
_MOST_SHORT: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """The day of a plan, its circle, and how occupations are grouped.

    Parameters
    ----------
    on
        The day on which the plan holds: it decides who is of working age, who is registered as a
        seeker, and which postings and stations are open.
    radius_m
        Metres, inclusive, 0 to 200 km: the circle around each home.
    occupation_level
        "major" (大类, one digit) or "middle" (中类, three digits): two occupations are the same
        where their codes begin with the same group of this level.
    most_short
        How many of the occupations whose supply falls most short are named in a row, 0 to 20.
    table
        The groups of occupations.

    Raises
    ------
    ArgumentError, RadiusError
        If one of them breaks its rule; it is named.
    NotInForceError
        If no rule of working age is known for the day.

    Examples
    --------
    >>> import datetime as dt
    >>> PlanOptions(on=dt.date(2025, 12, 31)).digits
    1
    """

    on: dt.date
    radius_m: float = 3_000.0
    occupation_level: Literal["major", "middle"] = "major"
    most_short: int = 3
    table: Occupations = field(default_factory=Occupations)

    def __post_init__(self) -> None:
        """Check them."""
        WORKING_AGE.on(self.on)
        if not is_number(self.radius_m):
            raise ArgumentError("radius_m", "be a number of metres", repr(self.radius_m))
        as_radius(self.radius_m, 1)
        if self.occupation_level not in tuple(DIGITS):  # whatever it is, a list too
            rule = f"be one of {', '.join(DIGITS)}"
            raise ArgumentError("occupation_level", rule, repr(self.occupation_level))
        as_count(self.most_short, "most_short", least=0)
        if self.most_short > _MOST_SHORT:
            rule = f"be at most {_MOST_SHORT}"
            remedy = 'All occupations stand in `by("community", "occupation")`.'
            raise ArgumentError("most_short", rule, repr(self.most_short), remedy)
        if not isinstance(self.table, Occupations):
            raise ArgumentError("table", "be Occupations", type(self.table).__name__)

    @property
    def digits(self) -> int:
        """How many digits of a code name its group."""
        return DIGITS[self.occupation_level]

    def group(self, code: str | None, version: str | None) -> str | None:
        """Return the group of an occupation.

        Parameters
        ----------
        code
            As a record keeps it; None where not stated.
        version
            The edition of the code; None for that of the table.

        Returns
        -------
        str or None
            A code of the table at the level; None where nothing is stated, the table does not know
            the code as far as that, or it is of another edition.
        """
        if code is None or (version is not None and version != self.table.version):
            return None
        head = self.table.comparable(code)[: self.digits]
        return head if len(head) == self.digits and head in self.table else None
