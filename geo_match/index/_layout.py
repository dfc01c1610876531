"""How points lie in memory: thin bands of latitude, each sorted by longitude.

A band knows the places of its two edges in the meridian plane (p from the axis, z above the
equator), and a bucket table that turns a longitude into a slot in one step. A slot is a point's
place in this order; its position is its row in the arrays that the user gave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.geodesy import ECCENTRICITY_SQUARED, SEMI_MAJOR_M, lonlat_to_ecef

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BAND_PER_SPACING = 4.5
"""Height of a band in mean distances between points: measured, and flat from 4 to 6.

Lower bands measure fewer points singly, but in more and shorter runs.
"""
_POINTS_PER_BAND = 16
"""Bands are made higher until this many points share one on average: it bounds the memory."""
_NARROWEST_BAND_DEG = 1e-9
_DENSITY_CELL_DEG = 0.01
_DENSITY_SAMPLE = 65_536
_DEG_M = 111_320.0
_HALF_TURN = 180.0

SOUTH, NORTH = 0, 1
"""Latitudes of a band's edges, degrees."""
SOUTH_P, SOUTH_Z, NORTH_P, NORTH_Z = 2, 3, 4, 5
"""Where the edges lie in the meridian plane, metres from the axis and above the equator."""
PER_LEAST_P, PER_MOST_P = 6, 7
"""One over the least and the greatest distance from the axis in the band, 1/metres."""
WEST, BUCKETS_PER_DEGREE = 8, 9
"""Least longitude of the band's points, degrees, and its buckets a degree."""


class Layout(NamedTuple):
    """The arrays that the kernels read; none is ever written after `build`.

    For m points in b bands; slot arrays are ordered by band, then longitude, then position.

    Parameters
    ----------
    x, y, z
        Earth-centred metres, a slot each, (m,).
    lon, lat
        Degrees, a slot each, (m,); longitude −180 is stored as 180.
    position
        int32, (m,): the user's row of each slot.
    band
        (10, b): a column a band, its rows named above (`SOUTH` … `BUCKETS_PER_DEGREE`).
    band_start
        int64, (b + 1, 2): first slot of each band, and its first entry in `bucket_slot`.
    bucket_slot
        int32: of each band its first slot twice, the first slot of each further bucket, and its
        end twice; so a longitude west or east of the band needs no case of its own.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    position: NDArray[np.int32]
    band: NDArray[np.float64]
    band_start: NDArray[np.int64]
    bucket_slot: NDArray[np.int32]


def _points_per_km2(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> float:
    """Estimate how densely points lie around a point, from pairs of a sample that share a cell."""
    step = max(1, len(lon) // _DENSITY_SAMPLE)
    lon, lat = lon[::step], lat[::step]
    row = np.floor(lat / _DENSITY_CELL_DEG).astype(np.int64)
    shrink = np.maximum(np.cos(np.radians(row * _DENSITY_CELL_DEG)), 1e-6)
    column = np.floor(lon * shrink / _DENSITY_CELL_DEG).astype(np.int64)
    _, count = np.unique(row * 100_000 + column, return_counts=True)
    neighbours = (count * (count - 1)).sum() / len(lon) + 1.0
    return float(neighbours * step / (_DENSITY_CELL_DEG * _DEG_M / 1000.0) ** 2)


def _band_of_each(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int64], float]:
    """Choose the height of the bands, degrees, and number each point's band from latitude −90."""
    height = _BAND_PER_SPACING * 1000.0 / np.sqrt(_points_per_km2(lon, lat)) / _DEG_M
    while True:
        band = np.floor((lat + 90.0) / height).astype(np.int64)
        if len(np.unique(band)) <= len(lat) // _POINTS_PER_BAND + 64:
            return band, float(height)
        height *= 2.0


def _meridian_place(
    lat: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the distance from the axis and above the equator, metres, of these latitudes."""
    phi = np.radians(lat)
    prime_vertical = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2)
    return (
        prime_vertical * np.cos(phi),
        prime_vertical * (1.0 - ECCENTRICITY_SQUARED) * np.sin(phi),
    )


def build(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Layout:
    """Lay out checked points, degrees WGS-84, shape (m,)."""
    lon = np.where(lon == -_HALF_TURN, _HALF_TURN, lon)
    if len(lon) == 0:
        number, height = np.empty(0, dtype=np.int64), 1.0
    else:
        number, height = _band_of_each(lon, lat)
    order = np.lexsort((lon, number))  # stable: equal places stay in the order of their positions
    number, lon, lat = number[order], lon[order], lat[order]

    numbers, first = np.unique(number, return_index=True)
    slot_start = np.append(first, len(lon)).astype(np.int64)
    edge = np.clip(np.stack((numbers, numbers + 1), axis=1) * height - 90.0, -90.0, 90.0)
    south, north = edge[:, 0], edge[:, 1]
    south_p, south_z = _meridian_place(south)
    north_p, north_z = _meridian_place(north)
    crosses_equator = (south < 0.0) & (north > 0.0)
    most_p = np.where(crosses_equator, SEMI_MAJOR_M, np.maximum(south_p, north_p))

    size = np.diff(slot_start)
    buckets = size  # one a point on average
    west = lon[slot_start[:-1]]
    span = np.maximum(lon[slot_start[1:] - 1] - west, _NARROWEST_BAND_DEG)
    per_degree = buckets / span * (1.0 - 1e-9)  # so that the easternmost point has a bucket too
    entry_start = np.concatenate(([0], np.cumsum(buckets + 3))).astype(np.int64)
    band = np.repeat(np.arange(len(numbers)), size)
    entry = ((lon - west[band]) * per_degree[band]).astype(np.int64) + entry_start[band] + 2
    before = np.cumsum(np.bincount(entry, minlength=int(entry_start[-1])))

    x, y, z = lonlat_to_ecef(lon, lat)
    layout = Layout(
        x=x,
        y=y,
        z=z,
        lon=lon,
        lat=lat,
        position=order.astype(np.int32),
        band=np.array(
            [
                south,
                north,
                south_p,
                south_z,
                north_p,
                north_z,
                1.0 / np.minimum(south_p, north_p),
                1.0 / most_p,
                west,
                per_degree,
            ]
        ),
        band_start=np.stack((slot_start, entry_start), axis=1),
        bucket_slot=before.astype(np.int32),
    )
    for array in layout:
        array.setflags(write=False)
    return layout
