"""Why pairs entered or left a result: which of the things that differ turned which condition.

A pair that exists at both times matches at one of them, and at the other some conditions fail: the
conditions that *turned*. Of each it is asked which of the things that differ turns it alone, when
all else is as it was in the match. Where none does so alone, those count without which it would not
have turned; and where there are none of these either, all that differ.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.matching.criteria.conditions import bit, mask_of
from geo_match.matching.engine.chosen import Chosen
from geo_match.matching.engine.engine import Engine
from geo_match.matching.engine.on_foot import reach_of
from geo_match.matching.engine.side import Side
from geo_match.matching.given.columns import LICENCE
from geo_match.matching.options import REGISTERED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.matching.changes._two_times import Look, TwoTimes
    from geo_match.matching.options import MatchOptions

CAUSES: Final = (
    "job_opened",
    "job_closed",
    "job_moved",
    "job_changed",
    "employer_changed",
    "seeker_came",
    "seeker_left",
    "seeker_moved",
    "seeker_changed",
    "rule_changed",
    "day_changed",
)
"""Why a pair enters or leaves a result; the first that applies is the main cause."""
_PLACE: Final = ("lon", "lat")


class Times(NamedTuple):
    """Which of the things that a pair's outcome depends on are taken as they are, not as they were.

    Parameters
    ----------
    job_place, job, employer
        A job's place, its other fields, and its employer's licence.
    seeker_place, seeker
        A seeker's place, and their other fields.
    rule, day
        The options, and of them the day.
    """

    job_place: bool = False
    job: bool = False
    employer: bool = False
    seeker_place: bool = False
    seeker: bool = False
    rule: bool = False
    day: bool = False


_DISTANCE: Final = bit("distance")
_REGISTERED: Final = bit(REGISTERED)
_MAY_TURN: Final = {
    "job_place": _DISTANCE,
    "job": ~(_DISTANCE | _REGISTERED),
    "employer": bit("employer"),
    "seeker_place": _DISTANCE,
    "seeker": -1,  # all bits: a seeker may state a radius
    "rule": -1,
    "day": ~_DISTANCE,
}
"""The bits of the conditions that may turn with each of them."""


class Told(NamedTuple):
    """What is said of n pairs.

    Parameters
    ----------
    causes
        bool, (n, 11): in the order of `CAUSES`.
    turned
        int64, (n,): the bits of the conditions that turned; 0 where one of the two was not there
        at one of the times.
    """

    causes: NDArray[np.bool_]
    turned: NDArray[np.int64]


def told_of(
    look: Look,
    options: tuple[MatchOptions, MatchOptions],
    pairs: tuple[pa.Array, pa.Array],
    has_entered: NDArray[np.bool_],
) -> Told:
    """Say why pairs entered or left.

    Parameters
    ----------
    options
        Before and after, with their days.
    pairs
        The ids of the seekers and of the jobs, (n,) each; at one of the two times each is a match.
    has_entered
        (n,): whether it is so after.
    """
    worlds = _Worlds(look, options, pairs)
    causes = np.zeros((len(has_entered), len(CAUSES)), dtype=np.bool_)
    for is_there, came, left in (
        (worlds.is_job_there, "job_opened", "job_closed"),
        (worlds.is_seeker_there, "seeker_came", "seeker_left"),
    ):
        causes[:, CAUSES.index(came)] = has_entered & ~is_there[0]
        causes[:, CAUSES.index(left)] = ~has_entered & ~is_there[1]
    turned = np.zeros(len(has_entered), dtype=np.int64)
    for entered in (False, True):
        at = np.flatnonzero((has_entered == entered) & worlds.are_there)
        if len(at):
            by_factor = _attributed(worlds, at, match_is_after=entered)
            turned[at] = np.bitwise_or.reduce(by_factor, axis=0)
            causes[at] = _causes(by_factor, has_entered=entered)
    return Told(causes, turned)


def _attributed(
    worlds: _Worlds, at: NDArray[np.int64], *, match_is_after: bool
) -> NDArray[np.int64]:
    """Return the bits of the conditions that each thing turned, (7, k), in the order of `Times`."""
    match = Times(*[match_is_after] * len(Times._fields))
    other = Times(*[not match_is_after] * len(Times._fields))
    turned = worlds.failed(other, at)
    differing = [name for name in Times._fields if name in worlds.differing]
    found = np.zeros((len(Times._fields), len(at)), dtype=np.int64)
    for name in differing:
        alone = match._replace(**{name: not match_is_after})
        found[Times._fields.index(name)] = worlds.failed(alone, at) & turned
    left = turned & ~np.bitwise_or.reduce(found, axis=0)
    if left.any():
        needed = np.zeros_like(found)
        for name in differing:
            without = other._replace(**{name: match_is_after})
            needed[Times._fields.index(name)] = left & ~worlds.failed(without, at)
        left &= ~np.bitwise_or.reduce(needed, axis=0)
        found |= needed
        for name in differing:
            may_turn = np.where(worlds.differing[name][at], _MAY_TURN[name], 0)
            found[Times._fields.index(name)] |= left & may_turn
    return found


def _causes(by_factor: NDArray[np.int64], *, has_entered: bool) -> NDArray[np.bool_]:
    """Return the causes that things are, which turned conditions."""
    of = Times._make(by_factor)
    seeking = mask_of(("open", "vacancies"))
    causes = {
        "job_opened" if has_entered else "job_closed": of.job & seeking,
        "seeker_came" if has_entered else "seeker_left": of.seeker & _REGISTERED,
        "job_moved": of.job_place,
        "job_changed": of.job & ~seeking,
        "employer_changed": of.employer,
        "seeker_moved": of.seeker_place,
        "seeker_changed": of.seeker & ~_REGISTERED,
        "rule_changed": of.rule,
        "day_changed": of.day,
    }
    nothing = np.zeros(by_factor.shape[1], dtype=np.bool_)
    return np.stack([np.asarray(causes.get(name, nothing)) != 0 for name in CAUSES], axis=1)


class _Worlds:
    """Pairs as they would be, had only some of what differs become different.

    Attributes
    ----------
    is_seeker_there, is_job_there
        Before and after, bool, (n,) each.
    are_there
        Both of them, at both times.
    differing
        By the names of `Times` whether that differs for each pair, (n,); without those that do so
        for none.
    """

    def __init__(
        self,
        look: Look,
        options: tuple[MatchOptions, MatchOptions],
        pairs: tuple[pa.Array, pa.Array],
    ) -> None:
        seekers, jobs = (pc.unique(ids) for ids in pairs)
        self._row = tuple(
            np.asarray(pc.index_in(ids, value_set=known))
            for ids, known in zip(pairs, (seekers, jobs), strict=True)
        )
        self._options = options
        self._engines: dict[tuple[bool, ...], Engine] = {}
        self._seekers, self.is_seeker_there = self._at_both(look.seekers, seekers, 0)
        self._jobs, self.is_job_there = self._at_both(look.jobs, jobs, 1)
        self._licences = {
            (False, False): self._jobs[0].column(LICENCE),
            (True, True): self._jobs[1].column(LICENCE),
            (False, True): _licences(look.jobs.before_anew, self._jobs[0], jobs),
            (True, False): _licences(look.jobs.after_of_old, self._jobs[1], jobs),
        }
        self.are_there = np.logical_and.reduce([*self.is_seeker_there, *self.is_job_there])
        self.differing = self._differing(look, pairs)

    def _at_both(
        self, side: TwoTimes, ids: pa.Array, of: int
    ) -> tuple[tuple[pa.Table, pa.Table], tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """Return the rows of some ids before and after, and of which pairs they are there.

        Where one is not there it stands as at the other time, so that all have values.
        """
        before, after = side.at(after=False), side.at(after=True)
        are_there = (
            np.asarray(pc.is_in(ids, value_set=one.column("id").combine_chunks()))[self._row[of]]
            for one in (before, after)
        )
        return (_rows(ids, before, after), _rows(ids, after, before)), tuple(are_there)

    def _differing(
        self, look: Look, pairs: tuple[pa.Array, pa.Array]
    ) -> dict[str, NDArray[np.bool_]]:
        seekers, jobs = (
            np.asarray(pc.is_in(ids, value_set=side.after.column("id").combine_chunks()))
            for ids, side in zip(pairs, (look.seekers, look.jobs), strict=True)
        )
        before, after = self._options
        everywhere = np.ones(len(seekers), dtype=np.bool_)
        found = {
            "job_place": jobs,
            "job": jobs,
            "employer": jobs & (not look.jobs.are_licences_same),
            "seeker_place": seekers,
            "seeker": seekers,
            "rule": everywhere & (dataclasses.replace(before, on=after.on) != after),
            "day": everywhere & (before.on != after.on),
        }
        return {name: differs for name, differs in found.items() if differs.any()}

    def failed(self, times: Times, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the bits of the conditions that fail in some of the pairs, int64, (k,)."""
        rule, day = self._options[times.rule], self._options[times.day]
        options = dataclasses.replace(rule, on=day.on)
        seekers, jobs = self._row[0][at], self._row[1][at]
        side = Side(self._seekers[times.seeker], "seeker", options)
        named = (times.job, times.employer, times.rule, times.day)
        if named not in self._engines:
            self._engines[named] = self._engine(times.job, times.employer, options)
        nowhere = np.full(len(at), np.nan)
        told = self._engines[named].tell(side, Chosen(seekers, jobs, nowhere, nowhere))
        distance_m = self._distances(times)[at]
        # Without a place there is no distance, and NaN is not within a radius.
        is_far = ~(distance_m <= side.radius_m[seekers])
        return told.failed | np.where(is_far, bit("distance"), 0)

    def _engine(self, of_job: int, of_employer: int, options: MatchOptions) -> Engine:
        table = self._jobs[of_job]
        place = table.schema.get_field_index(LICENCE)
        licences = self._licences[bool(of_job), bool(of_employer)]
        return Engine.of_part(Side(table.set_column(place, LICENCE, licences), "job", options))

    def _distances(self, times: Times) -> NDArray[np.float64]:
        """Return the distance of each pair, metres, (n,).

        It is NaN where one of the two has no place, and inf where there is no way.
        """
        lon1, lat1 = _places(self._seekers[times.seeker_place], self._row[0])
        lon2, lat2 = _places(self._jobs[times.job_place], self._row[1])
        distance_m = np.full(len(lon1), np.nan)
        at = np.flatnonzero(~np.isnan(lon1) & ~np.isnan(lon2))
        reach = reach_of(lon1, lat1, self._options[times.rule])
        distance_m[at] = reach.measure(at, lon2[at], lat2[at])
        return distance_m


def _rows(ids: pa.Array, first: pa.Table, second: pa.Table) -> pa.Table:
    """Return the rows of some ids, in their order, from the first table that has them."""
    table = pa.concat_tables([first, second])
    known = table.column("id").combine_chunks()
    return table.take(pc.index_in(ids, value_set=known)).combine_chunks()


def _licences(other: pa.Table, jobs: pa.Table, ids: pa.Array) -> pa.ChunkedArray:
    """Return the licences that jobs would have at the other time: those that differ, by id."""
    place = pc.index_in(ids, value_set=other.column("id").combine_chunks())
    told = other.column(LICENCE).take(place)
    return pc.if_else(pc.is_null(place), jobs.column(LICENCE), told)


def _places(
    table: pa.Table, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the longitudes and latitudes of some rows, degrees; NaN where there is no place."""
    lon, lat = (table.column(name).to_numpy().astype(np.float64)[rows] for name in _PLACE)
    return lon, lat
