"""Evidence of paid claims is kept out of sight until its day, and is gone then."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from test_store.family import (
    HOME,
    LATER,
    SPELLS,
    TELLING,
    WANG,
    erase,
    filled,
    ids,
    left_of,
    table,
)

from geo_match.errors import ArgumentError
from geo_match.store import AuditLog, Released, Store

NOTED = {"who": "档案室", "purpose": "claim 7", "scope": "evidence:read"}


@pytest.fixture
def path(store_file, tmp_path):
    """Return the path of an empty store's file."""
    return shutil.copy(store_file, tmp_path / "a.db")


@pytest.fixture
def audit(tmp_path):
    with AuditLog.open(tmp_path / "audited.db") as log:
        yield log


def restricted(store, audit, kind):
    return store.restricted(kind, audit=audit, **NOTED).to_pylist()


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
