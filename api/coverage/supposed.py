"""What would change, estimated from published figures and public places, and from nothing else.

Whatever is asked, the answer is a function of figures that went out and of places that are public:
it tells nobody more than these do, however often and however finely it is asked. Who moves a
station by a metre learns how much ground comes into its circle, and not who lives there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from api.coverage.release import area_of
from api.coverage.schemas import ChangeRow
from geo_match.coverage.given.supply import read_supply
from geo_match.coverage.what_if.edits import read_edits
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from api.coverage.query import WhatIfRequest
    from api.coverage.release import Release

_A_SIDE: Final = 16
"""Points a side of the lattice over an area's bounds; those outside it are left out."""


def supposed(
    release: Release, supply: pa.Table, asked: WhatIfRequest
) -> tuple[list[ChangeRow], ChangeRow, int]:
    """Return what would change: the areas in which anything does, all together, and those left out.

    Parameters
    ----------
    release
        What was published.
    supply
        The places that there are, as the library takes them.
    asked
        What is thought to change.

    Raises
    ------
    GeoMatchError
        If the edits are not as `geo_match.coverage.what_if` must have them.
    """
    # Places count, one each: how many vacancies each has tells of no area's people.
    count = "vacancies" if asked.supply == "jobs" else "places"
    held = read_supply(supply, count=count)
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
    after_m = asked.radius_m if asked.radius_m_after is None else asked.radius_m_after
    before = _offering(held.each.lon, held.each.lat, held.each.amount)
    after = _offering(edits.rows.lon, edits.rows.lat, edits.rows.amount)
    changed: list[ChangeRow] = []
    left_out, sums = 0, np.zeros(3)
    for record in release.rows.get(asked.by, ()):
        area = area_of(record)
        located = record["located"]
        if area is None or located is None:
            left_out += record["kind"] != "outside"
            continue
        lon, lat = _lattice(area)
        shares = [
            _share(lon, lat, place, radius_m)
            for place, radius_m in ((before, asked.radius_m), (after, after_m))
        ]
        was, now = (round(located * share) for share in shares)
        sums += located, was, now
        if shares[0] != shares[1]:
            changed.append(_row(record, located, was, now))
    located, was, now = (int(one) for one in sums)
    return changed, _row({"kind": "all", "code": None}, located, was, now), left_out


def _offering(
    lon: NDArray[np.float64], lat: NDArray[np.float64], amount: NDArray[np.int64]
) -> PointIndex:
    there = ~np.isnan(lon) & (amount > 0)
    return PointIndex(lon=lon[there], lat=lat[there])


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


def _share(
    lon: NDArray[np.float64], lat: NDArray[np.float64], places: PointIndex, radius_m: float
) -> float:
    """Return the share of points that have a place within the radius."""
    return float((places.count_within(lon=lon, lat=lat, radius_m=radius_m) > 0).mean())


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
