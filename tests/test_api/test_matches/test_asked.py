"""What a request for matches may say, and what is refused, by a pointer and without its value."""

from __future__ import annotations

import pytest
from test_api.test_matches.conftest import AREA, PLACE, PROFILE, SQUARE
from test_matching.stores import put

from api.matches.profile import MOST_RADIUS_M, Profile
from geo_match.matching.given.columns import SEEKERS, SPECS

BODY = {"profile": PROFILE, "origin": PLACE}
OF_A_RECORD = {"id", "lon", "lat", "location_accuracy_m", "registered_on", "closed_on"}


def test_a_profile_has_the_fields_that_matching_reads_of_a_seeker_and_no_others():
    assert set(Profile.model_fields) == set(SEEKERS.names) - OF_A_RECORD


def test_a_profile_has_the_words_and_bounds_of_the_record():
    schema = Profile.model_json_schema()["properties"]
    for name, spec in SPECS["seekers"].items():
        if name not in schema:
            continue
        parts = schema[name].get("anyOf", [schema[name]])
        said = parts[0].get("items", parts[0])
        if spec.about.choices is not None:
            assert said["enum"] == list(spec.about.choices), name
        if spec.least is not None:
            # Of a circle no more is asked than of any other.
            most = MOST_RADIUS_M if name == "radius_m" else spec.most
            assert (said["minimum"], said["maximum"]) == (spec.least, most), name


@pytest.mark.parametrize(
    ("pointer", "change"),
    [
        ("/options/radius_m", {"options": {"radius_m": True}}),
        ("/options/radius_m", {"options": {"radius_m": "3000"}}),
        ("/options/radius_m", {"options": {"radius_m": 20_001}}),
        ("/profile/radius_m", {"profile": {"radius_m": 20_001}}),
        ("/options/radius_m", {"options": {"radius_m": -1}}),
        ("/options/limit", {"options": {"limit": 3.5}}),
        ("/options/limit", {"options": {"limit": 101}}),
        ("/options/limit", {"options": {"limit": 0}}),
        ("/options/on", {"options": {"on": "2025-02-30"}}),
        ("/options/on", {"options": {"on": 20250203}}),
        ("/options/on", {"options": {"on": "1970-01-01"}}),
        ("/options/basis", {"options": {"basis": "flying"}}),
        ("/options/unknown_fails/0", {"options": {"unknown_fails": ["luck"]}}),
        ("/options/weights", {"options": {"weights": dict.fromkeys(
            ["closeness", "occupation", "wage", "education", "freshness"], 0)}}),
        ("/options/weights/priority", {"options": {"weights": {"priority": 1}}}),
        ("/options/conditions", {"options": {"conditions": ["distance"]}}),
        ("/profile/birth_year", {"profile": {"birth_year": "1984"}}),
        ("/profile/birth_year", {"profile": {"birth_year": True}}),
        ("/profile/wage_floor_cny", {"profile": {"wage_floor_cny": 2500.5}}),
        ("/profile/occupation", {"profile": {"occupation": ""}}),
        ("/profile/certificates/0", {"profile": {"certificates": ["110101199003070038"]}}),
        ("/profile/phone", {"profile": {"phone": "13800138000"}}),
        ("/profile/id", {"profile": {"id": "S1"}}),
        ("/origin/lon", {"origin": {"lon": "117.38", "lat": 32.92}}),
        ("/origin/lat", {"origin": {"lon": 32.92, "lat": 117.38}}),
        ("/origin", {"origin": {"lon": 117.38}}),
        ("/origin", {"origin": {}}),
        ("/origin", {"origin": PLACE | {"station": "F1"}}),
        ("/origin/community", {"origin": {"community": "340302001"}}),
        ("/origin/community", {"origin": {"community": "340302001999"}}),
        ("/origin/community", {"origin": {"community": "340303001001"}}),
        ("/origin/community", {"origin": {"community": "340302001001"},
                               "options": {"basis": "walking"}}),
        ("/origin/station", {"origin": {"station": "F9"}}),
        ("/origin/station", {"origin": {"station": "F2"}}),
        ("/origin/radius", {"origin": {"radius": 1}}),
        ("/seeker", {"seeker": {"id": "S1", "key": "0" * 32}, "profile": None, "origin": None}),
        ("/seeker", {"seeker": {}, "profile": None, "origin": None}),
        ("/seeker/key", {"seeker": {"key": "S1"}, "profile": None, "origin": None}),
        ("body", {"seeker": {"id": "S1"}}),
        ("body", {"profile": None}),
        ("body", {"origin": None}),
        ("body", {"origin": {"household": "H1"}}),
        ("/explain", {"explain": "yes"}),
        ("/colour", {"colour": "red"}),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_named_by_its_pointer(town, pointer, change):
    answer = town.send("/v1/matches", BODY | change)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert pointer in {fault["parameter"] for fault in problem["errors"]}
    assert {fault["value"] for fault in problem["errors"]} == {None}
    assert "13800138000" not in answer.text
    assert "199003070038" not in answer.text


def test_a_community_is_found_by_the_code_that_it_had_before_unless_several_had_it(own_town):
    old, split = f"{AREA}101", f"{AREA}102"
    for number, before in enumerate((old, split, split), start=11):
        row = {"id": f"{AREA}0{number}", "name": "示例社区", "area": SQUARE}
        put(own_town.store, "communities", row | {"previous_code": before})
    told = own_town.match(BODY | {"origin": {"community": old}})
    now = own_town.match(BODY | {"origin": {"community": f"{AREA}011"}})
    assert told["origin"] == {"kind": "community", "id": f"{AREA}011"}
    assert told == now
    assert told["matches"]
    refused = own_town.send("/v1/matches", BODY | {"origin": {"community": split}})
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert (fault["parameter"], fault["value"]) == ("/origin/community", None)
    assert f"Ask for one of {AREA}012, {AREA}013." in fault["detail"]


def test_a_radius_of_0_and_a_coordinate_of_0_are_what_they_say(town):
    at_0 = town.match({"profile": {}, "origin": {"lon": 0, "lat": 0}, "options": {"radius_m": 0}})
    assert at_0["reason"] == "none_in_circle"
    at_j00 = town.match({"profile": PROFILE, "origin": PLACE, "options": {"radius_m": 0}})
    assert [one["job"]["id"] for one in at_j00["matches"]] == ["J00"]
    assert at_j00["matches"][0]["distance_m"] == 0.0


def test_a_server_of_a_file_has_no_seekers(ask):
    for path in ("/v1/matches", "/v1/matches?min_cursor=ab-1"):
        assert ask.problem(path, method="POST", json=BODY)["status"] == 404
