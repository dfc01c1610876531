"""What the tests of backups share: a store with something in each table, and looks at it."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from sqlalchemy import select

from geo_match.store import AuditLog, PersonRead
from geo_match.store.schema.tables import METADATA
from geo_match.taxonomy import Occupations

SEEKERS = pa.table(
    {
        "id": ["S1", "S2", "S3", "S4"],
        "version": [1, None, 2, 1],
        "updated_at": pa.array([1_740_816_005, None, None, None], pa.timestamp("s")),
        "household": ["H1", "H1", None, None],
        "name": ["王建国", "李秀英", "赵敏", "钱多多"],
        "birth_year": [1980, 1985, 1990, None],
        "lon": [117.3, 117.36, None, 117.123456789012],
        "lat": [32.9, 32.93, None, 32.9],
        "accepts": [["ordinary", "flexible"], [], None, None],
    }
)
HOMES = pa.table(
    {
        "id": ["H1"],
        "head_name": ["王建国"],
        "zero_employment": [True],
        "members": [[{"birth_year": 1980, "status": None}, {"birth_year": 1985, "status": None}]],
    }
)
SPELLS = pa.table(
    {
        "id": ["P1", "P2"],
        "person": ["S1", "S2"],
        "status": ["unemployed", "employed"],
        "start": [dt.date(2024, 1, 1), dt.date(2024, 2, 29)],
    }
)
JOBS = pa.table(
    {"id": ["J1", "J2"], "title": ["店员", "保洁"], "opened_on": [None, dt.date(2025, 1, 1)]}
)
PLACES = pa.table(
    {
        "name": ["幸福小区", "建国路"],
        "lon": [117.38, 117.4],
        "lat": [32.9, 32.91],
        "accuracy_m": [150.0, None],
        "community": [None, "340302001001"],
    }
)


def names(folder):
    """Return what lies in a folder, in order."""
    return sorted(one.name for one in folder.iterdir())


def fill(store):
    """Write to a store in every way but erasure."""
    store.apply("households", HOMES, source="homes.csv")
    store.apply("seekers", SEEKERS, source="seekers.csv")
    store.apply("spells", SPELLS, source="spells.csv")
    store.apply("jobs", JOBS, source="jobs.csv")
    store.put("jobs", pa.table({"id": ["J1"], "title": ["店长"]}), cause="mended", actor="office")
    store.remove("jobs", ["J2"])
    store.set_gazetteer(PLACES)
    store.set_occupations(Occupations())
    with pytest.raises(KeyboardInterrupt, match="stop"):
        store.apply(
            "stations",
            pa.table({"id": [f"T{at}" for at in range(600)], "name": ["站"] * 600}),
            source="stations.csv",
            watch=interrupt,
        )


def interrupt(_):
    raise KeyboardInterrupt("stop")


def tables(store):
    """Return all rows of all tables, but for the epoch."""
    with store.database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
            if table.name != "feed"
        } | {"feed": [store.head().seq, store.head().committed_at, store.head().horizon]}


def store_name(store):
    """Return the name by which a store is opened once more."""
    return store.database.path or store.database.engine.url.render_as_string(hide_password=False)


def read_person(store, count):
    with AuditLog.open(store) as audit:
        audit.note(PersonRead(who="社区-07", purpose="岗位推荐", scope="persons:read", count=count))


def entries(store):
    with AuditLog.open(store) as audit:
        return audit.read().to_pylist()
