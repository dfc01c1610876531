"""Circles around other places than homes, by hand: areas, points, and origins alone."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
import shapely
from test_matching.answers import DISTANCE_M, rows_of
from test_matching.areas import AN_AREA, AREAS, EAST, EDGE_M, LAT, LON, LOOSE, area_frame
from test_matching.cases import JOB, ON, SEEKER
from test_matching.pairs import METRES_PER_DEGREE, equator

import geo_match as gm
from geo_match.errors import ArgumentError, RadiusError
from geo_match.matching import Around
from geo_match.matching.given.faults import FrameError
from geo_match.matching.plain.areas import area_distance_m


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


@pytest.mark.parametrize("is_row", [True, False], ids=["a row", "a GeoDataFrame"])
def test_areas_may_be_named_by_their_codes(is_row):
    coded = {"code": "O", "area": EAST.wkt} if is_row else AN_AREA.rename(columns={"id": "code"})
    job = east_of_the_edge(0.5)
    assert matched(coded, job) == matched(AN_AREA, job)
    around = gm.Matcher(JOB | job, gm.MatchOptions(on=ON)).match_around(coded)
    assert rows_of(around)[0]["origin_id"] == "O"


def test_an_id_counts_before_a_code():
    origin = {"id": "O", "code": "C", "lon": 117.0, "lat": 0.0}
    assert matched(origin, east_of_the_edge(0.5))["origin_id"] == "O"
    assert matched(origin, east_of_the_edge(0.5))["reason"] is None


def test_faulty_codes_are_named_as_such():
    origins = [{"code": "O", "lon": 117.0, "lat": 0.0}] * 2
    with pytest.raises(FrameError, match="column `code` must be different in each row"):
        gm.Matcher(JOB).match_around(origins)
    with pytest.raises(ArgumentError, match=r"`origins` must .*, got a dict of columns\."):
        gm.Matcher(JOB).match_around({"code": ["O"], "lon": [117.0], "lat": [0.0]})


def test_a_code_names_no_seeker():
    with pytest.raises(FrameError, match="`seekers`, column `id` must be there"):
        gm.Matcher(JOB).match({"code": "S", "lon": 117.0, "lat": 0.0})


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
    with pytest.raises(gm.GeoMatchError, match="`CRS of origins` must be"):
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
