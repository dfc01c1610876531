"""What each person could take up: the eligible jobs in the circle, and what keeps who has none.

Who is eligible for what is for `geo_match.matching` to say; here it is counted in the circles that
coverage is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.coverage.measures.near import Near
from geo_match.matching import CONDITIONS, Matcher, Prepared
from geo_match.matching.answers.counts import SEVERAL
from geo_match.matching.engine.side import Side
from geo_match.matching.given.columns import SEEKERS
from geo_match.matching.given.frames import seekers_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.coverage.given.supply import Supply
    from geo_match.matching import MatchOptions

    Integers = NDArray[np.int64]

BARRIERS: Final = (*CONDITIONS, SEVERAL)
"""What may keep somebody from every job in the circle: one condition, or several at each."""
_RADIUS: Final = SEEKERS.get_field_index("radius_m")


class EligibleFound(NamedTuple):
    """What is eligible in the circle of each of n people.

    Parameters
    ----------
    amount
        int64, (n,): vacancies left at eligible jobs, or these jobs; 0 of who is not located.
    barrier
        int64, (n,): place in `BARRIERS` of the condition that alone keeps the most jobs in the
        circle from who is eligible for none there; -1 for anybody else.
    """

    amount: NDArray[np.int64]
    barrier: NDArray[np.int64]


class Eligible:
    """A supply of jobs, made ready to be asked who is eligible for which.

    Parameters
    ----------
    supply
        As `geo_match.Matcher` takes jobs.
    options
        What makes eligible; their radius is that of the circles. `limit` and `former_too` do not
        count.
    count
        "vacancies" or "places", as in `CoverageOptions`.
    employers
        As `geo_match.Matcher` takes them.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the jobs are not as they must be.
    """

    def __init__(
        self,
        supply: object,
        options: MatchOptions,
        count: Literal["vacancies", "places"],
        *,
        employers: object = None,
    ) -> None:
        # All that somebody is eligible for counts, and not the best of it alone. And all people
        # count who are given, as those do of a report without this question: who is registered no
        # more has the same jobs in reach, and would else be told to be eligible for none.
        self._matcher = Matcher(
            supply, replace(options, limit=None, former_too=True), employers=employers
        )
        self._column = {"vacancies": "vacancies", "places": "matches"}[count]

    def of(self, people: object) -> EligibleFound:
        """Return what is eligible in the circle of each person, in their order.

        Parameters
        ----------
        people
            As `geo_match.Matcher` takes seekers; a column `radius_m` does not count, as all
            circles are of one radius.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If they are not as they must be.
        """
        found = self._matcher.count(self._asking(_with_one_radius(people)))
        return EligibleFound(
            amount=found[self._column].to_numpy(dtype=np.int64),
            barrier=np.asarray(found["condition"].cat.codes, dtype=np.int64),
        )

    def near(self, people: object, supply: Supply) -> Callable[[Integers], Near]:
        """Return what tells of some people the places with something they are eligible for.

        Parameters
        ----------
        people
            As in `of`, which has checked them.
        supply
            The places, with their rows: those of the jobs.

        Returns
        -------
        callable
            Of positions among the people, the places in their circles; a place with several such
            jobs is there several times.
        """
        table, rows, at = _with_one_radius(people), supply.each, supply.place

        def near_of(which: Integers) -> Near:
            some = table.take(pa.array(which))
            (pairs,) = self._matcher.iter_match(self._asking(some), at_once=max(len(some), 1))
            pairs = pairs.filter(pc.is_valid(pairs["job_id"]))  # who has none has a row, too
            person = _positions(pairs["seeker_id"], some["id"])
            place = np.full(len(person), -1, dtype=np.int64)
            if rows is not None and at is not None:
                place = at[_positions(pairs["job_id"], rows.ids)]
            counts = place >= 0
            return Near(person[counts], place[counts], pairs["distance_m"].to_numpy()[counts])

        return near_of

    def _asking(self, table: pa.Table) -> Prepared:
        return Prepared(Side(table, "seeker", self._matcher.options))


def _with_one_radius(people: object) -> pa.Table:
    """Return people as seekers who have no radius of their own."""
    table = seekers_table(people)
    field = SEEKERS.field(_RADIUS)
    return table.set_column(_RADIUS, field, pa.nulls(len(table), field.type))


def _positions(ids: pa.ChunkedArray, among: pa.Array | pa.ChunkedArray) -> Integers:
    """Return where ids stand among others, of which they are some, (k,)."""
    if isinstance(among, pa.ChunkedArray):
        among = among.combine_chunks()
    return np.asarray(pc.index_in(ids, value_set=among).to_numpy(), dtype=np.int64)


__all__ = ["BARRIERS", "Eligible", "EligibleFound"]
