"""What an area must be before anything is decided by it, and the error that names those that fail.

Areas come from strangers' files. The number of vertices is looked at first, since the check of
validity takes more than linear time; then the numbers, since a NaN has no place in a bounding box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

MAX_VERTICES: Final = 200_000
"""Vertices of one area: a province's finest published outline has fewer."""

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_BOUNDS = np.array([180.0, 90.0])
_SHOWN = 5


class AreaError(ArgumentError):
    """An area is no valid polygon in degrees; the message has its code and the remedy."""


@dataclass(frozen=True, slots=True)
class AreaFault:
    """What is wrong with one area.

    Parameters
    ----------
    rule
        What must hold, as the end of the sentence "the area must …".
    found
        What was there instead.
    remedy
        What to do about it.
    """

    rule: str
    found: str
    remedy: str


def as_geometries(areas: Iterable[object]) -> NDArray[np.object_]:
    """Return the items as objects, shape (n,), whatever they are."""
    items = list(areas)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def area_faults(areas: Iterable[object]) -> list[AreaFault | None]:
    """Return for each area what is wrong with it, or None where nothing is.

    Parameters
    ----------
    areas
        Anything; good are valid, non-empty polygons and multipolygons of at most `MAX_VERTICES`
        vertices whose coordinates are finite degrees, longitude first.

    Examples
    --------
    >>> from shapely import box
    >>> from geo_match.index import area_faults
    >>> area_faults([box(117, 32, 118, 33), box(32, 117, 33, 118)])[1].found
    'the coordinates 33, 117'
    """
    array = as_geometries(areas)
    faults: list[AreaFault | None] = [_shape_fault(item) for item in array]
    left = np.flatnonzero([fault is None for fault in faults])
    xy, of = shapely.get_coordinates(array[left], return_index=True)
    wrong = ~(np.abs(xy) <= _BOUNDS).all(axis=1)  # true for NaN
    for at in left[np.unique(of[wrong])].tolist():
        faults[at] = _place_fault(xy[wrong & (left[of] == at)][0])
    left = np.flatnonzero([fault is None for fault in faults])
    valid = shapely.is_valid(array[left])
    for at in left[~valid].tolist():
        faults[at] = AreaFault(
            "be a valid polygon",
            shapely.is_valid_reason(array[at]),
            "Mend it with shapely.make_valid(area), and look at what that makes of it.",
        )
    return faults


def checked_areas(codes: Sequence[str], areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return copies in two dimensions, prepared and safe to ask from many threads.

    Raises
    ------
    AreaError
        If any is faulty; it names the codes of the first few and how many there are.
    """
    found = [
        (code, fault)
        for code, fault in zip(codes, area_faults(areas), strict=True)
        if fault is not None
    ]
    if found:
        shown = "; ".join(f"{code}: {fault.found}" for code, fault in found[:_SHOWN])
        more = "; …" if len(found) > _SHOWN else ""
        rules = dict.fromkeys(fault.rule for _, fault in found)
        remedies = dict.fromkeys(fault.remedy for _, fault in found)
        raise AreaError(
            "area",
            ", and ".join(rules),
            f"{len(found):,} of {len(codes):,} that do not ({shown}{more})",
            " ".join(remedies),
        )
    copies: NDArray[np.object_] = shapely.force_2d(areas)
    shapely.prepare(copies)
    # GEOS builds a prepared area's index at its first question, without a lock: ask it now, in
    # the middle of the box, so that later questions from several threads only read it.
    west, south, east, north = shapely.bounds(copies).reshape(-1, 4).T
    shapely.intersects_xy(copies, (west + east) / 2.0, (south + north) / 2.0)
    return copies


def _shape_fault(item: object) -> AreaFault | None:
    if not isinstance(item, shapely.Geometry):
        found = "nothing" if item is None else f"a {type(item).__name__}"
        return AreaFault("be a polygon", found, "Give its outline as a shapely polygon.")
    if shapely.get_type_id(item) not in _POLYGONS:
        return AreaFault(
            "be a polygon",
            f"a {type(item).__name__}",
            "Give its outline: a Polygon or MultiPolygon.",
        )
    n = shapely.get_num_coordinates(item)
    if n == 0:
        return AreaFault(
            "hold ground", f"an empty {type(item).__name__}", "Give its outline, or leave it out."
        )
    if n > MAX_VERTICES:
        return AreaFault(
            f"have at most {MAX_VERTICES:,} vertices",
            f"{n:,}",
            "Simplify it: shapely.simplify(area, 1e-5) moves no border by more than about 1 m.",
        )
    return None


def _place_fault(xy: NDArray[np.float64]) -> AreaFault:
    shown = f"the coordinates {xy[0]:.15g}, {xy[1]:.15g}"
    if not np.isfinite(xy).all():
        return AreaFault(
            "have finite coordinates", shown, "Draw the outline anew where it has a gap."
        )
    return AreaFault(
        "lie within ±180 degrees of longitude and ±90 of latitude",
        shown,
        "Is it in degrees of WGS-84, longitude first? Metres want a conversion "
        "(`GeoSeries.to_crs(4326)`).",
    )
