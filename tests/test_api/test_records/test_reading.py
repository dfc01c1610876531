"""Records read: one as it is and was, and all of them page by page; persons' are audited."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_api.test_records.conftest import ELSEWHERE, HERE

from geo_match.store import AuditLog, StoreError

PERSON = {"id": "P-1", "community": HERE, "registered_on": "2025-01-02", "closed_on": "2025-03-01"}


def test_a_record_is_read_as_it_was_known_at_a_cursor_or_a_moment(records):
    first = records.put("employers", {"id": "E-1", "name": "旧名"}).json()["cursor"]
    between = dt.datetime.now(dt.UTC)
    records.put("employers", {"id": "E-1", "name": "新名"})
    target = "/v1/employers/E-1"
    assert records.get(target).json()["name"] == "新名"
    assert records.get(f"{target}?as_of={first}").json()["name"] == "旧名"
    # A commit is dated milliseconds before it is seen.
    moment = between.isoformat().replace("+00:00", "Z")
    assert records.get(f"{target}?as_of={moment}").json()["name"] == "旧名"
    before = first.rpartition("-")[0] + "-1"
    assert records.get(f"{target}?as_of={before}").status_code == 404
    assert "etag" not in records.get(f"{target}?as_of={first}").headers
    for wrong in (
        "2025-03-01",
        "2025-03-01T12:00:00",
        "x",
        "2025-13-01T12:00:00Z",
        "2999-01-01T00:00:00Z",
    ):
        assert records.get(f"{target}?as_of={wrong}").status_code == 422
    beyond = first.rpartition("-")[0] + "-99999"
    assert records.get(f"{target}?as_of={beyond}").status_code == 410


def test_a_record_is_found_on_a_day_on_which_it_holds(records):
    records.put("seekers", PERSON | {"id": "P-on"})
    for day, status in (
        *(("2025-01-01", 404), ("2025-01-02", 200), ("2025-02-28", 200), ("2025-03-01", 404)),
        *(("2025-02-29", 422), ("20250228", 422)),
    ):
        assert records.get(f"/v1/seekers/P-on?on={day}").status_code == status


def test_what_has_not_changed_is_not_sent_again(records):
    tag = records.put("employers", {"id": "E-2", "name": "示例厂"}).headers["etag"]
    target = "/v1/employers/E-2"
    for known in (tag, f'"x", W/{tag}', "*"):
        same = records.get(target, headers={"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    records.put("employers", {"id": "E-3", "name": "另一厂"})  # another's change
    assert records.get(target, headers={"If-None-Match": tag}).status_code == 304
    records.put("employers", {"id": "E-2", "name": "新名"})
    assert records.get(target, headers={"If-None-Match": tag}).status_code == 200


def test_a_person_is_read_by_the_key_that_the_feed_names(records):
    records.put("seekers", PERSON | {"id": "P-key"})
    with records.store() as store:
        key = store.keys("seekers", ["P-key"])["P-key"]
    assert records.get(f"/v1/seekers/{key}?by=key").json()["id"] == "P-key"
    assert records.get(f"/v1/seekers/{key}").status_code == 404
    assert records.get("/v1/seekers/P-key?by=key").status_code == 404
    assert records.get(f"/v1/seekers/{key}?by=name").status_code == 422


def test_each_read_of_a_person_is_noted_and_none_is_answered_without(make, monkeypatch):
    records = make()
    records.put("seekers", PERSON)
    records.put("employers", {"id": "E-1", "name": "示例厂"})
    records.get("/v1/employers/E-1")
    assert records.audited() == []
    records.get("/v1/seekers/P-1?purpose=核对")
    records.get("/v1/seekers/P-2")
    records.get("/v1/seekers", "community")
    with records.store() as store:
        key = {one.role: one.id for one in store.api_keys.list()}
    told = [(one["who"], one["purpose"], one["scope"], one["count"]) for one in records.audited()]
    operator, community = f"operator {key['operator']}", f"community {key['community']}"
    assert told == [
        (operator, "核对", "persons:read", 1),
        (operator, "records", "persons:read", 0),
        (community, "records", "persons:read", 1),
    ]

    def fail(*_):
        raise StoreError("audit", "take an entry", "none")

    monkeypatch.setattr(AuditLog, "note", fail)
    for target in ("/v1/seekers/P-1", "/v1/seekers"):
        answer = records.get(target)
        assert answer.status_code == 503
        assert "P-1" not in answer.text


@pytest.mark.parametrize(
    ("role", "status"),
    [("supervisor", 200), ("planner", 403), ("employer", 403), ("administrator", 403), (None, 401)],
)
def test_persons_are_read_by_who_has_the_scope(records, role, status):
    records.put("seekers", PERSON)
    assert records.get("/v1/seekers/P-1", role).status_code == status
    assert records.get("/v1/seekers", role).status_code == status


def walk(records, kind, role="operator", query="", *, between=lambda: None):
    """Yield the pages of a kind; do something between two."""
    target = f"/v1/{kind}{query}"
    while target is not None:
        answer = records.get(target, role)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield page
        link = answer.headers.get("link")
        assert link == (page["next"] and f'<{page["next"]}>; rel="next"')
        assert answer.headers["geo-match-cursor"] == page["cursor"]
        target = page["next"]
        between()


def ids_of(pages):
    return [one["id"] for page in pages for one in page["records"]]


@pytest.fixture(scope="module")
def many(make):
    """Stations and seekers with ids of many forms, some of them in another's area."""
    records = make()
    names = [f"A-{at:02}" for at in range(12)] + ["一", "二 三", "z", "Z", "0", "a+b&c=d", "ä"]
    lines = "".join(f"{name},{HERE if at % 3 else ELSEWHERE}\n" for at, name in enumerate(names))
    assert records.load("stations", f"id,community\n{lines}").json()["accepted"] == len(names)
    assert records.load("seekers", f"id,community\n{lines}").json()["accepted"] == len(names)
    spells = "".join(f"L{at},{name},employed,2025-01-02\n" for at, name in enumerate(names))
    assert records.load("spells", f"id,person,status,start\n{spells}").json()["rejected"] == 0
    return records, names


@settings(max_examples=12, deadline=None)
@given(limit=st.integers(1, 25))
def test_the_pages_together_are_all_records_once_each_in_the_order_of_their_ids(many, limit):
    records, names = many
    pages = list(walk(records, "stations", query=f"?limit={limit}"))
    assert ids_of(pages) == sorted(names)
    assert {page["total"] for page in pages} == {len(names)}
    assert all(len(page["records"]) == limit for page in pages[:-1])


def test_what_is_written_between_two_pages_moves_no_record(make):
    records = make()
    names = [f"W{at:02}" for at in range(10)]
    lines = "\n".join(names)
    assert records.load("stations", f"id\n{lines}\n").json()["accepted"] == 10
    written = iter(["W00a", "W035", "W99", "A", "W05", "W071", "B"])

    def write():
        if (name := next(written, None)) == "W05":  # on the page that follows, at most
            records.delete("/v1/stations/W05?reason=x")
        elif name is not None:
            records.put("stations", {"id": name})

    seen = ids_of(walk(records, "stations", query="?limit=3", between=write))
    assert seen == sorted(set(seen))
    assert set(names) - {"W05"} <= set(seen)
    assert not {"W00a", "A", "B"} & set(seen)  # before the place that was reached
    assert "W99" in seen


def test_pages_of_a_community_have_its_records_alone(many):
    records, names = many
    here = {name for at, name in enumerate(names) if at % 3}
    for kind in ("stations", "seekers"):
        for query in (f"?community={HERE}&limit=5", "?community=340302&limit=4"):
            pages = list(walk(records, kind, query=query))
            assert set(ids_of(pages)) == here
            assert {page["total"] for page in pages} == {len(here)}
    assert records.get("/v1/stations?community=x").status_code == 422
    assert records.get("/v1/employers?community=34").status_code == 422


def test_an_office_pages_through_the_persons_of_its_own_area(many):
    records, names = many
    here = {name for at, name in enumerate(names) if at % 3}
    assert set(ids_of(walk(records, "seekers", "community", "?limit=4"))) == here
    spells = ids_of(walk(records, "spells", "community", "?limit=4"))
    assert {names[int(one[1:])] for one in spells} == here
    assert len(ids_of(walk(records, "stations", "community"))) == len(names)  # public
    assert records.get(f"/v1/seekers?community={ELSEWHERE}", "community").status_code == 403
    assert records.get("/v1/seekers?community=34", "community").status_code == 403


def test_jobs_are_paged_beside_the_jobs_around_a_place(records):
    page = records.get("/v1/jobs:records").json()
    assert [one["id"] for one in page["records"]] == ["J1"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "after=%00", "after=AA", "after=*", "x=1"]
)
def test_a_page_that_is_none_is_refused(records, query):
    assert records.get(f"/v1/stations?{query}").status_code == 422


def test_a_server_of_a_file_has_no_records(ask):
    problem = ask.problem("/v1/employers/E1", headers={"Authorization": "Bearer x"})
    assert problem["status"] in {401, 404}
    assert ask.problem("/v1/stations")["status"] in {401, 404}


def test_a_description_says_what_each_answer_is(records):
    paths = records.get("/openapi.json", None).json()["paths"]
    mine = [
        about for path in paths.values() for about in path.values() if about["tags"] == ["records"]
    ]
    assert len(mine) == 9 * 5
    for about in mine:
        assert about["summary"]
        assert about["description"]
        assert re.fullmatch(r"(get|list|put|delete|import)_[a-z]+", about["operationId"])
