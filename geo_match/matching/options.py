"""What a match is asked for: `MatchOptions`, and the weights of the score's parts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from numbers import Real
from typing import TYPE_CHECKING, Final, Literal, Self, TypeGuard

from geo_match._validate import MAX_RADIUS_M, as_count, as_radius
from geo_match.errors import ArgumentError
from geo_match.records.clock import CHINA
from geo_match.taxonomy import Occupations

if TYPE_CHECKING:
    from geo_match.walking import Network

CONDITIONS: Final = (
    "distance",
    "open",
    "vacancies",
    "employer",
    "working_age",
    "job_type",
    "occupation",
    "education",
    "wage",
    "hours",
    "shift",
    "age",
    "certificates",
)
"""The names of the conditions, in the order in which answers name them."""
REGISTERED: Final = "registered"
"""What is judged of every seeker beside them, unless `former_too`: it is not for naming."""
JUDGED: Final = (*CONDITIONS, REGISTERED)
"""All that may be judged; the place of one is its bit in a mask of outcomes."""
LEVELS: Final = ("minor", "middle", "major")
"""Groups of occupations, the narrowest first."""

BASES: Final = ("geodesic", "walking")
"""What a distance may be: the straight line, or the shortest way on foot."""

MOST_THREADS: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each part of the score weighs beside the others.

    Parameters
    ----------
    closeness, occupation, wage, education, freshness, priority
        At least 0 each, not all 0; what matters is their proportion. `priority` counts only where
        seekers are ranked for a job.

    Raises
    ------
    ArgumentError
        If a weight is no number of at least 0, or all that count for jobs are 0.
    """

    closeness: float = 0.35
    occupation: float = 0.25
    wage: float = 0.2
    education: float = 0.05
    freshness: float = 0.15
    priority: float = 0.25

    def __post_init__(self) -> None:
        """Check them."""
        for one in dataclass_fields(self):
            _at_least(getattr(self, one.name), f"weights.{one.name}", 0.0)
        if not sum(self.shares(ranks_seekers=False)):
            rule = "have a part above 0 among those that rank jobs"
            raise ArgumentError("weights", rule, "0 for each")

    def shares(self, *, ranks_seekers: bool) -> tuple[float, ...]:
        """Return each part's share, in the order of the fields; together 1."""
        given = [getattr(self, one.name) for one in dataclass_fields(self)]
        if not ranks_seekers:
            given[-1] = 0.0
        most = max(given)
        if not most:
            return tuple(given)
        # By a power of two, which changes no digit, so that they add up, however great they are.
        given = [math.ldexp(one, -math.frexp(most)[1]) for one in given]
        total = math.fsum(given)
        return tuple(one / total for one in given)


PARTS: Final = tuple(one.name for one in dataclass_fields(Weights))
"""The parts of a score, in the order in which they are added up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchOptions:
    """What is asked of a match.

    Parameters
    ----------
    radius_m
        Metres, inclusive, 0 to 200 km; a seeker's own `radius_m` counts before it.
    limit
        The most matches that each one asked for gets; None for all.
    on
        The day on which a posting is to be open, a seeker registered, and an age counts; None for
        today in China.
    basis
        What the distance is: "geodesic", the straight line; or "walking", the shortest way along
        the streets of `network`, the ways to the street at both ends in it.
    network
        The streets that are walked; given with the basis "walking", and with no other.
    conditions
        Names of those that are asked, out of `CONDITIONS`; None for all. `distance` always is.
        Kept as a tuple in their order, each once.
    unknown_fails
        Names of those that an unknown outcome fails; for the others it is kept, and said. Kept as
        `conditions` are.
    former_too
        Whether seekers are matched who are not registered on the day: whose registration is closed
        by then (`closed_on`), or begins later (`registered_on`).
    occupation_level
        The widest group that the two occupations must share.
    occupations
        Table of the groups; None for the one that is shipped.
    related_occupations
        Pairs of codes that count as one group, whichever of the two is sought: each stands for
        all codes that begin with it. Kept as a tuple in order, each once.
    weights
        Of the score's parts.
    half_distance_m
        Metres in which closeness falls to a half, above 0.
    half_life_days
        Days in which freshness falls to a half, above 0.
    default_accuracy_m
        Metres by which a place is known whose record does not say it, at least 0.
    threads
        How many threads share the work; the answer is the same with any number.

    Raises
    ------
    ArgumentError
        If one of them breaks its rule; it is named.

    Notes
    -----
    They do not change, and may be keys of a dict; two networks are the same if they are one object.
    The command `match` has no option for
    `related_occupations`, `weights`, `half_distance_m` and `half_life_days`, which Python alone
    gives; its table of occupations is that of the store, or the shipped one.
    """

    radius_m: float = 3_000.0
    limit: int | None = 20
    on: dt.date | None = None
    basis: Literal["geodesic", "walking"] = "geodesic"
    network: Network | None = None
    conditions: Collection[str] | None = None
    unknown_fails: Collection[str] = ()
    former_too: bool = False
    occupation_level: Literal["minor", "middle", "major"] = "middle"
    occupations: Occupations | None = None
    related_occupations: Collection[tuple[str, str]] = ()
    weights: Weights = field(default_factory=Weights)
    half_distance_m: float = 1_000.0
    half_life_days: float = 30.0
    default_accuracy_m: float = 0.0
    threads: int = 1

    def __post_init__(self) -> None:
        """Check them."""
        if not _is_number(self.radius_m):
            raise ArgumentError("radius_m", "be a number of metres", repr(self.radius_m))
        as_radius(self.radius_m, 1)
        if self.limit is not None:
            as_count(self.limit, "limit", least=1)
        if self.on is not None and (
            not isinstance(self.on, dt.date) or isinstance(self.on, dt.datetime)
        ):
            raise ArgumentError("on", "be a day (datetime.date) or None", repr(self.on))
        _one_of(self.basis, "basis", BASES)
        check_network(self.basis, self.network)
        if not isinstance(self.former_too, bool):
            raise ArgumentError("former_too", "be true or false", repr(self.former_too))
        _one_of(self.occupation_level, "occupation_level", LEVELS)
        for name in ("conditions", "unknown_fails"):
            self._check_names(name)
        _instance(self.occupations, "occupations", Occupations, type(None))
        _collection(self.related_occupations, "related_occupations", "hold pairs of codes")
        for pair in self.related_occupations:
            _check_pair(pair)
        _instance(self.weights, "weights", Weights)
        _at_least(self.half_distance_m, "half_distance_m", 0.0, is_open=True)
        _at_least(self.half_life_days, "half_life_days", 0.0, is_open=True)
        _at_least(self.default_accuracy_m, "default_accuracy_m", 0.0)
        if as_count(self.threads, "threads", least=1) > MOST_THREADS:
            raise ArgumentError("threads", f"be at most {MOST_THREADS}", str(self.threads))
        pairs = tuple(sorted(set(self.related_occupations)))
        object.__setattr__(self, "related_occupations", pairs)  # as it is frozen

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the conditions that are asked, in their order."""
        if self.conditions is None:
            return CONDITIONS
        return tuple(one for one in CONDITIONS if one == "distance" or one in self.conditions)

    @property
    def judged(self) -> tuple[str, ...]:
        """The names of all that is judged: the conditions asked, and who is registered."""
        return self.asked if self.former_too else (*self.asked, REGISTERED)

    @property
    def table(self) -> Occupations:
        """The table of occupations."""
        return Occupations() if self.occupations is None else self.occupations

    @property
    def day(self) -> dt.date:
        """The day that is asked about."""
        return dt.datetime.now(CHINA).date() if self.on is None else self.on

    def dated(self) -> Self:
        """Return the same, with the day written down: so one answer does not span midnight."""
        return dataclasses.replace(self, on=self.day)

    def _check_names(self, argument: str) -> None:
        names = getattr(self, argument)
        if names is None and argument == "conditions":
            return
        if isinstance(names, str):
            rule = "be a collection of names, not one text"
            raise ArgumentError(argument, rule, repr(names), f"Write [{names!r}].")
        _collection(names, argument, "be a collection of names")
        for name in names:
            if name not in CONDITIONS:
                rule = f"name conditions: {', '.join(CONDITIONS)}"
                raise ArgumentError(argument, rule, repr(name))
        # What was given may change, and may be in no order: this does not, and is.
        object.__setattr__(self, argument, tuple(one for one in CONDITIONS if one in names))


def as_options(options: object, argument: str = "options") -> MatchOptions:
    """Return what is asked: the options, or those of `MatchOptions()` for None.

    Raises
    ------
    ArgumentError
        If it is neither.
    """
    if options is None:
        return MatchOptions()
    if not isinstance(options, MatchOptions):
        remedy = "Write `MatchOptions(limit=3)`, with the names of what is asked."
        raise ArgumentError(argument, "be `MatchOptions` or None", type(options).__name__, remedy)
    return options


def check_network(basis: str, network: object) -> None:
    """Check that there is a network where there are walks, and else none.

    Raises
    ------
    ArgumentError
        If it is missing, not wanted, or no network.
    """
    if basis != "walking":
        if network is not None:
            rule = 'be given with the basis "walking" alone'
            remedy = 'Write basis="walking" beside it, or leave it out.'
            raise ArgumentError("network", rule, f"one with basis={basis!r}", remedy)
        return
    # Matching in straight lines need not wait for what reads and walks streets.
    from geo_match.walking import Network  # noqa: PLC0415 - as the comment says

    if not isinstance(network, Network):
        rule = 'be a `geo_match.walking.Network` with the basis "walking"'
        remedy = "Write network=Network.open(path); `geo-match network build` makes its file."
        given = "none" if network is None else type(network).__name__
        raise ArgumentError("network", rule, given, remedy)


def _check_pair(pair: object) -> None:
    if not isinstance(pair, tuple) or [type(one) for one in pair] != [str, str]:
        raise ArgumentError("related_occupations", "hold pairs of codes", repr(pair))
    if not all(one.isascii() and one.isdigit() for one in pair):
        rule = "hold codes of digits alone, such as 401"
        raise ArgumentError("related_occupations", rule, repr(pair))


def _one_of(value: object, argument: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ArgumentError(argument, f"be one of {', '.join(choices)}", repr(value))


def _instance(value: object, argument: str, *kinds: type) -> None:
    if not isinstance(value, kinds):
        rule = f"be {' or '.join(kind.__name__ for kind in kinds)}"
        raise ArgumentError(argument, rule, type(value).__name__)


def _collection(value: object, argument: str, rule: str) -> None:
    if not isinstance(value, Collection):
        raise ArgumentError(argument, rule, repr(value))


def _is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a real number of any make, numpy's too; true and false are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def _at_least(value: object, argument: str, least: float, *, is_open: bool = False) -> None:
    is_within = _is_number(value) and math.isfinite(value) and value >= least
    if not is_within or (is_open and value == least):
        rule = f"be a number {'above' if is_open else 'of at least'} {least:g}"
        raise ArgumentError(argument, rule, repr(value))


__all__ = [
    "BASES",
    "CONDITIONS",
    "JUDGED",
    "LEVELS",
    "MAX_RADIUS_M",
    "MOST_THREADS",
    "PARTS",
    "REGISTERED",
    "MatchOptions",
    "Weights",
    "as_options",
    "check_network",
]
