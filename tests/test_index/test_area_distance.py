"""Distances to areas: against maps around each point, dense borders, meridians and worked cases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_index.worlds import GEOD, around, geodesics, wrapped

from geo_match import ZoneIndex
from geo_match.errors import ArgumentError, CoordinateError, RadiusError
from geo_match.geodesy import lonlat_to_ecef
from geo_match.index import AreaError, AreaOrigins
from geo_match.index import _borders as borders_module
from geo_match.index import area_distance as module
from geo_match.index.plain import PlainAreas

DATA = Path(__file__).resolve().parents[2] / "data"
BOX = shapely.box(117, 32, 118, 33)
seeds = st.integers(0, 2**32 - 1)


def error_m(distance_m):
    """What AreaOrigins promises of a distance."""
    return np.where(distance_m <= 10_000.0, 0.12e-3, 0.1e-3 + 1e-6 * distance_m)


def table_of(origins, lon, lat):
    """Every distance up to 200 km, infinite beyond, (k, m)."""
    pairs = origins.within(lon=lon, lat=lat, radius_m=200_000.0)
    table = np.full((len(origins), len(lon)), np.inf)
    table[pairs.query, pairs.point] = pairs.distance_m
    return table


def assert_as(table, truth):
    """Each distance is the true one within the promise, and none below 200 km is missing."""
    near = truth <= 200_000.0 - 0.21
    assert np.isfinite(table[near]).all()
    found = np.isfinite(table)
    assert (truth[found] <= 200_000.0 + 0.21).all()
    assert (np.abs(table[found] - truth[found]) <= error_m(truth[found])).all()


@pytest.fixture(scope="module")
def communities():
    frame = gpd.read_parquet(DATA / "communities.parquet")
    return frame.code.tolist(), np.asarray(frame.geometry.array)


@pytest.fixture(scope="module")
def sites():
    places = gpd.read_parquet(DATA / "sites.parquet").geometry
    return places.x.to_numpy(), places.y.to_numpy()


def test_the_city_is_measured_as_on_a_map_around_each_site(communities, sites):
    areas = communities[1][::120]
    lon, lat = (axis[::300] for axis in sites)
    truth = PlainAreas(areas, step_m=5.0).distances(lon=lon, lat=lat)
    assert ((truth > 0.0) & (truth < 10_000.0)).sum() > 10
    assert_as(table_of(AreaOrigins(areas), lon, lat), truth)


def test_the_city_is_measured_as_by_geodesics_to_borders_a_metre_apart(communities, sites):
    areas = communities[1][::150]
    pairs = AreaOrigins(areas).within(lon=sites[0], lat=sites[1], radius_m=3000)
    some = np.random.default_rng(0).choice(np.flatnonzero(pairs.distance_m > 10.0), 120)
    for query, point, distance in zip(
        pairs.query[some], pairs.point[some], pairs.distance_m[some], strict=True
    ):
        x, y = shapely.get_coordinates(shapely.segmentize(areas[query], 1.0 / 111_700.0)).T
        dense = geodesics(sites[0][[point]], sites[1][[point]], x, y).min()
        # The nearest place is at most half a metre from a vertex: Pythagoras, with some room.
        assert dense - 1.01 * 0.125 / dense - error_m(dense) <= distance <= dense + error_m(dense)


def test_no_pair_of_the_city_is_missed(communities, sites):
    codes, areas = communities
    lon, lat = sites
    pairs = AreaOrigins(areas).within(lon=lon, lat=lat, radius_m=3000)
    zones = ZoneIndex(codes, areas)
    for query in range(0, len(areas), 60):
        away = zones.distance_m(codes[query], lon=lon, lat=lat)  # it promises 1 mm
        found = slice(pairs.offsets[query], pairs.offsets[query + 1])
        sure, possible = (np.flatnonzero(away <= 3000 + off) for off in (-2e-3, 2e-3))
        assert np.isin(sure, pairs.point[found]).all()
        assert np.isin(pairs.point[found], possible).all()
        assert pairs.distance_m[found] == pytest.approx(away[pairs.point[found]], abs=1.2e-3)
        assert ((pairs.distance_m[found] == 0.0) == (away[pairs.point[found]] == 0.0)).all()


def star(rng, lon, lat, size_m):
    """A polygon around a place, some of them with a hole, or two parts of which one is tiny."""
    turns = np.sort(rng.choice(36, rng.integers(3, 12), replace=False)) * 10.0
    x, y = around(lon, lat, turns, size_m * rng.uniform(0.3, 1.0, len(turns)))
    outline = np.column_stack((lon + wrapped(x - lon), y))
    area = shapely.Polygon(outline)
    if rng.random() < 0.3:
        middle = shapely.get_coordinates(shapely.point_on_surface(area))
        hole = shapely.Polygon(outline * 0.2 + 0.8 * middle)
        if shapely.contains_properly(area, hole):
            area = shapely.Polygon(outline, [shapely.get_coordinates(hole)])
    if rng.random() < 0.3:
        area = shapely.MultiPolygon(
            [shapely.Polygon(outline), shapely.Polygon(outline * 1e-3 + outline[0] + [0.0, 1e-2])]
        )
    return area


@settings(max_examples=40)
@given(
    seed=seeds,
    lat=st.floats(-89.0, 89.0),
    size_m=st.sampled_from([1e-4, 1.0, 100.0, 2000.0, 10_000.0]),
)
def test_any_area_is_measured_as_on_a_map_around_each_point(seed, lat, size_m):
    rng = np.random.default_rng(seed)
    area = star(rng, rng.uniform(-170, 170), lat, size_m)
    assume(shapely.is_valid(area) and not shapely.is_empty(area))
    corners = shapely.get_coordinates(area)[:3]
    off = size_m * rng.uniform(0, 3, 3)
    places = [around(*corner, rng.uniform(-180, 180, 2), off[:2]) for corner in corners]
    lon, lats = np.concatenate([corners.T, *places], axis=1)
    # Farther north the borders curve more on the map, and want shorter parts.
    step_m = max(size_m / 2000.0, 10.0 if abs(lat) < 80.0 else 3.0)
    truth = PlainAreas([area], step_m=step_m).distances(lon=lon, lat=lats)
    table = table_of(AreaOrigins([area]), lon, lats)
    assert_as(table, truth)
    assert (table[truth == 0.0] == 0.0).all()


@settings(max_examples=25)
@given(
    seed=seeds,
    north=st.floats(-89.9, 89.99),
    west=st.floats(-180.0, 0.0),
    width=st.sampled_from([1e-6, 1e-3, 0.5, 10.0]),
)
def test_from_a_parallel_the_nearest_way_is_the_meridian(seed, north, west, width):
    rng = np.random.default_rng(seed)
    area = shapely.box(west, max(north - 5.0, -90.0), west + width, north)
    lon = rng.uniform(west, west + width, 20)
    lat = np.minimum(north + 2.0 * rng.random(20) ** 6, 90.0)
    truth = GEOD.inv(lon, lat, lon, np.full(20, north))[2]
    truth[lat <= north] = 0.0
    table = table_of(AreaOrigins([area]), lon, lat)
    assert_as(table, truth[None])
    assert (table[0, lat <= north] == 0.0).all()


def test_half_the_earth_and_all_of_it_are_areas():
    origins = AreaOrigins([shapely.box(-180, 0, 180, 90), shapely.box(-180, -90, 180, 90)])
    lon, lat = [5.0, 180.0, -180.0, 0.0], [-1.0, -0.5, 10.0, -90.0]
    table = table_of(origins, lon, lat)
    assert table[0] == pytest.approx([110_574.4, 55_287.2, 0.0, np.inf], abs=0.2)
    assert (table[1] == 0.0).all()


def test_an_area_without_extent_to_speak_of_is_a_point():
    corner = np.array([117.4, 32.9])
    area = shapely.Polygon(corner + np.array([[0, 0], [1e-12, 0], [0, 1e-12]]))
    lon, lat = around(*corner, np.arange(0.0, 360.0, 10.0), np.geomspace(1e-3, 10_000.0, 36))
    truth = geodesics(corner[:1], corner[1:], lon, lat)
    assert (np.abs(table_of(AreaOrigins([area]), lon, lat) - truth) <= 0.12e-3).all()


def test_a_place_in_a_hole_is_as_far_as_the_hole_is_wide():
    area = BOX.difference(shapely.box(117.4, 32.4, 117.6, 32.6))
    pairs = AreaOrigins([area]).within(lon=[117.5, 117.401], lat=[32.5, 32.5], radius_m=20_000)
    truth = GEOD.inv(117.401, 32.5, 117.4, 32.5)[2]
    assert pairs.distance_m[1] == pytest.approx(truth, abs=0.12e-3)
    assert 9_000 < pairs.distance_m[0] < GEOD.inv(117.5, 32.5, 117.4, 32.5)[2]


def test_the_nearest_part_of_a_multipolygon_counts():
    area = shapely.MultiPolygon([BOX, shapely.box(119, 32, 120, 33)])
    found = table_of(AreaOrigins([area, BOX]), [118.9, 118.1], [32.5, 32.5])
    one, other = AreaOrigins([shapely.box(119, 32, 120, 33)]), AreaOrigins([BOX])
    assert found[0, 0] == table_of(one, [118.9], [32.5])[0, 0]
    assert found[0, 1] == found[1, 1] == table_of(other, [118.1], [32.5])[0, 0]


def test_the_border_and_its_vertices_are_in_the_area_and_an_ulp_beside_is_near_it():
    area = shapely.Polygon([(117, 32), (118, 32.5), (117.5, 33), (117.25, 32.75)])
    corners = shapely.get_coordinates(area)
    lon, lat = np.concatenate((corners, (corners[1:] + corners[:-1]) / 2.0)).T.copy()
    exact = AreaOrigins([area]).within(lon=lon, lat=lat, radius_m=0)
    assert exact.point.tolist() == list(range(len(lon)))
    assert (exact.distance_m == 0.0).all()
    rng = np.random.default_rng(0)
    beside = [np.nextafter(axis, axis + rng.choice([-1.0, 1.0], len(axis))) for axis in (lon, lat)]
    table = table_of(AreaOrigins([area]), *beside)[0]
    assert (table <= 0.12e-3).all()
    outside = ~shapely.intersects_xy(area, *beside)
    assert ((table > 0.0) == outside).all()


def test_at_the_antimeridian_both_sides_are_one_place():
    parts = [shapely.box(179, -1, 180, 1), shapely.box(-180, -1, -179.5, 1)]
    area = shapely.MultiPolygon(parts)
    lon, lat = [-180.0, 180.0, -179.4, 178.99], [0.5, -0.5, 0.0, 0.0]
    table = table_of(AreaOrigins([area, *parts]), lon, lat)
    east = GEOD.inv(-179.4, 0.0, -179.5, 0.0)[2]
    west = GEOD.inv(178.99, 0.0, 179.0, 0.0)[2]
    assert table[0] == pytest.approx([0.0, 0.0, east, west], abs=0.1e-3 + 0.012)
    assert (table[:, :2] == 0.0).all()
    across = GEOD.inv(-179.4, 0.0, 180.0, 0.0)[2]
    assert table[1, 2] == pytest.approx(across, abs=0.1e-3 + 1e-6 * across)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_pole_is_one_place_at_any_longitude(side):
    wedge = shapely.box(0, min(80 * side, 90 * side), 10, max(80 * side, 90 * side))
    table = table_of(
        AreaOrigins([wedge]), [100.0, -180.0, 130.0], [90 * side, 90 * side, 89.99 * side]
    )
    assert (table[0, :2] == 0.0).all()
    assert table[0, 2] == pytest.approx(GEOD.inv(0, 90 * side, 0, 89.99 * side)[2], abs=0.12e-3)


def curve_and_chord(area):
    """The farthest that a border, at 9 places an edge's part, is from its chord: metres."""
    cut, _ = borders_module.cut_borders(np.array([area], dtype=object))
    ring = shapely.get_coordinates(area)
    parts = borders_module._parts(ring[:-1, 1], np.diff(ring, axis=0)).astype(int)
    assert parts.sum() == len(cut.x)
    most, chord = 0.0, 0
    for start, end, n in zip(ring[:-1], ring[1:], parts, strict=True):
        share = (np.arange(n)[:, None] + np.linspace(0.0, 1.0, 9)).ravel() / n
        places = start + share[:, None] * (end - start)
        space = np.stack(lonlat_to_ecef(*places.T)).reshape(3, n, 9)
        here = slice(chord, chord + n)
        begin = np.stack((cut.x[here], cut.y[here], cut.z[here]))[:, :, None]
        along = np.stack((cut.dx[here], cut.dy[here], cut.dz[here]))[:, :, None]
        off = space - begin - np.linspace(0.0, 1.0, 9) * along
        most = max(most, np.sqrt((off**2).sum(axis=0)).max())
        chord += n
    return most


@settings(max_examples=20)
@given(
    lat=st.floats(-89.99, 89.99) | st.sampled_from([-90.0, -60.0, 0.0, 33.0, 90.0]),
    width=st.sampled_from([1e-3, 0.1, 3.0, 20.0]),
    height=st.sampled_from([1e-6, 1e-3, 0.1, 3.0]),
)
def test_no_chord_leaves_the_border_by_more_than_is_promised(lat, width, height):
    top = lat + height if lat + height <= 90.0 else lat - height
    area = shapely.Polygon([(100, lat), (100 + width, lat), (100 + width / 3, top)])
    assert curve_and_chord(area) <= borders_module.DEVIATION_M + 2e-8


def test_chords_are_no_shorter_than_they_must_be():
    deviation = curve_and_chord(shapely.box(117, 32, 118, 33))
    assert 0.9 * borders_module.DEVIATION_M < deviation <= borders_module.DEVIATION_M + 2e-8


@pytest.fixture(scope="module")
def town(communities, sites):
    return AreaOrigins(communities[1][:200]), sites[0][::5].copy(), sites[1][::5].copy()


def test_a_pair_at_its_own_distance_is_one_and_an_ulp_below_is_none(town):
    origins, lon, lat = town
    pairs = origins.within(lon=lon, lat=lat, radius_m=3000)
    rng = np.random.default_rng(1)
    some = rng.choice(np.flatnonzero(pairs.distance_m > 0.0), 200, replace=False)
    origin, exact = pairs.query[some], pairs.distance_m[some]
    for radius, held in ((exact, True), (np.nextafter(exact, 0.0), False)):
        asked = origins.within(lon=lon, lat=lat, radius_m=radius, origin=origin)
        assert (asked.distance_m <= radius[asked.query]).all()
        for query, point in enumerate(pairs.point[some]):
            points = asked.point[asked.offsets[query] : asked.offsets[query + 1]]
            assert (point in points) == held


def test_a_distance_does_not_depend_on_what_else_is_asked(town):
    origins, lon, lat = town
    narrow = table_of(origins, lon, lat)
    wide = origins.within(lon=lon, lat=lat, radius_m=1500)
    assert (wide.distance_m == narrow[wide.query, wide.point]).all()
    assert (narrow <= 1500).sum() == len(wide)
    order = np.random.default_rng(2).permutation(len(lon))
    assert (table_of(origins, lon[order], lat[order]) == narrow[:, order]).all()
    alone = origins.within(lon=lon[7], lat=lat[7], radius_m=200_000)
    assert (alone.distance_m == narrow[:, 7][np.isfinite(narrow[:, 7])]).all()


def test_points_come_in_order_and_origins_as_they_ask(town):
    origins, lon, lat = town
    asked = np.array([9, 3, 9, 150], dtype=np.uint8)
    radius = [500.0, 3000.0, 2000.0, 0.0]
    pairs = origins.within(lon=lon, lat=lat, radius_m=radius, origin=asked)
    assert pairs.n_queries == 4
    table = table_of(origins, lon, lat)
    for query, (area, reach) in enumerate(zip(asked, radius, strict=True)):
        points = pairs.point[pairs.offsets[query] : pairs.offsets[query + 1]]
        assert points.tolist() == np.flatnonzero(table[area] <= reach).tolist()


@pytest.mark.parametrize("max_pairs", [1, 300, 5_000, 10**9])
def test_blocks_hold_the_pairs_of_within(town, max_pairs, monkeypatch):
    origins, lon, lat = town
    whole = origins.within(lon=lon, lat=lat, radius_m=1000)
    monkeypatch.setattr(module, "_AREAS_AT_ONCE", 70)
    blocks = list(origins.iter_within(lon=lon, lat=lat, radius_m=1000, max_pairs=max_pairs))
    assert sum(block.n_queries for block in blocks) == len(origins)
    assert all(len(block) <= max_pairs or block.n_queries == 1 for block in blocks)
    for name in ("query", "point", "distance_m"):
        joined = np.concatenate([getattr(block, name) for block in blocks])
        assert (joined == getattr(whole, name)).all()
    assert origins.within(lon=lon, lat=lat, radius_m=1000) == whole


def test_blocks_answer_for_the_arrays_as_they_were_when_asked(town):
    origins, lon, lat = town
    lon, lat, radius, origin = lon.copy(), lat.copy(), np.full(3, 900.0), np.array([4, 5, 6])
    whole = origins.within(lon=lon, lat=lat, radius_m=radius, origin=origin)
    blocks = origins.iter_within(lon=lon, lat=lat, radius_m=radius, origin=origin)
    lon[:], lat[:], radius[:], origin[:] = 0.0, 0.0, 0.0, 0
    assert list(blocks) == [whole]


def test_many_threads_may_ask_at_once(communities, sites):
    origins = AreaOrigins(communities[1][:100])
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(origins.within, lon=sites[0], lat=sites[1], radius_m=2000)
            for _ in range(16)
        ]
    answers = [future.result() for future in asked]
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0])


@given(seed=seeds, small=st.floats(0, 3000), more=st.floats(0, 3000))
def test_a_bigger_radius_never_loses_a_pair(town, seed, small, more):
    origins, lon, lat = town
    origin = np.random.default_rng(seed).integers(0, len(origins), 5)
    one, other = (
        origins.within(lon=lon, lat=lat, radius_m=radius, origin=origin)
        for radius in (small, small + more)
    )
    pairs = set(zip(other.query.tolist(), other.point.tolist(), strict=True))
    assert pairs.issuperset(zip(one.query.tolist(), one.point.tolist(), strict=True))


def test_the_plain_twin_gives_the_same_pairs(communities, sites):
    areas = communities[1][100:104]
    lon, lat = (axis[::200] for axis in sites)
    plain = PlainAreas(areas, step_m=5.0).within(lon=lon, lat=lat, radius_m=[3e3, 2e4, 0.0, 1e4])
    pairs = AreaOrigins(areas).within(lon=lon, lat=lat, radius_m=[3e3, 2e4, 0.0, 1e4])
    assert pairs.offsets.tolist() == plain.offsets.tolist()
    assert pairs.point.tolist() == plain.point.tolist()
    assert pairs.distance_m == pytest.approx(plain.distance_m, abs=0.12e-3)


def test_nothing_asks_and_nothing_is_asked_about():
    none = AreaOrigins([])
    assert len(none) == none.within(lon=[117.0], lat=[32.0], radius_m=1).n_queries == 0
    one = AreaOrigins([BOX])
    assert one.within(lon=[], lat=[], radius_m=1).offsets.tolist() == [0, 0]
    assert one.within(lon=[117.5], lat=[32.5], radius_m=1, origin=[]).offsets.tolist() == [0]
    assert repr(one) == "AreaOrigins(1 areas)"


with np.errstate(invalid="ignore"):  # shapely tells of it while it makes the ring
    GAP = shapely.polygons([[(117, 32), (118, np.nan), (118, 33), (117, 32)]])[0]
BOWTIE = shapely.Polygon([(117, 32), (118, 33), (118, 32), (117, 33)])


@pytest.mark.parametrize(
    ("area", "message"),
    [
        (BOWTIE, r"valid polygon.*position 1: Self-intersection"),
        (None, "be a polygon, got 1 of 2 .*position 1: nothing"),
        (shapely.Polygon(), "hold ground.*position 1: an empty Polygon"),
        (shapely.Point(117, 32), "position 1: a Point"),
        (shapely.box(170, 0, 190, 1), "±180 degrees"),
        (GAP, "finite coordinates"),
        (
            shapely.MultiPolygon([shapely.box(-175, y, 175, y + 0.1) for y in (0, 1)]),
            r"at most 2,000,000 chords.*position 1: 2,\d{3},\d{3} chords",
        ),
    ],
)
def test_a_faulty_area_is_named(area, message):
    with pytest.raises(AreaError, match=message):
        AreaOrigins([BOX, area])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"lon": [200.0]}, CoordinateError, "lon"),
        ({"lat": [np.nan]}, CoordinateError, "lat"),
        ({"radius_m": -1}, RadiusError, "between 0 and 200,000"),
        ({"radius_m": 200_001}, RadiusError, "between 0 and 200,000"),
        ({"radius_m": [1, 2]}, ArgumentError, r"one value a query \(1\)"),
        ({"origin": [1]}, ArgumentError, "from 0 to below 1, got 1 of 1 .*position 0: 1"),
        ({"origin": [-1]}, ArgumentError, "from 0 to below 1"),
        ({"origin": [0.0]}, ArgumentError, "integers of one dimension"),
        ({"origin": [True]}, ArgumentError, "integers of one dimension"),
        ({"origin": 0}, ArgumentError, "integers of one dimension"),
        ({"max_pairs": 0}, ArgumentError, "max_pairs"),
    ],
)
def test_an_argument_that_breaks_its_rule_is_named_before_the_first_block(change, error, message):
    given = {"lon": [117.0], "lat": [32.0], "radius_m": 3000} | change
    with pytest.raises(error, match=message):
        AreaOrigins([BOX]).iter_within(**given)
