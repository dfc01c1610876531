"""Leading places to streets: `snap`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._validate import as_lonlat, as_real
from geo_match.errors import RadiusError
from geo_match.geodesy import karney
from geo_match.walking.graph.arrays import floats, integers, longs
from geo_match.walking.kernels import snap as kernels

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo_match.walking.graph.graph import Graph, Grid

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int32]

DEFAULT_MAX_SNAP_M = 300.0
MOST_MAX_SNAP_M = 10_000.0
"""There the local plane of a place is off by some metres, by more near the poles."""
REASONS = ("", "too_far", "blocked")
"""Why a place is led to no street; `Snaps.reason` is the position."""
TOO_FAR, BLOCKED = 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Snaps:
    """Where n places meet the streets; read-only arrays, (n,).

    Parameters
    ----------
    edge
        int32, −1 for none.
    segment
        int32, the first point of the edge's segment, −1 for none.
    to_start_mm, to_end_mm
        int32, how far along the edge its two ends are: whole segments, and the geodesic of the
        one that the place is led to, rounded up. Together the edge's length, or up to 2 mm more.
    snap_mm
        int32, how far the place is from there, rounded up; −1 for none.
    lon, lat
        Where it meets the street, degrees; NaN for none.
    reason
        int8, position in `REASONS`: 0 if it meets one, else why not.
    place_lon, place_lat
        The places themselves, degrees.
    """

    edge: Integers
    segment: Integers
    to_start_mm: Integers
    to_end_mm: Integers
    snap_mm: Integers
    lon: Floats
    lat: Floats
    reason: NDArray[np.int8]
    place_lon: Floats
    place_lat: Floats

    def __post_init__(self) -> None:
        """Make the arrays read-only: they belong to one graph and must not drift."""
        for name in _NAMES:
            getattr(self, name).setflags(write=False)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.edge)

    def take(self, positions: ArrayLike) -> Snaps:
        """Return those of the places at these positions, or where a mask is true."""
        chosen = np.asarray(positions)
        return Snaps(*(getattr(self, name)[chosen] for name in _NAMES))

    @property
    def nbytes(self) -> int:
        """Memory of the arrays, bytes."""
        return sum(getattr(self, name).nbytes for name in _NAMES)

    @property
    def is_snapped(self) -> NDArray[np.bool_]:
        """Whether each place meets a street, (n,)."""
        return np.asarray(self.edge >= 0)

    @property
    def snap_m(self) -> Floats:
        """How far each place is from its street, metres, (n,); NaN for none."""
        return np.where(self.edge >= 0, self.snap_mm / 1000.0, np.nan)

    @property
    def reasons(self) -> NDArray[np.str_]:
        """Why each place meets no street, in words, (n,); empty if it does."""
        return np.array(REASONS)[self.reason]


_NAMES = tuple(field.name for field in fields(Snaps))


def as_limit_mm(distance_m: Floats) -> NDArray[np.int64]:
    """Return the largest whole millimetres that are at most so many metres as a float says it.

    Parameters
    ----------
    distance_m
        At least 0; far larger ones than a walk may be are cut to 10¹² mm.
    """
    distance_m = np.minimum(distance_m, 1e9)
    limit = np.floor(distance_m * 1000.0).astype(np.int64)
    limit += (limit + 1) / 1000.0 <= distance_m  # a product rounded down
    return np.asarray(limit - (limit / 1000.0 > distance_m))  # or up


def as_max_snap(max_snap_m: float) -> float:
    """Return a checked bound on how far a place may be from its street, metres.

    Raises
    ------
    RadiusError
        If it is not one number from 0 to 10 km.
    """
    value = as_real(max_snap_m)
    if not 0.0 <= value <= MOST_MAX_SNAP_M:
        raise RadiusError(
            "max_snap_m",
            f"be one number between 0 and {MOST_MAX_SNAP_M:,.0f} metres",
            repr(max_snap_m),
            "Is it in metres? It is how far a home may be from its street.",
        )
    return value


def snap(
    graph: Graph, lon: ArrayLike, lat: ArrayLike, *, max_snap_m: float = DEFAULT_MAX_SNAP_M
) -> Snaps:
    """Lead places to the nearest point of a street that no obstacle hides from them.

    The nearest is judged in the local plane of the place; of streets equally near, to 1 µm, the
    lower edge is taken. If the straight line to it properly crosses an obstacle, the nearest
    point of the next segment is tried, and so on; the first and the last 5 cm of the line are not
    looked at, since a quay's path may lie on the bank. A nearest *visible* point of a segment
    whose nearest point is hidden is not looked for. Streets end at the antimeridian.

    Parameters
    ----------
    graph
        Of the streets; of these only edges that `is_snapped`.
    lon, lat
        Degrees, WGS-84, a number or shape (n,).
    max_snap_m
        How far a place may be from its street, inclusive, metres; 0 to 10 km.

    Returns
    -------
    Snaps
        With the reason `too_far` where no street is so near, and `blocked` where all that are lie
        across obstacles.

    Raises
    ------
    ArgumentError, CoordinateError, RadiusError
        If an argument breaks its rule.
    """
    checked_lon, checked_lat = as_lonlat(lon, lat)
    return snap_checked(graph, streets_of(graph), checked_lon, checked_lat, as_max_snap(max_snap_m))


class Streets(NamedTuple):
    """What the kernels read of a graph to lead places to its streets, in their order."""

    streets: kernels.Cells
    point_lon: Floats
    point_lat: Floats
    obstacles: kernels.Cells
    obstacle: Floats


def streets_of(graph: Graph) -> Streets:
    """Return a graph as the kernels read it, without copying it."""
    return Streets(
        _cells(graph.streets),
        floats(graph.point_lon),
        floats(graph.point_lat),
        _cells(graph.obstacles),
        floats(graph.obstacle),
    )


def snap_checked(graph: Graph, streets: Streets, lon: Floats, lat: Floats, most_m: float) -> Snaps:
    """Return the answer of `snap` to checked arguments, which are copied."""
    n = len(lon)
    place_lon, place_lat = lon.copy(), lat.copy()
    segment = np.full(n, -1, dtype=np.int32)
    spot_lon, spot_lat = np.full((2, n), np.nan)
    is_blocked = np.zeros(n, dtype=np.bool_)
    if n and len(graph.streets.segment):
        kernels.find_nearest(
            *streets, place_lon, place_lat, most_m, segment, spot_lon, spot_lat, is_blocked
        )
    edge, to_start, to_end, snap_mm = np.full((4, n), -1, dtype=np.int32)
    found = np.flatnonzero(segment >= 0)
    # For one place most of the time goes to the calls, not to what they do: so there are few.
    spots, places = (spot_lon[found], spot_lat[found]), (place_lon[found], place_lat[found])
    ways = _along(graph, segment[found], spots, places)
    is_near = ways[3] <= as_limit_mm(np.array([most_m]))
    if not is_near.all():
        far = found[~is_near]
        segment[far], spot_lon[far], spot_lat[far] = -1, np.nan, np.nan
        found = found[is_near]
        ways = [one[is_near] for one in ways]
    edge[found], to_start[found], to_end[found], snap_mm[found] = ways
    reason = np.where(segment >= 0, 0, np.where(is_blocked, BLOCKED, TOO_FAR)).astype(np.int8)
    return Snaps(
        edge,
        segment,
        to_start,
        to_end,
        snap_mm,
        spot_lon,
        spot_lat,
        reason,
        place_lon,
        place_lat,
    )


def rounded_up(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> NDArray[np.int64]:
    """Return geodesic lengths in whole millimetres, rounded up, of checked places, (n,)."""
    length = np.empty(len(lon1), dtype=np.int64)
    kernels.round_up(lon1, lat1, lon2, lat2, length)
    unsure = np.flatnonzero(length < 0)
    if len(unsure):
        exact = karney(lon1[unsure], lat1[unsure], lon2[unsure], lat2[unsure])
        length[unsure] = np.ceil(exact * 1e3 - kernels.NOT_ROUNDED_MM).astype(np.int64)
    return length


def _along(
    graph: Graph, segment: Integers, lonlat: tuple[Floats, Floats], place: tuple[Floats, Floats]
) -> list[NDArray[np.int64]]:
    """Return edges of segments, how far points on these are from the edges' ends and from places.

    Returns
    -------
    list
        Of int64, (n,): edge, to_start_mm, to_end_mm, snap_mm.
    """
    edge = np.searchsorted(graph.points, segment, side="right") - 1
    begins, stops = segment, segment + 1
    lon, lat = lonlat
    parts = rounded_up(
        np.concatenate((graph.point_lon[begins], lon, place[0])),
        np.concatenate((graph.point_lat[begins], lat, place[1])),
        np.concatenate((lon, graph.point_lon[stops], lon)),
        np.concatenate((lat, graph.point_lat[stops], lat)),
    )
    before, behind, beside = parts.reshape(3, -1)
    length = graph.length_mm[edge].astype(np.int64)
    to_start = before + graph.point_mm[begins]
    to_end = behind + length - graph.point_mm[stops]
    # Two parts are together no shorter than the whole, but for what is taken for rounding.
    to_end += np.maximum(length - to_start - to_end, 0)
    return [edge, to_start, to_end, beside]


def _cells(grid: Grid) -> kernels.Cells:
    return kernels.Cells(
        floats(np.array([grid.west, grid.south, grid.cell_lon, grid.cell_lat])),
        longs(np.array([grid.n_columns, grid.n_rows])),
        longs(grid.offsets),
        integers(grid.segment),
    )


__all__ = ["DEFAULT_MAX_SNAP_M", "REASONS", "Snaps", "as_limit_mm", "snap"]
