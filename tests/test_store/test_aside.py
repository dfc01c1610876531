"""A long list is made ready in a process beside the import: with the same outcome, and no more."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from test_store.faults import check_whole

from geo_match.store import Store, record_schema
from geo_match.store.schema.columns import to_kept
from geo_match.store.writing import applying, aside, aside_loop, orders
from geo_match.store.writing.aside import Aside
from geo_match.store.writing.aside_loop import answer_all
from geo_match.store.writing.messages import receive, send
from geo_match.store.writing.orders import Order
from geo_match.store.writing.ready import Ready

N = 4_321
BLOCK = 1_000


def seekers(version=1, n=N):
    at = range(n)
    return pa.table(
        {
            "id": [f"P{one * 7_919 % n:05}" for one in at],
            "version": [version if one % 11 else None for one in at],
            "name": [f"王“{one % 97}”" for one in at],
            "lon": [None if one % 13 == 0 else 117.0 + one / 90_000.0 for one in at],
            "lat": [None if one % 13 == 0 else 32.9 for one in at],
            "remark": [None if one % 2 else "\t😀\\" for one in at],
        }
    )


class Watched(Aside):
    """A process whose answers are counted."""

    made = ()

    def __init__(self):
        super().__init__()
        self.answers = []
        Watched.made = (*Watched.made, self)

    def answer(self):
        found = super().answer()
        self.answers.append(None if found is None else len(found))
        return found


@pytest.fixture
def watched(monkeypatch):
    """Watch the processes that are started; blocks are small: a short list is a long one."""
    monkeypatch.setattr(applying, "BLOCK", BLOCK)
    monkeypatch.setattr(applying, "LEAST_ASIDE", BLOCK)
    Watched.made = ()
    monkeypatch.setattr(applying, "Aside", Watched)
    return Watched


def has_ended(number, within_s=20.0):
    """Return whether a process has ended; one that is no child of this one's may take a moment."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state.split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def told_in(caplog):
    """Return what is logged of why an import does without a process."""
    assert {(one.name, one.levelname) for one in caplog.records} <= {(aside.__name__, "WARNING")}
    return [one.getMessage().partition("more slowly: ")[2].rstrip(".") for one in caplog.records]


def story(store):
    """Return all that a store tells, but for keys that are drawn and moments."""
    numbers = {}
    changes = [
        (one.seq, numbers.setdefault(one.key, len(numbers)), one.op, one.record, one.cause)
        for one in store.changes()
    ]
    with store.database.reading() as connection:
        images = connection.exec_driver_sql("SELECT form, after FROM changes ORDER BY seq").all()
    keys = store.keys("seekers", store.read("seekers").column("id").to_pylist())
    return changes, list(map(tuple, images)), {one: numbers[key] for one, key in keys.items()}


def test_a_list_has_the_same_outcome_with_and_without_a_process_beside(
    new_url, watched, monkeypatch
):
    found = []
    for least in (BLOCK, 10**9):
        monkeypatch.setattr(applying, "LEAST_ASIDE", least)
        with Store.open(new_url()) as store:
            some = seekers().slice(2_000, 900)
            seen = []
            applied = [
                store.apply("seekers", some, source="some.csv"),
                store.apply("seekers", seekers(2), source="all.csv", watch=seen.append),
                store.apply("seekers", seekers(2), source="all.csv"),
            ]
            check_whole(store)
            told = [[getattr(one, mask).tolist() for mask in one.__slots__] for one in applied]
            found.append((told, seen, story(store), store.read("seekers")))
    assert found[0] == found[1]
    # Where some are known the first block is made here; where all are, nothing is made.
    assert [one.answers for one in watched.made] == [[], [2, 2, 2, 1], [], [], [], []]


def test_a_short_list_starts_no_process(new_url, monkeypatch):
    monkeypatch.setattr(aside.subprocess, "Popen", None)
    with Store.open(new_url()) as store:
        assert store.apply("seekers", seekers(), source="a.csv").accepted.all()


def test_the_process_ends_with_the_import(store, watched, caplog):
    numbers = set()
    store.apply(
        "seekers", seekers(), source="a.csv", watch=lambda _: numbers.add(watched.made[0].number)
    )
    (number,) = numbers - {None}
    assert has_ended(number, 0.5)
    assert watched.made[0].number is None
    assert caplog.records == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_the_process_ends_with_an_import_that_is_stopped_and_the_list_goes_on(store, watched, stop):
    numbers = []

    def watch(_):
        numbers.append(watched.made[0].number)
        if len(numbers) == 6:
            raise stop("here")

    with pytest.raises(stop, match="here"):
        store.apply("seekers", seekers(), source="a.csv", watch=watch)
    assert has_ended(numbers[-1], 0.5)
    assert store.count("seekers") == 3_000
    applied = store.apply("seekers", seekers(), source="a.csv")
    assert applied.accepted.all()
    assert store.head().seq == N
    check_whole(store)


@pytest.mark.parametrize("after", [2, 3, 5])
def test_a_process_that_is_killed_is_done_without_and_it_is_told_once(
    store, watched, after, caplog
):
    seen = []

    def watch(_):
        seen.append(None)
        if len(seen) == after:
            os.kill(watched.made[0].number, signal.SIGKILL)

    assert store.apply("seekers", seekers(), source="a.csv", watch=watch).accepted.all()
    check_whole(store)
    assert store.count("seekers") == N
    assert len(watched.made) == 1
    assert watched.made[0].number is None
    assert told_in(caplog) == ["it ended with status -9"]


@pytest.mark.parametrize("after", [2, 3])
def test_a_process_that_hangs_is_done_without_and_it_is_told_once(
    store, watched, monkeypatch, caplog, after
):
    seen, numbers = [], set()

    def watch(_):
        seen.append(None)
        numbers.add(watched.made[0].number)
        if len(seen) == after:
            os.kill(watched.made[0].number, signal.SIGSTOP)
            monkeypatch.setattr(aside, "SILENCE_S", 0.25)

    assert store.apply("seekers", seekers(), source="a.csv", watch=watch).accepted.all()
    check_whole(store)
    assert store.count("seekers") == N
    (number,) = numbers - {None}
    assert has_ended(number)
    assert told_in(caplog) == ["it did nothing for 0.25 s"]


@pytest.mark.parametrize("program", ["/nowhere/python", "/nowhere/server", ""])
def test_where_no_process_can_be_started_the_list_goes_in_all_the_same(
    store, watched, monkeypatch, program
):
    monkeypatch.setattr(sys, "executable", program)
    assert store.apply("seekers", seekers(), source="a.csv").accepted.all()
    assert watched.made[0].answers == []
    check_whole(store)


@pytest.mark.parametrize("does", ["exit 0", "echo it talks; exit 0", "head -c 20 >/dev/null"])
def test_where_the_process_is_none_of_ours_the_list_goes_in_all_the_same(
    store, watched, monkeypatch, tmp_path, does
):
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    assert store.apply("seekers", seekers(), source="a.csv").accepted.all()
    assert not any(watched.made[0].answers)
    check_whole(store)


@pytest.mark.usefixtures("watched")
def test_a_frozen_program_is_not_started_once_more(store, monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(aside.subprocess, "Popen", None)
    assert store.apply("seekers", seekers(), source="a.csv").accepted.all()


@pytest.mark.usefixtures("watched")
def test_what_cannot_be_made_ready_fails_here_with_its_own_error(store, monkeypatch, caplog):
    """The process beside cannot do it either: it gives no answer, and nothing depends on it."""
    to_bytes = Order.to_bytes
    blocks = []

    def broken(order):
        blocks.append(order)
        return to_bytes(order) if len(blocks) < 2 else b"no order"

    def images_of(rows):
        if len(blocks) == 2:
            raise RuntimeError("no image")
        return images(rows)

    images = orders.images_of
    monkeypatch.setattr(orders, "images_of", images_of)
    monkeypatch.setattr(Order, "to_bytes", broken)
    with pytest.raises(RuntimeError, match="no image"):
        store.apply("seekers", seekers(), source="a.csv")
    assert store.count("seekers") == store.head().seq == BLOCK
    assert told_in(caplog) == [
        "it ended with status 1; its last words: UnpicklingError in making an order ready"
    ]
    monkeypatch.undo()
    assert store.apply("seekers", seekers(), source="a.csv").accepted.all()
    check_whole(store)


def test_what_another_writes_meanwhile_is_judged_and_kept(new_url, watched):
    """The next blocks are compared already when another writes records of them."""
    url = new_url()
    with Store.open(url) as store, Store.open(url) as other:
        seen = []

        def watch(_):
            seen.append(None)
            if len(seen) == 3:
                newer = pa.table(
                    {"id": ["P02100", "P03100"], "version": [9, 9], "name": ["李"] * 2}
                )
                other.put("seekers", newer)

        applied = store.apply("seekers", seekers(), source="a.csv", watch=watch)
        assert int(applied.stale.sum()) == 2
        assert int(applied.accepted.sum()) == N - 2
        assert store.read("seekers").filter(pa.compute.field("name") == "李").num_rows == 2
        check_whole(store)
        assert watched.made[0].answers == [2, 2, 2, 2, 1]


PROGRAM = """
import sys
import pyarrow as pa
from geo_match.store import Store
from geo_match.store.writing import applying

applying.BLOCK = applying.LEAST_ASIDE = 1_000
started = []
start = applying.Aside.start

def watched(aside):
    start(aside)
    started.append(aside.number)

applying.Aside.start = watched
n = 10_000
records = pa.table({"id": [f"P{at:05}" for at in range(n)], "name": ["王"] * n})
with Store.open(sys.argv[1]) as store:
    store.apply(
        "seekers", records, source="a.csv", watch=lambda _: print(*started[:1], flush=True)
    )
"""


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after", [3, 6])
def test_the_process_outlives_no_import_that_is_killed(tmp_path, stop, after):
    path = tmp_path / "a.db"
    process = subprocess.Popen(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", PROGRAM, path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    told = [process.stdout.readline() for _ in range(after)]
    os.kill(process.pid, stop)
    process.stdout.close()
    assert process.wait() in {-stop, 1}
    assert has_ended(int(told[-1]))
    with Store.open(path, busy_timeout_s=5) as store:
        check_whole(store)
        assert store.count("seekers") >= 500 * after


def test_a_signal_to_all_processes_of_a_terminal_leaves_the_process_beside_to_the_import(
    store, watched
):
    sessions = set()

    def watch(_):
        number = watched.made[0].number
        if number is not None:
            sessions.add(os.getsid(number))

    store.apply("seekers", seekers(), source="a.csv", watch=watch)
    assert os.getsid(0) not in sessions
    assert len(sessions) == 1


def test_the_loop_answers_each_order_until_its_end():
    given = [
        Order("seekers", kept_of(10), [None] * 10, sizes, 1, is_file=True)
        for sizes in ([10], [4, 6])
    ]
    asked, answers = io.BytesIO(), io.BytesIO()
    for one in given:
        send(asked, one.to_bytes())
    asked.seek(0)
    answer_all(asked, answers)
    answers.seek(0)
    made = [Ready.of_bytes(receive(answers)) for _ in range(3)]
    assert [len(one.keys) for one in made] == [10, 4, 6]
    with pytest.raises(EOFError, match=r"^$"):
        receive(answers)


def test_the_loop_ends_where_nobody_reads():
    class Closed(io.BytesIO):
        def write(self, _):
            raise BrokenPipeError

    asked = io.BytesIO()
    send(asked, Order("seekers", kept_of(3), [None] * 3, [3], 1, is_file=True).to_bytes())
    asked.seek(0)
    with contextlib.closing(Closed()) as answers:
        answer_all(asked, answers)


def kept_of(n):
    return to_kept(seekers(n=n), record_schema("seekers"))


@pytest.mark.skipif(sys.platform != "linux", reason="sessions share the processor on Linux alone")
@pytest.mark.parametrize(("nice", "said"), [(10, "10"), (0, "")])
def test_a_low_priority_counts_beside_other_sessions(tmp_path, monkeypatch, nice, said):
    path = tmp_path / "autogroup"
    path.touch()
    monkeypatch.setattr(os, "getpriority", lambda _, __: nice)
    aside_loop._give_way_as_a_session(path)
    assert path.read_text() == said


@pytest.mark.skipif(sys.platform != "linux", reason="sessions share the processor on Linux alone")
def test_where_sessions_do_not_share_it_it_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getpriority", lambda _, __: 10)
    aside_loop._give_way_as_a_session(tmp_path / "nowhere" / "autogroup")
    assert not (tmp_path / "nowhere").exists()
