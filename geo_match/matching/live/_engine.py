"""An engine of jobs that change: those of a base without those that are gone, and some that came.

The base is in indexes, which are made once. A row that is gone, or is another now, is left out of
its pools; what it is now stands in a small engine of its own. Each of the two is asked, and what
they find is put together.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa

from geo_match.index.counts import starts
from geo_match.matching.answers.found import Found, find_first, find_reached
from geo_match.matching.engine.chosen import Chosen, merged
from geo_match.matching.engine.engine import Engine, Told
from geo_match.matching.engine.fall_short import Nearest
from geo_match.matching.engine.pools import Pool, Pools, Share
from geo_match.matching.engine.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo_match.matching.engine.judge import Judging
    from geo_match.matching.engine.side import Tables


class Thinned(Pools):
    """Pools without some of their rows.

    Their indexes are those of the pools that they are made of: a place may have no row left.

    Parameters
    ----------
    pools
        What is thinned; these go on making and keeping their own.
    is_left
        bool, (n,): which rows of the side are left.
    """

    def __init__(self, pools: Pools, is_left: NDArray[np.bool_]) -> None:
        self._pools = pools
        self._is_left = is_left
        # While the other keeps a pool: those that made room are not kept here either.
        self._thinned: WeakKeyDictionary[Pool, Pool] = WeakKeyDictionary()

    @cached_property
    def radii(self) -> tuple[float | None, ...]:
        """The different radii that the rows have of their own."""
        return self._pools.radii

    @cached_property
    def is_mixed(self) -> bool:
        """Whether rows with radii of their own stand in one pool."""
        return self._pools.is_mixed

    @cached_property
    def everything(self) -> Pool:
        """All rows that are left and have a place."""
        return self._of(self._pools.everything)

    @cached_property
    def by_radius(self) -> tuple[Pool, ...]:
        """What is left of the pools for each of `radii`; none that is empty."""
        parts = [self._of(part) for part in self._pools.by_radius]
        return tuple(part for part in parts if len(part.row))

    def shares(
        self, centres: Side, which: NDArray[np.int64], tables: Tables, by: Judging
    ) -> Iterator[Share]:
        """Deal centres out, as `Pools` does."""
        for share in self._pools.shares(centres, which, tables, by):
            pool = self._of(share.pool)
            if len(pool.row):
                yield Share(share.centres, pool)

    def _of(self, pool: Pool) -> Pool:
        thinned = self._thinned.get(pool)
        if thinned is None:
            is_left = self._is_left[pool.row]
            if is_left.all():
                return pool
            self._thinned[pool] = thinned = Pool(
                pool.index,
                pool.lon,
                pool.lat,
                starts(is_left)[pool.start],
                pool.row[is_left],
                pool.rows.take(np.flatnonzero(is_left)),
                pool.radius_m,
            )
        return thinned


class ThinnedEngine(Engine):
    """An engine without some of its rows; it shares the other's indexes.

    Parameters
    ----------
    engine
        What is thinned.
    is_left
        bool, (n,): which rows are left.
    """

    def __init__(self, engine: Engine, is_left: NDArray[np.bool_]) -> None:
        self.side = engine.side
        self._is_left = is_left
        self.pools = Thinned(engine.pools, is_left)
        self.n_judged = 0
        self._engine = engine

    @cached_property
    def straight(self) -> Engine:
        """The rows that are left, to be asked for straight lines."""
        return ThinnedEngine(self._engine.straight, self._is_left)

    def by(self, centres: Side) -> tuple[Tables, Judging]:
        """Return what pairs with these centres are judged by: the same with all the rows."""
        return self._engine.by(centres)


class JoinedEngine(Engine):
    """Two engines of jobs as one: a base without some rows, and others.

    Parameters
    ----------
    base
        In indexes already.
    ids
        The base's ids in their order.
    is_left
        bool, (n,): which of the base's rows are left.
    others
        Jobs with ids that no row that is left has.
    """

    def __init__(
        self, base: Engine, ids: Sequence[str], is_left: NDArray[np.bool_], others: Side
    ) -> None:
        self._left = np.flatnonzero(is_left)
        self._row: NDArray[np.int64] = np.cumsum(is_left, dtype=np.int64) - 1
        is_whole = bool(is_left.all())
        table = base.side.table if is_whole else base.side.table.filter(pa.array(is_left))
        self.side = Side(pa.concat_tables([table, others.table]), "job", base.side.options)
        thinned = base if is_whole else ThinnedEngine(base, is_left)
        self.engines = (thinned, Engine.of_part(others)) if len(others) else (thinned,)
        self.n_judged = 0
        self._ids = ids

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The place of each row's id in their order, which ties are broken by: int64, (n,)."""
        base = self.engines[0].side.rows.order[self._left]
        if len(self.engines) == 1:
            return base
        of_others = self.engines[1].side.rows.order
        step = len(of_others) + 1
        before = [bisect_left(self._ids, one) for one in self.engines[1].side.ids.to_pylist()]
        # Between the base's last id before it and the next there is room for all the others.
        places = (np.array(before, dtype=np.int64) - 1) * step + 1 + of_others
        return np.concatenate([base * step, places])

    def rows_of(self, engine: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return which rows of this side some rows of one of the two engines are; -1 stays."""
        found = np.full(rows.shape, -1, dtype=np.int64)
        is_row = rows >= 0  # a base without a row has nothing that -1 could stand for
        found[is_row] = self._row[rows[is_row]] if engine == 0 else len(self._left) + rows[is_row]
        return found

    def choose(self, centres: Side, *, which: NDArray[np.int64] | None = None) -> Chosen:
        """Choose the best rows of each centre, as `Engine` does."""
        parts = []
        for number, engine in enumerate(self.engines):
            before = engine.n_judged
            chosen = engine.choose(centres, which=which)
            self.n_judged += engine.n_judged - before
            parts.append(chosen._replace(row=self.rows_of(number, chosen.row)))
        return parts[0] if len(parts) == 1 else merged(parts, self.order, centres.options.limit)

    def tell(self, centres: Side, chosen: Chosen) -> Told:
        """Say of pairs what `Engine` says."""
        is_base = chosen.row < len(self._left)
        if is_base.all():
            return self.engines[0].tell(centres, chosen._replace(row=self._left[chosen.row]))
        places = np.flatnonzero(is_base), np.flatnonzero(~is_base)
        rows = self._left[chosen.row[places[0]]], chosen.row[places[1]] - len(self._left)
        told = [
            engine.tell(centres, Chosen._make(column[at] for column in chosen)._replace(row=row))
            for engine, at, row in zip(self.engines, places, rows, strict=True)
        ]
        back = np.argsort(np.concatenate(places), kind="stable")
        return Told._make(
            np.concatenate(columns, axis=-1)[..., back] for columns in zip(*told, strict=True)
        )

    def count_in_circle(self, centres: Side, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many rows, whatever they are, each circle holds."""
        counts = [engine.count_in_circle(centres, which) for engine in self.engines]
        total: NDArray[np.int64] = np.sum(counts, axis=0, dtype=np.int64)
        return total

    def count_straight(self, centres: Side, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what `count_in_circle` does, of circles of straight lines."""
        counts = [engine.count_straight(centres, which) for engine in self.engines]
        total: NDArray[np.int64] = np.sum(counts, axis=0, dtype=np.int64)
        return total

    def tell_alone(self, seeker: Side, job: Side, distance_m: float) -> Told:
        """Say of one pair what `Engine` says."""
        return self.engines[0].tell_alone(seeker, job, distance_m)


def find_in_both(engine: JoinedEngine, seekers: Side, rungs: NDArray[np.float64]) -> Found:
    """Find what `find` does in each of the two engines, and put it together."""
    parts = [find_reached(one, seekers, rungs) for one in engine.engines]
    eligible = _nearer(engine, [part.eligible for part in parts])
    found = Found(
        rungs,
        np.sum([part.within for part in parts], axis=0),
        eligible,
        _nearer(engine, [part.missed for part in parts]),
        np.sum([part.in_circle for part in parts], axis=0),
        np.min([part.asked_m for part in parts], axis=0),
    )
    # Whoever has a first in one of the two, as near as both were asked, seeks none in the other.
    lacking = found.lacking
    firsts = [find_first(one, seekers, lacking) for one in engine.engines]
    found.note_first(lacking, _nearer(engine, firsts))
    return found


def _nearer(engine: JoinedEngine, parts: Sequence[Nearest]) -> Nearest:
    """Name the rows of what each engine found as the joined one does; return the nearest.

    Of two as near it is the one whose id comes first.
    """
    one, *others = (
        part._replace(row=engine.rows_of(number, part.row)) for number, part in enumerate(parts)
    )
    for other in others:
        is_other = (other.distance_m < one.distance_m) | (
            (other.distance_m == one.distance_m)
            & (other.row >= 0)
            & (engine.order[other.row] < engine.order[one.row])
        )
        one = Nearest(
            np.where(is_other, other.row, one.row),
            np.where(is_other, other.distance_m, one.distance_m),
            one.n + other.n,
        )
    return one
