"""Pools: the rows that one kind of centre could be matched with, in an index of their own.

A circle of three kilometres holds thousands of postings, of which a seeker's occupation leaves a
few dozen. So the condition on kinds that fails most chooses the rows before the distance does: for
each different set of rows that it leaves there is an index, and each centre asks the one of its
kind.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import numpy as np

from geo_match.index import PointIndex
from geo_match.index.counts import starts
from geo_match.matching.engine.judge import is_barred
from geo_match.matching.engine.on_foot import index_of, refuse_elsewhere
from geo_match.matching.engine.reach import Places
from geo_match.matching.engine.side import KEYED
from geo_match.rules.outcome import FAIL, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.matching.engine.judge import Judging
    from geo_match.matching.engine.side import Rows, Side, Tables

_MOST_RADII: Final = 8
"""Pools for each of so many radii; each is asked by each centre."""
_BETWEEN_RADII: Final = 2.0**0.5
"""Radii of one pool differ by less, where there are more: its circles are at most twice as large as
each row's own, but for those of the pool of the least radii."""
_TIMES_KEPT: Final = 16
"""So many times the rows of a side its pools may hold together."""
_ROWS_OF_NONE: Final = 64
"""What a pool costs beside its rows, in rows."""


@dataclass(frozen=True, eq=False)
class Pool(Places):
    """Some rows of a side by their places.

    Parameters
    ----------
    index, lon, lat
        As `Places` has them.
    start, row
        int64: the rows at place i are `row[start[i]:start[i + 1]]`.
    rows
        What kernels read of the rows, in the order of `row`, so that neighbours lie together.
    radius_m
        The widest of these rows, metres, where the rows have radii of their own.
    """

    start: NDArray[np.int64]
    row: NDArray[np.int64]
    rows: Rows
    radius_m: float | None


@dataclass(frozen=True, eq=False)
class Share:
    """Centres that ask one pool.

    Parameters
    ----------
    centres
        int64: their rows.
    pool
        What they ask.
    """

    centres: NDArray[np.int64]
    pool: Pool


def chooser(by: Judging) -> int:
    """Return the place of the condition by which pools are made; -1 if none is on kinds."""
    keyed = by.sequence[by.sequence < len(by.keyed_bit)]
    return int(keyed[0]) if len(keyed) else -1


class Pools:
    """The pools of one side; each is made when it is first asked for, and kept.

    Parameters
    ----------
    side
        Whose rows they hold.
    straight
        Whether they are asked for straight lines whatever the options say.
    is_part
        Whether other rows stand beside these, which may all be far from the network's streets.

    Raises
    ------
    ArgumentError
        On foot, by whatever makes the first pool: if the network is another city's, as the places
        of the whole side show.
    """

    def __init__(self, side: Side, *, straight: bool = False, is_part: bool = False) -> None:
        self._side = side
        self._is_straight = straight
        self._is_asked = straight or is_part  # whether the network is another city's
        self._made: dict[tuple[int, bytes, int, float | None], Pool] = {}
        self._n_kept = 0
        self._open: dict[int, NDArray[np.bool_]] = {}
        self._lock = threading.Lock()
        located = np.flatnonzero(side.is_there)
        place = np.full(len(side), -1, dtype=np.int64)
        # Two numbers as one, so that numpy sorts them together.
        both = side.lon[located] + 1j * side.lat[located]
        self._places, place[located] = np.unique(both, return_inverse=True)
        self._place = place
        # The kinds of centres, while there are any: a prepared batch is asked again and again.
        self._known: WeakKeyDictionary[Side, tuple[NDArray[np.bool_], NDArray[np.int64]]] = (
            WeakKeyDictionary()
        )

    @cached_property
    def radii(self) -> tuple[float | None, ...]:
        """The radii that the rows have of their own, or the widest of each class of them.

        Each is asked by its own pools. Seekers alone have them.
        """
        if self._side.of == "job":
            return (None,)
        return tuple(np.unique(self._widest).tolist()) or (None,)

    @cached_property
    def is_mixed(self) -> bool:
        """Whether rows with different radii of their own stand in one pool."""
        return self._side.of == "seeker" and bool((self._widest != self._side.radius_m).any())

    @cached_property
    def _widest(self) -> NDArray[np.float64]:
        """The widest radius in the class of each row, metres, (n,): that which its pools ask for.

        A class goes down from its widest by `_BETWEEN_RADII`; the last holds all that are left.
        """
        radius_m = self._side.radius_m
        different = np.unique(radius_m)
        if len(different) <= _MOST_RADII:
            return radius_m
        widest = [different[-1]]
        while len(widest) < _MOST_RADII:
            below = different[: np.searchsorted(different, widest[-1])]
            below = below[below <= widest[-1] / _BETWEEN_RADII]
            if not len(below):
                break
            widest.append(below[-1])
        ascending = np.array(widest[::-1])
        return np.asarray(ascending[np.searchsorted(ascending, radius_m)])

    @cached_property
    def everything(self) -> Pool:
        """All rows that are there: that have a place, and of seekers those registered."""
        return self._pool(np.flatnonzero(self._place >= 0), None)

    @cached_property
    def by_radius(self) -> tuple[Pool, ...]:
        """The same rows, in a pool for each of `radii`; none that is empty."""
        if self.radii == (None,):
            parts: tuple[Pool, ...] = (self.everything,)
        else:
            parts = tuple(
                self._pool(np.flatnonzero((self._place >= 0) & (self._widest == widest)), widest)
                for widest in self.radii
            )
        return tuple(part for part in parts if len(part.row))

    def shares(
        self, centres: Side, which: NDArray[np.int64], tables: Tables, by: Judging
    ) -> Iterator[Share]:
        """Deal centres out to the pools that hold all their matches.

        Parameters
        ----------
        which
            The rows of the centres, ascending; with places, and failing nothing alone.
        """
        condition = chooser(by)
        is_open = self._is_open(condition)
        for members, kept in self._kinds(centres, which, tables, by, condition):
            # Rows that fail with nobody are in one pool of all kinds, not in one of each.
            for some in (kept & ~is_open, kept & is_open):
                for radius_m in self.radii if some.any() else ():
                    pool = self._pool_of(by, condition, some, radius_m)
                    if len(pool.row):
                        yield Share(members, pool)

    def _is_open(self, condition: int) -> NDArray[np.bool_]:
        """Return which values of the rows fail with none of the other side."""
        if condition < 0:
            return np.zeros(1, dtype=np.bool_)
        if condition not in self._open:
            form = list(KEYED.values())[condition]
            values = self._side.keys[condition].values
            self._open[condition] = np.array([form.is_open(one) for one in values], np.bool_)
        return self._open[condition]

    def _pool_of(
        self, by: Judging, condition: int, kept: NDArray[np.bool_], radius_m: float | None
    ) -> Pool:
        """Return a pool that is kept, or make it; those not asked for longest make room."""
        name = (condition, kept.tobytes(), by.asked | by.strict << 32, radius_m)
        with self._lock:
            pool = self._made.pop(name, None)
            if pool is None:
                pool = self._pool(self._rows(by, condition, kept, radius_m), radius_m)
                self._n_kept += len(pool.row) + _ROWS_OF_NONE
            self._made[name] = pool
            room = _TIMES_KEPT * (len(self._side) + _ROWS_OF_NONE)
            while self._n_kept > room and len(self._made) > 1:
                oldest = next(iter(self._made))
                self._n_kept -= len(self._made.pop(oldest).row) + _ROWS_OF_NONE
        return pool

    def _kinds(
        self,
        centres: Side,
        which: NDArray[np.int64],
        tables: Tables,
        by: Judging,
        condition: int,
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
        """Yield the centres of each kind, and which values of the rows it leaves."""
        if condition < 0:
            yield which, np.ones(1, dtype=np.bool_)
            return
        known = self._known.get(centres)
        if known is None:
            table = tables.table(condition)
            left = table != FAIL
            if by.strict & int(by.keyed_bit[condition]):
                left &= table != UNKNOWN
            different, of = np.unique(
                left.T if by.ranks_seekers else left, axis=0, return_inverse=True
            )
            self._known[centres] = known = (different, of.ravel())
        kinds, kind_of = known
        if len(which) == 1:
            yield which, kinds[kind_of[centres.keys[condition].code[which[0]]]]
            return
        kind = kind_of[centres.keys[condition].code[which]]
        order = np.argsort(kind, kind="stable")
        ends = np.searchsorted(kind[order], np.arange(len(kinds) + 1))
        for number, kept in enumerate(kinds):
            members = which[order[ends[number] : ends[number + 1]]]
            if len(members):
                yield members, np.ascontiguousarray(kept)

    def _rows(
        self, by: Judging, condition: int, kept: NDArray[np.bool_], radius_m: float | None
    ) -> NDArray[np.int64]:
        """Return the rows with a place that fail nothing alone and have a value that is left."""
        rows = self._side.rows
        good = (self._place >= 0) & ~is_barred(by, rows.failed, rows.unknown)
        if condition >= 0:
            good &= kept[rows.key[condition]]
        if radius_m is not None:
            good &= self._widest == radius_m
        return np.flatnonzero(good)

    def _pool(self, rows: NDArray[np.int64], radius_m: float | None) -> Pool:
        places, at = np.unique(self._place[rows], return_inverse=True)
        start = starts(np.bincount(at, minlength=len(places)))
        by_place = rows[np.argsort(at, kind="stable")]
        lon, lat = self._places[places].real.copy(), self._places[places].imag.copy()
        is_straight, side = self._is_straight, self._side
        if not self._is_asked:
            # Of all rows, once: those of one pool may well be all elsewhere.
            refuse_elsewhere(side.lon, side.lat, side.options)
            self._is_asked = True
        return Pool(
            PointIndex(lon=lon, lat=lat) if is_straight else index_of(lon, lat, side.options),
            lon,
            lat,
            start,
            by_place,
            self._side.rows.take(by_place),
            radius_m,
        )
