"""What changed in the matches since a place in the feed: as the library tells it, by keys."""

from __future__ import annotations

import pytest
from test_matching.stores import job, put, seeker

import geo_match as gm
from api.guards.allowances import allowance_of
from api.matches import changes as told
from geo_match.matching.changes import match_changes


def changes(town, after, **more):
    query = "".join(f"&{name}={value}" for name, value in more.items())
    answer = town.send(f"/v1/match-changes?after={after}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_pairs_are_those_of_the_library_with_keys_in_place_of_ids(own_town):
    store = own_town.store
    since = store.cursor()
    keys = store.keys("seekers", ["S1", "S2", "S3"])
    put(store, "jobs", job(id="J50", lon=117.381), job(id="J01", shift="night"))
    put(store, "seekers", seeker(id="S8", community=None))
    store.remove("seekers", ["S1"])
    answer = changes(own_town, since)
    found = match_changes(store, since, gm.MatchOptions(), audited=lambda read: read())
    keys |= store.keys("seekers", ["S8"])
    assert answer["pairs"] == [
        {
            "seeker_key": keys[row["seeker_id"]],
            "job_id": row["job_id"],
            "change": row["change"],
            "distance_m": row["distance_m"],
            "cause": row["cause"],
            "causes": row["causes"].split(","),
            "conditions": [one for one in row["conditions"].split(",") if one],
        }
        for row in found.pairs.to_dict("records")
    ]
    causes = {one["cause"] for one in answer["pairs"]}
    assert causes >= {"job_opened", "seeker_came", "seeker_left"}
    assert (answer["cursor"], answer["more"]) == (str(store.cursor()), False)
    (noted,) = own_town.noted()
    assert (noted["scope"], noted["count"] > 0) == ("feed:persons", True)


def test_pages_lead_from_one_place_to_the_next(own_town):
    store = own_town.store
    after = str(store.cursor())
    for number in range(3):
        put(store, "jobs", job(id=f"J6{number}", lon=117.381))
    entered, more = [], True
    while more:
        page = changes(own_town, after, limit=1)
        assert page["since"] == after
        entered.append(sorted({one["job_id"] for one in page["pairs"]}))
        after, more = page["cursor"], page["more"]
    assert entered == [["J60"], ["J61"], ["J62"]]
    assert changes(own_town, after)["pairs"] == []


@pytest.mark.parametrize("most", ["_MOST_REACHED", "_MOST_TOLD"])
def test_where_pairs_are_too_many_for_one_answer_it_goes_through_fewer_changes(
    own_town, monkeypatch, most
):
    store = own_town.store
    after = str(store.cursor())
    for number in range(3):
        put(store, "jobs", job(id=f"J6{number}", lon=117.381))
    whole = changes(own_town, after)
    one = changes(own_town, after, limit=1)
    monkeypatch.setattr(told, most, 5 if most == "_MOST_REACHED" else len(one["pairs"]))
    first = changes(own_town, after)
    assert (first["pairs"], first["cursor"], first["more"]) == (one["pairs"], one["cursor"], True)
    pairs, page = list(first["pairs"]), first
    while page["more"]:
        page = changes(own_town, page["cursor"])
        pairs += page["pairs"]
    order = ("seeker_key", "job_id")
    assert sorted(pairs, key=lambda one: [one[name] for name in order]) == sorted(
        whole["pairs"], key=lambda one: [one[name] for name in order]
    )
    monkeypatch.setattr(told, most, 1)
    refused = own_town.send(f"/v1/match-changes?after={after}")
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert fault["parameter"] == "radius_m"
    assert "Ask by a smaller one" in fault["detail"]


def test_one_is_answered_at_a_time(own_town):
    matchers = own_town.ask.app.state.matchers
    target = f"/v1/match-changes?after={own_town.store.cursor()}"
    with matchers.comparing():
        busy = own_town.send(target)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
    assert own_town.send(target).status_code == 200
    scope = {"method": "GET", "path": "/v1/match-changes"}
    assert allowance_of(scope).cost == 10


def test_a_radius_is_no_wider_than_a_city(town):
    target = f"/v1/match-changes?after={town.store.cursor()}"
    assert town.send(f"{target}&radius_m=20000").status_code == 200
    (fault,) = town.send(f"{target}&radius_m=20000.1").json()["errors"]
    assert (fault["parameter"], fault["detail"]) == (
        "radius_m",
        "must be a number of metres from 0 to 20000",
    )
    described = town.ask("/openapi.json").json()["paths"]["/v1/match-changes"]["get"]
    (about,) = (one["schema"] for one in described["parameters"] if one["name"] == "radius_m")
    assert (about["maximum"], about["default"]) == (20_000, 3_000)


def test_a_place_that_the_feed_has_not_is_gone(town):
    head = town.store.cursor()
    for cursor, status in (
        (f"{head.epoch}-{head.seq + 1}", 410),
        (f"{'a' * 32}-1", 410),
        ("x", 422),
    ):
        assert town.send(f"/v1/match-changes?after={cursor}").status_code == status
    assert town.send("/v1/match-changes").status_code == 422
    for wrong in ("limit=0", "limit=1001", "limit=1.5", "radius_m=x", "basis=x", "colour=red"):
        assert town.send(f"/v1/match-changes?after={head}&{wrong}").status_code == 422


@pytest.mark.parametrize("role", ["community", "operator", "planner", "supervisor"])
def test_the_changes_of_the_whole_city_are_for_who_follows_the_feed_of_persons(town, role):
    assert (
        town.send(f"/v1/match-changes?after={town.store.cursor()}", None, role).status_code == 403
    )
