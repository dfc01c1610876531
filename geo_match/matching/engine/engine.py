"""The engine of both directions: the best rows of one side for centres of the other."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy as np

from geo_match.matching.criteria.score import N_PARTS
from geo_match.matching.engine._runs import runs
from geo_match.matching.engine.choose import (
    Best,
    Reached,
    choose,
    count_own,
    count_rows,
    is_near_own,
    part_out,
)
from geo_match.matching.engine.chosen import Chosen, joined, merged
from geo_match.matching.engine.judge import Judging, is_barred, judging, mark
from geo_match.matching.engine.on_foot import Sides
from geo_match.matching.engine.pools import Pool, Pools, Share, chooser
from geo_match.matching.engine.side import Side, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from numpy.typing import NDArray

_AT_ONCE: Final = 4_096
"""Centres of one task."""
_AT_ONCE_ON_FOOT: Final = 32_768
"""The same on foot, where the places of a pool search once for all centres of a task."""
_MAX_PAIRS: Final = 500_000
"""Pairs of centre and place in memory at a time, for each thread."""
_AHEAD: Final = 2
"""Tasks made ahead for each thread."""


class Told(NamedTuple):
    """What is said of pairs.

    Parameters
    ----------
    failed, unknown
        int64, (m,): bits of the conditions, the distance left out.
    parts
        float64, (6, m): of the score.
    """

    failed: NDArray[np.int64]
    unknown: NDArray[np.int64]
    parts: NDArray[np.float64]


class Engine:
    """One side in indexes, to be asked by centres of the other.

    Parameters
    ----------
    side
        The rows that are chosen.
    pools
        Of these; None for those that the side's options ask for.

    Attributes
    ----------
    n_judged
        How many pairs were judged since it was made.
    """

    @cached_property
    def _known(self) -> WeakKeyDictionary[Side, tuple[Tables, Judging]]:
        """What was told of centres, while there are any: a prepared batch is asked again."""
        return WeakKeyDictionary()

    def __init__(self, side: Side, pools: Pools | None = None) -> None:
        self.side = side
        self.pools = Pools(side) if pools is None else pools
        self.n_judged = 0

    @classmethod
    def of_part(cls, side: Side) -> Self:
        """Return an engine of rows beside which others stand: those may all be far off.

        On foot it is not asked whether the network is another city's.
        """
        return cls(side, Pools(side, is_part=True))

    @cached_property
    def straight(self) -> Engine:
        """The same rows, to be asked for straight lines: what distances on foot are beside."""
        return Engine(self.side, Pools(self.side, straight=True))

    @property
    def ranks_seekers(self) -> bool:
        """Whether it chooses seekers for jobs."""
        return self.side.of == "seeker"

    def sides(self, centres: Side) -> tuple[Side, Side]:
        """Return (seekers, jobs)."""
        return (self.side, centres) if self.ranks_seekers else (centres, self.side)

    def by(self, centres: Side) -> tuple[Tables, Judging]:
        """Return what pairs with these centres are judged by."""
        known = self._known.get(centres)
        if known is None:
            seekers, jobs = self.sides(centres)
            tables = Tables.of(seekers, jobs)
            by = judging(seekers, jobs, tables, ranks_seekers=self.ranks_seekers)
            self._known[centres] = known = (tables, by)
        return known

    def choose(self, centres: Side, *, which: NDArray[np.int64] | None = None) -> Chosen:
        """Choose the best rows of each centre.

        Parameters
        ----------
        which
            The rows of the centres that are asked for, ascending; None for all.
        """
        options = centres.options
        if which is None:
            which = np.arange(len(centres))
        if not len(which) or not len(self.side):
            return joined([])
        tables, by = self.by(centres)
        barred = is_barred(by, centres.rows.failed[which], centres.rows.unknown[which])
        able = which[centres.is_located[which] & ~barred]
        # Whoever is in a pool has passed the condition by which the pools are made.
        left = by._replace(sequence=by.sequence[by.sequence != chooser(by)])
        at_once = _AT_ONCE if centres.on_foot is None else _AT_ONCE_ON_FOOT
        tasks = (
            Share(in_runs(share.centres, centres)[start : start + at_once], share.pool)
            for share in self.pools.shares(centres, able, tables, by)
            for start in range(0, len(share.centres), at_once)
        )
        act = partial(self._task, centres=centres, by=left)
        told = list(_each(act, tasks, 1 if len(which) == 1 else options.threads))
        self.n_judged += sum(judged for _, judged in told)
        if len(which) == 1 and len(told) == 1:
            return told[0][0]
        return merged([one for one, _ in told], self.side.rows.order, options.limit)

    def tell(self, centres: Side, chosen: Chosen) -> Told:
        """Say of pairs which conditions fail and are unknown, and the parts of their scores."""
        if not len(chosen.centre):
            nothing = np.empty(0, dtype=np.int64)
            return Told(nothing, nothing, np.empty((N_PARTS, 0)))
        seekers, jobs = self.sides(centres)
        _, by = self.by(centres)
        pair = (chosen.row, chosen.centre) if self.ranks_seekers else (chosen.centre, chosen.row)
        return _said(by, seekers, jobs, pair, chosen.distance_m)

    def tell_alone(self, seeker: Side, job: Side, distance_m: float) -> Told:
        """Say of one pair, two sides of one row each, what `tell` says, whoever is in the pools."""
        tables = Tables.of(seeker, job)
        by = judging(seeker, job, tables, ranks_seekers=self.ranks_seekers)
        first = np.zeros(1, dtype=np.int64)
        return _said(by, seeker, job, (first, first), np.array([distance_m]))

    def count_in_circle(self, centres: Side, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many rows, whatever they are, each circle holds: int64, (k,).

        It is 0 without a place, and of who is not registered. Where the rows have a radius of their
        own, they count if they reach the centre.
        """
        pool = self.pools.everything
        n = np.zeros(len(which), dtype=np.int64)
        placed = centres.is_there[which]
        if not self.ranks_seekers:
            n[placed] = centres.reach.sum_within(
                pool,
                origin=centres.origin[which[placed]],
                radius_m=centres.radius_m[which[placed]],
                weights=np.diff(pool.start),
            )
            return n
        asked = np.flatnonzero(placed)
        for part in self.pools.by_radius:
            first = 0
            for reached in self.reached(centres, Share(which[asked], part)):
                in_circle = np.empty(len(reached.centre), dtype=np.int64)
                count_own(reached, part.rows.radius_m, in_circle)
                n[asked[first : first + len(in_circle)]] += in_circle
                first += len(in_circle)
        return n

    def count_straight(self, centres: Side, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what `count_in_circle` does, of circles of straight lines."""
        return self.straight.count_in_circle(centres.straight, which)

    def sides_on_foot(self, centres: Side, chosen: Chosen) -> Sides | None:
        """Say how far pairs are straight, and from their streets; None if they are not on foot."""
        mine, theirs = centres.on_foot, self.side.on_foot
        if mine is None or theirs is None:
            return None
        origin = centres.origin[chosen.centre]
        lon, lat = self.side.lon[chosen.row], self.side.lat[chosen.row]
        snaps = mine.snap_m(origin), theirs.snap_m(chosen.row)
        return Sides(
            mine.straight.measure(origin, lon, lat),
            *(snaps[::-1] if self.ranks_seekers else snaps),
        )

    def reached(
        self, centres: Side, share: Share, radius_m: NDArray[np.float64] | None = None
    ) -> Iterator[Reached]:
        """Yield the places in the circles of some centres, block by block.

        Parameters
        ----------
        radius_m
            One a centre; None for what the options and the records say.
        """
        if radius_m is None:
            own = share.pool.radius_m
            radius_m = (
                centres.radius_m[share.centres] if own is None else np.full(len(share.centres), own)
            )
        for pairs in centres.reach.iter_within(
            share.pool,
            origin=centres.origin[share.centres],
            radius_m=radius_m,
            max_pairs=_MAX_PAIRS,
        ):
            end = pairs.first_query + pairs.n_queries
            reached = Reached(
                share.centres[pairs.first_query : end],
                pairs.offsets,
                pairs.point,
                pairs.distance_m,
                share.pool.start,
                share.pool.row,
            )
            yield self._at_own(share.pool, centres, reached) if self.pools.is_mixed else reached

    def _at_own(self, pool: Pool, centres: Side, reached: Reached) -> Reached:
        """Measure anew what lies so near a row's own radius that its distance does not decide."""
        near = np.empty(len(reached.place), dtype=np.bool_)
        is_near_own(reached, pool.rows.radius_m, doubt_m(reached.distance_m), near)
        return measured_anew(pool, centres, reached, np.flatnonzero(near))

    def _task(self, share: Share, centres: Side, by: Judging) -> tuple[Chosen, int]:
        limit = centres.options.limit
        parts = []
        judged = 0
        for reached in self.reached(centres, share):
            n = len(reached.centre)
            in_circle = np.empty(n, dtype=np.int64)
            count_rows(reached, in_circle)
            most = int(in_circle.max(initial=0))
            room = np.zeros(n + 1, dtype=np.int64)
            np.cumsum(in_circle if limit is None else np.minimum(in_circle, limit), out=room[1:])
            best = Best(
                room,
                np.empty(n, dtype=np.int64),
                np.empty(room[-1], dtype=np.int64),
                np.empty(room[-1], dtype=np.float64),
                np.empty(room[-1], dtype=np.float64),
            )
            slot, pair = np.empty((2, most), dtype=np.int64)
            judged += choose(by, centres.rows, share.pool.rows, reached, best, slot, pair)
            parts.append(_packed(reached.centre, best, share.pool.row))
        return joined(parts), judged


def _each(
    act: Callable[[Share], tuple[Chosen, int]], tasks: Iterator[Share], n_threads: int
) -> Iterator[tuple[Chosen, int]]:
    """Do each task, in their order; few are made ahead, since each holds a pool."""
    if n_threads == 1:
        yield from map(act, tasks)
        return
    with ThreadPoolExecutor(n_threads) as threads:
        waiting: deque[Future[tuple[Chosen, int]]] = deque()
        for task in tasks:
            waiting.append(threads.submit(act, task))
            if len(waiting) > _AHEAD * n_threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def doubt_m(distance_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much an index's distances may differ from the geodesic, metres, (p,).

    It decides on the radius that it is asked for. Its distances, which may be held to other bounds,
    are within 1 µm to 4 km, and within 1e-6 of themselves beyond.
    """
    return 1e-6 + 1e-6 * distance_m


def measured_anew(pool: Pool, centres: Side, reached: Reached, pairs: NDArray[np.int64]) -> Reached:
    """Return what is reached, some pairs with the distance that decides."""
    if not len(pairs):
        return reached
    distance_m = reached.distance_m.copy()
    centre = np.repeat(reached.centre, np.diff(reached.offsets))[pairs]
    place = reached.place[pairs]
    distance_m[pairs] = centres.reach.measure(
        centres.origin[centre], pool.lon[place], pool.lat[place]
    )
    distance_m.flags.writeable = False  # as of any pairs: kernels are compiled for one kind
    return reached._replace(distance_m=distance_m)


def in_runs(some: NDArray[np.int64], centres: Side) -> NDArray[np.int64]:
    """Return some centres in such an order that those of one origin lie together."""
    if centres.circles is None:
        return some
    return some[np.argsort(centres.origin[some], kind="stable")]


def _said(
    by: Judging,
    seekers: Side,
    jobs: Side,
    pair: tuple[NDArray[np.int64], NDArray[np.int64]],
    distance_m: NDArray[np.float64],
) -> Told:
    """Say of pairs, named by their rows of both sides, (m,) each, what fails and what it scores."""
    m = len(distance_m)
    told = Told(
        np.empty(m, dtype=np.int64),
        np.empty(m, dtype=np.int64),
        np.empty((N_PARTS, m), dtype=np.float64),
    )
    mark(by, seekers.rows, pair[0], jobs.rows, pair[1], told.failed, told.unknown)
    part_out(by, seekers.rows, pair[0], jobs.rows, pair[1], distance_m, told.parts)
    return told


def _packed(centre: NDArray[np.int64], best: Best, row: NDArray[np.int64]) -> Chosen:
    """Leave out the room that was not needed, and name the rows by their side."""
    at = runs(best.room[:-1], best.n)
    return Chosen(np.repeat(centre, best.n), row[best.row[at]], best.distance_m[at], best.score[at])
