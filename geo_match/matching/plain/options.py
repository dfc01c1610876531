"""What may be asked of the plain twin: the matcher's own options, by the same names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from geo_match.taxonomy import Occupations

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DEFAULT_WEIGHTS: Final = {
    "closeness": 0.35,
    "occupation": 0.25,
    "wage": 0.2,
    "education": 0.05,
    "freshness": 0.15,
    "priority": 0.25,
}
"""Weight of each part of the score, in the order in which the parts are added."""
_CHINA: Final = dt.timezone(dt.timedelta(hours=8))


class Walks(Protocol):
    """What tells how far places, in degrees, are on foot: an oracle of its own."""

    def distance_m(self, lon1: float, lat1: float, lon2: float, lat2: float) -> float | None:
        """Return how far two places are apart, metres; None if there is no way."""

    def snap_m(self, lon: float, lat: float) -> float | None:
        """Return how far a place is from its street, metres; None if none leads to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainOptions:
    """What is asked; nothing of it is checked, since the matcher checks its own.

    Parameters
    ----------
    radius_m
        Of the circle, metres, for seekers who state none.
    limit
        Most rows for one origin; None for all.
    on
        The day asked about; None for today in China.
    basis
        What a distance is: "geodesic", or "walking" by `walks`.
    walks
        Tells distances on foot.
    conditions
        Names of those that are asked; None for all. `distance` is always asked.
    unknown_fails
        Names of those for which unknown counts as fail.
    former_too
        Whether seekers are matched who are not registered on the day.
    occupation_level
        The widest group that makes two occupations match: "minor", "middle" or "major".
    occupations
        The table of groups; None for the shipped one.
    related_occupations
        Pairs of codes: whatever begins with the one matches whatever begins with the other.
    weights
        Of parts of the score; a part that is left out keeps its default.
    half_distance_m
        Distance at which closeness is one half, metres.
    half_life_days
        Age of a posting at which its freshness is one half, days.
    default_accuracy_m
        For each end that does not state its accuracy, metres.
    """

    radius_m: float = 3000.0
    limit: int | None = 20
    on: dt.date | None = None
    basis: str = "geodesic"
    walks: Walks | None = None
    conditions: Collection[str] | None = None
    unknown_fails: Collection[str] = ()
    former_too: bool = False
    occupation_level: str = "middle"
    occupations: Occupations | None = None
    related_occupations: Collection[tuple[str, str]] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    half_distance_m: float = 1000.0
    half_life_days: float = 30.0
    default_accuracy_m: float = 0.0

    @property
    def day(self) -> dt.date:
        """The day asked about."""
        return dt.datetime.now(_CHINA).date() if self.on is None else self.on

    @property
    def table(self) -> Occupations:
        """The table of occupations."""
        return _shipped() if self.occupations is None else self.occupations

    def asks(self, condition: str) -> bool:
        """Return whether a condition is asked."""
        return condition == "distance" or self.conditions is None or condition in self.conditions


@cache
def _shipped() -> Occupations:
    return Occupations()
