"""What is asked of coverage: `CoverageOptions`."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from geo_match._validate import as_count, as_max_distance, as_radius, as_real, is_number
from geo_match.coverage.measures.decay import Binary, Exponential, Gaussian, Stepped
from geo_match.errors import ArgumentError
from geo_match.matching.options import BASES, MatchOptions, check_network

if TYPE_CHECKING:
    from geo_match.walking.network import Network

COUNTS: Final = ("vacancies", "places")
"""What may be counted in a circle."""
_MOST: Final = 2**53
"""More than there can be: a billion rows of a million vacancies each are less."""
_FREE_RADIUS_M: Final = MatchOptions().radius_m
"""The radius of options for which none was chosen."""
_DECAYS: Final = (Binary, Stepped, Exponential, Gaussian)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageOptions:
    """What counts as reached, and what as enough.

    Parameters
    ----------
    radius_m
        Metres, inclusive, 0 to 200 km.
    basis
        What the distance is: "geodesic", the straight line, or "walking", the shortest way along
        the streets of `network`. On foot what is in the straight circle is told beside, and why it
        is more: see `CoverageReport`.
    network
        The streets; given with "walking", and not without it.
    at_least
        How many vacancies or places must be in a person's circle for the person to be reached, 1
        to 2⁵³.
    count
        What is counted: "vacancies", their sum, or "places", the rows of the supply.
    standard
        How many would be enough, at least 0, in the unit of what is counted; whoever has less is
        below it, and is in the gap. None for `at_least`. At 0 nobody who is located is below.
    coarse_m
        Metres: a place that is less accurately known is too coarse to explain a gap by; at least 0.
        None for half the radius.
    quantiles
        Of what is in reach and of the distance, each above 0 and at most 1. Kept as a tuple in
        order, each once.
    competition
        How what is at a place is shared among all who reach it, as
        `geo_match.coverage.measures.competition` defines it: a decay, such as `Binary()`. What is
        compared with the standard is then what is available to each person, vacancies or places a
        head, and the FGT gap and Gini's coefficient are of that. None for no competition: it is
        what is in the circle.
    eligible
        Who may take up which job, as `geo_match.matching` defines it: the supply is then jobs and
        the people are seekers, as `geo_match.Matcher` takes them. Reached, and compared with the
        standard, is what a person is eligible for in the circle: vacancies left, or with `count`
        "places" the jobs. Kept with the radius, basis and network of these options, which all
        circles have, whatever a seeker's own is. Its `limit` and `former_too` do not count: it is
        all that fits, and also of people who are no longer registered, for the people of coverage
        are those who are given. None for whatever is in the circle.
    edge_effect
        Whether to tell how much of the people's circles lies outside the communities' areas, where
        neither supply nor competitors were counted: of the straight circle, on foot as well. It
        takes longer: the areas are joined once.
    max_distance_m
        Metres: how far the place at which `at_least` is reached is looked for, at least the radius.

    Raises
    ------
    ArgumentError, RadiusError
        If one of them breaks its rule; it is named.

    Examples
    --------
    >>> CoverageOptions(radius_m=1000, at_least=3).standard_or_default
    3
    """

    radius_m: float = 3_000.0
    basis: Literal["geodesic", "walking"] = "geodesic"
    network: Network | None = None
    at_least: int = 1
    count: Literal["vacancies", "places"] = "vacancies"
    standard: float | None = None
    coarse_m: float | None = None
    quantiles: Collection[float] = (0.1, 0.25, 0.5, 0.75, 0.9)
    competition: Binary | Stepped | Exponential | Gaussian | None = None
    eligible: MatchOptions | None = None
    edge_effect: bool = False
    max_distance_m: float = 20_000.0

    def __post_init__(self) -> None:
        """Check them."""
        self._check_metres()
        if as_count(self.at_least, "at_least", least=1) > _MOST:
            raise ArgumentError("at_least", f"be at most {_MOST:,}", f"{self.at_least:,}")
        for name, choices in (("count", COUNTS), ("basis", BASES)):
            value = getattr(self, name)
            if value not in choices:
                raise ArgumentError(name, f"be one of {', '.join(choices)}", repr(value))
        check_network(self.basis, self.network)
        for name in ("standard", "coarse_m"):
            value = getattr(self, name)
            if value is not None:
                # As a float, since numpy takes no fraction, nor any whole number.
                object.__setattr__(self, name, _at_least_zero(value, name))
        _check_decay(self.competition)
        if self.eligible is not None:
            object.__setattr__(self, "eligible", self._checked_eligible())
        if not isinstance(self.edge_effect, bool):
            raise ArgumentError("edge_effect", "be True or False", repr(self.edge_effect))
        # What was given may change, and may be in no order: this does not, and is.
        object.__setattr__(self, "quantiles", _quantiles(self.quantiles))

    @property
    def on_foot(self) -> bool:
        """Whether the distance is the way along streets."""
        return self.network is not None

    @property
    def standard_or_default(self) -> float:
        """The standard, z: what was given, or `at_least`."""
        return self.at_least if self.standard is None else self.standard

    @property
    def coarse_or_default_m(self) -> float:
        """Metres beyond which an accuracy is too coarse: what was given, or half the radius."""
        return self.radius_m / 2.0 if self.coarse_m is None else self.coarse_m

    def _check_metres(self) -> None:
        for name in ("radius_m", "max_distance_m"):
            value = getattr(self, name)
            if not is_number(value):
                raise ArgumentError(name, "be a number of metres", repr(value))
        as_radius(self.radius_m, 1)
        as_max_distance(self.max_distance_m)
        if not self.max_distance_m >= self.radius_m:
            rule = f"be at least `radius_m` ({self.radius_m:g})"
            remedy = "Look at least as far as the circle reaches."
            raise ArgumentError("max_distance_m", rule, f"{self.max_distance_m:g}", remedy)

    def _checked_eligible(self) -> MatchOptions:
        """Return the options of eligibility, with the radius, basis and network of these."""
        given: object = self.eligible
        if not isinstance(given, MatchOptions):
            raise ArgumentError("eligible", "be MatchOptions, or None", repr(given))
        if given.radius_m not in {_FREE_RADIUS_M, self.radius_m}:
            rule = f"have the radius of the circles ({self.radius_m:g})"
            remedy = "Leave its `radius_m` out: it is set."
            raise ArgumentError("eligible", rule, f"{given.radius_m:g}", remedy)
        if given.network not in {None, self.network}:
            rule = "have the basis and the network of the circles"
            remedy = "Leave its `basis` and `network` out: they are set."
            raise ArgumentError("eligible", rule, f"basis {given.basis!r}", remedy)
        if self.competition is not None:
            rule = "be None with `competition`"
            remedy = "Ask for one of the two: who competes is not told by eligibility."
            raise ArgumentError("eligible", rule, "both", remedy)
        if self.count == "vacancies" and "vacancies" not in given.asked:
            rule = "ask the condition vacancies where vacancies are counted"
            found = f"conditions {', '.join(given.asked)}"
            remedy = 'Name it among `conditions`, or give `count="places"`.'
            raise ArgumentError("eligible", rule, found, remedy)
        kept = replace(given, radius_m=self.radius_m)
        if self.network is None:
            return kept
        return replace(kept, basis=self.basis, network=self.network)


def _quantiles(given: object) -> tuple[float, ...]:
    """Return checked quantiles in order, each once."""
    if isinstance(given, str) or not isinstance(given, Collection):
        raise ArgumentError("quantiles", "be a collection of numbers", repr(given))
    for one in given:
        if not (is_number(one) and 0.0 < one <= 1.0):
            raise ArgumentError("quantiles", "be above 0 and at most 1 each", repr(one))
    return tuple(sorted({float(one) for one in given}))


def _at_least_zero(value: object, name: str) -> float:
    number = as_real(value)
    if not 0.0 <= number < math.inf:
        raise ArgumentError(name, "be a number of at least 0, or None", repr(value))
    return number


def _check_decay(given: object) -> None:
    if given is not None and not isinstance(given, _DECAYS):
        rule = f"be {', '.join(one.__name__ for one in _DECAYS)} or None"
        remedy = "They are in `geo_match.coverage`."
        raise ArgumentError("competition", rule, repr(given), remedy)
