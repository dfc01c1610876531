"""A long import lets those go first who wait to write."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pyarrow as pa
import pytest

from geo_match.store import Store
from geo_match.store.database.turn import Turn

PARTS = 16
PUTS = 4
AT_MOST = 2
"""Parts of an import that may be written while one put waits: the one that is under way, and one
between the moment at which the test looks and that at which the put asks for the lock."""


def stations(n, prefix):
    return pa.table({"id": [f"{prefix}{at:05}" for at in range(n)]})


def test_a_put_waits_for_few_transactions_of_an_import(new_url):
    url = new_url()
    parts = 0
    waited = []
    begun, ended = threading.Event(), threading.Event()

    def count(_):
        nonlocal parts
        parts += 1
        begun.set()

    def put():
        with Store.open(url) as other:
            begun.wait()
            for at in range(PUTS):
                if ended.is_set():
                    return
                before = parts
                other.put("stations", pa.table({"id": [f"PUT{at}"]}))
                waited.append(parts - before)

    thread = threading.Thread(target=put)
    thread.start()
    with Store.open(url) as store:
        store.apply("stations", stations(500 * PARTS, "S"), source="a.csv", watch=count)
        ended.set()
        thread.join()
        assert store.count("stations") == 500 * PARTS + len(waited)
    assert parts == PARTS
    assert len(waited) == PUTS, "the import was over before they had their turn"
    assert max(waited) <= AT_MOST


def test_nobody_is_let_go_first_where_nobody_waits(tmp_path):
    assert Turn(tmp_path / "a.db").give_way() is False


def test_who_waits_is_seen_until_its_turn_has_come(tmp_path):
    turn, other = Turn(tmp_path / "a.db"), Turn(tmp_path / "a.db")
    with turn.waiting(), other.waiting():  # several may wait
        assert other.give_way(most_s=0.01) is True
    assert other.give_way(most_s=0.01) is False


def test_an_import_goes_on_as_soon_as_the_other_has_begun(tmp_path):
    turn = Turn(tmp_path / "a.db")
    waits, goes_on = threading.Event(), threading.Event()

    def wait():
        with turn.waiting():
            waits.set()
            goes_on.wait()

    thread = threading.Thread(target=wait)
    thread.start()
    waits.wait()
    threading.Timer(0.05, goes_on.set).start()
    assert turn.give_way(most_s=60) is True
    assert goes_on.is_set()
    thread.join()


@pytest.mark.parametrize(("is_waited_for", "rests"), [(True, [0.5]), (False, [])])
def test_an_import_rests_while_others_write(tmp_path, monkeypatch, is_waited_for, rests):
    rested = []
    with Store.open(tmp_path / "a.db") as store:
        monkeypatch.setattr(Turn, "give_way", lambda _: is_waited_for)
        clock = SimpleNamespace(sleep=rested.append)
        monkeypatch.setattr("geo_match.store.database.database.time", clock)
        store.database.give_way(0.25)
    assert rested == rests


def test_a_folder_that_is_not_there_is_left_to_the_store_to_name(tmp_path):
    with Turn(tmp_path / "nowhere" / "a.db").waiting():
        pass


@pytest.mark.parametrize("n", [1, 3])
def test_waiting_leaves_no_lock_when_it_fails(tmp_path, n):
    turn = Turn(tmp_path / "a.db")
    for _ in range(n):
        with pytest.raises(KeyboardInterrupt), turn.waiting():
            raise KeyboardInterrupt
    assert turn.give_way(most_s=0.01) is False
