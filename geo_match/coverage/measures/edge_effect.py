"""How much of a circle lies outside the data: the edge effect, and its mean over groups.

Beyond the communities' areas there are jobs that nobody counted, and other seekers too. Who lives
near the border has more than the figures say, or more competitors: the share of the circle that
lies outside tells how much they may be trusted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo_match._validate import as_lonlat, as_numbers, as_radius
from geo_match.coverage.measures._circle_area import Edges, covered_shares
from geo_match.errors import ArgumentError
from geo_match.geodesy import chord_to_distance, lonlat_to_ecef
from geo_match.index import AreaError, area_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_DEG_M = 110_500.0
"""Metres in a degree of latitude, nowhere fewer; and of longitude at the equator."""
_LEAST_TILE_M = 100.0
_SHRINK = 1e-3
"""Tiles are no wider in longitude than a thousand times a tile at the equator."""
_MARGIN = 1.02
_STEP_DEG = 0.01
"""A border straight in degrees bends on a map: one of 1.1 km leaves its chord by 3 cm at most."""


class Extent:
    """The ground that the data cover: the union of the communities' areas.

    Parameters
    ----------
    areas
        Valid polygons and multipolygons in degrees, WGS-84; they may overlap. None is left out.

    Raises
    ------
    AreaError
        If another one is faulty; see `geo_match.index.area_faults`.

    Examples
    --------
    >>> from shapely import box
    >>> from geo_match.coverage.measures.edge_effect import Extent
    >>> extent = Extent([box(117.0, 32.5, 117.5, 33.5)])
    >>> extent.outside_share(lon=[117.2, 117.5, 118.0], lat=[33, 33, 33], radius_m=3000).round(4)
    array([0. , 0.5, 1. ])
    """

    def __init__(self, areas: Iterable[object]) -> None:
        given = [area for area in areas if area is not None]
        for fault in area_faults(given):
            if fault is not None:
                raise AreaError("areas", fault.rule, fault.found, fault.remedy)
        self._union = shapely.union_all(shapely.force_2d(np.array(given, dtype=object)))
        shapely.prepare(self._union)

    def outside_share(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: float) -> Floats:
        """Return the share of each circle's area that lies outside the data.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, (n,).
        radius_m
            Metres, 0 to 200 km. At 0 the circle is its centre, and the border is inside.

        Returns
        -------
        numpy.ndarray
            float64, (n,), 0 to 1; within 1e-4 of the share on the ellipsoid for radii to 20 km,
            within 1e-3 to 200 km, between 60° north and south. Without areas all is outside.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.

        Notes
        -----
        Circles are gathered by tiles as large as the radius. Where the areas cover all that a
        tile's circles may reach, or nothing of it, there is nothing to measure; else the border
        is cut out once a tile. Nothing is joined across 180° of longitude.
        """
        checked_lon, checked_lat = as_lonlat(lon, lat)
        if np.ndim(radius_m):
            raise ArgumentError("radius_m", "be one number", f"shape {np.shape(radius_m)}")
        radius = float(as_radius(radius_m, 1)[0])
        if radius == 0.0:
            inside = shapely.intersects_xy(self._union, checked_lon, checked_lat)
            return np.where(inside, 0.0, 1.0)
        outside = np.ones(len(checked_lon))
        order, starts, boxes = _tiles(checked_lon, checked_lat, radius)
        covered = shapely.contains_properly(self._union, boxes)
        met = shapely.intersects(self._union, boxes)
        for tile in np.flatnonzero(met):
            of_tile = order[starts[tile] : starts[tile + 1]]
            if covered[tile]:
                outside[of_tile] = 0.0
                continue
            around = checked_lon[of_tile], checked_lat[of_tile]
            outside[of_tile] = 1.0 - self._covered(boxes[tile], around, radius)
        return outside

    def _covered(
        self, box: shapely.Polygon, around: tuple[Floats, Floats], radius: float
    ) -> Floats:
        """Return the shares inside of circles that lie in a box, degrees."""
        cut = shapely.get_parts(shapely.intersection(self._union, box))
        cut = cut[shapely.get_type_id(cut) == shapely.GeometryType.POLYGON]  # no touching lines
        rings = shapely.get_rings(shapely.segmentize(shapely.orient_polygons(cut), _STEP_DEG))
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        west, south, east, north = shapely.bounds(box)
        centre = (west + east) / 2.0, (south + north) / 2.0
        border_x, border_y = _on_map(xy[:, 0], xy[:, 1], centre)
        x, y = _on_map(*around, centre)
        same = ring[1:] == ring[:-1]
        edges = Edges(
            border_x[:-1][same], border_y[:-1][same], border_x[1:][same], border_y[1:][same]
        )
        share = np.empty(len(x))
        covered_shares(edges, x, y, radius, share)
        return share


def _tiles(
    lon: Floats, lat: Floats, radius_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.object_]]:
    """Return the places ordered by tile, where each tile begins, and what its circles may reach."""
    height = max(radius_m, _LEAST_TILE_M) / _DEG_M
    row = np.floor(lat / height).astype(np.int64)
    width = height / np.maximum(np.cos(np.radians(row * height)), _SHRINK)
    column = np.floor(lon / width).astype(np.int64)
    order = np.lexsort((column, row))
    row, column, width = row[order], column[order], width[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    first = np.flatnonzero(new)
    row, column, width = row[first], column[first], width[first]
    up = _MARGIN * radius_m / _DEG_M
    south, north = row * height - up, (row + 1) * height + up
    farthest = np.minimum(np.maximum(np.abs(south), np.abs(north)), 90.0)
    aside = up / np.maximum(np.cos(np.radians(farthest)), _SHRINK)
    boxes = shapely.box(column * width - aside, south, (column + 1) * width + aside, north)
    return order, np.append(first, len(order)), np.asarray(boxes, dtype=object)


def _on_map(lon: Floats, lat: Floats, centre: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return places, metres, on a map that keeps distance and direction from its centre.

    A distance s from the centre it stretches areas by s²/6R²: 5e-6 for 34 km, 5e-4 for 340 km.
    """
    x, y, z = lonlat_to_ecef(lon, lat)
    at = lonlat_to_ecef(np.array([centre[0]]), np.array([centre[1]]))
    dx, dy, dz = x - at[0], y - at[1], z - at[2]
    lam, phi = np.radians(centre)
    east = dy * np.cos(lam) - dx * np.sin(lam)
    from_axis = dx * np.cos(lam) + dy * np.sin(lam)
    north = dz * np.cos(phi) - from_axis * np.sin(phi)
    flat = np.hypot(east, north)
    away = chord_to_distance(np.sqrt(dx * dx + dy * dy + dz * dz))
    stretch = np.divide(away, flat, out=np.ones_like(flat), where=flat > 0.0)
    return east * stretch, north * stretch


def mean_by_group(
    values: ArrayLike, weight: ArrayLike, group: NDArray[np.int64], n_groups: int
) -> Floats:
    """Return the weighted mean of values over the members of each group.

    Parameters
    ----------
    values, weight
        Finite, (n,); weights at least 0.
    group
        int64, (n,): 0 to `n_groups` − 1.
    n_groups
        How many groups there are, those without members included.

    Returns
    -------
    numpy.ndarray
        float64, (n_groups,); NaN where a group has no weight.

    Raises
    ------
    ArgumentError
        If values, weights and groups are not of one length, or no numbers.
    """
    numbers, weights = as_numbers(values, "values"), as_numbers(weight, "weight")
    if not numbers.shape == weights.shape == np.shape(group):
        found = f"{numbers.shape}, {weights.shape} and {np.shape(group)}"
        raise ArgumentError("values, weight, group", "have one shape (n,)", found)
    total = np.bincount(group, weights=weights, minlength=n_groups)
    weighted = np.bincount(group, weights=weights * numbers, minlength=n_groups)
    mean = np.full(n_groups, np.nan)
    np.divide(weighted, total, out=mean, where=total > 0.0)
    return mean
