"""The ledger of a store: of one moment, noted in the audit, and as it was known before."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.ledger import Timeline, read_ledger
from geo_match.store import AuditLog, Store, audited

DAY = dt.date(2025, 3, 1)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "s.db") as opened:
        opened.put(
            "seekers",
            pa.table({"id": ["S1", "S2"], "closed_on": pa.array([None, DAY], pa.date32())}),
        )
        yield opened


def spells(status):
    return pa.table(
        {"id": ["A"], "person": ["S1"], "status": [status], "start": pa.array([DAY], pa.date32())}
    )


def unnoted(read):
    return read()


def test_a_correction_changes_the_status_from_its_arrival_on_and_not_what_was_known(store):
    _, before = store.put("spells", spells("unemployed"))
    store.put("spells", spells("employed"))
    then = read_ledger(store, audited=unnoted, as_of=before)
    now = read_ledger(store, audited=unnoted)
    told = [Timeline.of(one.spells).at(["S1"], DAY)[0] for one in (then, now)]
    assert told == ["unemployed", "employed"]
    assert then.cursor == before != now.cursor


def test_those_whose_registration_is_closed_are_left_out_on_their_day(store):
    everybody = read_ledger(store, audited=unnoted)
    registered = read_ledger(store, audited=unnoted, registered_on=DAY)
    assert [len(one) for one in (everybody, registered)] == [2, 1]


def test_the_read_is_noted_with_the_number_of_persons(store, tmp_path):
    with AuditLog.open(tmp_path / "s.db") as log:
        noted = audited(log, who="社区-07", purpose="台账", scope="persons:read")
        read_ledger(store, audited=noted)
        (entry,) = log.read().select(["who", "purpose", "count"]).to_pylist()
    assert entry == {"who": "社区-07", "purpose": "台账", "count": 2}


def test_without_an_audit_nobody_is_read(store):
    with pytest.raises(ArgumentError, match="`audited` must be what notes a read of persons"):
        read_ledger(store, audited=None)
