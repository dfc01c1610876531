"""Matches over HTTP are those of the library on the same store."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_api.test_matches.conftest import AREA, PLACE, PROFILE, SQUARE
from test_matching.pairs import ON
from test_matching.walked_town import lonlat, network

import geo_match as gm
from api.matches.schemas import Matches
from geo_match.matching import Around, plain
from geo_match.records.clock import CHINA

PARTS = ("closeness", "occupation", "wage", "education", "freshness")
SAID = ("rank", "distance_m", "basis", "certainty", "score")
NOBODY = {"id": "0", **PLACE, "location_accuracy_m": None}
STRICT = {"closeness": 1.0, "occupation": 0.0, "wage": 0.5, "education": 0.0, "freshness": 0.25}
TODAY = dt.datetime.now(CHINA).date()


def told(answer):
    """Return an answer's matches as the library's frame has them."""
    return [
        {"job_id": one["job"]["id"], "unknown": ",".join(one["unknown"])}
        | {name: one[name] for name in SAID}
        | {f"score_{part}": one["parts"][part] for part in PARTS}
        for one in answer["matches"]
    ]


def expected(town, seeker, options, **more):
    """Return the library's frame of one seeker's matches in the same form."""
    frame = gm.Matcher(town.jobs, options).match(seeker, **more)
    names = ["job_id", "unknown", *SAID, *(f"score_{part}" for part in PARTS)]
    return frame[frame["job_id"].notna()][names].to_dict("records")


@pytest.mark.parametrize("name", ["S1", "S2", "S3"])
def test_a_registered_seeker_has_the_matches_of_the_library(town, name):
    answer = town.match({"seeker": {"id": name}})
    (seeker,) = town.seekers(name)
    assert told(answer) == expected(town, seeker, gm.MatchOptions())
    assert answer["seeker_key"] == town.store.keys("seekers", [name])[name]
    assert town.match({"seeker": {"key": answer["seeker_key"]}}) == answer
    assert answer["radius_m"] == (seeker["radius_m"] or 3000.0)
    assert Matches.model_validate(answer).cursor == str(town.store.cursor())


def test_a_profile_has_the_matches_of_the_same_seeker(town):
    answer = town.match({"profile": PROFILE, "origin": PLACE}, "employer")
    seeker = PROFILE | NOBODY
    assert len(answer["matches"]) > 3
    assert told(answer) == expected(town, seeker, gm.MatchOptions())
    assert (answer["seeker_key"], answer["origin"]) == (None, {"kind": "point", "id": None})


def test_options_are_those_of_the_library_and_are_told_with_their_defaults(town):
    asked = {"radius_m": 5000, "limit": 4, "unknown_fails": ["occupation"], "weights": STRICT}
    answer = town.match({"profile": PROFILE, "origin": PLACE, "options": asked})
    options = gm.MatchOptions(
        radius_m=5000, limit=4, unknown_fails=["occupation"], weights=gm.matching.Weights(**STRICT)
    )
    assert told(answer) == expected(town, PROFILE | NOBODY, options)
    assert len(answer["matches"]) == 4
    assert answer["options"] == asked | {"radius_m": 5000.0, "basis": "geodesic", "on": str(TODAY)}
    usual = town.match({"profile": PROFILE, "origin": PLACE})["options"]
    assert usual["weights"]["closeness"] == 0.35
    assert (usual["limit"], usual["unknown_fails"]) == (20, [])


def test_another_day_is_that_of_the_library_and_needs_to_see_closed_jobs(town):
    body = {"profile": PROFILE, "origin": PLACE, "options": {"on": str(ON)}}
    answer = town.match(body)
    options = gm.MatchOptions(on=ON)
    assert told(answer) == expected(town, PROFILE | NOBODY, options)
    assert "J09" not in {one["job_id"] for one in told(answer)}
    early = town.match(body | {"options": {"on": "2024-06-01", "radius_m": 4000}})
    assert "J09" in {one["job_id"] for one in told(early)}
    refused = town.send("/v1/matches", body, "employer")
    assert refused.status_code == 403
    assert "records:read" in refused.json()["detail"]
    today = body | {"options": {"on": str(TODAY)}}
    assert told(town.match(today, "employer")) == told(town.match(body | {"options": {}}))


def test_a_few_matches_are_those_of_the_plain_twin(town):
    jobs = [one | {"updated_at": None} for one in town.jobs.to_pylist()]
    rows = plain.match(town.seekers("S1"), jobs, plain.PlainOptions(on=TODAY))
    answer = told(town.match({"seeker": {"id": "S1"}}))
    assert [one["job_id"] for one in answer] == [one["job_id"] for one in rows]
    for one, row in zip(answer, rows, strict=True):
        assert one["distance_m"] == pytest.approx(row["distance_m"], abs=1e-6)
        assert one["score"] == pytest.approx(row["score"], abs=1e-9)
        assert one["certainty"] == row["certainty"]


@pytest.mark.parametrize(
    ("origin", "frame"),
    [
        ({"station": "F1"}, {"id": "F1", "lon": 117.4, "lat": 32.931}),
        (
            {"household": "H1"},
            {"id": "H1", "lon": 117.39, "lat": 32.929, "location_accuracy_m": 50.0},
        ),
        ({"community": f"{AREA}001"}, {"code": f"{AREA}001", "area": SQUARE}),
    ],
)
def test_matches_around_an_origin_are_those_of_the_library(town, origin, frame):
    answer = town.match({"seeker": {"id": "S1"}, "origin": origin})
    (seeker,) = town.seekers("S1")
    around = expected(town, seeker, gm.MatchOptions(), around=Around(frame))
    assert told(answer) == around
    assert around
    ((kind, name),) = origin.items()
    assert answer["origin"] == {"kind": kind, "id": name}


def test_walks_are_those_of_the_library(town):
    answer = town.match({"profile": PROFILE, "origin": PLACE, "options": {"basis": "walking"}})
    options = gm.MatchOptions(basis="walking", network=network())
    assert told(answer) == expected(town, PROFILE | NOBODY, options)
    frame = gm.Matcher(town.jobs, options).match(PROFILE | NOBODY)
    foot = [one["on_foot"] for one in answer["matches"]]
    assert foot == frame[["straight_m", "seeker_snap_m", "job_snap_m"]].to_dict("records")


def test_each_match_says_what_its_conditions_compared(town):
    answer = town.match({"seeker": {"id": "S1"}, "origin": {"community": f"{AREA}001"}})
    around = Around({"code": f"{AREA}001", "area": SQUARE})
    matcher = gm.Matcher(town.jobs)
    (seeker,) = town.seekers("S1")
    for one in answer["matches"]:
        said = matcher.explain(seeker, one["job"]["id"], around=around).conditions
        assert one["conditions"] == [
            {
                name: getattr(each, name)
                for name in ("name", "chinese", "outcome", "seeker", "job", "rule")
            }
            for each in said
        ]
    silent = town.match({"seeker": {"id": "S1"}, "explain": False})
    assert {one["conditions"] for one in silent["matches"]} == {None}


def test_a_job_is_shown_as_its_record_has_it(town):
    first = town.match({"seeker": {"id": "S1"}})["matches"][0]["job"]
    assert first == {
        "id": "J00",
        "title": "营业员",
        "employer": "示例",
        "vacancies": 2,
        "wage": {"low_cny": 3200.0, "high_cny": 4000.0, "unit": "month"},
        "site": {"id": "W0", "name": "示例路0号", "lon": 117.38, "lat": 32.93},
    }


LACKING = {"profile": PROFILE, "origin": {"lon": 117.3978, "lat": 32.93}}


def test_who_has_no_match_is_told_what_stands_in_the_way(town):
    body = LACKING | {"options": {"radius_m": 500, "unknown_fails": ["vacancies"]}}
    answer = town.match(body)
    options = gm.MatchOptions(radius_m=500, unknown_fails=["vacancies"])
    place = {"id": "0", "location_accuracy_m": None, **LACKING["origin"]}
    found = gm.Matcher(town.jobs, options).shortfall(LACKING["profile"] | place)
    (row,) = found.seekers.to_dict("records")
    short = answer["shortfall"]
    assert (answer["reason"], answer["matches"]) == (row["reason"], [])
    assert short["in_circle"] == row["in_circle"]
    assert [
        (one["condition"], one["jobs"], one["nearest"]["id"], one["nearest_distance_m"])
        for one in short["near_misses"]
    ] == [tuple(one)[1:] for one in found.near_misses.itertuples(index=False)]
    missed = {one["condition"] for one in short["near_misses"]}
    assert missed == {"distance", "vacancies", "employer"}
    assert short["first_eligible"]["job"]["id"] == row["first_eligible_job_id"]
    assert short["first_eligible"]["distance_m"] == row["first_eligible_distance_m"]
    assert {one["radius_m"]: one["jobs"] for one in short["eligible_within"]} == {
        rung: row[f"eligible_within_{rung:g}_m"] for rung in gm.matching.LADDER_M
    }


def test_jobs_that_are_withheld_are_told_to_nobody_who_may_not_see_them(town):
    # J05 is of an employer who is not verified; J09 is closed.
    for number, condition in ((5, "employer"), (9, "open")):
        origin = {"lon": 117.38 + 0.003 * number, "lat": 32.93}
        body = {"profile": PROFILE, "origin": origin, "options": {"radius_m": 20}}
        seen, hidden = town.match(body), town.match(body, "employer")
        assert seen["reason"] == "none_eligible"
        assert [one["condition"] for one in seen["shortfall"]["near_misses"]] == [condition]
        assert hidden["reason"] == "none_in_circle"
        assert hidden["shortfall"]["in_circle"] == 0
        assert hidden["shortfall"]["near_misses"] == []
        assert f"J0{number}" not in str(hidden)


@pytest.mark.parametrize(
    ("metres", "radius_m", "seen", "hidden"),
    [
        ((0, 300), 400, "none_on_foot", "none_on_foot"),  # J00 is over the river
        ((1_403, 300), 310, "none_on_foot", "none_in_circle"),  # there is J05 alone
        ((1_403, -227), 400, "none_eligible", "none_on_foot"),  # of J04 to J06 it is in reach
        ((-3_000, -3_000), 4_300, "not_on_network", "not_on_network"),
        ((-3_000, -3_000), 360, "none_in_circle", "none_in_circle"),
    ],
)
def test_on_foot_the_reason_is_that_of_public_jobs(town, metres, radius_m, seen, hidden):
    lon, lat = lonlat(*metres)
    options = {"radius_m": radius_m, "basis": "walking"}
    body = {"profile": PROFILE, "origin": {"lon": lon, "lat": lat}, "options": options}
    told_all, told_public = town.match(body), town.match(body, "employer")
    assert (told_all["reason"], told_public["reason"]) == (seen, hidden)
    assert told_public["shortfall"]["in_circle"] == 0


def test_a_reason_beside_which_nothing_stands_in_the_way(town):
    for name, reason in (("S4", "not_registered"), ("S5", "no_location")):
        answer = town.match({"seeker": {"id": name}})
        assert (answer["reason"], answer["shortfall"]) == (reason, None)


RADII = st.floats(0.0, 6_000.0)


@settings(max_examples=15)
@given(
    st.tuples(RADII, RADII).map(sorted),
    st.sampled_from(["day", "night", "evening", "any", None]),
    st.floats(117.36, 117.44),
)
def test_matches_never_become_fewer_as_the_radius_grows(town, radii, shift, lon):
    body = {"profile": {"shift": shift}, "origin": {"lon": lon, "lat": 32.93}, "explain": False}
    less, more = (
        {
            one["job"]["id"]
            for one in town.match(body | {"options": {"radius_m": radius, "limit": 100}})["matches"]
        }
        for radius in radii
    )
    assert less <= more
