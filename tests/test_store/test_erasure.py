"""Erasure: nothing of a person is left, in any table or byte; what is others' stays as it was."""

from __future__ import annotations

import json
import shutil

import pytest
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
    left_of,
    put,
    table,
)

from geo_match.errors import ArgumentError
from geo_match.store import OvertakenError, Store


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


def test_who_is_not_as_expected_is_not_erased(store):
    filled(store)
    known = store.one("seekers", WANG["id"]).seq
    put(store, "seekers", {**WANG, "phone": "13887654321"})
    for other in (known, None):
        with pytest.raises(OvertakenError, match="Somebody else has written it since"):
            store.erase("seekers", WANG["id"], reason=REASON, expected={WANG["id"]: other})
    now = store.one("seekers", WANG["id"]).seq
    erased = store.erase("seekers", WANG["id"], reason=REASON, expected={WANG["id"]: now})
    assert len(erased.erased["seekers"]) == 1


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
