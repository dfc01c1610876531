"""Monaco's real streets against routes on foot that another project has published."""

from __future__ import annotations

import functools
import json

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo_match.walking import Network

pytestmark = pytest.mark.reference

GEOD = Geod(ellps="WGS84")
SPHERE_M = 6_371_000.0
"""The radius that the published lengths were measured with."""


@functools.cache
def network(folder):
    return Network.from_osm(folder / "roads" / "monaco.osm.gz")


def routes(folder):
    known = json.loads((folder / "roads" / "known_answers.json").read_text(encoding="utf-8"))
    return known["monaco_foot_shortest"]["queries"]


def ends_of(route):
    (lat1, lon1), (lat2, lon2) = route["from"], route["to"]
    return {"lon1": lon1, "lat1": lat1, "lon2": lon2, "lat2": lat2}


def on_sphere(line):
    """Return the length of a line by the haversine formula."""
    lon, lat = np.radians(shapely.get_coordinates(line)).T
    half = np.sin(np.diff(lat) / 2) ** 2
    half += np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
    return float(2 * SPHERE_M * np.arcsin(np.sqrt(half)).sum())


def test_routes_are_as_long_as_published(reference):
    """From street to street, as published: there a place's own way to its street is not counted."""
    for route in routes(reference):
        path = network(reference).path(**ends_of(route))
        streets = shapely.LineString(path.line.coords[1:-1])
        assert on_sphere(streets) == pytest.approx(route["distance_m"], abs=1.0)
        assert path.distance_m - path.snap1_m - path.snap2_m == pytest.approx(
            route["distance_m"], abs=3.0
        )
        straight = shapely.LineString([path.line.coords[0], path.line.coords[-1]])
        assert on_sphere(straight) == pytest.approx(route["straight_m"], abs=0.1)


def test_the_length_of_a_route_is_that_of_its_line_and_of_the_distance(reference):
    for route in routes(reference):
        ends = ends_of(route)
        path = network(reference).path(**ends)
        assert path.distance_m == network(reference).distance(**ends).distance_m[0]
        exact = GEOD.geometry_length(path.line)
        n_segments = len(path.line.coords) + 4  # each rounded up, those of edges that are cut twice
        assert exact - 1e-6 <= path.distance_m <= exact + n_segments / 1000
        back = {
            "lon1": ends["lon2"],
            "lat1": ends["lat2"],
            "lon2": ends["lon1"],
            "lat2": ends["lat1"],
        }
        assert network(reference).path(**back).distance_m == path.distance_m


def test_the_extract_is_counted(reference):
    info = network(reference).info
    assert (info.ways, info.missing_points, info.clipped_ends) == (868, 0, 0)
    assert info.components_skipped == info.components - 1
    assert info.skipped_km < 0.02 * info.length_km
