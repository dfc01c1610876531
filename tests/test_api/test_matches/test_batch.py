"""A batch: each item as a request of its own, in its place, whatever becomes of the others."""

from __future__ import annotations

from test_api.test_matches.conftest import AREA, PLACE, PROFILE

from api.matches.schemas import BatchMatches

ITEMS = [
    {"seeker": {"id": "S1"}},
    {"seeker": {"id": "S9"}},
    {"profile": {"shift": 3}, "origin": PLACE},
    7,
    {"profile": PROFILE, "origin": PLACE},
    {"profile": PROFILE, "origin": {"station": "F9"}},
    {"seeker": {"id": "S3"}, "origin": {"community": f"{AREA}001"}},
    {"profile": PROFILE, "origin": {"community": f"{AREA}001"}},
    {"seeker": {"id": "S3"}},
]
STATUSES = [200, 404, 422, 422, 200, 422, 200, 200, 200]


def test_each_item_is_answered_as_alone_and_in_its_place(town):
    answer = town.send("/v1/matches:batch", {"items": ITEMS, "explain": True})
    told = answer.json()
    assert answer.status_code == 200
    assert [one["status"] for one in told["items"]] == STATUSES
    assert told["failed"] == 4
    for item, one in zip(ITEMS, told["items"], strict=True):
        assert (one["answer"] is None) == (one["status"] != 200)
        assert (one["problem"] is None) == (one["status"] == 200)
        if one["answer"] is not None:
            alone = town.match(item)
            assert one["answer"] == {name: alone[name] for name in one["answer"]}
    BatchMatches.model_validate(told)


def test_what_is_wrong_is_named_by_pointers_into_the_whole_body(town):
    told = town.send("/v1/matches:batch", {"items": ITEMS}).json()["items"]
    names = [
        [fault["parameter"] for fault in (one["problem"] or {}).get("errors") or []] for one in told
    ]
    assert names[2] == ["/items/2/profile/shift"]
    assert names[3] == ["/items/3"]
    assert names[5] == ["/items/5/origin/station"]


def test_items_that_the_caller_may_not_ask_do_not_fail_the_others(town):
    body = {"items": [{"seeker": {"id": "S1"}}, {"seeker": {"id": "S2"}}]}
    told = town.send("/v1/matches:batch", body, "community").json()["items"]
    assert [one["status"] for one in told] == [200, 404]


def test_a_batch_is_for_who_matches_seekers(town):
    body = {"items": [{"profile": PROFILE, "origin": PLACE}]}
    assert town.send("/v1/matches:batch", body, "employer").status_code == 403
    assert town.send("/v1/matches:batch", body, "operator").status_code == 200


def test_a_batch_has_bounds(town):
    item = {"profile": {}, "origin": PLACE}
    for body, pointer in (
        ({"items": []}, "/items"),
        ({"items": [item] * 1_001}, "/items"),
        ({"items": [item] * 201, "options": {"limit": 100}}, "/options/limit"),
        ({"items": [item], "options": {"limit": "3"}}, "/options/limit"),
        ({}, "/items"),
    ):
        problem = town.send("/v1/matches:batch", body)
        assert problem.status_code == 422
        assert [fault["parameter"] for fault in problem.json()["errors"]] == [pointer]
