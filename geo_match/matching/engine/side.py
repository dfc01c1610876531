"""One side of a match made ready: its rows as arrays of numbers that kernels can read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pyarrow.compute as pc

from geo_match.errors import ArgumentError
from geo_match.matching.criteria import occupation
from geo_match.matching.criteria.conditions import ALL, bit
from geo_match.matching.criteria.forms import Alone, Bounded, Keyed, Keys, numbers
from geo_match.matching.criteria.score import job_worth, seeker_worth
from geo_match.matching.engine.on_foot import OnFoot, reach_of
from geo_match.matching.engine.reach import Circles
from geo_match.matching.options import REGISTERED
from geo_match.rules.outcome import FAIL, UNKNOWN

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.matching.criteria.forms import Span
    from geo_match.matching.engine.reach import Reach
    from geo_match.matching.options import MatchOptions

KEYED: Final = {one.name: one.form for one in ALL if isinstance(one.form, Keyed)}
BOUNDED: Final = {one.name: one.form for one in ALL if isinstance(one.form, Bounded)}
OCCUPATION: Final = list(KEYED).index("occupation")
"""The place of the occupation among the conditions on kinds: the score asks for it, too."""


class Rows(NamedTuple):
    """What kernels read of n rows of one side.

    Parameters
    ----------
    key
        int32, (c, n): the codes of the values of the c conditions on kinds.
    low, high
        float64, (d, n): the two ends of the amounts, or of their bounds, of the d conditions on
        amounts.
    failed, unknown
        int64, (n,): the bits of the conditions on this side alone that are so.
    worth
        float64, (3, n): what the score reads of the rows.
    radius_m
        float64, (n,): how far a seeker goes; inf of jobs, which go nowhere.
    order
        int64, (n,): the place of each id among all in their order, which ties are broken by.
    """

    key: NDArray[np.int32]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    failed: NDArray[np.int64]
    unknown: NDArray[np.int64]
    worth: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    order: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> Rows:
        """Return some of the rows."""
        return Rows._make(np.ascontiguousarray(array[..., rows]) for array in self)


@dataclass(frozen=True, eq=False)
class Side:
    """Seekers or jobs, made ready for one set of options.

    Parameters
    ----------
    table
        As `geo_match.matching.given.frames` makes them.
    of
        Which side they are.
    options
        With their day.
    circles
        Where the rows' circles are; None for around their own places.
    """

    table: pa.Table
    of: Literal["seeker", "job"]
    options: MatchOptions
    circles: Circles | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.table)

    def one(self, name: str, argument: str) -> Side:
        """Return one row by its id, as a side of its own.

        Raises
        ------
        ArgumentError
            If no row has it.
        """
        at = pc.index(self.table.column("id"), name).as_py() if isinstance(name, str) else -1
        if at < 0:
            rule = f"be the id of one of the {len(self):,} {self.of}s"
            raise ArgumentError(argument, rule, repr(name))
        return Side(self.table.slice(at, 1), self.of, self.options)

    @property
    def ids(self) -> pa.Array:
        """The ids, (n,)."""
        return self.table.column("id").combine_chunks()

    @cached_property
    def lon(self) -> NDArray[np.float64]:
        """Degrees, (n,); NaN where not located."""
        return numbers(self.table.column("lon"), np.nan)

    @cached_property
    def lat(self) -> NDArray[np.float64]:
        """Degrees, (n,); NaN where not located."""
        return numbers(self.table.column("lat"), np.nan)

    @cached_property
    def is_located(self) -> NDArray[np.bool_]:
        """Which rows have a place, or a circle that has one, (n,)."""
        return ~np.isnan(self.lon) if self.circles is None else self.circles.is_located

    @cached_property
    def is_registered(self) -> NDArray[np.bool_]:
        """Which rows are registered seekers, if that is asked, or jobs, (n,)."""
        if self.of == "job":
            return np.ones(len(self), dtype=np.bool_)
        return np.asarray((self.rows.failed & bit(REGISTERED)) == 0, dtype=np.bool_)

    @cached_property
    def is_there(self) -> NDArray[np.bool_]:
        """Which rows take part: registered, and with a place, or a circle that has one, (n,)."""
        return self.is_located & self.is_registered

    @cached_property
    def reach(self) -> Reach:
        """What asks for the places in the rows' circles."""
        if self.circles is not None:
            return self.circles.reach
        return reach_of(self.lon, self.lat, self.options)

    @property
    def on_foot(self) -> OnFoot | None:
        """The reach if it is one on foot."""
        return self.reach if isinstance(self.reach, OnFoot) else None

    @cached_property
    def straight(self) -> Side:
        """The same rows with circles of straight lines, where their reach is on foot."""
        if self.on_foot is None:
            return self
        known = (self.origin, self.is_located, self.accuracy_m)
        circles = Circles(self.on_foot.straight, *known, self.ids, are_alone=False)
        return Side(self.table, self.of, self.options, circles)

    @cached_property
    def origin(self) -> NDArray[np.int64]:
        """The position of each row's origin in the reach, (n,)."""
        return np.arange(len(self)) if self.circles is None else self.circles.origin

    @cached_property
    def accuracy_m(self) -> NDArray[np.float64]:
        """How well each place is known, metres, (n,)."""
        if self.circles is not None:
            return self.circles.accuracy_m
        return numbers(
            self.table.column("location_accuracy_m"), float(self.options.default_accuracy_m)
        )

    @cached_property
    def radius_m(self) -> NDArray[np.float64]:
        """The radius of each, metres, (n,); of seekers alone."""
        return numbers(self.table.column("radius_m"), float(self.options.radius_m))

    @cached_property
    def keys(self) -> tuple[Keys, ...]:
        """The values of each condition on kinds."""
        if self.of == "seeker":
            return tuple(form.seeker(self.table, self.options) for form in KEYED.values())
        return tuple(form.job(self.table, self.options) for form in KEYED.values())

    @cached_property
    def rows(self) -> Rows:
        """What kernels read."""
        n = len(self)
        key = np.stack([keys.code for keys in self.keys])
        spans = [self._span(form) for form in BOUNDED.values()]
        failed = np.zeros(n, dtype=np.int64)
        unknown = np.zeros(n, dtype=np.int64)
        for one in ALL:
            if not isinstance(one.form, Alone) or one.name not in self.options.judged:
                continue
            if one.form.side == self.of:
                told = one.form.outcomes(self.table, self.options)
                failed |= np.where(told == FAIL, bit(one.name), 0)
                unknown |= np.where(told == UNKNOWN, bit(one.name), 0)
        worth = (seeker_worth if self.of == "seeker" else job_worth)(self.table, self.options)
        return Rows(
            key,
            np.stack([span.low for span in spans]),
            np.stack([span.high for span in spans]),
            failed,
            unknown,
            worth,
            self.radius_m if self.of == "seeker" else np.full(n, np.inf),
            self._order(),
        )

    def _span(self, form: Bounded) -> Span:
        function = form.amount if form.amount_of == self.of else form.bounds
        return function(self.table, self.options)

    def _order(self) -> NDArray[np.int64]:
        order = np.empty(len(self), dtype=np.int64)
        # By their bytes in UTF-8, which is the order of their code points, as Python has it.
        order[np.asarray(pc.sort_indices(self.table.column("id")))] = np.arange(len(self))
        return order


class Tables(NamedTuple):
    """The outcomes of the conditions on kinds, for the values of two sides.

    Parameters
    ----------
    outcome
        int8, all tables row by row, one after the other.
    start, width
        int64, (c,): where each table begins, and its number of values of jobs.
    nearness
        float64, the score's part for each pair of occupations, in the shape of their table.
    """

    outcome: NDArray[np.int8]
    start: NDArray[np.int64]
    width: NDArray[np.int64]
    nearness: NDArray[np.float64]

    @classmethod
    def of(cls, seekers: Side, jobs: Side) -> Tables:
        """Tell the outcome of each pair of values."""
        tables = [
            form.outcomes(mine.values, theirs.values, jobs.options)
            for form, mine, theirs in zip(KEYED.values(), seekers.keys, jobs.keys, strict=True)
        ]
        sizes = [table.size for table in tables]
        near = occupation.nearness(
            seekers.keys[OCCUPATION].values, jobs.keys[OCCUPATION].values, jobs.options
        )
        return cls(
            np.concatenate([table.ravel() for table in tables]),
            np.concatenate([[0], np.cumsum(sizes[:-1])]).astype(np.int64),
            np.array([table.shape[1] for table in tables], dtype=np.int64),
            near.ravel(),
        )

    def table(self, condition: int) -> NDArray[np.int8]:
        """Return the outcomes of one condition on kinds, int8, (k, l)."""
        start, width = int(self.start[condition]), int(self.width[condition])
        ends = [*self.start[1:].tolist(), len(self.outcome)]
        return self.outcome[start : ends[condition]].reshape(-1, width)
