"""Who has nothing in reach, and whether areas are drawn where they live; no code of the library."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")


def distances(lon, lat, to_lon, to_lat):
    """Return the geodesics from each of n places to each of m, metres, (n, m)."""
    x, y = np.repeat(lon, len(to_lon)), np.repeat(lat, len(to_lon))
    to_x, to_y = np.tile(to_lon, len(lon)), np.tile(to_lat, len(lat))
    if not len(x):
        return np.empty((len(lon), len(to_lon)))
    return np.reshape(GEOD.inv(x, y, to_x, to_y)[2], (len(lon), len(to_lon)))


def nearest(lon, lat, to_lon, to_lat):
    """Return the least of these distances of each place, infinite without any, (n,)."""
    return distances(lon, lat, to_lon, to_lat).min(axis=1, initial=np.inf)


def without(people, supply, radius_m, count="vacancies"):
    """Return the located people of some weight who have nothing within the radius."""
    places = _places(supply, count)
    found = [row for row in people if row["lon"] is not None and row.get("weight", 1) > 0]
    away = nearest(*_columns(found), *_columns(places))
    return [row for row, metres in zip(found, away, strict=True) if metres > radius_m]


def assert_drawn(areas, people, supply, *, radius_m, home_m, tolerance_m, seed=0):
    """Hold polygons to what is said of them: at corners, and at places thrown around homes."""
    shapes = areas.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    gap = without(people, supply, radius_m)
    lon, lat = _columns(gap)
    site_lon, site_lat = _columns(_places(supply, "vacancies"))
    holds = shapely.contains_xy(shapes[:, None], lon[None, :], lat[None, :])
    assert (holds.sum(axis=0) == 1).all()
    assert areas["people"].tolist() == [
        sum(row.get("weight", 1) for row, inside in zip(gap, one, strict=True) if inside)
        for one in holds
    ]
    assert areas["rows"].tolist() == holds.sum(axis=1).tolist()
    if not gap:
        return
    away = nearest(lon, lat, site_lon, site_lat)
    for told, one in zip(areas["nearest_m"], holds, strict=True):
        least = away[one].min()
        np.testing.assert_allclose(told, least if np.isfinite(least) else np.nan, rtol=1e-6)

    rng = np.random.default_rng(seed)
    bearing, metres = rng.uniform(0, 360, 400), rng.uniform(0, home_m + 3 * tolerance_m, 400)
    of = rng.integers(0, len(gap), 400)
    x, y, _ = GEOD.fwd(lon[of], lat[of], bearing, metres)
    inside = shapely.contains_xy(shapely.union_all(shapes), x, y)
    corners = shapely.get_coordinates(shapes)
    drawn = np.vstack((corners, np.column_stack((x, y))[inside]))
    assert (nearest(*drawn.T, site_lon, site_lat) > radius_m - tolerance_m).all()
    assert (nearest(*drawn.T, lon, lat) <= home_m + tolerance_m).all()

    # Ground to which a straight way leads from a home, beyond all circles, is drawn.
    near = metres <= home_m - tolerance_m
    of, bearing, metres, inside = of[near], bearing[near], metres[near], inside[near]
    free = np.ones(len(of), dtype=bool)
    for part in np.linspace(0, 1, 12):
        x, y, _ = GEOD.fwd(lon[of], lat[of], bearing, metres * part)
        free &= nearest(x, y, site_lon, site_lat) > radius_m
    assert inside[free].all()


def _places(supply, count):
    return [
        row
        for row in supply
        if row["lon"] is not None and (count == "places" or row.get("vacancies") != 0)
    ]


def _columns(rows):
    return tuple(np.array([row[name] for row in rows], dtype=float) for name in ("lon", "lat"))
