"""`GET /v1/changes` tells every change once: all of what is public, next to nothing of persons."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from sqlalchemy import update
from test_api.test_feed.conftest import JOB, PHONE, lines_of, people, stations

from api.access.scopes import ROLE_SCOPES
from api.feed import page
from geo_match.records import RECORDS
from geo_match.store import AuditError, AuditLog
from geo_match.store.schema.tables import FEED

URN = "urn:geo-match:problem:"


def fill(store):
    """Write five changes: two of stations, two of persons, one of a job."""
    store.put("stations", stations("A", "B"))
    store.put("seekers", people("P1", "P2"))
    store.put("jobs", pa.table(JOB))


def test_each_change_has_a_line_with_a_place_to_go_on_from(fed):
    fill(fed.store)
    lines, cursor = fed.changes()
    assert [one["seq"] for one in lines] == [1, 2, 3, 4, 5]
    assert [one["kind"] for one in lines] == ["stations"] * 2 + ["seekers"] * 2 + ["jobs"]
    assert cursor == lines[-1]["cursor"] == str(fed.store.cursor())
    for at, line in enumerate(lines):
        assert fed.changes(after=line["cursor"]) == (lines[at + 1 :], cursor)
    moments = [one.committed_at.isoformat() + "Z" for one in fed.store.changes()]
    assert [one["committed_at"] for one in lines] == moments


def test_what_is_public_is_told_as_its_record_writes_it(fed):
    fill(fed.store)
    lines, _ = fed.changes(kinds="jobs,stations")
    assert [one["id"] for one in lines] == ["A", "B", "J1"]
    for line in lines:
        assert line.keys() == {"cursor", "seq", "committed_at", "kind", "op", "id", "record"}
        filled = {name: value for name, value in line["record"].items() if value is not None}
        told = RECORDS[line["kind"]].model_validate(filled).model_dump(mode="json")
        assert {name: told[name] for name in filled} == filled
        assert told.keys() == line["record"].keys()


def test_of_what_is_gone_it_tells_why_and_what_it_was_and_where(fed):
    fill(fed.store)
    _, before = fed.changes()
    gone = fed.ask("/v1/jobs/J1", method="DELETE", params={"reason": "已招满"})
    assert gone.json()["outcome"] == "removed"
    (line,), _ = fed.changes(after=before)
    told = {name: line[name] for name in line.keys() - {"cursor", "seq", "committed_at"}}
    assert told == {
        "kind": "jobs",
        "op": "remove",
        "id": "J1",
        "reason": "已招满",
        "occupation": "4010201",
        "occupation_version": "2022",
        "employer_id": "E1",
        "site_id": "S1",
        "lon": 117.38,
        "lat": 32.92,
    }


def test_of_persons_it_tells_the_key_alone_also_of_who_was_erased(fed):
    fed.store.put("seekers", people("P1", "P2"))
    keys = fed.store.keys("seekers", ["P1", "P2"])
    for who, reason in (("P1", "迁往示例镇"), ("P2", "erasure&request=2026-17")):
        assert fed.ask(f"/v1/seekers/{who}?reason={reason}", method="DELETE").status_code == 200
    answer = fed.ask("/v1/changes")
    for private in ("王建国", PHONE, '"P1"', '"P2"', "示例镇", "2026-17", "reason"):
        assert private not in answer.text
    always = {"cursor", "seq", "committed_at", "kind", "op", "key"}
    put, also_put, removed, erased = lines_of(answer)
    assert [put["key"], also_put["key"]] == [keys["P1"], keys["P2"]]
    assert put.keys() == also_put.keys() == removed.keys() == erased.keys() == always
    assert (removed["key"], removed["op"]) == (keys["P1"], "remove")
    assert (erased["key"], erased["op"]) == (keys["P2"], "erase")


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_any_size_are_the_whole_and_the_link_leads_on(fed, limit):
    fill(fed.store)
    whole, last = fed.changes(kinds="stations,jobs")
    target, found = f"/v1/changes?kinds=jobs,stations&limit={limit}", []
    while True:
        answer = fed.ask(target)
        lines = lines_of(answer)
        assert len(lines) <= limit
        if not lines:
            break
        found += lines
        target = answer.headers["link"].removeprefix("<").removesuffix('>; rel="next"')
    assert found == whole
    assert answer.headers["geo-match-cursor"] == last


def test_who_may_not_hear_of_persons_hears_of_the_rest_and_the_cursor_goes_on(fed, monkeypatch):
    fill(fed.store)
    whole, _ = fed.changes()
    scopes = ROLE_SCOPES["integration"] - {"feed:persons"}
    monkeypatch.setitem(ROLE_SCOPES, "integration", scopes)
    assert fed.changes() == ([whole[0], whole[1], whole[4]], str(fed.store.cursor()))
    _, cursor = fed.store.put("households", pa.table({"id": ["H1"], "located_by": ["none"]}))
    assert fed.changes(after=whole[4]["cursor"]) == ([], str(cursor))
    for target in ("/v1/changes?kinds=jobs,households", "/v1/snapshot?kinds=seekers"):
        problem = fed.ask.problem(target)
        assert (problem["status"], problem["type"]) == (403, f"{URN}scope-missing")
        assert "feed:persons" in problem["detail"]


def test_a_place_from_which_nothing_can_be_followed_is_gone(fed):
    fill(fed.store)
    cursor = fed.store.cursor()
    fed.store.put("stations", stations("A", staff=2))
    fed.store.forget_before(cursor)
    for after, kind in (
        (f"{'0' * 32}-1", "other-epoch"),
        (f"{cursor.epoch}-7", "cursor-beyond-head"),
        (f"{cursor.epoch}-999999999999999999", "cursor-beyond-head"),
        (f"{cursor.epoch}-4", "changes-gone"),
        (None, "changes-gone"),
    ):
        query = "" if after is None else f"?after={after}&wait_s=5"
        problem = fed.ask.problem(f"/v1/changes{query}")
        assert (problem["status"], problem["type"]) == (410, URN + kind)
        assert "`GET /v1/snapshot`" in problem["detail"]
    assert [one["seq"] for one in fed.changes(after=cursor)[0]] == [6]


@pytest.mark.parametrize(
    "query",
    [
        *("after=", "after=x", "after=1", "after=a-b", "after=%00-1", f"after=a-{'9' * 5_000}"),
        *("kinds=", "kinds=birds", "kinds=jobs,jobs", "kinds=jobs,", "kinds=jobs%20"),
        *("limit=0", "limit=10001", "limit=1.0", "limit=true"),
        *("wait_s=-1", "wait_s=31", "wait_s=NaN", "wait_s=1e999"),
        *("limit=1&limit=1", "before=1"),
    ],
)
def test_what_is_no_question_is_refused_by_the_name_of_the_parameter(fed, query):
    problem = fed.ask.problem(f"/v1/changes?{query}")
    assert problem["status"] == 422
    assert [fault["parameter"] for fault in problem["errors"]] == [query.partition("=")[0]]


def test_an_answer_ends_after_some_bytes_or_some_changes_of_whatever_kind(fed, monkeypatch):
    fill(fed.store)
    whole, _ = fed.changes()
    with monkeypatch.context() as small:
        small.setattr(page, "_MOST_BYTES", 1)
        assert fed.changes(after=whole[0]["cursor"]) == ([whole[1]], whole[1]["cursor"])
    monkeypatch.setattr(page, "_MOST_NUMBERS", 2)
    found, cursor = [], whole[0]["cursor"]
    for expected in (3, 5):
        lines, cursor = fed.changes(after=cursor, kinds="jobs", wait_s=30)
        assert cursor.endswith(f"-{expected}")
        found += lines
    assert found == [whole[4]]


def test_who_reads_of_how_many_persons_is_noted_before_they_are_told(fed, monkeypatch):
    fill(fed.store)
    fed.store.remove("seekers", ["P1"])
    now = dt.datetime.now(dt.UTC)
    fed.changes(kinds="jobs")
    assert fed.reads(now) == []
    fed.changes()
    (key,) = fed.store.api_keys.list()
    who = {"who": f"integration {key.id}", "scope": "feed:persons"}
    assert fed.reads(now) == [{**who, "purpose": "变更同步", "count": 2}]

    def fail(*_):
        raise AuditError("audit", "take an entry", "a full disk")

    monkeypatch.setattr(AuditLog, "note", fail)
    problem = fed.ask.problem("/v1/changes")
    assert problem["status"] == 503
    assert [one["seq"] for one in fed.changes(kinds="stations")[0]] == [1, 2]


def test_answers_that_name_persons_are_kept_nowhere(fed):
    assert fed.ask("/v1/changes").headers["cache-control"] == "no-store"


def test_a_restored_store_is_another_epoch(fed):
    fill(fed.store)
    _, cursor = fed.changes()
    epoch = update(FEED).values(epoch="f" * 32)
    fed.store.database.write(lambda connection: connection.execute(epoch))
    assert fed.ask.problem(f"/v1/changes?after={cursor}")["type"] == f"{URN}other-epoch"
