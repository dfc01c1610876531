"""What a store knows of households: members of its lists, seekers, spells, all of one moment."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.households import read_households, suspect
from geo_match.store import AuditLog, Store, audited, record_schema

ON = dt.date(2025, 6, 1)


def put(store, kind, *rows):
    schema = record_schema(kind)
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {
        name: pa.array([row.get(name) for row in rows], schema.field(name).type) for name in names
    }
    store.put(kind, pa.table(columns))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "city.db"
    with Store.open(path) as store:
        put(
            store,
            "households",
            {
                "id": "H1",
                "hukou": "urban",
                "member_count": 2,
                "members": [
                    {"birth_year": 1969, "status": "employed"},
                    {"birth_year": 1990, "status": "unemployed"},
                ],
            },
            {"id": "H2", "hukou": "urban"},
        )
        put(
            store,
            "seekers",
            {
                "id": "S1",
                "household": "H1",
                "birth_year": 1969,
                "sex": "female",
                "status": "employed",
            },
            {
                "id": "S2",
                "household": "H1",
                "birth_year": 1990,
                "sex": "male",
                "status": "unemployed",
                "close_reason": "hired",
                "closed_on": ON,
            },
        )
        put(
            store,
            "spells",
            {"id": "SP1", "person": "S1", "status": "registered_unemployed", "start": ON},
        )
    return path


def read(path, **more):
    with Store.open(path) as store, AuditLog.open(path) as audit:
        noted = audited(audit, who="社区-07", purpose="零就业家庭清零", scope="persons:read")
        return read_households(store, audited=noted, **more)


def test_households_members_seekers_and_spells_are_read_and_judged_together(path):
    told = read(path)
    assert told.households["id"].tolist() == ["H1", "H2"]
    assert told.members.to_numpy().tolist() == [
        ["H1", 1969, "employed"],
        ["H1", 1990, "unemployed"],
    ]
    assert told.seekers["close_reason"].tolist()[1] == "hired"
    found = suspect(told.households, told.members, on=ON, seekers=told.seekers, spells=told.spells)
    # The woman of 56 is unemployed by her spell: employed or not, her age does not matter then.
    assert found.households["outcome"].tolist() == ["pass", "unknown"]
    assert found.households["missing"].tolist() == ["", "members"]
    assert found.members["person"].tolist() == ["S1", "S2"]


def test_each_read_of_persons_is_noted_with_its_purpose(path):
    read(path)
    with AuditLog.open(path) as audit:
        notes = audit.read()
    assert notes.column("count").to_pylist() == [2, 2, 1]
    assert set(notes.column("purpose").to_pylist()) == {"零就业家庭清零"}


def test_what_was_known_before_is_read_as_of_then(path):
    told = read(path)
    with Store.open(path) as store:
        put(store, "households", {"id": "H3", "hukou": "rural"})
    again = read(path, as_of=told.cursor)
    assert again.households["id"].tolist() == ["H1", "H2"]
    assert read(path).households["id"].tolist() == ["H1", "H2", "H3"]


def test_a_read_that_nobody_notes_is_refused(path):
    with (
        Store.open(path) as store,
        pytest.raises(ArgumentError, match="`audited` must be what notes a read of persons"),
    ):
        read_households(store, audited=None)
