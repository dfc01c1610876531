"""Gap areas: where people live beyond the radius of everything, as polygons to draw on maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity

from geo_match._validate import MAX_RADIUS_M, as_radius, as_real
from geo_match.coverage.answers.attribution import OUTSIDE
from geo_match.coverage.answers.figures import Groups
from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.gap_areas.discs import MOST_LAT, drawn_ground, polygons, wrapped
from geo_match.coverage.gap_areas.homes import homes, merged
from geo_match.coverage.measures.area import area_km2
from geo_match.coverage.measures.reach import in_reach
from geo_match.coverage.release import RELEASE
from geo_match.errors import ArgumentError
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geo_match.coverage.gap_areas.homes import Homes

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Objects = NDArray[np.object_]

PURPOSE: Final = "drawing aid"
"""What gap areas are for; people are counted from points only."""
_LEAST_TOLERANCE_M: Final = 0.1
_MOST_HOME_M: Final = 10_000.0
_HALF_TURN: Final = 180.0
_TURN: Final = 360.0
_DEGREE_M: Final = 110_500.0
"""Metres in a degree of latitude, nowhere fewer."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How gap areas are drawn, metres, checked."""

    radius_m: float
    home_m: float
    tolerance_m: float


def gap_areas(
    report: CoverageReport,
    *,
    home_m: float = 150.0,
    tolerance_m: float = 10.0,
    radius_m: float | None = None,
) -> gpd.GeoDataFrame:
    """Return the inhabited places beyond the radius of all of a report's supply, as polygons.

    They are drawing aids: the ground around the homes of all who have nothing in their circle, less
    the circles of the supply. Nobody is counted by them. Each person with nothing in reach is in
    exactly one, the one that has the person's home, and the figures are sums over those people.

    Parameters
    ----------
    report
        Of `Coverage.of`, by straight lines.
    home_m
        Metres: how much ground is drawn around a home, from twice the tolerance to 10 km.
    tolerance_m
        Metres, at least 0.1: how far a border may lie from where it is exactly.
    radius_m
        Metres, inclusive, 0 to 200 km: beyond how much a place is a gap. None for the report's own.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, by `people`, most first, then by `code`; without rows where everybody who is
        located has something in reach.

        - `kind`, "gap_area"; `purpose`, "drawing aid";
        - `code`: the latitude and longitude of the westernmost corner, which stays while homes
          elsewhere change; with "-2" and so on where two areas have one;
        - `people`: of those whose homes are in it, the sum of weights, int64 or float64 as these;
          over all areas, all who are located and have nothing in reach. `people_coarse` of them
          are known too inaccurately to decide a circle by, `people_outside` live in no community's
          area;
        - `rows`: how many rows of the people these are. A row of weight 0 stands for nobody: it
          counts for no area, and none is drawn around it;
        - `communities`: the codes of the communities in which these people live, in order, with
          "; " between them; null where they live in none;
        - `nearest_m`: the least distance from one of these homes to any place of the supply, above
          the radius; null without supply;
        - `area_km2`, on the ellipsoid; `radius_m`, `home_m`, `tolerance_m`, as they were used;
        - `release`, "internal"; `geometry`, a valid polygon, or one in parts where it crosses 180°
          of longitude.

    Raises
    ------
    ArgumentError, RadiusError
        If an argument breaks its rule, or the report is on foot; or somebody with nothing in reach
        lives beyond 84° of latitude, where circles cannot be drawn in degrees.

    Notes
    -----
    What is drawn is more than `radius_m` - `tolerance_m` from each place of the supply, at most
    `home_m` + `tolerance_m` from a home with nothing in reach, and holds each such home. Ground
    that is beyond the radius and at most `home_m` - `tolerance_m` from such a home is drawn, but
    for islands without a home, which are left out; islands with one stay, however small.

    Examples
    --------
    >>> import geo_match as gm
    >>> from geo_match.coverage.gap_areas.gap_areas import gap_areas
    >>> town = gm.Coverage([{"id": "J1", "lon": 117.38, "lat": 32.92}], [])
    >>> report = town.of(
    ...     [
    ...         {"id": "H1", "lon": 117.38, "lat": 32.93, "weight": 3},
    ...         {"id": "H2", "lon": 117.38, "lat": 32.95, "weight": 2},
    ...     ]
    ... )
    >>> areas = gap_areas(report)
    >>> areas[["code", "people", "nearest_m"]].round(1).to_dict("records")
    [{'code': 'N32.95000E117.37840', 'people': 2, 'nearest_m': 3327.1}]
    """
    _check_report(report)
    drawing = _checked(report, home_m, tolerance_m, radius_m)
    who = _without_supply(report, drawing.radius_m)
    there = homes(report.who.lon[who], report.who.lat[who])
    _check_lat(there.lat)
    shapes, of_home = _areas(report, there, drawing)
    return _frame(report, drawing, (who, there), (shapes, of_home))


def _check_report(report: object) -> None:
    if not isinstance(report, CoverageReport):
        remedy = "It is what `Coverage.of` returns."
        raise ArgumentError("report", "be a CoverageReport", type(report).__name__, remedy)
    if report.options.on_foot:
        rule = "be of straight lines, of which gap areas are drawn"
        remedy = "Ask `Coverage` without a basis and a network; on foot draw `Network.isochrone`."
        raise ArgumentError("report", rule, "one on foot", remedy)


def _checked(
    report: CoverageReport, home_m: object, tolerance_m: object, radius_m: object
) -> _Drawing:
    tolerance, home = as_real(tolerance_m), as_real(home_m)
    if not _LEAST_TOLERANCE_M <= tolerance <= _MOST_HOME_M / 2.0:
        rule = f"be from {_LEAST_TOLERANCE_M:g} to {_MOST_HOME_M / 2.0:,.0f} metres"
        raise ArgumentError("tolerance_m", rule, repr(tolerance_m))
    if not 2.0 * tolerance <= home <= _MOST_HOME_M:
        rule = f"be from twice `tolerance_m` ({tolerance:g}) to {_MOST_HOME_M:,.0f} metres"
        raise ArgumentError("home_m", rule, repr(home_m))
    radius = report.options.radius_m if radius_m is None else as_real(radius_m)
    if radius_m is not None and np.isnan(radius):
        raise ArgumentError("radius_m", "be a number of metres, or None", repr(radius_m))
    return _Drawing(float(as_radius(radius, 1)[0]), home, tolerance)


def _check_lat(lat: Floats) -> None:
    beyond = np.abs(lat) > MOST_LAT
    if beyond.any():
        rule = f"have nobody beyond {MOST_LAT:g}° of latitude with nothing in reach"
        found = f"{int(beyond.sum()):,} such places"
        raise ArgumentError("report", rule, found, "Ask without them: the counts are exact there.")


def _without_supply(report: CoverageReport, radius_m: float) -> Integers:
    """Return which people are located and have nothing in reach; whose row is nobody's is out."""
    who, options = report.who, report.options
    asked = np.flatnonzero(who.located & (who.weight > 0))
    amount = report.outcome.in_reach[asked]
    if radius_m != options.radius_m:
        amount = in_reach(who.lon[asked], who.lat[asked], report.supply, radius_m)
    return np.asarray(asked[amount == 0], dtype=np.int64)


def _areas(report: CoverageReport, there: Homes, drawing: _Drawing) -> tuple[Objects, Integers]:
    """Return the areas, (g,), and which one each home is in, (h,).

    A home is more than the radius from all supply, whose circles are drawn a tenth of the tolerance
    smaller; and by more than the tolerance inside the ground of homes. So around each home that
    tenth, 1 cm or more, is free of borders: its area is found beyond all rounding.
    """
    tolerance = drawing.tolerance_m
    lon, lat = merged(there.lon, there.lat, tolerance_m=tolerance)
    parts = polygons(drawn_ground(lon, lat, radius_m=drawing.home_m, slack_m=tolerance / 2.0))
    if drawing.radius_m > tolerance and len(lon):
        site_lon, site_lat = _near(report, (lon, lat), drawing)
        circles = drawn_ground(
            site_lon,
            site_lat,
            radius_m=drawing.radius_m - tolerance / 10.0,
            slack_m=tolerance / 2.0,
        )
        parts = _without(parts, polygons(circles))
    shapely.prepare(parts)
    home, part = shapely.STRtree(parts).query(shapely.points(there.lon, there.lat))
    holds = shapely.contains_xy(parts[part], there.lon[home], there.lat[home])
    of_home = np.full(len(there.lon), -1, dtype=np.int64)  # none stays so; `bincount` refuses it
    of_home[home[holds]] = part[holds]
    kept, of_home = np.unique(of_home, return_inverse=True)
    return parts[kept], of_home.astype(np.int64)


def _without(parts: Objects, circles: Objects) -> Objects:
    """Return polygons less others; most do not meet, and are left alone."""
    shapely.prepare(parts)
    part, circle = shapely.STRtree(circles).query(parts, "intersects")
    met = np.unique(part)
    meeting = circles[np.unique(circle)]
    rest = shapely.difference(
        shapely.MultiPolygon(parts[met].tolist()), shapely.MultiPolygon(meeting.tolist())
    )
    return np.concatenate((np.delete(parts, met), polygons(rest)))


def _near(
    report: CoverageReport, ground: tuple[Floats, Floats], drawing: _Drawing
) -> tuple[Floats, Floats]:
    """Return the supply whose circles may meet the ground of homes, in the frame of the homes."""
    supply, (lon, lat) = report.supply, ground
    reach_m = drawing.radius_m + drawing.home_m
    index = PointIndex(lon=wrapped(lon), lat=lat)
    near = np.ones(len(supply.lon), dtype=np.bool_)
    if reach_m <= MAX_RADIUS_M:  # else all are taken: those too far are merely idle
        near = index.count_within(lon=supply.lon, lat=supply.lat, radius_m=reach_m) > 0
    up = 2.0 * reach_m / _DEGREE_M
    aside = up / np.cos(np.radians(np.abs(lat).max() + up))
    turns = np.array([-_TURN, 0.0, _TURN])[:, None]
    x = (supply.lon[near] + turns).ravel()
    y = np.tile(supply.lat[near], len(turns))
    meets = (x >= lon.min() - aside) & (x <= lon.max() + aside)
    return x[meets], y[meets]


def _frame(
    report: CoverageReport,
    drawing: _Drawing,
    found: tuple[Integers, Homes],
    drawn: tuple[Objects, Integers],
) -> gpd.GeoDataFrame:
    (who, there), (shapes, of_home) = found, drawn
    people, outcome, n = report.who, report.outcome, len(shapes)
    of = of_home[there.of]
    # In one order whatever that of the people, so that sums of float weights are the same.
    order = np.lexsort((people.weight[who], there.of))
    who, of = who[order], of[order]
    groups = Groups(of, n, people.weight[who])
    community = outcome.community[who]
    columns: dict[str, Any] = {
        "kind": np.full(n, "gap_area", dtype=object),
        "code": _codes(shapes),
        "purpose": np.full(n, PURPOSE, dtype=object),
        "people": groups.total(),
        "people_coarse": groups.total(people.accuracy_m[who] > report.options.coarse_or_default_m),
        "people_outside": groups.total(community == OUTSIDE),
        "rows": np.bincount(of, minlength=n),
        "communities": _communities(report.communities.codes, of, community, n),
        "nearest_m": _nearest(report, there, of_home, n, drawing.radius_m),
        "area_km2": area_km2(shapes),
        "radius_m": np.full(n, drawing.radius_m),
        "home_m": np.full(n, drawing.home_m),
        "tolerance_m": np.full(n, drawing.tolerance_m),
        RELEASE: np.full(n, report.release, dtype=object),
    }
    outlines = np.array([None, *(_on_earth(one) for one in shapes.tolist())], dtype=object)[1:]
    by = np.lexsort((columns["code"].astype(str), -columns["people"]))
    frame = pd.DataFrame({name: values[by] for name, values in columns.items()})
    return gpd.GeoDataFrame(frame, geometry=outlines[by], crs=4326)


def _codes(shapes: Objects) -> Objects:
    """Return a code for each area, (g,), by its westernmost corner, and the southernmost there."""
    xy, shape = shapely.get_coordinates(shapes, return_index=True)
    order = np.lexsort((xy[:, 1], xy[:, 0], shape))
    _, first = np.unique(shape[order], return_index=True)
    x, y = xy[order[first]].T
    codes = np.full(len(shapes), None, dtype=object)
    seen: dict[str, int] = {}
    for at in np.lexsort((y, x)).tolist():
        lon, lat = round(float(wrapped(x[at : at + 1])[0]), 5), round(float(y[at]), 5)
        code = f"{'S' if lat < 0 else 'N'}{abs(lat):08.5f}{'W' if lon < 0 else 'E'}{abs(lon):09.5f}"
        seen[code] = seen.get(code, 0) + 1
        codes[at] = code if seen[code] == 1 else f"{code}-{seen[code]}"
    return codes


def _communities(codes: Objects, of: Integers, community: Integers, n: int) -> Objects:
    """Return the codes of the communities of each area's people, (n,), joined; None without."""
    inside = community != OUTSIDE
    pairs = np.unique(np.column_stack((of[inside], community[inside])), axis=0)
    lists: list[list[str]] = [[] for _ in range(n)]
    for area, at in pairs.tolist():  # communities are in the order of their codes
        lists[area].append(codes[at])
    return np.array([None, *("; ".join(one) or None for one in lists)], dtype=object)[1:]


def _nearest(
    report: CoverageReport, there: Homes, of_home: Integers, n: int, radius_m: float
) -> Floats:
    """Return the least distance from each area's homes to any supply, (n,); NaN without supply."""
    supply = report.supply
    if not len(supply.lon):
        return np.full(n, np.nan)
    index = PointIndex(lon=supply.lon, lat=supply.lat)
    away = index.nearest(lon=wrapped(there.lon), lat=there.lat).distance_m
    least = np.full(n, np.inf)
    np.minimum.at(least, of_home, away)
    # A distance is told to a micrometre; that it lies beyond the circle is exact.
    return np.asarray(np.maximum(least, np.nextafter(radius_m, np.inf)), dtype=np.float64)


def _on_earth(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape in longitudes of -180 to 180, in parts where it crosses 180°."""
    west, _, east, _ = shapely.bounds(shape)
    if west >= -_HALF_TURN and east <= _HALF_TURN:
        return shape
    parts: list[BaseGeometry] = []
    for turn in (-_TURN, 0.0, _TURN):
        window = shapely.box(turn - _HALF_TURN, -90.0, turn + _HALF_TURN, 90.0)
        part = shapely.intersection(shape, window)
        parts.extend(polygons(affinity.translate(part, -turn)))
    return shapely.union_all(parts)
