"""A store that is opened to read its persons."""

from __future__ import annotations

import pyarrow as pa
import pytest

from geo_match.cli.audited_store import SCOPE, Records, check_holds, opened
from geo_match.errors import FileError
from geo_match.store import AuditLog, Store, StoreError


def test_each_read_is_noted_with_who_and_why(tmp_path):
    path = str(tmp_path / "s.db")
    with Store.open(path) as store:
        store.put("seekers", pa.table({"id": ["S1", "S2"]}))
    with opened(Records(path, "社区-07", "岗位匹配")) as (store, noted, audit):
        assert len(noted(lambda: store.read("seekers", fields=["id"]))) == 2
        assert audit.endswith(".audit")
    with AuditLog.open(path) as log:
        (entry,) = log.read().select(["who", "purpose", "scope", "count"]).to_pylist()
    assert entry == {"who": "社区-07", "purpose": "岗位匹配", "scope": SCOPE, "count": 2}


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    path = tmp_path / "none.db"
    with pytest.raises(StoreError, match="must be a store"), opened(Records(str(path), "a", "b")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_a_store_does_not_hold_is_named(tmp_path):
    with Store.open(str(tmp_path / "s.db")) as store:
        store.put("seekers", pa.table({"id": ["S1"]}))
        check_holds(store, ["seekers"])
        with pytest.raises(FileError, match=r"must hold jobs, got none\. Import a list of them"):
            check_holds(store, ["seekers", "jobs"])
