"""A family for the tests of erasure: two seekers of one household, and what was done for them."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from sqlalchemy import inspect

from geo_match.store import record_schema

WANG = {
    "id": "QZ-70001",
    "household": "JT-1",
    "name": "王小明",
    "birth_year": 1980,
    "status": "unemployed",
    "phone": "13812345678",
    "address": "淮河路七七弄八号",
    "remark": "腿脚不便",
}
LI = {"id": "QZ-2", "household": "JT-1", "name": "李梅", "birth_year": 1980, "status": "employed"}
LATER = dt.date(2099, 12, 31)
HOME = {
    "id": "JT-1",
    "head_name": "王小明",
    "member_count": 3,
    "members": [
        {"birth_year": 1980, "status": "employed"},
        {"birth_year": 1980, "status": "unemployed"},
        {"birth_year": 2010, "status": None},
    ],
    "address": "解放路一号",
}
SPELLS = [
    {"id": "S-1", "person": WANG["id"], "status": "unemployed", "start": dt.date(2024, 1, 1)},
    {"id": "S-2", "person": LI["id"], "status": "employed", "start": dt.date(2024, 1, 1)},
]
SERVICES = [
    {"id": "F-1", "person": WANG["id"], "on": dt.date(2024, 2, 2), "kind": "visit"},
    {"id": "F-2", "person": LI["id"], "on": dt.date(2024, 2, 2), "kind": "phone"},
]
TELLING = [WANG["id"], WANG["name"], WANG["phone"], WANG["address"], WANG["remark"]]
REASON = "request 12/2025"


def table(kind, *rows):
    """Return records with the defaults of their models."""
    schema = record_schema(kind)
    shown = [{"located_by": "none", "occupation_version": "GB/T 6565-2015", **row} for row in rows]
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in schema.names} for row in shown], schema=schema
    )


def put(store, kind, *rows):
    applied, cursor = store.put(kind, table(kind, *rows))
    assert applied.accepted.all()
    return cursor


def filled(store):
    put(store, "households", HOME)
    put(store, "seekers", WANG, LI)
    put(store, "spells", *SPELLS)
    put(store, "services", *SERVICES)
    return store


def erase(store, kind="seekers", id_=WANG["id"]):
    erased = store.erase(kind, id_, reason=REASON, actor="clerk-7")
    assert erased.cursor == store.cursor()
    return erased


def ids(store, kind, **asked):
    return store.read(kind, **asked).column("id").to_pylist()


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
