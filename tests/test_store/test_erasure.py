"""Erasure: nothing of a person is left, in any table or byte; what is others' stays as it was."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect
from test_store.family import (
    HOME,
    LI,
    REASON,
    SPELLS,
    TELLING,
    WANG,
    erase,
    filled,
    ids,
    put,
    table,
)

from geo_match.errors import ArgumentError
from geo_match.store import AuditLog, Released, Store
from geo_match.store.errors import StoreFullError
from geo_match.store.forgetting import scrub as scrub_module

NOTED = {"who": "档案室", "purpose": "claim 7", "scope": "evidence:read"}


def said(store):
    """Return all that the store's tables hold, and of a file each of its bytes."""
    path = store.database.path
    if path is not None:
        return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    with store.database.reading() as connection:
        names = inspect(connection).get_table_names()
        assert "changes" in names
        texts = [
            str(connection.exec_driver_sql(f'SELECT t::text FROM "{name}" t').all())  # noqa: S608 - its own tables
            for name in names
        ]
    return "".join(texts).encode()


def left_of(store, *texts):
    held = said(store)
    # Lists within an image are JSON within JSON; other texts stand as they are.
    return [text for text in texts if text.encode() in held]


def test_nothing_of_a_person_is_left_in_any_table_or_byte(store):
    filled(store)
    put(store, "seekers", {**WANG, "phone": "13887654321", "name": "王晓明"})
    former = ["13887654321", "王晓明", *TELLING]
    assert left_of(store, *former) == former
    erased = erase(store)
    assert {kind: len(keys) for kind, keys in erased.erased.items()} == {
        "seekers": 1,
        "services": 1,
        "spells": 1,
    }
    assert erased.scrubbed
    assert left_of(store, *former) == []
    assert ids(store, "seekers") == ["QZ-2"]
    assert ids(store, "spells") == ["S-2"]
    assert ids(store, "services") == ["F-2"]


def test_numbers_moments_and_causes_stay_and_each_record_has_a_tombstone(store):
    filled(store)
    before = list(store.changes())
    keys = set(store.keys("seekers", [WANG["id"]]).values())
    erased = erase(store)
    gone = {key for some in erased.erased.values() for key in some}
    assert keys < gone
    after = list(store.changes())
    assert [one.seq for one in after] == list(range(1, len(after) + 1))
    for was, now in zip(before, after, strict=False):
        assert (now.seq, now.committed_at, now.kind, now.key, now.op, now.cause) == (
            was.seq,
            was.committed_at,
            was.kind,
            was.key,
            was.op,
            was.cause,
        )
        assert (now.record is None) == (was.key in gone)
        if was.kind != "households" and was.key not in gone:
            assert now.record == was.record
    tombstones = [one for one in after if one.op == "erase"]
    assert {one.key for one in tombstones} == gone
    assert {(one.record, one.cause, one.actor) for one in tombstones} == {
        (None, f"erasure: {REASON}", "clerk-7")
    }
    assert {one.kind for one in tombstones} == {"seekers", "spells", "services"}


def test_the_member_and_the_heads_name_leave_the_household_and_its_past(store):
    filled(store)
    then = store.cursor()
    erased = erase(store)
    (home,) = store.read("households").to_pylist()
    assert home["members"] == [
        {"birth_year": 1980, "status": "employed"},
        {"birth_year": 2010, "status": None},
    ]
    assert home["head_name"] is None
    assert home["member_count"] == 3
    assert home["address"] == HOME["address"]
    (past,) = store.read("households", as_of=then).to_pylist()
    assert (past["members"], past["head_name"]) == (None, None)
    assert past["address"] == HOME["address"]
    assert erased.changed == {"households": tuple(store.keys("households", ["JT-1"]).values())}
    assert erased.unmatched == ()
    last = [one for one in store.changes() if one.kind == "households"][-1]
    assert last.op == "put"
    assert last.cause == f"erasure: {REASON}"
    assert json.loads(last.record["members"]) == home["members"]


def test_another_head_stays_and_an_unmatched_member_is_told(store):
    put(store, "households", {**HOME, "head_name": "王大山"})
    put(store, "seekers", {**WANG, "birth_year": 1981}, LI)
    erased = erase(store)
    (home,) = store.read("households").to_pylist()
    assert home["head_name"] == "王大山"
    assert home["members"] == HOME["members"]
    assert erased.unmatched == tuple(store.keys("households", ["JT-1"]).values())


def test_a_household_that_was_left_keeps_its_members_of_today(store):
    put(store, "households", HOME, {**HOME, "id": "JT-2", "head_name": "李梅"})
    put(store, "seekers", WANG)
    put(store, "seekers", {**WANG, "household": "JT-2"})
    before = store.cursor()
    erased = erase(store)
    homes = {one["id"]: one for one in store.read("households").to_pylist()}
    assert homes["JT-1"]["members"] == HOME["members"]
    assert homes["JT-1"]["head_name"] is None
    assert len(homes["JT-2"]["members"]) == 2
    assert homes["JT-2"]["head_name"] == "李梅"
    past = store.read("households", as_of=before)
    assert past.column("members").null_count == 2
    assert len(erased.changed["households"]) == 2
    assert erased.unmatched == ()


@pytest.mark.parametrize(
    "alone",
    [
        {"member_count": 1, "members": None},
        {"member_count": 1, "members": HOME["members"][1:2]},
        {"member_count": None, "members": HOME["members"][1:2]},
    ],
)
def test_a_household_of_one_goes_with_them(store, alone):
    put(store, "households", {**HOME, **alone})
    put(store, "seekers", WANG)
    erased = erase(store)
    assert ids(store, "households") == []
    assert len(erased.erased["households"]) == 1
    assert left_of(store, HOME["address"], *TELLING) == []


def test_a_household_of_one_that_others_name_stays(store):
    put(store, "households", {**HOME, "member_count": 1, "members": None})
    put(store, "seekers", WANG, LI)
    erase(store)
    assert ids(store, "households") == ["JT-1"]


def test_who_was_removed_before_is_erased_from_the_past(store):
    filled(store)
    store.remove("seekers", [WANG["id"]])
    store.remove("spells", ["S-1"])
    assert left_of(store, *TELLING) == TELLING
    erased = erase(store)
    assert set(erased.erased) == {"seekers", "spells", "services"}
    assert left_of(store, *TELLING) == []


def test_an_id_that_was_given_twice_is_erased_in_both_its_lives(store):
    put(store, "seekers", WANG)
    store.remove("seekers", [WANG["id"]])
    put(store, "seekers", {**WANG, "name": "王二"})
    assert len(erase(store).erased["seekers"]) == 2
    assert left_of(store, "王二", *TELLING) == []


def test_a_spell_that_was_mended_stays_its_new_owners(store):
    put(store, "seekers", WANG, LI)
    put(store, "spells", SPELLS[0])
    wrong = store.cursor()
    put(store, "spells", {**SPELLS[0], "person": LI["id"]})
    erased = erase(store)
    assert "spells" not in erased.erased
    assert len(erased.changed["spells"]) == 1
    (spell,) = store.read("spells").to_pylist()
    assert spell["person"] == LI["id"]
    assert left_of(store, WANG["id"]) == []
    past = store.read("spells", as_of=wrong)
    assert (past.num_rows, past.schema.metadata[b"missing"]) == (0, b"1")


def test_a_removed_spell_whose_id_another_has_now_leaves_that_alone(store):
    put(store, "spells", SPELLS[0])
    store.remove("spells", ["S-1"])
    put(store, "spells", {**SPELLS[1], "id": "S-1"})
    erase(store)
    assert store.read("spells").column("person").to_pylist() == [LI["id"]]


def test_ids_that_only_look_alike_are_left_alone(store):
    put(store, "seekers", {**WANG, "id": "1"}, {**LI, "id": "11", "household": "1"})
    put(store, "spells", {**SPELLS[0], "person": "11", "id": "1"})
    put(store, "seekers", {**LI, "id": 'a"1', "remark": '"1"'})
    erased = erase(store, id_="1")
    assert {kind: len(keys) for kind, keys in erased.erased.items()} == {"seekers": 1}
    assert ids(store, "seekers") == ["11", 'a"1']
    assert ids(store, "spells") == ["1"]


def test_an_erased_household_leaves_its_seekers_now_and_before(store):
    filled(store)
    put(store, "seekers", {**LI, "household": "JT-9"})
    then = store.cursor()
    erased = erase(store, "households", "JT-1")
    assert {kind: len(keys) for kind, keys in erased.erased.items()} == {"households": 1}
    assert left_of(store, "JT-1", HOME["address"]) == []
    for asked in ({}, {"as_of": then}):
        seekers = store.read("seekers", **asked).to_pylist()
        assert {one["id"]: one["household"] for one in seekers} == {
            "QZ-2": "JT-9",
            WANG["id"]: None,
        }
    assert {one["name"] for one in seekers} == {"王小明", "李梅"}
    assert len(erased.changed["seekers"]) == 2


def test_answers_about_the_past_say_how_many_are_missing(store):
    filled(store)
    full = store.cursor()
    store.remove("seekers", [WANG["id"]])
    without = store.cursor()
    erase(store)
    for kind, asked, missing in [
        ("seekers", full, 1),
        ("seekers", without, 0),
        ("spells", full, 1),
        ("services", without, 1),
        ("households", full, 0),
        ("seekers", store.cursor(), 0),
    ]:
        read = store.read(kind, as_of=asked)
        assert read.schema.metadata[b"missing"] == str(missing).encode()
        assert WANG["id"] not in str(read.to_pylist())


def amended(store, kind, **asked):
    """Return how many records an answer has, how many are missing, and how many amended."""
    read = store.read(kind, **asked)
    told = (int(read.schema.metadata[name]) for name in (b"missing", b"amended"))
    return (len(read), *told)


def test_answers_about_the_past_say_how_many_records_lost_a_part(store):
    put(store, "households", HOME, {**HOME, "id": "JT-8"}, {"id": "JT-9"})
    alone = store.cursor()
    put(store, "seekers", WANG, LI)
    full = store.cursor()
    put(store, "households", {**HOME, "head_name": "王大山", "members": None})
    newer = store.cursor()
    erase(store)
    after = store.cursor()
    # The household of both lost members and head; the others, and what it says now, nothing.
    assert amended(store, "households", as_of=alone) == (3, 0, 1)
    assert amended(store, "households", as_of=full) == (3, 0, 1)
    assert amended(store, "households", as_of=newer) == (3, 0, 1)
    assert amended(store, "households", as_of=after) == (3, 0, 0)
    assert amended(store, "households") == (3, 0, 0)
    assert amended(store, "households", as_of=0) == (0, 0, 0)
    assert amended(store, "seekers", as_of=full) == (1, 1, 0)
    assert amended(store, "households", as_of=full, fields=["address"]) == (3, 0, 1)


def test_a_record_that_lost_a_part_and_was_erased_then_is_missing(store):
    filled(store)
    full = store.cursor()
    erase(store)
    assert amended(store, "households", as_of=full) == (1, 0, 1)
    erase(store, "households", "JT-1")
    assert amended(store, "households", as_of=full) == (0, 1, 0)
    assert amended(store, "seekers", as_of=full) == (1, 1, 1)  # the other one lost the household
    assert store.verify().faults == ()


def test_a_record_that_lost_a_part_and_was_removed_then_is_not_counted_any_more(store):
    filled(store)
    full = store.cursor()
    store.remove("households", ["JT-1"])
    erase(store)
    assert amended(store, "households", as_of=full) == (1, 0, 1)
    assert amended(store, "households", as_of=store.cursor()) == (0, 0, 0)


def test_what_is_amended_is_forgotten_with_the_past(store):
    filled(store)
    erase(store)
    put(store, "households", {**HOME, "members": None, "head_name": None})
    store.forget_before(store.cursor())
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM amended").scalar() == 0
    assert store.verify().faults == ()


def test_to_ask_twice_does_no_harm(store):
    filled(store)
    first = erase(store)
    again = erase(store)
    assert (again.erased, again.changed, again.restricted) == ({}, {}, {})
    assert again.cursor == first.cursor


def test_the_same_id_makes_a_new_record_later(store):
    filled(store)
    (key,) = erase(store).erased["seekers"]
    store.put("seekers", table("seekers", WANG), erased_too=True)
    assert store.keys("seekers", [WANG["id"]])[WANG["id"]] != key


def test_the_digest_of_a_finished_list_of_persons_goes(store):
    store.apply("seekers", table("seekers", WANG), source="a.csv")
    erase(store)
    with store.database.reading() as connection:
        digests = connection.exec_driver_sql("SELECT digest FROM imports").scalars().all()
    assert digests == [None]


@pytest.fixture
def path(store_file, tmp_path):
    """Return the path of an empty store's file."""
    return shutil.copy(store_file, tmp_path / "a.db")


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("asked by 340302198001010010", "an ID-card number"),
        ("call 138 1234 5678", "a phone number"),
        ("call １３８１２３４５６７８", "a phone number"),
        ("call 0552-3012345", "a phone number"),
        (" ", "be a text that is not blank"),
        ("two\nlines", "be one line"),
        ("x" * 201, "201 characters"),
        ("王小明 asked", "what the records say of the person"),
        ("QZ-70001", "what the records say of the person"),
    ],
)
def test_a_reason_that_says_something_personal_is_refused(path, reason, told):
    with Store.open(path) as store:
        filled(store)
        before = store.cursor()
        with pytest.raises(ArgumentError, match=told) as caught:
            store.erase("seekers", WANG["id"], reason=reason)
        for text in TELLING:
            assert text not in str(caught.value)
        assert store.cursor() == before
        if reason.strip():
            with pytest.raises(ArgumentError, match="`actor` must"):
                store.erase("seekers", WANG["id"], reason=REASON, actor=reason)


def test_numbers_of_requests_are_no_phone_numbers():
    from geo_match.store.forgetting._public_text import check_reason  # noqa: PLC0415 - of this test only

    for reason in ("request 2025-11-03/1234567", "撤回同意 第12号", "case 20251103123456"):
        check_reason(reason)


def test_only_persons_and_households_can_be_erased(store):
    with pytest.raises(ArgumentError, match="`kind` must be one of seekers, households"):
        store.erase("jobs", "J-1", reason=REASON)


# ---------------------------------------------------------------- evidence


@pytest.fixture
def audit(tmp_path):
    with AuditLog.open(tmp_path / "audited.db") as log:
        yield log


def restricted(store, audit, kind):
    return store.restricted(kind, audit=audit, **NOTED).to_pylist()


LATER = dt.date(2099, 12, 31)


def test_evidence_is_kept_out_of_sight_until_its_day(store, audit):
    filled(store)
    full = store.cursor()
    keys = store.hold("spells", ["S-1"], until=LATER, reason="claim 7")
    assert keys == list(store.keys("spells", ["S-1"]).values())
    assert restricted(store, audit, "spells") == []
    erased = erase(store)
    assert erased.restricted == {"spells": tuple(keys)}
    assert ids(store, "spells") == ["S-2"]
    assert ids(store, "spells", as_of=full) == ["S-2"]
    assert all(one.record is None for one in store.changes() if one.key in keys)
    (kept,) = restricted(store, audit, "spells")
    assert kept == {
        **table("spells", SPELLS[0]).to_pylist()[0],
        "key": keys[0],
        "restricted_until": LATER,
        "restricted_for": "claim 7",
    }
    assert audit.read().column("count").to_pylist() == [0, 1]
    assert store.release_restricted(on=LATER) == Released(0, scrubbed=True)
    assert left_of(store, WANG["id"]) == [WANG["id"]]
    assert store.release_restricted(on=LATER + dt.timedelta(1)) == Released(1, scrubbed=True)
    assert restricted(store, audit, "spells") == []
    assert left_of(store, *TELLING) == []


def test_evidence_of_a_household_keeps_the_member_who_left(store, audit):
    filled(store)
    store.hold("households", ["JT-1"], until=LATER, reason="claim 8")
    erase(store)
    assert len(store.read("households").to_pylist()[0]["members"]) == 2
    (kept,) = restricted(store, audit, "households")
    assert (kept["members"], kept["head_name"]) == (HOME["members"], "王小明")
    erased = erase(store, "households", "JT-1")
    assert erased.restricted.keys() == {"households"}
    assert restricted(store, audit, "households") == [kept]


def test_evidence_of_what_was_removed_is_kept_too(store, audit):
    filled(store)
    store.hold("spells", ["S-1"], until=LATER, reason="claim 7")
    store.remove("spells", ["S-1"])
    erase(store)
    assert [one["id"] for one in restricted(store, audit, "spells")] == ["S-1"]


def test_of_two_days_the_later_stands(store, audit):
    filled(store)
    for until, reason in [(LATER, "claim 7"), (LATER - dt.timedelta(9), "claim 6")]:
        store.hold("spells", ["S-1", "S-2"], until=until, reason=reason)
    longest = LATER.replace(day=30)
    store.hold("spells", ["S-2"], until=longest, reason="claim 5")
    erase(store)
    (kept,) = restricted(store, audit, "spells")
    assert (kept["restricted_until"], kept["restricted_for"]) == (LATER, "claim 7")


def test_a_hold_whose_day_has_passed_holds_nothing(path, audit):
    now = [dt.datetime(2100, 1, 1)]  # noqa: DTZ001 - a store's clock has no zone
    with Store.open(path, clock=lambda: now[0]) as store:
        filled(store)
        store.hold("spells", ["S-1"], until=dt.date(2100, 6, 30), reason="claim 7")
        now[0] = dt.datetime(2100, 6, 30, 16, 0)  # noqa: DTZ001 - midnight in China
        assert erase(store).restricted == {}
        assert restricted(store, audit, "spells") == []


def test_a_hold_without_an_erasure_ends_and_the_record_stays(store):
    filled(store)
    store.hold("spells", ["S-1"], until=LATER, reason="claim 7")
    assert store.release_restricted(on=LATER + dt.timedelta(1)).count == 0
    assert ids(store, "spells") == ["S-1", "S-2"]
    assert erase(store).restricted == {}


def test_evidence_is_not_answered_if_the_read_cannot_be_noted(store, audit):
    with pytest.raises(ArgumentError, match="`purpose` must be a text that is not blank"):
        store.restricted("spells", audit=audit, who="x", purpose=" ", scope="x")
    with pytest.raises(ArgumentError, match="`kind` must be one of"):
        store.restricted("rooms", audit=audit, **NOTED)


def test_holds_that_cannot_be_are_refused(store):
    filled(store)
    with pytest.raises(ArgumentError, match="`ids` must be those of spells that are there, got 1"):
        store.hold("spells", ["S-1", "S-9"], until=LATER, reason="claim 7")
    with pytest.raises(ArgumentError, match="`until` must not lie before today"):
        store.hold("spells", ["S-1"], until=dt.date(2000, 1, 1), reason="claim 7")
    with pytest.raises(ArgumentError, match="`kind` must be one of households, seekers"):
        store.hold("jobs", ["J"], until=LATER, reason="claim 7")
    with pytest.raises(ArgumentError, match="`reason` must say nothing personal"):
        store.hold("spells", ["S-1"], until=LATER, reason="13812345678")
    assert erase(store).restricted == {}


# ---------------------------------------------------------------- the file, and others beside


def url_of(store):
    return store.database.engine.url.render_as_string(hide_password=False)


@contextmanager
def beside(store):
    with Store.open(url_of(store)) as opened:
        yield opened


def test_many_persons_in_pages_that_were_split_leave_no_byte(path):
    # Copies that stay where a page was split are not overwritten by SQLite itself.
    drawn = random.Random(1)  # noqa: S311 - the same in each run
    numbers = [f"X{drawn.randrange(10**11):011d}" for _ in range(4_000)]
    with Store.open(path) as store:
        for start in range(0, 4_000, 1_000):
            rows = [
                {"id": one, "name": f"N{one}", "address": f"A{one}" * drawn.randint(1, 9)}
                for one in numbers[start : start + 1_000]
            ]
            store.apply("seekers", table("seekers", *rows), source="a.csv")
        store.put(
            "seekers",
            table("seekers", *({"id": one, "name": f"M{one}"} for one in numbers[::10])),
        )
        gone = drawn.sample(numbers, 300)
        with store.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT id, key FROM seekers").all()
        keys = dict(tuple(row) for row in rows)

        def act(connection):
            writer = store._writer(connection, "erasure: 1", "")
            writer.erase("seekers", gone[1:], [keys[one] for one in gone[1:]])
            writer.finish()

        store.database.write(act)
        assert erase(store, id_=gone[0]).scrubbed
        held = said(store)
        assert [one for one in gone if one[1:].encode() in held] == []
        assert numbers[0] in gone or numbers[0].encode() in held
        assert Path(f"{path}-wal").stat().st_size == 0


def test_a_reader_in_the_log_is_told_and_the_next_try_ends_it(path):
    with Store.open(path, busy_timeout_s=0.2) as store:
        filled(store)
        with Store.open(path) as other, other.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM seekers").scalar_one()
            erased = erase(store)
            assert not erased.scrubbed
            assert not store.scrub()
        assert erased.erased
        assert left_of(store, WANG["name"]) == [WANG["name"]]
        assert store.scrub()
        assert left_of(store, *TELLING) == []


def test_what_is_released_beside_a_reader_is_told_not_to_be_scrubbed(path):
    with Store.open(path, busy_timeout_s=0.2) as store:
        filled(store)
        store.hold("spells", ["S-1"], until=LATER, reason="claim 7")
        assert erase(store).restricted
        after = LATER + dt.timedelta(1)
        with Store.open(path) as other, other.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM seekers").scalar_one()
            assert store.release_restricted(on=after) == Released(1, scrubbed=False)
        assert store.scrub()
        assert store.release_restricted(on=after) == Released(0, scrubbed=True)


def test_what_is_released_counts_though_the_scrub_failed(path, monkeypatch):
    def full(_):
        raise StoreFullError("a.db", "have room on its disk", "none")

    with Store.open(path) as store:
        filled(store)
        store.hold("spells", ["S-1"], until=LATER, reason="claim 7")
        erase(store)
        monkeypatch.setattr("geo_match.store.forgetting.forgetting.scrub", full)
        after = LATER + dt.timedelta(1)
        assert store.release_restricted(on=after) == Released(1, scrubbed=False)


def test_an_erasure_whose_file_cannot_be_scrubbed_is_done_all_the_same(path, monkeypatch):
    def full(_):
        raise StoreFullError("a.db", "have room on its disk", "none")

    with Store.open(path) as store:
        filled(store)
        monkeypatch.setattr("geo_match.store.forgetting.forgetting.scrub", full)
        assert not erase(store).scrubbed
        assert ids(store, "seekers") == ["QZ-2"]
        with pytest.raises(StoreFullError, match="have room"):
            store.scrub()
        monkeypatch.setattr("geo_match.store.forgetting.forgetting.scrub", scrub_module.scrub)
        assert store.scrub()


def test_erasures_beside_writers_leave_nobody(store):
    everyone = [f"QZ-8{at:04d}" for at in range(6)]
    failures = []

    def keep_writing():
        try:
            with beside(store) as other:
                for at in range(12):
                    some = everyone[at % 3 :: 3]
                    rows = [{**LI, "id": f"W-{one}", "wage_floor_cny": at} for one in some]
                    other.put("seekers", table("seekers", *rows), erased_too=True)
                    old = [{**WANG, "id": one, "household": None} for one in some]
                    if at < 6:
                        other.put("seekers", table("seekers", *old), erased_too=True)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    filled(store)
    threads = [threading.Thread(target=keep_writing) for _ in range(2)]
    for thread in threads:
        thread.start()
    for one in everyone:
        erase_while_written(store, one)
    for thread in threads:
        thread.join()
    assert failures == []
    for one in everyone:
        erase_while_written(store, one)
    numbers = [one.seq for one in store.changes()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert left_of(store, *(f'"{one}"' for one in everyone)) == []
    assert len(ids(store, "seekers")) == 2 + len(everyone)


def erase_while_written(store, id_):
    store.erase("seekers", id_, reason=REASON)


# ---------------------------------------------------------------- any history

PEOPLE = ["A-100", "B-200", "C-300"]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(PEOPLE), st.integers(0, 9)),
        st.tuples(st.just("remove"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("spell"), st.sampled_from(["S1", "S2", "S3"]), st.sampled_from(PEOPLE)),
        st.tuples(st.just("unspell"), st.sampled_from(["S1", "S2", "S3"])),
        st.tuples(st.just("erase"), st.sampled_from(PEOPLE)),
    ),
    max_size=10,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(acts=steps)
def test_whatever_came_before_nothing_names_the_erased_and_others_are_untouched(
    store_file, tmp_path_factory, acts
):
    people: dict[str, int] = {}
    spells: dict[str, str] = {}
    path = tmp_path_factory.mktemp("store") / "a.db"
    shutil.copy(store_file, path)
    with Store.open(path) as store:
        for act, *what in acts:
            match act:
                case "put":
                    people[what[0]] = what[1]
                    one = table("seekers", {"id": what[0], "wage_floor_cny": what[1]})
                    store.put("seekers", one, erased_too=True)
                case "remove":
                    people.pop(what[0], None)
                    store.remove("seekers", what)
                case "spell":
                    spells[what[0]] = what[1]
                    one = table("spells", {**SPELLS[0], "id": what[0], "person": what[1]})
                    store.put("spells", one, erased_too=True)
                case "unspell":
                    spells.pop(what[0], None)
                    store.remove("spells", what)
                case "erase":
                    people.pop(what[0], None)
                    spells = {one: owner for one, owner in spells.items() if owner != what[0]}
                    erased = store.erase("seekers", what[0], reason=REASON)
                    assert left_of(store, what[0]) == []
                    gone = {key for keys in erased.erased.values() for key in keys}
                    for change in store.changes(after=erased.cursor.seq - len(gone)):
                        assert change.key in gone
            rows = store.read("seekers").to_pylist()
            assert {one["id"]: one["wage_floor_cny"] for one in rows} == people
            rows = store.read("spells").to_pylist()
            assert {one["id"]: one["person"] for one in rows} == spells
            now = store.read("seekers", as_of=store.cursor())
            assert now.equals(store.read("seekers"))
