"""The community of a point: against exact rational arithmetic, and while areas change."""

from __future__ import annotations

import json
import threading
from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo_match import ZoneIndex
from geo_match.errors import ArgumentError, CoordinateError, RadiusError
from geo_match.index import AreaError, area_faults
from geo_match.index import zone_index as module

MESH = 1 / 64
GEOD = Geod(ellps="WGS84")
LEFT, RIGHT = shapely.box(117, 32, 118, 33), shapely.box(118, 32, 119, 33)


def covers_exactly(area, lon, lat):
    """Whether a polygon, border included, covers a point: rational arithmetic, no rounding."""
    west, south, east, north = area.bounds
    if not (west <= lon <= east and south <= lat <= north):
        return False  # floats compare exactly
    x, y = Fraction(lon), Fraction(lat)
    inside = False
    for polygon in shapely.get_parts(area):
        for ring in shapely.get_rings(polygon):
            corners = [(Fraction(a), Fraction(b)) for a, b in shapely.get_coordinates(ring)]
            for (x1, y1), (x2, y2) in pairwise(corners):
                turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
                within = min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)
                if turn == 0 and within:
                    return True
                if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
                    inside = not inside
    return inside


def brute_force(zones, lon, lat):
    return [
        min((code for code, area in zones.items() if covers_exactly(area, x, y)), default="")
        for x, y in zip(lon, lat, strict=True)
    ]


def tessellation(seed, n):
    """Areas that share their borders vertex by vertex, all on a coarse mesh; names shuffled."""
    generator = np.random.default_rng(seed)
    frame = shapely.box(117, 32, 118, 33)
    seeds = shapely.multipoints(np.array([117, 32]) + generator.random((n, 2)))
    cells = shapely.intersection(
        shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame)), frame
    )
    net = shapely.union_all(shapely.boundary(cells), grid_size=MESH)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(net)))
    names = [f"{number:03}" for number in generator.permutation(len(faces))]
    return dict(zip(names, faces, strict=True))


def awkward_points(zones, seed, n):
    """Vertices, the exact middles of edges, both nudged by one ulp, and points anywhere."""
    generator = np.random.default_rng(seed)
    corners = [shapely.get_coordinates(area) for area in zones.values()]
    middles = [(one[1:] + one[:-1]) / 2 for one in corners]  # exact: the mesh is a power of 2
    special = np.unique(np.concatenate([*corners, *middles]), axis=0)
    special = special[generator.choice(len(special), min(n, len(special)), replace=False)]
    nudged = np.nextafter(special, special + generator.choice([-1.0, 1.0], special.shape))
    anywhere = generator.random((n, 2)) * 1.2 + [116.9, 31.9]
    return np.concatenate([special, nudged, anywhere]).T


@pytest.mark.parametrize("few", [0, 10**9], ids=["pass", "tree"])
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 25))
def test_find_matches_exact_arithmetic_on_borders_and_corners(few, seed, n):
    zones = tessellation(seed, n)
    lon, lat = awkward_points(zones, seed, 60)
    index = ZoneIndex(zones, zones.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", few)
        assert index.find(lon=lon, lat=lat).tolist() == brute_force(zones, lon, lat)
    named = [*index.codes, ""]
    told = [named[position] for position in index.positions(lon=lon, lat=lat)]
    assert told == brute_force(zones, lon, lat)


def test_a_tessellation_leaves_no_point_of_its_frame_out():
    zones = tessellation(7, 40)
    lon, lat = awkward_points(zones, 7, 3_000)
    inside = (lon >= 117) & (lon <= 118) & (lat >= 32) & (lat <= 33)
    found = ZoneIndex(zones, zones.values()).find(lon=lon, lat=lat)
    assert ((found != "") == inside).all()


def test_a_shared_corner_belongs_to_the_least_code_in_any_order_of_insertion():
    areas = {
        "c": shapely.box(117, 32, 118, 33),
        "b": shapely.box(118, 32, 119, 33),
        "d": shapely.box(117, 33, 118, 34),
        "a": shapely.box(118, 33, 119, 34),
    }
    for order in permutations(areas):
        built = ZoneIndex(order, [areas[code] for code in order])
        grown = ZoneIndex([], [])
        for code in order:
            grown.set(code, areas[code])
        for index in (built, grown):
            assert index.find(lon=118, lat=33).tolist() == ["a"]
            assert index.find(lon=[117.5, 118], lat=[33, 32.5]).tolist() == ["c", "b"]


def test_many_points_are_found_as_few_are():
    zones = tessellation(3, 60)
    lon, lat = np.random.default_rng(3).random((2, 5_000)) * 1.1 + [[116.95], [31.95]]
    index = ZoneIndex(zones, zones.values())
    one_by_one = [index.find(lon=x, lat=y)[0] for x, y in zip(lon, lat, strict=True)]
    assert index.find(lon=lon, lat=lat).tolist() == one_by_one


def test_positions_count_the_communities_without_an_area_too():
    point = [[np.nan, np.nan], [117.0, 32.0], [np.nan, np.nan]]
    index = ZoneIndex(["c", "b", "a"], [LEFT, None, RIGHT], points=point)
    assert index.positions(lon=[117.5, 118.5, 120.0], lat=[32.5] * 3).tolist() == [2, 0, -1]
    index.remove("a")
    assert index.positions(lon=[117.5, 118.5], lat=[32.5] * 2).tolist() == [1, -1]


def test_holes_and_parts_of_an_area_count():
    ring = shapely.box(117, 32, 118, 33).difference(shapely.box(117.4, 32.4, 117.6, 32.6))
    index = ZoneIndex(["a"], [shapely.union(ring, shapely.box(119, 32, 120, 33))])
    found = index.find(lon=[117.1, 117.5, 117.4, 118.5, 119.5], lat=[32.5] * 5)
    assert found.tolist() == ["a", "", "a", "", "a"]


boxes = st.tuples(*[st.integers(0, 6)] * 2, *[st.integers(1, 4)] * 2).map(
    lambda b: shapely.box(
        117 + b[0] / 8, 32 + b[1] / 8, 117 + (b[0] + b[2]) / 8, 32 + (b[1] + b[3]) / 8
    )
)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.none() | boxes), max_size=20))
def test_any_changes_leave_what_building_anew_would_give(changes):
    lon, lat = (
        axis.ravel() for axis in np.meshgrid(117 + np.arange(21) / 16, 32 + np.arange(21) / 16)
    )
    live = ZoneIndex([], [])
    now = {}
    for code, area in changes:
        if area is not None:
            live.set(code, area)
            now[code] = area
        elif code in now:
            live.remove(code)
            del now[code]
        anew = ZoneIndex(now, now.values())
        assert live.codes == anew.codes == tuple(sorted(now))
        assert len(live) == len(now)
        expected = anew.find(lon=lon, lat=lat).tolist()
        assert live.find(lon=lon, lat=lat).tolist() == expected
    assert live._now().find(lon, lat).tolist() == live.find(lon=lon, lat=lat).tolist()


@pytest.mark.parametrize("n", [2, 2_000], ids=["few points", "many points"])
def test_a_question_during_a_change_sees_the_old_or_the_new_area_whole(n):
    wide, tiny = shapely.box(117, 32, 118, 33), shapely.box(119, 32, 119.1, 32.1)
    index = ZoneIndex(["a"], [wide])
    lon, lat = np.linspace(117.1, 117.9, n), np.full(n, 32.5)
    done, torn = threading.Event(), []

    def ask():
        while not done.is_set():
            found = set(index.find(lon=lon, lat=lat).tolist())
            if found not in ({"a"}, {""}):
                torn.append(found)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for round_ in range(200):
        index.set("a", tiny if round_ % 2 else wide)
    done.set()
    for thread in threads:
        thread.join()
    assert torn == []


def test_overlaps_are_named_with_their_share_of_the_smaller():
    areas = [LEFT, shapely.box(117.75, 32, 119, 33), shapely.box(117.1, 32.1, 117.2, 32.2), RIGHT]
    overlaps = ZoneIndex(["b", "a", "c", "d"], areas).overlaps()
    assert [pair[:2] for pair in overlaps] == [("a", "b"), ("a", "d"), ("b", "c")]
    assert [pair[2] for pair in overlaps] == pytest.approx([0.25, 1.0, 1.0])


def test_a_tessellation_has_no_overlaps():
    zones = tessellation(11, 50)
    assert ZoneIndex(zones, zones.values()).overlaps() == []
    assert ZoneIndex([], []).overlaps() == []


def test_overlaps_below_the_least_share_are_left_out():
    index = ZoneIndex(["a", "b"], [LEFT, shapely.box(117.99, 32, 119, 33)])
    assert len(index.overlaps(least_share=0.0099)) == 1
    assert index.overlaps(least_share=0.0101) == []
    with pytest.raises(ArgumentError, match=r"`least_share` must be above 0 and at most 1, got 0"):
        index.overlaps(least_share=0)


def with_a_corner(lon, lat):
    with np.errstate(invalid="ignore"):  # shapely tells of it while it makes the ring
        return shapely.polygons([[(117, 32), (118, 32), (lon, lat), (117, 32)]])[0]


def circle(n_vertices):
    turn = np.linspace(0, 2 * np.pi, n_vertices)
    return shapely.Polygon(np.column_stack([117 + np.cos(turn), 32 + np.sin(turn)]))


BAD_AREAS = {
    "bow tie": (
        shapely.from_wkt("POLYGON ((117 32, 118 33, 118 32, 117 33, 117 32))"),
        r"be a valid polygon, got 1 of 2 .*340302001001: Self-intersection.*shapely\.make_valid",
    ),
    "empty": (shapely.Polygon(), "hold ground.*an empty Polygon"),
    "nothing": (None, "be polygons, or None where a point is given.*'340302001001'"),
    "text": ("POLYGON", "be a polygon.*340302001001: a str"),
    "point": (shapely.Point(117, 32), "be a polygon.*340302001001: a Point"),
    "line": (shapely.LineString([(117, 32), (118, 33)]), "be a polygon.*a LineString"),
    "collection": (shapely.GeometryCollection([LEFT]), "be a polygon.*a GeometryCollection"),
    "NaN": (with_a_corner(np.nan, 33), "have finite coordinates.*nan, 33"),
    "infinite": (
        with_a_corner(118, np.inf),
        "have finite coordinates.*118, inf",
    ),
    "metres": (shapely.box(5e5, 3.6e6, 5.1e5, 3.7e6), r"±180.*340302001001: .*to_crs\(4326\)"),
    "exchanged": (shapely.box(32, 117, 33, 118), "±90 of latitude.*33, 117"),
    "too fine": (circle(200_001), "at most 200,000 vertices"),
}


@pytest.mark.parametrize(("area", "match"), BAD_AREAS.values(), ids=BAD_AREAS)
def test_bad_areas_are_refused_with_their_code_and_a_remedy(area, match):
    error = ArgumentError if area is None else AreaError
    with pytest.raises(error, match=match):
        ZoneIndex(["340302001001", "340302001002"], [area, LEFT])


@pytest.mark.parametrize(("area", "match"), BAD_AREAS.values(), ids=BAD_AREAS)
def test_a_refused_change_leaves_the_index_as_it_was(area, match):
    index = ZoneIndex(["340302001001"], [LEFT])
    with pytest.raises(ArgumentError, match=match.replace("1 of 2", "1 of 1")):
        index.set("340302001001", area)
    assert index.find(lon=117.5, lat=32.5).tolist() == ["340302001001"]


def test_area_faults_judge_each_area_by_itself():
    faults = area_faults([LEFT, *(area for area, _ in BAD_AREAS.values()), RIGHT])
    assert [fault is None for fault in faults] == [True, *[False] * len(BAD_AREAS), True]
    assert area_faults([]) == []


def test_an_area_of_just_the_permitted_vertices_is_taken():
    assert len(ZoneIndex(["a"], [circle(200_000)])) == 1


def test_many_faults_are_counted_and_the_first_ones_shown():
    with pytest.raises(AreaError, match=r"7 of 8 that do not \(0: .*; 4: an empty Polygon; …\)"):
        ZoneIndex("01234567", [shapely.Polygon()] * 7 + [LEFT])


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((["a", "a"], [LEFT, RIGHT]), "`codes` must differ, got 1 that are repeated, such as 'a'"),
        ((["a", ""], [LEFT, RIGHT]), "`codes` must be texts, none of them empty, got ''"),
        (([1], [LEFT]), "`codes` must be texts.*got 1"),
        ((["a"], [LEFT, RIGHT]), r"`areas` must have one a code \(1\), got 2"),
    ],
)
def test_bad_codes_are_refused(arguments, match):
    with pytest.raises(ArgumentError, match=match):
        ZoneIndex(*arguments)


def test_bad_points_and_districts_are_refused():
    with pytest.raises(ArgumentError, match="`districts` must have one a code"):
        ZoneIndex(["a"], [LEFT], districts=[])
    with pytest.raises(CoordinateError, match="look swapped"):
        ZoneIndex(["a"], [None], points=[(32, 117)])
    with pytest.raises(CoordinateError, match="point lat"):
        ZoneIndex(["a"], [LEFT], points=[(117, np.nan)])


def test_unknown_codes_and_unknown_places_are_refused():
    index = ZoneIndex(["a"], [LEFT])
    for ask in (index.remove, index.area, index.point_of, index.reach_m, index.district):
        with pytest.raises(ArgumentError, match="`code` must be one of the index's, got 'b'"):
            ask("b")
    with pytest.raises(CoordinateError, match="`lat` must be finite"):
        index.find(lon=117, lat=np.nan)
    with pytest.raises(ArgumentError, match=r"`district` must be one text or one a point \(1\)"):
        index.find_or_nearest(lon=117, lat=32, district=["a", "b"])
    with pytest.raises(RadiusError, match="max_distance_m"):
        index.find_or_nearest(lon=117, lat=32, max_distance_m=-1)
    with pytest.raises(ArgumentError, match="`codes` must have one a point"):
        index.holds(["a", "b"], lon=117, lat=32)


def test_an_empty_index_finds_nothing():
    index = ZoneIndex([], [])
    for n in (0, 3, 2_000):
        lon, lat = np.full(n, 117.0), np.full(n, 32.0)
        assert index.find(lon=lon, lat=lat).tolist() == [""] * n
        codes, fallback = index.find_or_nearest(lon=lon, lat=lat)
        assert codes.tolist() == [""] * n
        assert not fallback.any()
        assert index.positions(lon=lon, lat=lat).tolist() == [-1] * n
    assert index.bounds is None


def test_the_index_says_what_it_holds():
    index = ZoneIndex(["b", "a"], [LEFT, RIGHT], districts=["south", None])
    assert (len(index), index.codes, repr(index)) == (2, ("a", "b"), "ZoneIndex(2 communities)")
    assert "a" in index
    assert "c" not in index
    assert (index.district("b"), index.district("a")) == ("south", "")
    assert index.bounds == (117, 32, 119, 33)
    assert index.area("b").equals(LEFT)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_without_an_area_the_nearest_point_of_the_district_is_taken_and_marked(seed):
    generator = np.random.default_rng(seed)
    zones = tessellation(seed, 12)
    drawn = dict(list(zones.items())[::2])
    districts = dict.fromkeys(drawn, "") | {code: generator.choice(["n", "s"]) for code in drawn}
    index = ZoneIndex(drawn, drawn.values(), districts=districts.values())
    lon, lat = generator.random((2, 40)) * 1.4 + [[116.8], [31.8]]
    asked = generator.choice(["n", "s", "", "x"], 40)
    codes, fallback = index.find_or_nearest(lon=lon, lat=lat, district=asked)
    held = index.find(lon=lon, lat=lat)
    for row in range(40):
        among = [code for code in sorted(drawn) if asked[row] in ("", districts[code])]
        if held[row]:
            assert (codes[row], fallback[row]) == (held[row], False)
        elif not among:
            assert (codes[row], fallback[row]) == ("", False)
        else:
            away = [GEOD.inv(lon[row], lat[row], *index.point_of(code))[2] for code in among]
            assert (codes[row], fallback[row]) == (among[int(np.argmin(away))], True)


def test_of_equally_near_points_the_least_code_is_taken():
    index = ZoneIndex(["b", "a"], [None, None], points=[(118, 32), (116, 32)])
    assert index.find_or_nearest(lon=117, lat=32)[0].tolist() == ["a"]


def test_a_community_point_farther_than_the_bound_is_not_taken():
    index = ZoneIndex(["a"], [None], points=[(117, 32)])
    away = GEOD.inv(117, 32, 117.1, 32)[2]
    for bound, code in ((away + 0.001, "a"), (away - 0.001, "")):
        codes, fallback = index.find_or_nearest(lon=117.1, lat=32, max_distance_m=bound)
        assert (codes[0], fallback[0]) == (code, code != "")


def test_a_community_with_a_point_only_has_no_area_to_ask_about():
    index = ZoneIndex(["a", "b"], [None, LEFT], points=[(117, 32), (np.nan, np.nan)])
    assert index.area("a") is None
    assert index.point_of("a") == (117, 32)
    assert index.holds(["a", "b", "x"], lon=[117] * 3, lat=[32] * 3).tolist() == [
        False,
        True,
        False,
    ]
    for ask in (index.reach_m, lambda code: index.distance_m(code, lon=117, lat=32)):
        with pytest.raises(ArgumentError, match="have an area, got 'a', of which only a point"):
            ask("a")
    index.set("a", RIGHT)
    assert index.find(lon=118.5, lat=32.5).tolist() == ["a"]
    index.set("a", None, point=(118, 31))
    assert index.find(lon=118.5, lat=32.5).tolist() == [""]


SHAPES = {
    "box": shapely.box(117.30, 32.90, 117.31, 32.91),
    "ell": shapely.box(117.30, 32.90, 117.34, 32.94) - shapely.box(117.31, 32.91, 117.34, 32.94),
    "star": shapely.Point(117.3, 32.9).buffer(0.01) - shapely.Point(117.301, 32.9).buffer(0.005),
    "two parts": shapely.union(
        shapely.box(117.30, 32.90, 117.305, 32.91), shapely.box(117.33, 32.92, 117.34, 32.925)
    ),
    "long edges": shapely.Polygon([(116, 32), (119, 34), (118.5, 32.1)]),
    "far north": shapely.Polygon([(20, 74), (20.3, 74.1), (20.1, 74.2)]),
}


def sampled_distance(area, lon, lat, n=4_001):
    """Distance to the edge by dense sampling, straight in degrees: corners, coarse, then fine."""
    line = shapely.boundary(area)
    at = np.linspace(0, 1, n)
    span = at[1]
    corners = shapely.get_coordinates(area)
    here = np.full((len(corners), 2), (lon, lat))
    nearest_corner = GEOD.inv(*here.T, *corners.T)[2].min()
    for _ in range(2):
        points = shapely.get_coordinates(shapely.line_interpolate_point(line, at, normalized=True))
        away = GEOD.inv(np.full(len(at), lon), np.full(len(at), lat), *points.T)[2]
        best = at[np.argmin(away)]
        at = np.clip(np.linspace(best - span, best + span, n), 0, 1)
    return min(away.min(), nearest_corner)


@pytest.mark.parametrize("area", SHAPES.values(), ids=SHAPES)
def test_distance_to_the_edge_matches_dense_sampling(area):
    generator = np.random.default_rng(5)
    west, south, east, north = area.bounds
    lon = west + (east - west) * (generator.random(30) * 2 - 0.5)
    lat = south + (north - south) * (generator.random(30) * 2 - 0.5)
    away = ZoneIndex(["a"], [area]).distance_m("a", lon=lon, lat=lat)
    inside = shapely.intersects_xy(area, lon, lat)
    assert 0 < inside.sum() < 30
    assert (away[inside] == 0).all()
    for row in np.flatnonzero(~inside):
        expected = sampled_distance(area, lon[row], lat[row])
        tolerance = 0.001 if expected < 20_000 else 0.005 if expected < 50_000 else 0.2
        assert away[row] == pytest.approx(expected, abs=tolerance)


def test_distance_is_none_on_the_edge_and_grows_from_there():
    index = ZoneIndex(["a"], [LEFT])
    lon = np.array([117.0, 117.5, 118.0, np.nextafter(118.0, 119.0)])
    away = index.distance_m("a", lon=lon, lat=np.array([32.0, 33.0, 32.5, 32.5]))
    assert away[:3].tolist() == [0, 0, 0]
    assert 0 <= away[3] < 1e-4
    assert index.distance_m("a", lon=[], lat=[]).tolist() == []


@pytest.mark.parametrize("area", SHAPES.values(), ids=SHAPES)
def test_the_point_lies_in_the_area_and_none_of_it_lies_beyond_its_reach(area):
    index = ZoneIndex(["a"], [area])
    lon, lat = index.point_of("a")
    assert index.find(lon=lon, lat=lat).tolist() == ["a"]
    edge = shapely.line_interpolate_point(
        shapely.boundary(area), np.linspace(0, 1, 5_000), normalized=True
    )
    away = GEOD.inv(np.full(5_000, lon), np.full(5_000, lat), *shapely.get_coordinates(edge).T)[2]
    reach = index.reach_m("a")
    assert away.max() <= reach + 0.001
    assert away.max() >= reach * 0.999


def test_the_reach_of_a_square_is_half_its_diagonal():
    area = SHAPES["box"]
    half = GEOD.inv(*area.bounds)[2] / 2
    assert ZoneIndex(["a"], [area]).reach_m("a") == pytest.approx(half, rel=1e-4)


def test_the_callers_areas_stay_as_they_are():
    area = shapely.box(117, 32, 118, 33)
    index = ZoneIndex(["a"], [area])
    assert not shapely.is_prepared(area)
    assert shapely.is_prepared(index.area("a"))


def test_heights_are_left_out():
    area = shapely.Polygon([(117, 32, 5), (118, 32, 5), (118, 33, np.nan)])
    assert not ZoneIndex(["a"], [area]).area("a").has_z


@pytest.mark.reference
def test_real_districts_hold_their_own_points(reference):
    text = (reference / "boundaries" / "bengbu_districts_wgs84.geojson").read_text("utf-8")
    areas = [
        shapely.from_geojson(json.dumps(one["geometry"])) for one in json.loads(text)["features"]
    ]
    codes = [str(number) for number in range(len(areas))]
    index = ZoneIndex(codes, areas)
    lon, lat = np.array([index.point_of(code) for code in codes]).T
    assert index.holds(codes, lon=lon, lat=lat).all()
    assert all(share < 0.5 for *_, share in index.overlaps())
