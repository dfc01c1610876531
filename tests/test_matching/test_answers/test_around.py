"""Explained and told around other places than homes: against the plain twin, and by hand."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import DISTANCE_M, SCORE, asked, rows_of, twin
from test_matching.areas import AN_AREA, EAST, EDGE_M, area_frame
from test_matching.cases import JOB, ON, SEEKER
from test_matching.pairs import METRES_PER_DEGREE
from test_matching.shortfalls import assert_shortfall, assert_totals
from test_matching.test_origins_beside_twin import assume_no_rim, frame_of, named, origins

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.matching import LADDER_M, Around, plain
from geo_match.matching.plain.conditions import distance_m

FEW = settings(max_examples=max(settings().max_examples // 4, 1))
"""It asks about every pair of its seekers and jobs."""
CITIES = (origins(), strategies.seekers(), strategies.jobs(), strategies.options(), st.data())
LOST = ("no_location", "none_in_circle", "none_eligible", "no_origin")


def assume_no_bound(drawn, jobs, seekers, options):
    """Leave aside areas' distances that rounding may put at either side of a bound."""
    radii = {one["radius_m"] for one in seekers} - {None} | {options["radius_m"]}
    bounds = {*radii, *(2.0 * radius for radius in radii), *LADDER_M}
    for origin in drawn:
        for job in jobs:
            if origin.get("area") is not None and job["lon"] is not None:
                away = distance_m(origin, job)
                assume(away == 0.0 or min(abs(away - one) for one in bounds) > 1e-3)


@given(*CITIES)
def test_shortfall_around_origins_is_what_the_plain_twin_finds(drawn, seekers, jobs, options, data):
    seekers = data.draw(named(seekers, drawn))
    assume_no_bound(drawn, jobs, seekers, options)
    around = Around(frame_of(drawn), by="community")
    found = gm.Matcher(jobs, asked(options)).shortfall(seekers, around=around)
    expected = plain.shortfall_from(seekers, drawn, jobs, twin(options), by="community")
    known = {one["id"]: one for one in seekers}, {one["id"]: one for one in jobs}

    def away(seeker, job):
        pair = known[0][seeker], drawn, known[1][job]
        return plain.judge_from(*pair, twin(options), by="community")["distance_m"]

    assert_shortfall(found, expected, away, slack_m=2.0 * EDGE_M)
    assert_totals(found, plain.totals_of(expected, jobs, twin(options), reasons=LOST))


@FEW
@given(*CITIES)
def test_a_pair_around_an_origin_is_explained_as_the_plain_twin_judges_it(
    drawn, seekers, jobs, options, data
):
    assume(seekers and jobs)
    seekers = data.draw(named(seekers, drawn))
    assume_no_rim(drawn, seekers, jobs, options)
    around = Around(frame_of(drawn), by="community")
    matcher = gm.Matcher(jobs, asked(options))
    for seeker in seekers:
        for job in jobs:
            found = matcher.explain(seeker, job["id"], around=around)
            expected = plain.judge_from(seeker, drawn, job, twin(options), by="community")
            is_area = any(one.get("area") is not None for one in drawn)
            assert found.basis == ("area_edge" if is_area else "geodesic")
            assert found.origin_id == seeker["community"]
            assert {one.name: one.outcome for one in found.conditions} == expected["outcomes"]
            assert list(found.stands_in_way) == expected["stands_in_way"]
            assert found.certainty == expected["certainty"]
            if expected["distance_m"] is None:
                assert (found.distance_m, found.score) == (None, None)
            else:
                slack, score = (EDGE_M, 1e-6) if is_area else (DISTANCE_M, SCORE)
                assert found.distance_m == pytest.approx(expected["distance_m"], abs=slack)
                assert found.score == pytest.approx(expected["score"], abs=score)


def east(metres):
    return {"lon": 117.0 + metres / METRES_PER_DEGREE, "lat": 0.0}


def test_a_match_around_an_area_is_explained_with_the_distance_that_it_was_found_by():
    matcher = gm.Matcher(JOB | east(1234.2), gm.MatchOptions(on=ON))
    seeker, around = SEEKER | {"community": "O"}, Around(AN_AREA, by="community")
    found = matcher.explain(seeker, JOB["id"], around=around)
    (row,) = rows_of(matcher.match(seeker, around=around))
    assert (found.distance_m, found.basis) == (row["distance_m"], "area_edge")
    assert (found.score, found.certainty) == (row["score"], row["certainty"])
    head, place = str(found).splitlines()[:2]
    assert head == "求职-1 around O and 招聘-1: a match, 1,234 m of 3,000 m"
    assert place == "pass    distance 距离: the edge of an area / a place known to 10 m"


@pytest.mark.parametrize(
    ("origin", "named", "said"),
    [
        ({"id": "O", "lon": 117.0, "lat": 0.0}, "O", "an origin"),
        (
            {"id": "O", "lon": 117.0, "lat": 0.0, "location_accuracy_m": 40.0},
            "O",
            "an origin known to 40 m",
        ),
        ({"id": "O", "lon": None, "lat": None}, "O", "an origin without a place"),
        ({"id": "O", "lon": 117.0, "lat": 0.0}, "无此", "no origin"),
        ({"id": "O", "lon": 117.0, "lat": 0.0}, None, "no origin"),
    ],
)
def test_what_a_circle_is_around_is_said(origin, named, said):
    matcher = gm.Matcher(JOB | east(100.0), gm.MatchOptions(on=ON))
    around = Around(origin, by="community")
    found = matcher.explain(SEEKER | {"community": named}, JOB["id"], around=around)
    assert found.conditions[0].seeker == said
    assert found.origin_id == named
    assert found.is_match == ("known" in said or said == "an origin")


def test_a_seeker_without_an_origin_appears_with_that_reason():
    around = Around({"id": "O", "lon": 117.0, "lat": 0.0}, by="community")
    seekers = [SEEKER | {"id": name, "community": name} for name in ("O", "无此")]
    found = gm.Matcher(JOB | east(100.0), asked({})).shortfall(seekers, around=around)
    assert [row["reason"] for row in rows_of(found.seekers)] == [None, "no_origin"]
    assert found.counts["no_origin"] == 1
    assert list(found.seekers)[:2] == ["seeker_id", "origin_id"]


def test_prepared_seekers_are_told_of_around_their_origins():
    matcher = gm.Matcher(JOB | east(100.0), asked({}))
    around = Around(AN_AREA, by=None)
    prepared = matcher.prepare(SEEKER, around=around)
    one, other = matcher.shortfall(prepared), matcher.shortfall(SEEKER, around=around)
    assert rows_of(one.seekers) == rows_of(other.seekers)
    assert matcher.explain(prepared, JOB["id"]) == matcher.explain(SEEKER, JOB["id"], around=around)
    with pytest.raises(ArgumentError, match="`around` must be given where the seekers are"):
        matcher.shortfall(prepared, around=around)


@pytest.mark.parametrize("metres", [150_000.0, 199_999.0, 200_001.0, 1_000_000.0, 6_000_000.0])
def test_the_first_job_of_an_area_is_found_at_any_distance(metres):
    far = shapely.box(116.9, -0.1, 117.0, 0.1 + 1e-9)
    for area in (EAST, far):
        jobs = [JOB | east(metres + more) | {"id": f"{more}"} for more in (500.0, 0.0, 90_000.0)]
        matcher = gm.Matcher(jobs, gm.MatchOptions(on=ON))
        around = Around(area_frame([{"id": "O", "area": area}]))
        (row,) = rows_of(matcher.shortfall(SEEKER, around=around).seekers)
        assert row["first_eligible_job_id"] == "0.0"
        assert row["first_eligible_distance_m"] == pytest.approx(metres, abs=EDGE_M, rel=1e-6)
        told = matcher.explain(SEEKER, "0.0", around=around)
        assert told.distance_m == row["first_eligible_distance_m"]
        assert told.stands_in_way == ("distance",)
