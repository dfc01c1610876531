"""Repair of areas that are no valid polygons: only on request, with all that it changed told.

A repair is GEOS's `make_valid` by the structure of the outlines: outlines that cross are parted at
the crossing, parts that overlap are joined, holes are cut out, and what has no area goes. It never
guesses where an outline should have run. How much ground is in doubt is measured in two ways, and
the larger counts: what the outlines go round, with the sign of their turn, against what is left;
and what is left against what the rule of even and odd would leave, by which ground that is gone
round twice is a hole. Where more than `MOST_CHANGED` of the area is in doubt, as of an outline in
the form of an 8, nobody can know what was meant, and the repair is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from geo_match.geodesy import FLATTENING, SEMI_MAJOR_M
from geo_match.index import area_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.matching.given.faults import Faults

INVALID: Final = "be a valid polygon"
"""The rule of `geo_match.index.area_faults` that a repair can make hold."""
MOST_CHANGED: Final = 0.01
"""The largest share of an area that a repair may change."""
_GEOD: Final = Geod(a=SEMI_MAJOR_M, f=FLATTENING)
_M2_PER_KM2: Final = 1e6
_COLUMNS: Final = {
    "code": "object",
    "fault": "object",
    "area_before_km2": "float64",
    "area_after_km2": "float64",
    "changed_share": "float64",
    "parts_before": "int64",
    "parts_after": "int64",
    "holes_before": "int64",
    "holes_after": "int64",
    "dropped_line_m": "float64",
}


class _Repair(NamedTuple):
    """One area's repair: a row of the table but for the code, and what it became."""

    fault: str
    area_before_km2: float
    area_after_km2: float
    changed_share: float
    parts_before: int
    parts_after: int
    holes_before: int
    holes_after: int
    dropped_line_m: float
    area: Any

    @property
    def is_refused(self) -> bool:
        return self.changed_share > MOST_CHANGED

    def __repr__(self) -> str:
        return (
            f"{self.fault}, of {self.area_before_km2:.6g} km², which a repair would make"
            f" {self.area_after_km2:.6g} km² and of which it would change"
            f" {self.changed_share:.1%}"
        )


def repair_areas(
    shapes: NDArray[np.object_],
    codes: Sequence[str | None],
    column: str,
    faults: Faults,
) -> tuple[NDArray[np.object_], pd.DataFrame]:
    """Return areas with those that are invalid repaired, and what was changed.

    Parameters
    ----------
    shapes
        Polygons in degrees, (k,); None where there is none. Those with other faults stay.
    codes
        Of each, (k,).
    column
        Whose fault it is if a repair is refused.
    faults
        Takes the areas of which a repair would change more than `MOST_CHANGED`.

    Returns
    -------
    areas
        Objects, (k,).
    repaired
        As `Communities.repaired` has it.
    """
    here = np.flatnonzero(~shapely.is_missing(shapes))
    told = zip(here.tolist(), area_faults(shapes[here]), strict=True)
    repairs = {
        at: _repair(shapes[at]) for at, fault in told if fault is not None and fault.rule == INVALID
    }
    refused = np.zeros(len(shapes), dtype=np.bool_)
    refused[[at for at, repair in repairs.items() if repair.is_refused]] = True
    rule = f"{INVALID}, or become one by changing at most {MOST_CHANGED:.0%} of its area"
    faults.rows(column, rule, refused, repairs.__getitem__, "Draw its outline anew.")
    found = shapes.copy()
    for at, repair in repairs.items():
        found[at] = repair.area
    rows = [(codes[at], *repair[:-1]) for at, repair in repairs.items()]
    return found, repair_table(rows)


def repair_table(rows: Sequence[tuple[Any, ...]] = ()) -> pd.DataFrame:
    """Return the table of repairs, in the order of the codes."""
    table = pd.DataFrame(list(rows), columns=list(_COLUMNS)).astype(_COLUMNS)
    return table.sort_values("code", kind="stable", ignore_index=True)


def _repair(area: Any) -> _Repair:  # noqa: ANN401 - a polygon or several, as shapely's functions take them
    made = shapely.make_valid(area, method="structure", keep_collapsed=False)
    # The parts of a collection may have parts.
    by_lines = shapely.get_parts(shapely.get_parts(shapely.make_valid(area)))
    is_ground = shapely.get_dimensions(by_lines) == 2  # noqa: PLR2004 - dimensions of an area
    even_odd = shapely.union_all(by_lines[is_ground])
    before, after = _area_m2(area), _area_m2(made)
    doubt = max(abs(before - after), _area_m2(shapely.symmetric_difference(made, even_odd)))
    whole = max(before, after)
    return _Repair(
        fault=shapely.is_valid_reason(area),
        area_before_km2=before / _M2_PER_KM2,
        area_after_km2=after / _M2_PER_KM2,
        changed_share=doubt / whole if after > 0.0 else 1.0,
        parts_before=int(shapely.get_num_geometries(area)),
        parts_after=int(shapely.get_num_geometries(made)),
        holes_before=_holes(area),
        holes_after=_holes(made),
        dropped_line_m=float(sum(_GEOD.geometry_length(line) for line in by_lines[~is_ground])),
        area=made,
    )


def _holes(area: Any) -> int:  # noqa: ANN401 - as above
    return int(shapely.get_num_interior_rings(shapely.get_parts(area)).sum())


def _area_m2(area: Any) -> float:  # noqa: ANN401 - as above
    """Return what the outlines go round, less what the holes do, m² on the ellipsoid.

    What an outline goes round the other way, as half an 8, is taken away from the rest of it.
    """
    total = 0.0
    for part in shapely.get_parts(area):
        for sign, ring in ((1, part.exterior), *((-1, hole) for hole in part.interiors)):
            lon, lat = shapely.get_coordinates(ring).T.copy()
            total += sign * abs(_GEOD.polygon_area_perimeter(lon, lat)[0])
    return total
