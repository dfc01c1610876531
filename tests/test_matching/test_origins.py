"""Circles around other places than homes: against the plain twin, by hand, and in the city."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import DISTANCE_M, SCORE, asked, by_centre, rows_of, twin
from test_matching.cases import JOB, ON, SEEKER
from test_matching.pairs import METRES_PER_DEGREE, equator

import geo_match as gm
from geo_match.errors import ArgumentError, RadiusError
from geo_match.index import AreaOrigins
from geo_match.matching import Around, plain
from geo_match.matching import _engine as engine
from geo_match.matching._reach import FromAreas
from geo_match.matching.frames import FrameError
from geo_match.matching.plain.areas import area_distance_m
from geo_match.matching.plain.conditions import distance_m
from geo_match.spatial import Pairs

LON, LAT = 117.38, 32.93
EDGE_M = 0.13e-3
"""What an area's distance may differ from the true one by."""
EAST = shapely.box(116.9, -0.1, 117.0, 0.1)
"""Its eastern edge crosses the equator at a right angle, so what lies east is straight across."""
LOOSE = {"conditions": ()}
LEFT_OUT = ("score_occupation", "score_wage", "score_education")
"""Parts that are nothing where nobody seeks; the matcher does not name them."""


def box(west, south, east, north):
    return shapely.box(LON + west, LAT + south, LON + east, LAT + north)


AREAS = (
    box(0.0, 0.0, 0.01, 0.02),  # a shared place is its corner
    box(-0.005, -0.005, 0.006, 0.002),
    shapely.Polygon([(LON - 0.03, LAT), (LON + 0.02, LAT - 0.01), (LON - 0.01, LAT + 0.03)]),
    box(-0.02, -0.02, 0.02, 0.02) - box(-0.01, -0.01, 0.01, 0.01),
    shapely.MultiPolygon([box(0.02, 0.0, 0.03, 0.01), box(-0.05, -0.02, -0.04, 0.0)]),
)


def area_frame(origins):
    """Make of origins with areas what a user has."""
    return gpd.GeoDataFrame(
        {name: [one.get(name) for one in origins] for name in ("id", "location_accuracy_m")},
        geometry=[one["area"] for one in origins],
        crs="EPSG:4326",
    ).astype({"location_accuracy_m": float})


@st.composite
def origins(draw):
    """Draw origins with different ids: all points, or all areas, some of them nowhere."""
    if draw(st.booleans()):
        place = strategies._places()
    else:
        place = st.sampled_from([*AREAS, None]).map(lambda area: {"area": area})
    accuracy = st.sampled_from([None, None, 0.0, 10.0, 200.0])
    ids = draw(st.lists(strategies._IDS, min_size=1, max_size=4, unique=True))
    return [draw(place) | {"id": id_, "location_accuracy_m": draw(accuracy)} for id_ in ids]


def frame_of(drawn):
    """Make a frame of origins; without any area a point's is the only place there may be."""
    return area_frame(drawn) if any(one.get("area") for one in drawn) else without_areas(drawn)


def without_areas(drawn):
    return [
        {"lon": None, "lat": None} | {k: v for k, v in one.items() if k != "area"} for one in drawn
    ]


@st.composite
def named(draw, drawn_seekers, drawn_origins):
    ids = [one["id"] for one in drawn_origins]
    name = st.sampled_from([*ids, *ids, "无此", None])
    return [one | {"community": draw(name)} for one in drawn_seekers]


def assume_no_rim(drawn, seekers, jobs, options):
    """Leave aside what rounding decides: of areas, whose distances are known to 0.1 mm, and else.

    Of points it decides only on the certainty; who is within the radius is exact.
    """
    located = [job for job in jobs if job["lon"] is not None]
    places = sorted({(job["lon"], job["lat"]) for job in located})
    default = options["default_accuracy_m"]
    own = {one["radius_m"] for one in seekers} - {None}
    for origin in drawn:
        is_area = origin.get("area") is not None
        if not is_area and origin.get("lon") is None:
            continue
        for job in located:
            away = distance_m(origin, job)
            doubt = default if job["location_accuracy_m"] is None else job["location_accuracy_m"]
            unsaid = 0.0 if is_area else default
            said = origin["location_accuracy_m"]
            doubt += unsaid if said is None else said
            near = [abs(away + s * doubt - r) for r in own | {options["radius_m"]} for s in (-1, 1)]
            if is_area:
                assume(away == 0.0 or min(near) > 1e-3)
                assume(
                    away == 0.0 or min(abs(away - r) for r in own | {options["radius_m"]}) > 1e-3
                )
            else:
                assume(doubt == 0.0 or min(near) > 1e-5)
    # Nor may it decide which of two jobs is the nearer.
    assume(all(np.hypot(a[0] - b[0], a[1] - b[1]) > 1e-7 for a, b in combinations(places, 2)))


def assert_same(found, expected, limit, *, centre):
    """Hold rows to all that the twin finds, and their order to their own scores."""
    answers, whole = by_centre(found, centre), by_centre(expected, centre)
    assert list(answers) == list(whole)
    for name, rows in answers.items():
        every = whole[name]
        if every[0]["reason"] is not None:
            assert rows == every
            continue
        best = every[:limit]
        assert [row["rank"] for row in rows] == [other["rank"] for other in best]
        assert [row["score"] for row in rows] == pytest.approx(
            [other["score"] for other in best], abs=1e-6
        )
        order = [(-row["score"], row["job_id"]) for row in rows]
        assert order == sorted(order)
        others = {other["job_id"]: other for other in every}
        for row in rows:
            assert_same_pair(row, others.pop(row["job_id"]))


def assert_same_pair(row, other):
    for name in ("basis", "certainty", "failed", "unknown", "reason"):
        assert row[name] == other[name], name
    assert row.get("origin_id") == other.get("origin_id")
    is_edge = other["basis"] == "area_edge"
    slack, score = (EDGE_M, 1e-6) if is_edge else (DISTANCE_M, SCORE)
    assert row["distance_m"] == pytest.approx(other["distance_m"], abs=slack)
    for name, value in row.items():
        if name.startswith("score"):
            assert value == pytest.approx(other[name], abs=score), name


@given(origins(), strategies.seekers(), strategies.jobs(), strategies.options(), st.data())
def test_matches_around_origins_are_what_the_plain_twin_finds(drawn, seekers, jobs, options, data):
    seekers = data.draw(named(seekers, drawn))
    assume_no_rim(drawn, seekers, jobs, options)
    around = Around(frame_of(drawn), by="community")
    found = gm.Matcher(jobs, asked(options)).match(seekers, around=around)
    every = twin(options | {"limit": None})
    expected = plain.match_from(seekers, drawn, jobs, every, by="community")
    assert_same(rows_of(found), expected, options["limit"], centre="seeker_id")


@given(origins(), strategies.jobs(), strategies.options())
def test_jobs_around_origins_alone_are_what_the_plain_twin_finds(drawn, jobs, options):
    weights = options.get("weights")
    assume(weights is None or weights["closeness"] + weights["freshness"] > 0)
    assume_no_rim(drawn, [], jobs, options)
    found = gm.Matcher(jobs, asked(options)).match_around(frame_of(drawn))
    expected = [
        {name: value for name, value in row.items() if name not in LEFT_OUT}
        for row in plain.match_alone(drawn, jobs, twin(options | {"limit": None}))
    ]
    assert_same(rows_of(found), expected, options["limit"], centre="origin_id")


def matched(origin, job, *, seeker=None, by="community", **options):
    """Match one seeker of the origin `O` with one job, and return the row."""
    matcher = gm.Matcher(JOB | job, gm.MatchOptions(on=ON, **options))
    found = matcher.match(
        SEEKER | {"community": "O"} | (seeker or {}), around=Around(origin, by=by)
    )
    (row,) = rows_of(found)
    return row


def east_of_the_edge(metres):
    return {"lon": 117.0 + metres / METRES_PER_DEGREE, "lat": 0.0}


AN_AREA = area_frame([{"id": "O", "area": EAST}])


@pytest.mark.parametrize(
    ("job", "metres"),
    [
        ({"lon": 116.95, "lat": 0.0}, 0.0),
        ({"lon": 117.0, "lat": 0.05}, 0.0),
        ({"lon": 117.0, "lat": 0.1}, 0.0),
        (east_of_the_edge(0.5), 0.5),
        (east_of_the_edge(2999.999), 2999.999),
    ],
    ids=["inside", "on the edge", "at a corner", "half a metre out", "a millimetre within"],
)
def test_an_areas_distance_is_that_to_its_edge(job, metres):
    row = matched(AN_AREA, job)
    assert row["basis"] == "area_edge"
    assert row["distance_m"] == pytest.approx(metres, abs=EDGE_M)
    if metres == 0.0:
        assert row["distance_m"] == 0.0


def test_what_lies_a_millimetre_beyond_an_areas_rim_is_no_match():
    row = matched(AN_AREA, east_of_the_edge(3000.001))
    assert (row["reason"], row["origin_id"]) == ("none_in_circle", "O")


def test_within_no_radius_is_what_an_area_holds():
    assert matched(AN_AREA, {"lon": 117.0, "lat": 0.05}, radius_m=0.0)["reason"] is None
    assert matched(AN_AREA, east_of_the_edge(0.01), radius_m=0.0)["reason"] == "none_in_circle"


def test_a_seekers_own_radius_counts_around_an_origin():
    job = east_of_the_edge(900.0)
    assert matched(AN_AREA, job, seeker={"radius_m": 901.0}, radius_m=10.0)["reason"] is None
    assert matched(AN_AREA, job, seeker={"radius_m": 899.0})["reason"] == "none_in_circle"


@pytest.mark.parametrize(
    ("origin_accuracy", "job_accuracy", "default", "certainty"),
    [
        (None, 10.0, 500.0, "inside"),  # an edge is where it is drawn
        (None, 101.0, 0.0, "borderline"),
        (91.0, 10.0, 0.0, "borderline"),
        (89.0, 10.0, 0.0, "inside"),
        (None, None, 101.0, "borderline"),  # the job's
    ],
)
def test_certainty_is_of_the_edge_and_the_job(origin_accuracy, job_accuracy, default, certainty):
    origin = AN_AREA.assign(location_accuracy_m=[origin_accuracy])
    job = east_of_the_edge(2900.0) | {"location_accuracy_m": job_accuracy}
    seeker = {"location_accuracy_m": 2000.0}
    row = matched(origin, job, seeker=seeker, default_accuracy_m=default)
    assert row["certainty"] == certainty


def test_a_points_accuracy_is_the_options_where_it_is_not_stated():
    here, there = equator(2900.0)
    point = {"id": "O", **here}
    job = there | {"location_accuracy_m": 0.0}
    assert matched(point, job, default_accuracy_m=101.0)["certainty"] == "borderline"
    stated = point | {"location_accuracy_m": 99.0}
    assert matched(stated, job, default_accuracy_m=101.0)["certainty"] == "inside"


def test_the_home_does_not_count_where_the_origin_does():
    here, there = equator(100.0)
    row = matched({"id": "O", **here}, there, seeker={"lon": 80.0, "lat": 40.0})
    assert (row["basis"], row["distance_m"]) == ("geodesic", pytest.approx(100.0, abs=DISTANCE_M))


def test_seekers_around_origins_need_no_places():
    seekers = pd.DataFrame({"id": ["a", "b"], "household": ["H2", "H1"]})
    households = [{"id": f"H{i}", "lon": LON + i / 100, "lat": LAT} for i in (1, 2)]
    jobs = [JOB | {"id": f"J{i}", "lon": LON + i / 100, "lat": LAT} for i in (1, 2)]
    options = gm.MatchOptions(on=ON, limit=1, **LOOSE)
    found = gm.Matcher(jobs, options).match(seekers, around=Around(households, by="household"))
    assert found.origin_id.tolist() == ["H2", "H1"]
    assert found.job_id.tolist() == ["J2", "J1"]


def test_all_conditions_stay_those_of_the_seeker():
    job = east_of_the_edge(10.0)
    assert matched(AN_AREA, job, seeker={"shift": "night"})["reason"] == "none_eligible"
    assert matched(AN_AREA, job, seeker={"shift": None})["unknown"] == "shift"


@pytest.mark.parametrize(
    ("name", "reason"), [(None, "no_origin"), ("x", "no_origin"), ("nowhere", "no_location")]
)
@pytest.mark.parametrize(
    "frame",
    [
        [{"id": "O", "lon": LON, "lat": LAT}, {"id": "nowhere", "lon": None, "lat": None}],
        area_frame([{"id": "O", "area": AREAS[1]}, {"id": "nowhere", "area": None}]),
        area_frame([{"id": "O", "area": AREAS[1]}, {"id": "nowhere", "area": shapely.Polygon()}]),
    ],
    ids=["points", "areas", "an empty area"],
)
def test_who_has_no_origin_is_told_so(frame, name, reason):
    row = matched(frame, {}, seeker={"community": name})
    assert (row["seeker_id"], row["origin_id"], row["reason"]) == (SEEKER["id"], name, reason)
    assert row["job_id"] is None
    assert row["distance_m"] is None
    assert row["basis"] is None


def test_one_origin_may_be_everybodys():
    station = {"id": "站", "lon": LON, "lat": LAT}
    seekers = [SEEKER | {"id": id_, "lon": None, "lat": None} for id_ in "ab"]
    found = gm.Matcher(JOB, gm.MatchOptions(on=ON)).match(seekers, around=Around(station))
    assert found.origin_id.tolist() == ["站"] * 2
    assert found.reason.isna().all()


def test_areas_may_be_text_as_a_store_keeps_them():
    table = pa.table(
        {"id": ["O", "P"], "lon": [0.0, 1.0], "lat": [0.0, 1.0], "area": [EAST.wkt, None]}
    )
    assert matched(table, east_of_the_edge(2.0))["distance_m"] == pytest.approx(2.0, abs=EDGE_M)
    row = matched(table, east_of_the_edge(2.0), seeker={"community": "P"})
    assert row["reason"] == "no_location"


def test_a_number_called_area_is_no_area():
    here, there = equator(100.0)
    frame = pd.DataFrame([{"id": "O", "area": 52.5, **here}])
    assert matched(frame, there)["basis"] == "geodesic"


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:32650", "EPSG:4549"])
def test_areas_may_be_in_any_crs_as_points_may(crs):
    areas = area_frame([{"id": "O", "area": AREAS[0]}])
    # The degrees of CGCS2000 are taken for those of WGS-84.
    is_same = crs == "EPSG:4490"
    areas = areas.set_crs(crs, allow_override=True) if is_same else areas.to_crs(crs)
    expected = area_distance_m(AREAS[0], LON + 0.03, LAT)
    row = matched(areas, {"lon": LON + 0.03, "lat": LAT})
    # A box of some 2 km drawn on a projection has edges that bend by some millimetres in degrees.
    assert row["distance_m"] == pytest.approx(expected, abs=1e-3)


BOW = shapely.Polygon([(117, 32), (118, 33), (118, 32), (117, 33)])


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            area_frame([{"id": "P", "area": EAST}, {"id": "O", "area": BOW}]),
            r"column `geometry` must be a valid polygon, got 1 of 2 .*id 'O': 'Self-int",
        ),
        (
            area_frame([{"id": "P", "area": EAST}, {"id": "O", "area": shapely.Point(117, 32)}]),
            r"must hold areas alone, or points alone, got 1 of 2 .*id 'O': 'Point'",
        ),
        (
            area_frame([{"id": "O", "area": shapely.box(500_000, 3_600_000, 500_100, 3_600_100)}]),
            r"must lie within ±180 degrees .*Is it in degrees",
        ),
        ({"id": "O", "area": "POINT (1 2)"}, r"column `area` must hold text of the field's form"),
        ({"id": "O", "area": "POLYGON ((1 2, 3))"}, r"column `area` must hold text of the field's"),
        ([{"id": "O", "area": EAST.wkt}] * 2, r"column `id` must be different in each row"),
        ({"id": "O"}, r"column `lon, lat` must be there"),
    ],
    ids=["crossed", "mixed", "metres", "a point", "torn", "twice", "nowhere"],
)
def test_faulty_origins_are_named(frame, message):
    with pytest.raises(FrameError, match=f"(?s)`origins`.*{message}"):
        matched(frame, {})


def test_areas_without_a_crs_are_refused():
    frame = AN_AREA.set_crs(None, allow_override=True)
    with pytest.raises(gm.GeoMatchError, match=r"`origins`"):
        matched(frame, {})


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(FrameError, match=r"`seekers`, column `village` must be there"):
        matched(AN_AREA, {}, by="village")
    with pytest.raises(FrameError, match=r"`seekers`, column `community` must hold text"):
        matched(AN_AREA, {}, seeker={"community": 7})


@pytest.mark.parametrize("by", ["", 7])
def test_by_is_the_name_of_a_column(by):
    with pytest.raises(ArgumentError, match=r"`by` must be the name of a column, or None, got"):
        Around(AN_AREA, by=by)


def test_without_a_column_there_is_one_origin():
    two = [{"id": id_, "lon": LON, "lat": LAT} for id_ in "ab"]
    with pytest.raises(ArgumentError, match=r"`by` must be named unless .* got 2\."):
        matched(two, {}, by=None)


def test_around_is_an_around():
    with pytest.raises(ArgumentError, match=r"`around` must be `Around` or None, got GeoDataFrame"):
        gm.Matcher(JOB).match(SEEKER, around=AN_AREA)


def test_nobody_around_nothing():
    matcher = gm.Matcher(JOB, gm.MatchOptions(on=ON))
    assert matcher.match([], around=Around(AN_AREA, by="community")).empty
    assert list(matcher.match([], around=Around([], by="community")).columns)[:3] == [
        "seeker_id",
        "origin_id",
        "job_id",
    ]
    assert matcher.match_around([]).columns[0] == "origin_id"
    assert gm.Matcher([], gm.MatchOptions(on=ON)).match_around(AN_AREA).reason.tolist() == [
        "none_in_circle"
    ]


# Origins alone.


def test_a_place_alone_asks_only_what_needs_nobody():
    here, there = equator(1000.0)
    jobs = [
        JOB | there | {"id": "fits nobody", "age_min": 90, "certificate": "甲", "updated_at": None},
        JOB | there | {"id": "closed", "closed_on": ON},
        JOB | there | {"id": "full", "vacancies": 1, "filled": 1},
        JOB | there | {"id": "unverified", "employer_licence": None},
        JOB | here | {"id": "unsaid", "vacancies": None, "updated_at": pd.Timestamp(ON)},
    ]
    found = gm.Matcher(jobs, gm.MatchOptions(on=ON)).match_around({"id": "点", **here})
    assert found.job_id.tolist() == ["unsaid", "fits nobody"]
    assert found.unknown.tolist() == ["vacancies", ""]
    assert found.origin_id.tolist() == ["点"] * 2
    # By hand: weights 0.35 and 0.15 are shares of 0.7 and 0.3; half at 1,000 m, and 532 days old.
    assert found.score_closeness.tolist() == pytest.approx([0.7, 0.35])
    assert found.score_freshness.tolist() == pytest.approx([0.3, 0.3 * 2 ** (-532 / 30)])
    assert "score_wage" not in found.columns


def test_a_condition_that_the_options_leave_out_is_not_asked_of_a_place():
    here, there = equator(1000.0)
    job = JOB | there | {"employer_licence": None, "closed_on": ON}
    for conditions, is_found in ((("open",), False), (("employer",), False), (("wage",), True)):
        options = gm.MatchOptions(on=ON, conditions=conditions)
        found = gm.Matcher(job, options).match_around({"id": "点", **here})
        assert found.job_id.notna().tolist() == [is_found]


def test_a_place_may_have_a_radius_for_one_question():
    here, there = equator(1000.0)
    points = [{"id": id_, **here} for id_ in "ab"]
    matcher = gm.Matcher(JOB | there, gm.MatchOptions(on=ON, radius_m=10.0))
    assert matcher.match_around(points).job_id.isna().all()
    assert matcher.match_around(points, radius_m=1001.0).job_id.notna().all()
    assert matcher.match_around(points, radius_m=[1001.0, 999.0]).job_id.notna().tolist() == [
        True,
        False,
    ]
    with pytest.raises(RadiusError, match=r"`radius_m` must"):
        matcher.match_around(points, radius_m=-1.0)


def test_a_place_alone_needs_a_weight_that_counts_for_it():
    weights = gm.Weights(closeness=0.0, freshness=0.0)
    matcher = gm.Matcher(JOB, gm.MatchOptions(on=ON, weights=weights))
    with pytest.raises(ArgumentError, match=r"`weights` must have closeness or freshness above 0"):
        matcher.match_around({"id": "点", "lon": LON, "lat": LAT})


def test_places_alone_and_seekers_may_be_asked_in_turn():
    matcher = gm.Matcher(JOB, gm.MatchOptions(on=ON))
    first = matcher.match(SEEKER)
    alone = matcher.match_around(AN_AREA)
    pd.testing.assert_frame_equal(matcher.match(SEEKER), first)
    pd.testing.assert_frame_equal(matcher.match_around(Around(AN_AREA)), alone)


# The work.


def crowd():
    """Make seekers of five areas in no order, with radii of their own, and jobs in between."""
    rng = np.random.default_rng(7)
    n, m = 200, 60
    seekers = pd.DataFrame(
        {
            "id": [f"s{i}" for i in range(n)],
            "community": rng.choice(["0", "1", "2", "3", "4", "5", None], n),
            "radius_m": rng.choice([np.nan, 500.0, 5000.0], n),
            "occupation": rng.choice(["40101", "60501"], n),
        }
    )
    jobs = pd.DataFrame(
        {
            "id": [f"j{i}" for i in range(m)],
            "lon": LON + rng.uniform(-0.06, 0.06, m),
            "lat": LAT + rng.uniform(-0.06, 0.06, m),
            "employer_licence": "verified",
            "occupation": rng.choice(["40101", "60501"], m),
        }
    )
    areas = area_frame([{"id": str(i), "area": area} for i, area in enumerate(AREAS)])
    return seekers, jobs, Around(areas, by="community")


def test_blocks_and_threads_change_nothing_of_the_answer(monkeypatch):
    seekers, jobs, around = crowd()
    options = {"on": ON, "limit": 5}
    whole = gm.Matcher(jobs, gm.MatchOptions(**options)).match(seekers, around=around)
    assert whole.basis.notna().sum() > 100
    own = whole.seeker_id.map(seekers.set_index("id").radius_m).fillna(3000.0)
    assert (whole.distance_m.dropna() <= own[whole.distance_m.notna()]).all()
    monkeypatch.setattr(engine, "_MAX_PAIRS", 7)
    monkeypatch.setattr(engine, "_AT_ONCE", 3)
    matcher = gm.Matcher(jobs, gm.MatchOptions(**options, threads=3))
    pd.testing.assert_frame_equal(matcher.match(seekers, around=around), whole)
    tables = list(matcher.iter_match(seekers, around=around, at_once=11))
    assert pa.concat_tables(tables).to_pylist() == pa.Table.from_pandas(whole).to_pylist()


def test_an_area_is_asked_once_for_all_who_live_in_it(monkeypatch):
    seekers, jobs, around = crowd()
    asked_for = []
    within = AreaOrigins.iter_within

    def counting(self, *, origin, **arguments):
        asked_for.extend(np.asarray(origin).tolist())
        return within(self, origin=origin, **arguments)

    monkeypatch.setattr(AreaOrigins, "iter_within", counting)
    matcher = gm.Matcher(jobs, gm.MatchOptions(on=ON))
    found = matcher.match(seekers, around=around)
    # One for each pool of jobs, of which there are two; and for who has no match, by radius.
    assert len(asked_for) <= len(AREAS) * (2 + 3)
    assert found.job_id.notna().sum() > len(asked_for)


def test_two_pools_of_one_centre_are_ranked_together():
    # Seekers with different radii stand in different pools.
    seekers = [
        SEEKER | {"id": id_, "lon": JOB["lon"] - away, "radius_m": radius}
        for id_, away, radius in (("a", 0.01, 2000.0), ("b", 0.004, 3000.0), ("c", 0.001, 2000.0))
    ]
    found = gm.match_jobs(JOB, seekers, gm.MatchOptions(on=ON))
    assert found.seeker_id.tolist() == ["c", "b", "a"]
    assert gm.match_jobs(JOB, seekers, gm.MatchOptions(on=ON, limit=1)).seeker_id.tolist() == ["c"]


# The demonstration city.


@pytest.fixture(scope="module")
def city(shipped_city):
    def read(name):
        return gpd.read_parquet(shipped_city / f"{name}.parquet")

    communities = read("communities").rename(columns={"code": "id"})
    return {
        "communities": communities,
        **{name: read(name) for name in ("seekers", "households", "stations", "jobs")},
    }


TODAY = dt.date(2025, 12, 31)
"""The city's."""
OPTIONS = gm.MatchOptions(on=TODAY, limit=3)


def test_the_citys_seekers_live_where_their_households_do(city):
    matcher = gm.Matcher(city["jobs"], OPTIONS)
    seekers = city["seekers"]
    at_home = matcher.match(seekers)
    around = matcher.match(seekers, around=Around(city["households"], by="household"))
    assert (around.origin_id == around.seeker_id.map(seekers.set_index("id").household)).all()
    pd.testing.assert_frame_equal(around.drop(columns="origin_id"), at_home)


def test_the_citys_communities_reach_more_than_homes_in_them(city):
    matcher = gm.Matcher(city["jobs"], gm.MatchOptions(on=TODAY, limit=None))
    seekers = city["seekers"].iloc[::40]
    home = matcher.match(seekers).dropna(subset="job_id")
    around = matcher.match(seekers, around=Around(city["communities"], by="community"))
    assert (around.basis.dropna() == "area_edge").all()
    assert not (around.reason == "no_origin").any()
    both = home.merge(around, on=["seeker_id", "job_id"], suffixes=("", "_edge"))
    assert len(both) == len(home)
    assert (both.distance_m_edge <= both.distance_m + EDGE_M).all()
    assert (both.distance_m_edge == 0.0).any()


def test_the_citys_communities_are_measured_as_the_plain_twin_does(city):
    communities = city["communities"].set_index("id").geometry
    jobs = city["jobs"].set_index("id").geometry
    matcher = gm.Matcher(city["jobs"], gm.MatchOptions(on=TODAY, limit=None))
    found = matcher.match_around(city["communities"].iloc[:60:20])
    some = found.dropna(subset="job_id").sample(60, random_state=1)
    for row in some.itertuples():
        job = jobs[row.job_id]
        away = area_distance_m(communities[row.origin_id], job.x, job.y)
        assert row.distance_m == pytest.approx(away, abs=EDGE_M)


def test_the_citys_stations_have_the_jobs_within_three_kilometres(city):
    jobs, stations = city["jobs"], city["stations"].iloc[:20]
    options = gm.MatchOptions(on=TODAY, limit=None, **LOOSE)
    found = gm.Matcher(jobs, options).match_around(stations)
    index = gm.PointIndex(lon=jobs.geometry.x, lat=jobs.geometry.y)
    n = index.count_within(lon=stations.geometry.x, lat=stations.geometry.y, radius_m=3000)
    assert found.groupby("origin_id").job_id.count()[stations.id].tolist() == n.tolist()


# The seam.


def test_a_reach_gives_each_query_its_own_circle():
    class Pool:
        lon, lat = np.array([117.01, 117.02, 117.03]), np.zeros(3)

    reach = FromAreas([EAST], np.array([0, -1]))
    radius_m = np.array([1500.0, 5000.0, 500.0])
    (pairs,) = reach.iter_within(
        Pool, origin=np.zeros(3, np.int64), radius_m=radius_m, max_pairs=100
    )
    assert pairs.offsets.tolist() == [0, 1, 4, 4]
    assert pairs.point.tolist() == [0, 0, 1, 2]
    blocks = list(
        reach.iter_within(Pool, origin=np.zeros(3, np.int64), radius_m=radius_m, max_pairs=1)
    )
    assert [block.first_query for block in blocks] == [0, 1, 2]
    assert isinstance(blocks[1], Pairs)
    weights = np.array([1, 10, 100])
    total = reach.sum_within(Pool, origin=np.zeros(3, np.int64), radius_m=radius_m, weights=weights)
    assert total.tolist() == [1, 111, 0]
