"""A circle on the ellipsoid, and the places within it: `plot_circle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyproj import Geod

from geo_match._validate import as_lonlat, as_radius
from geo_match.errors import ArgumentError, RadiusError
from geo_match.geodesy import FLATTENING, SEMI_MAJOR_M, geodesic_distance
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.matching.given.places import places as places_of
from geo_match.plotting.needed import need_matplotlib

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_GEOD: Final = Geod(a=SEMI_MAJOR_M, f=FLATTENING)
_CORNERS: Final = 360
_AROUND: Final = 0.25
"""Of the circle's width: how much is seen around it."""
_TURN: Final = 360.0
_POLE: Final = 90.0
_CIRCLE, _INSIDE, _BEYOND = "#b3134a", "#1a1f24", "#8a939b"


def plot_circle(
    places: object = None,
    *,
    lon: float,
    lat: float,
    radius_m: float = 3_000.0,
    axes: Axes | None = None,
) -> Axes:
    """Draw the circle around a place, and which of some places lie within it.

    Parameters
    ----------
    places
        Jobs, stations or any rows with a place: a GeoDataFrame of points in any CRS on WGS 84 or
        CGCS2000, or rows with `lon` and `lat`, degrees WGS-84; null where a row has no place. None
        for the circle alone.
    lon, lat
        Of the circle's centre, degrees WGS-84.
    radius_m
        Metres, inclusive, 0 to 200 km.
    axes
        matplotlib's, to draw on, such as those of `plot_coverage`; None for new ones. Where
        something was drawn on them already, they go on showing the same ground.

    Returns
    -------
    matplotlib.axes.Axes
        Those drawn on, in degrees WGS-84. The circle is the ground at most that far away on the
        ellipsoid, drawn with 360 corners, not a circle on the page. A place is inside if its
        geodesic distance is at most the radius: that is measured, not read off the drawing. The
        legend counts the places inside and beyond, also those beyond what is seen, and those that
        have no place.

    Raises
    ------
    NoMatplotlibError
        If matplotlib is not installed.
    CoordinateError, RadiusError
        If the centre is no place on earth, the radius is out of its range, or the circle reaches a
        pole, where it has no shape in degrees.
    FrameError, DatumError, ArgumentError
        If the places, or another argument, are not as they must be.

    Examples
    --------
    >>> import geo_match as gm
    >>> jobs = [{"id": f"J{n}", "lon": lon, "lat": 32.92} for n, lon in enumerate([117.38, 117.42])]
    >>> axes = gm.plot_circle(jobs, lon=117.37, lat=32.93)
    >>> axes.get_title()
    '1 of 2 places within 3,000 m'
    """
    need_matplotlib()
    from matplotlib.lines import Line2D  # noqa: PLC0415 - an extra
    from matplotlib.patches import Polygon  # noqa: PLC0415 - an extra

    from geo_match.plotting._paper import Bounds, Entry, Paper  # noqa: PLC0415 - an extra

    centre = _one(lon, "lon"), _one(lat, "lat")
    as_lonlat(*centre)
    radius = float(as_radius(_one(radius_m, "radius_m"), 1)[0])
    rim = _rim(*centre, radius)
    found = (
        None if places is None else _places(places)
    )  # refused, if it must be, before it is drawn
    paper = Paper(axes)
    (west, south), (east, north) = rim.min(axis=0).tolist(), rim.max(axis=0).tolist()
    wide, high = _AROUND * (east - west), _AROUND * (north - south)
    paper.look_at(Bounds(west - wide, south - high, east + wide, north + high))

    def dots(x: Floats, y: Floats, gid: str, **style: Any) -> Line2D:  # noqa: ANN401 - as matplotlib takes it
        (drawn,) = paper.axes.plot(x, y, linestyle="none", gid=gid, **style)
        return drawn

    entries: list[Entry] = []
    if found is not None:
        at_lon, at_lat, nowhere = found
        away_m = geodesic_distance(lon1=centre[0], lat1=centre[1], lon2=at_lon, lat2=at_lat)
        at_lon = _near(at_lon, centre[0])
        inside = away_m <= radius
        for gid, which, said, style in (
            ("beyond", ~inside, "beyond", {"markerfacecolor": "none", "color": _BEYOND}),
            ("inside", inside, "inside", {"color": _INSIDE}),
        ):
            drawn = dots(at_lon[which], at_lat[which], gid, marker="o", markersize=3, **style)
            entries.insert(0, Entry(drawn, f"{which.sum():,} {said}"))
        if nowhere:
            entries.append(Entry(Line2D([], [], linestyle="none"), f"{nowhere:,} without a place"))
        paper.title(f"{inside.sum():,} of {len(inside):,} places within {radius:,.15g} m")
    shape = Polygon(rim, closed=True, edgecolor=_CIRCLE, facecolor="none", linewidth=1.5)
    shape.set_gid("circle")
    paper.axes.add_patch(shape)
    dots(np.array([centre[0]]), np.array([centre[1]]), "centre", marker="*", color=_CIRCLE)
    entries.insert(0, Entry(shape, f"{radius:,.15g} m around the star"))
    paper.legend(entries, below=False)
    return paper.axes


def _one(value: float, name: str) -> float:
    """Return one number, whatever it is."""
    if np.ndim(value):
        raise ArgumentError(name, "be one number", f"shape {np.shape(value)}")
    return value


def _rim(lon: float, lat: float, radius_m: float) -> Floats:
    """Return the corners of a circle, degrees, (360, 2); they go on beyond ±180°."""
    to_pole_m = geodesic_distance(lon1=lon, lat1=lat, lon2=lon, lat2=np.copysign(_POLE, lat))
    if radius_m >= to_pole_m:
        rule = f"be less than the way to the pole ({float(to_pole_m):,.0f} m) to be drawn"
        raise RadiusError("radius_m", rule, f"{radius_m:,.15g}")
    bearing = np.arange(_CORNERS) * (_TURN / _CORNERS)
    ones = np.ones(_CORNERS)
    x, y, _ = _GEOD.fwd(lon * ones, lat * ones, bearing, radius_m * ones)
    return np.column_stack((_near(np.asarray(x, dtype=np.float64), lon), y))


def _places(given: object) -> tuple[Floats, Floats, int]:
    """Return where places are, degrees; and how many are nowhere."""
    faults = Faults("places")
    x, y = places_of(Given(given, faults), faults)
    raise_any(faults)
    there = ~np.isnan(x)
    return x[there], y[there], int((~there).sum())


def _near(x: Floats, lon: float) -> Floats:
    """Return longitudes at most half a turn from another, beyond ±180° where need be."""
    turns = np.round((x - lon) / _TURN)
    return np.asarray(x - turns * _TURN, dtype=np.float64)
