"""The pulse of a store: another number after each commit, whoever made it."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest

from geo_match.store import Store

SITE = {"id": "W1", "name": "示例店", "lon": 117.38, "lat": 32.92, "located_by": "given"}
PUT = """
import sys, pyarrow as pa
from geo_match.store import Store
with Store.open(sys.argv[1]) as store:
    store.put("sites", pa.Table.from_pylist([{"id": "W2", "name": "示例店"}]))
"""


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "a store.db") as opened:
        yield opened


def test_it_stays_while_nothing_is_written_and_changes_with_each_commit(store) -> None:
    first = store.pulse()
    assert isinstance(first, int)
    store.read("sites")
    assert store.pulse() == first
    store.put("sites", pa.Table.from_pylist([SITE]))
    second = store.pulse()
    assert second != first
    store.api_keys.issue(role="operator", label="示例系统")  # no record, but a commit
    assert store.pulse() not in {first, second}
    assert store.pulse() == store.pulse()


def test_what_another_process_wrote_is_told_as_soon_as_it_is_written(store) -> None:
    before = store.pulse()
    subprocess.run([sys.executable, "-c", PUT, store.name], check=True)  # noqa: S603 - our own program
    assert store.pulse() != before


def test_each_store_of_one_file_has_its_own(store, tmp_path) -> None:
    with Store.open(tmp_path / "a store.db") as other:
        own, others = store.pulse(), other.pulse()
        other.put("sites", pa.Table.from_pylist([SITE]))
        assert store.pulse() != own
        assert other.pulse() != others


def test_no_file_is_made_by_asking(tmp_path) -> None:
    path = tmp_path / "gone.db"
    with Store.open(path) as opened:
        pass
    for left in tmp_path.iterdir():
        left.unlink()
    assert opened.pulse() is None
    assert not path.exists()


def test_a_file_is_at_hand_while_connections_to_it_are_free(store) -> None:
    assert store.is_at_hand
    taken = []
    while store.is_at_hand:
        taken.append(store.database.engine.raw_connection())
    assert 5 < len(taken) < 20
    assert store.count("sites") == 0  # one is left for who reads meanwhile
    for one in taken:
        one.close()
    assert store.is_at_hand
