"""What would change, estimated from published figures and public places, and from nothing else.

Whatever is asked, the answer is a function of figures that went out and of places that are public:
it tells nobody more than these do, however often and however finely it is asked. Who moves a
station by a metre learns how much ground comes into its circle, and not who lives there.

What is the same for all questions is made once and kept: the points that stand for the ground of
each area, and how much each of them has in reach as things are. A question then adds and takes away
what its few edits bring to the points around them, so that a map can be coloured while somebody
drags a sign over it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np
import shapely

from api.coverage.release import area_of
from api.coverage.schemas import ChangeRow
from geo_match.coverage.given.supply import Supply, read_supply
from geo_match.coverage.what_if.edits import read_edits
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from api.coverage.query import WhatIfRequest
    from api.coverage.release import Release

_T = TypeVar("_T")

_A_SIDE: Final = 16
"""Points a side of the lattice over an area's bounds; those outside it are left out."""
_MOST_KEPT: Final = 32
"""Grounds, supplies and amounts in reach: some radii of some levels and kinds of places."""


@dataclass(frozen=True, eq=False)
class _Ground:
    """Points that stand for the ground of areas whose figure is published.

    Parameters
    ----------
    records, located
        The areas, (a,), and of their people who has a place, int64, (a,).
    begins
        Where the points of each area begin, int64, (a,): each has one at least.
    lon, lat
        Degrees WGS-84, (p,), area by area.
    index
        Of these points.
    left_out
        Areas whose figure is kept back, or that have no outline.
    """

    records: Sequence[Mapping[str, Any]]
    located: NDArray[np.int64]
    begins: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    index: PointIndex
    left_out: int

    def share(self, in_reach: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the share of the points of each area that have anything in reach, (a,)."""
        if not len(self.records):
            return np.zeros(0)
        sizes = np.diff(np.append(self.begins, len(in_reach)))
        found: NDArray[np.int64] = np.add.reduceat((in_reach > 0).astype(np.int64), self.begins)
        return found / sizes


class Suppositions:
    """What is supposed of a city, answered from what is kept of the questions before.

    Any number of threads may ask at once; two that need the same for the first time both make it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[tuple[tuple[object, ...], object]] = []

    def suppose(
        self, release: Release, supply: pa.Table, asked: WhatIfRequest
    ) -> tuple[list[ChangeRow], ChangeRow, int]:
        """Return what would change: the areas in which anything does, all together, those left out.

        Parameters
        ----------
        release
            What was published; what is kept of it is found again by the same object.
        supply
            The places that there are, as the library takes them; likewise.
        asked
            What is thought to change.

        Raises
        ------
        GeoMatchError
            If the edits are not as `geo_match.coverage.what_if` must have them.
        """
        # Places count, one each: how many vacancies each has tells of no area's people.
        count = "vacancies" if asked.supply == "jobs" else "places"
        held = self._once((supply, count), lambda: read_supply(supply, count=count))
        if held.each is None:  # never, of rows
            raise TypeError
        edits = read_edits(
            held.each,
            add=[one.model_dump(exclude=None if count == "vacancies" else {"vacancies"})
                 for one in asked.add] or None,
            move=[one.model_dump() for one in asked.move] or None,
            close=asked.close,
            count=count,
        )  # fmt: skip
        ground = self._once((release, asked.by), lambda: _ground(release.rows.get(asked.by, ())))
        after_m = asked.radius_m if asked.radius_m_after is None else asked.radius_m_after
        before = self._in_reach(ground, held, asked.radius_m)
        after = self._in_reach(ground, held, after_m).copy()
        # Amounts are never negative, so that a sum above 0 is the same as some place in reach.
        felt = ground.index.within(lon=edits.lon, lat=edits.lat, radius_m=after_m)
        np.add.at(after, felt.point, edits.amount[felt.query])
        return _told(ground, ground.share(before), ground.share(after))

    def _in_reach(self, ground: _Ground, held: Supply, radius_m: float) -> NDArray[np.int64]:
        """Return how much each point has in reach as things are, (p,)."""

        def make() -> NDArray[np.int64]:
            places = PointIndex(lon=held.lon, lat=held.lat)
            sums = places.sum_within(
                lon=ground.lon, lat=ground.lat, radius_m=radius_m, weights=held.amount
            )
            return cast("NDArray[np.int64]", sums)

        return self._once((ground, held, radius_m), make)

    def _once(self, basis: tuple[object, ...], make: Callable[[], _T]) -> _T:
        """Return what is made of some objects: what was made of the very same ones before."""
        with self._lock:
            for at, (kept, made) in enumerate(self._kept):
                if len(kept) == len(basis) and all(map(_is_same, kept, basis)):
                    self._kept.append(self._kept.pop(at))
                    return cast("_T", made)
        made_now = make()
        with self._lock:
            self._kept.append((basis, made_now))
            del self._kept[:-_MOST_KEPT]
        return made_now


def _is_same(one: object, other: object) -> bool:
    """Return whether it is one object, or the same word or number."""
    return one is other or (isinstance(one, str | float) and one == other)


def _ground(rows: Sequence[Mapping[str, Any]]) -> _Ground:
    """Return the points that stand for the areas of a release."""
    records, located, lattices, left_out = [], [], [], 0
    for record in rows:
        area = area_of(record)
        if area is None or record["located"] is None:
            left_out += record["kind"] != "outside"
            continue
        records.append(record)
        located.append(record["located"])
        lattices.append(_lattice(area))
    none = np.zeros(0)
    lon = np.concatenate([lon for lon, _ in lattices]) if lattices else none
    lat = np.concatenate([lat for _, lat in lattices]) if lattices else none
    sizes = np.array([len(one) for one, _ in lattices], dtype=np.int64)
    return _Ground(
        records,
        np.array(located, dtype=np.int64),
        np.cumsum(sizes) - sizes,
        lon,
        lat,
        PointIndex(lon=lon, lat=lat),
        left_out,
    )


def _lattice(area: shapely.Geometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points spread evenly over an area; one of it at least."""
    west, south, east, north = shapely.bounds(area)
    at = (np.arange(_A_SIDE) + 0.5) / _A_SIDE
    lon, lat = np.meshgrid(west + at * (east - west), south + at * (north - south))
    inside = shapely.contains_xy(area, lon, lat)
    if inside.any():
        return lon[inside], lat[inside]
    point = shapely.point_on_surface(area)
    return np.array([shapely.get_x(point)]), np.array([shapely.get_y(point)])


def _told(
    ground: _Ground, share_before: NDArray[np.float64], share_after: NDArray[np.float64]
) -> tuple[list[ChangeRow], ChangeRow, int]:
    """Return the areas that change, all together, and how many are left out."""
    # To even numbers at a half, as Python rounds.
    was, now = (np.rint(ground.located * one).astype(int) for one in (share_before, share_after))
    changed = [
        _row(ground.records[at], int(ground.located[at]), int(was[at]), int(now[at]))
        for at in np.flatnonzero(share_before != share_after).tolist()
    ]
    sums = (int(one.sum()) for one in (ground.located, was, now))
    return changed, _row({"kind": "all", "code": None}, *sums), ground.left_out


def _row(record: Mapping[str, Any], located: int, was: int, now: int) -> ChangeRow:
    return ChangeRow(
        kind=record["kind"],
        code=record["code"],
        name=record.get("name"),
        located=located,
        reached_before=was,
        reached_after=now,
        reached_change=now - was,
    )
