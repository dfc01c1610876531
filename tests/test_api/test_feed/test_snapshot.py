"""`GET /v1/snapshot` has all records of one moment; the changes after it lead to any later one."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import threading
import time

import pyarrow as pa
import pytest
from test_api.test_feed.conftest import JOB, PHONE, client_of, lines_of, people, stations

from api.access.scopes import ROLE_SCOPES
from api.feed.taking import MOST_SNAPSHOTS
from api.guards.allowances import allowance_of
from geo_match.records import RECORDS
from geo_match.store import AuditError, AuditLog, Store

PERSONS = {"households", "seekers", "spells", "services"}


def test_it_stands_between_a_line_that_says_what_comes_and_one_that_says_it_came(fed):
    fed.store.put("stations", stations("B", "A"))
    fed.store.put("seekers", people("P1", "P2"))
    _, cursor = fed.store.put("jobs", pa.table(JOB))
    answer = fed.ask("/v1/snapshot")
    first, *records, last = fed.snapshot()
    moment = fed.store.head().committed_at.isoformat() + "Z"
    counts = dict.fromkeys(RECORDS, 0) | {"stations": 2, "seekers": 2, "jobs": 1}
    assert first == {
        "snapshot": "begins",
        "cursor": str(cursor),
        "committed_at": moment,
        "counts": counts,
    }
    assert last == {"snapshot": "complete", "cursor": str(cursor), "count": 5}
    keys = sorted(fed.store.keys("seekers", ["P1", "P2"]).values())
    assert records[:2] == [{"kind": "seekers", "key": key} for key in keys]
    put = {(one["kind"], one["id"]): one["record"] for one in fed.changes()[0] if "id" in one}
    order = [("jobs", "J1"), ("stations", "A"), ("stations", "B")]
    assert records[2:] == [
        {"kind": kind, "id": id_, "record": put[kind, id_]} for kind, id_ in order
    ]
    assert answer.headers["geo-match-cursor"] == str(cursor)
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["cache-control"] == "no-store"
    assert PHONE not in answer.text


def test_some_kinds_may_be_asked_for_and_persons_by_who_may(fed, monkeypatch):
    fed.store.put("stations", stations("A"))
    fed.store.put("seekers", people("P1"))
    assert fed.snapshot(kinds="stations,sites")[0]["counts"] == {"sites": 0, "stations": 1}
    monkeypatch.setitem(ROLE_SCOPES, "integration", ROLE_SCOPES["integration"] - {"feed:persons"})
    now = dt.datetime.now(dt.UTC)
    first, *_, last = fed.snapshot()
    assert (first["counts"].keys(), last["count"]) == (RECORDS.keys() - PERSONS, 1)
    assert fed.reads(now) == []


def test_who_has_the_newest_is_not_sent_it_again(fed):
    fed.store.put("stations", stations("A"))
    answer = fed.ask("/v1/snapshot?kinds=stations,jobs")
    tag, cursor = answer.headers["etag"], answer.headers["geo-match-cursor"]
    now = dt.datetime.now(dt.UTC)
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        same = fed.ask("/v1/snapshot?kinds=jobs,stations", headers={"If-None-Match": known})
        assert (same.status_code, same.content) == (304, b"")
        assert (same.headers["etag"], same.headers["geo-match-cursor"]) == (tag, cursor)
    assert fed.reads(now) == []
    for kinds, known in (("jobs", tag), ("jobs,stations", tag.strip('"')), ("jobs,stations", '""')):
        target = f"/v1/snapshot?kinds={kinds}"
        assert fed.ask(target, headers={"If-None-Match": known}).status_code == 200
    fed.store.put("stations", stations("A", staff=2))
    newer = fed.ask("/v1/snapshot?kinds=stations,jobs", headers={"If-None-Match": tag})
    assert newer.status_code == 200
    assert newer.headers["etag"] != tag


def test_how_many_persons_it_names_is_noted_before_it_is_sent(fed, monkeypatch):
    fed.store.put("seekers", people("P1", "P2"))
    fed.store.put("stations", stations("A"))
    now = dt.datetime.now(dt.UTC)
    fed.snapshot(kinds="stations")
    fed.snapshot(kinds="stations,seekers")
    (read,) = fed.reads(now)
    assert (read["purpose"], read["scope"], read["count"]) == ("全量同步", "feed:persons", 2)

    def fail(*_):
        raise AuditError("audit", "take an entry", "a full disk")

    monkeypatch.setattr(AuditLog, "note", fail)
    assert fed.ask.problem("/v1/snapshot")["status"] == 503


def test_few_are_taken_at_a_time_and_each_gives_its_place_back(fed, monkeypatch):
    fed.store.put("seekers", people("P1"))
    tag = fed.ask("/v1/snapshot").headers["etag"]
    places = fed.app.state.snapshots
    for _ in range(MOST_SNAPSHOTS):
        assert places.acquire(blocking=False)
    full = fed.ask("/v1/snapshot")
    assert (full.status_code, full.headers["retry-after"]) == (503, "5")
    assert full.json()["type"] == "urn:geo-match:problem:server-busy"
    assert fed.ask("/v1/snapshot", headers={"If-None-Match": tag}).status_code == 304
    places.release(MOST_SNAPSHOTS)

    def fail(*_):
        raise AuditError("audit", "take an entry", "a full disk")

    for _ in range(MOST_SNAPSHOTS + 1):
        fed.snapshot()
    with monkeypatch.context() as patch:
        patch.setattr(AuditLog, "note", fail)
        for _ in range(MOST_SNAPSHOTS + 1):
            assert "retry-after" not in fed.ask("/v1/snapshot").headers
    fed.snapshot()


def test_a_snapshot_counts_as_ten_requests():
    scope = {"type": "http", "method": "GET", "path": "/v1/snapshot"}
    assert allowance_of(scope).cost == 10


def identity(line):
    return line["kind"], line.get("id", line.get("key"))


def records_of(lines):
    """Return the records of a whole snapshot by their names, and its cursor."""
    first, *records, last = lines
    assert (first["snapshot"], last["snapshot"]) == ("begins", "complete")
    assert len(records) == last["count"] == sum(first["counts"].values())
    held = {identity(line): line.get("record") for line in records}
    assert len(held) == len(records)
    return held, last["cursor"]


def write(path, seed):
    """Put, change and remove records of several kinds at random."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    with Store.open(path) as store:
        for _ in range(25):
            ids = sorted({f"{seed}-{chance.randrange(9)}" for _ in range(3)})
            n = len(ids)
            match chance.randrange(5):
                case 0:
                    store.put("stations", stations(*ids, staff=chance.randrange(9)))
                case 1:
                    store.put("seekers", people(*ids))
                case 2:
                    titles = [chance.choice("甲乙丙") for _ in ids]
                    store.put("jobs", pa.table({"id": ids, "title": titles}))
                case 3:
                    store.remove(chance.choice(["stations", "jobs", "seekers"]), ids)
                case 4:
                    seen = pa.table({"id": ids, "verified": [chance.random() < 0.5] * n})
                    store.apply("sites", seen, source="sites.csv")


def apply(lines, held):
    """Apply changes to records that are held by their names."""
    for line in lines:
        if line["op"] == "put":
            held[identity(line)] = line.get("record")
        else:
            del held[identity(line)]  # it was there


async def follow(fed, writers, limit):
    """Return what a follower holds once the writers have ended, and its cursor."""
    async with client_of(fed) as client:
        snapshot = await client.get("/v1/snapshot")
        held, cursor = records_of(lines_of(snapshot))
        lines, are_writing = [], True
        while lines or are_writing:
            are_writing = any(writer.is_alive() for writer in writers)  # before it is read
            query = {"after": cursor, "limit": limit, "wait_s": 0.2}
            answer = await client.get("/v1/changes", params=query)
            lines, cursor = lines_of(answer), answer.headers["geo-match-cursor"]
            apply(lines, held)
    return held, cursor


@pytest.mark.parametrize("limit", [7, 10_000])
def test_a_snapshot_and_the_changes_after_it_are_the_store_while_others_write(fed, limit):
    writers = [threading.Thread(target=write, args=(fed.store.name, seed)) for seed in range(2)]
    for writer in writers:
        writer.start()
    while fed.store.head().seq < 20:
        time.sleep(0.001)
    held, cursor = asyncio.run(follow(fed, writers, limit))
    assert cursor == str(fed.store.cursor())
    assert (held, cursor) == records_of(fed.snapshot())
    assert {kind for kind, _ in held} == {"stations", "seekers", "jobs", "sites"}
