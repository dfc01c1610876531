"""A process beside an import that is of no use: it is done without, soon, and it is told why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from geo_match.store import record_schema
from geo_match.store.schema.columns import to_kept
from geo_match.store.writing import aside, timed_pipe
from geo_match.store.writing.aside import Aside
from geo_match.store.writing.orders import Order
from geo_match.store.writing.ready import Ready
from geo_match.store.writing.timed_pipe import TimedPipe

LONG = 5_000
"""Records whose order is more than a pipe holds."""


def order_of(n):
    records = pa.table({"id": [f"P{at:05}" for at in range(n)], "name": ["王"] * n})
    kept = to_kept(records, record_schema("seekers"))
    return Order("seekers", kept, [None] * n, [n], 1, is_file=True)


def has_ended(number):
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state.split()[0] == "Z"


def warnings_in(caplog):
    assert {one.levelname for one in caplog.records} <= {"WARNING"}
    return [one.getMessage().partition("more slowly: ")[2] for one in caplog.records]


@pytest.fixture
def start_as(monkeypatch, tmp_path):
    """Give what starts a script in place of the interpreter."""

    def start(does):
        program = tmp_path / "python"
        program.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))
        one = Aside()
        one.start()
        return one

    return start


@pytest.mark.parametrize("can_poll", [True, False])
@pytest.mark.parametrize(
    "does",
    [
        "exec sleep 1000",  # takes nothing: the order waits to go in
        "head -c 8 >/dev/null; exec sleep 1000",
        "exec wc -c",  # takes the order and gives nothing
        r"printf '\0\0\0\0\0\0\1\0some'; exec wc -c",  # gives a part of an answer
    ],
)
def test_one_that_takes_or_gives_nothing_is_not_waited_for(
    start_as, monkeypatch, caplog, can_poll, does
):
    monkeypatch.setattr(timed_pipe, "CAN_POLL", can_poll)
    monkeypatch.setattr(aside, "SILENCE_S", 0.25)
    with start_as(does) as one:
        number = one.number
        is_taken = one.ask(order_of(LONG))
        assert is_taken == ("wc" in does)
        assert one.answer() is None
        assert one.number is None
        assert has_ended(number)
    assert warnings_in(caplog) == ["it did nothing for 0.25 s."]


def test_one_that_gives_no_answer_and_goes_on_is_ended(start_as, monkeypatch, caplog):
    monkeypatch.setattr(aside, "_END_S", 0.25)
    with start_as("exec cat >/dev/null") as one:
        number = one.number
        assert one.ask(order_of(1))
        assert one.answer() is None
        assert has_ended(number)
    assert warnings_in(caplog) == ["it gave no answer."]


def test_one_that_cannot_be_ended_is_not_waited_for(monkeypatch, caplog):
    """As one is that hangs within its system, on a drive that does not answer."""
    monkeypatch.setattr(aside, "SILENCE_S", 0.05)
    monkeypatch.setattr(aside, "_END_S", 0.05)
    with Aside() as one:
        one.start()
        process = one._started.process
        kill = process.kill
        monkeypatch.setattr(process, "kill", lambda: None)
        os.kill(one.number, signal.SIGSTOP)
        assert not one.ask(order_of(LONG))
        assert one.number is None
        assert process.poll() is None
    assert warnings_in(caplog) == ["it did nothing for 0.05 s."]
    kill()
    assert process.wait() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("exit 3", "it ended with status 3."),
        ("echo first >&2; echo no luck >&2; exit 3", "status 3; its last words: no luck."),
        (r"printf 'a\033[1mb' >&2; exit 1", "status 1; its last words: a [1mb."),
        ("yes no | head -c 300000 >&2; echo out >&2; exit 1", "status 1; its last words: out."),
        ("kill -KILL $$", "it ended with status -9."),
    ],
)
def test_it_is_told_why_it_ended(start_as, caplog, does, told):
    with start_as(does) as one:
        one._started.process.wait()
        assert not one.ask(order_of(1))
        assert not one.ask(order_of(1))
        assert one.answer() is None
    (warned,) = warnings_in(caplog)
    assert warned.endswith(told)


def test_of_a_long_line_its_end_is_told(start_as, caplog):
    with start_as("head -c 100000 /dev/zero | tr '\\0' x >&2; echo end >&2; exit 1") as one:
        one._started.process.wait()
        assert not one.ask(order_of(1))
    (warned,) = warnings_in(caplog)
    assert warned.endswith("xxend.")
    assert 350 < len(warned) < 450


def test_one_that_cannot_be_started_is_told_of_once(monkeypatch, caplog):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Aside() as one:
        one.start()
        one.start()
        assert not one.ask(order_of(1))
    (warned,) = warnings_in(caplog)
    assert warned.startswith("it cannot be started: [Errno 2] No such file or directory")


def test_a_program_without_an_interpreter_has_no_fault(monkeypatch, caplog):
    monkeypatch.setattr(sys, "executable", "/usr/bin/server")
    with caplog.at_level("DEBUG"), Aside() as one:
        one.start()
        one.start()
        assert not one.ask(order_of(1))
    assert [one.levelname for one in caplog.records] == ["DEBUG"]


@pytest.mark.parametrize("error", [MemoryError, pa.ArrowCapacityError, OSError])
def test_an_order_that_cannot_be_told_is_not_taken(monkeypatch, caplog, error):
    def to_bytes(_):
        raise error("王")

    monkeypatch.setattr(Order, "to_bytes", to_bytes)
    with Aside() as one:
        one.start()
        assert not one.ask(order_of(1))
        assert not one.ask(order_of(1))
        assert one.answer() is None
    assert warnings_in(caplog) == [f"{error.__name__} in telling it an order."]


def test_a_long_order_and_its_answer_pass_whole():
    with Aside() as one:
        one.start()
        for n in (LONG, 1, LONG):
            assert one.ask(order_of(n))
            (told,) = one.answer()
            assert len(Ready.of_bytes(told).keys) == n


@pytest.mark.parametrize("can_poll", [True, False])
def test_a_pipe_gives_what_was_written_before_its_end(monkeypatch, can_poll):
    monkeypatch.setattr(timed_pipe, "CAN_POLL", can_poll)
    ends = [open(at, mode, buffering=0) for at, mode in zip(os.pipe(), ("rb", "wb"), strict=True)]  # noqa: PTH123, SIM115 - by number, closed below
    reader, writer = (TimedPipe(one, silence_s=lambda: 60.0, end=lambda: None) for one in ends)
    writer.write(b"some words")
    assert reader.read(4) == b"some"
    writer.close()
    assert reader.read(100) == b" words"
    assert reader.read(1) == b""
    reader.close()


PROGRAM = """
import sys, time
import subprocess
import pyarrow as pa
from geo_match.store import record_schema
from geo_match.store.schema.columns import to_kept
from geo_match.store.writing import aside
from geo_match.store.writing.orders import Order

started = []
popen = subprocess.Popen
aside.subprocess.Popen = lambda *given, **options: (
    started.append(popen(*given, **options)) or started[-1]
)
one = aside.Aside()
one.start()
kept = to_kept(pa.table({"id": ["P1"], "name": ["王"]}), record_schema("seekers"))
assert one.ask(Order("seekers", kept, [None], [1], 1, is_file=True)) and one.answer()
orders = started[0].stdin.fileno()
copy = popen(["sleep", "1000"], pass_fds=[orders], stdout=subprocess.DEVNULL)
print(started[0].pid, copy.pid, flush=True)
time.sleep(1000)
"""


def test_it_ends_with_who_asks_also_where_another_process_holds_the_pipe_open():
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE) as process:  # noqa: S603 - this interpreter, on our own program
        number, copy = map(int, process.stdout.readline().split())
        try:
            process.kill()
            assert process.wait() == -signal.SIGKILL
            until = time.monotonic() + 30.0
            while not has_ended(number) and time.monotonic() < until:
                time.sleep(0.01)
            assert has_ended(number)
            assert not has_ended(copy)
        finally:
            os.kill(copy, signal.SIGKILL)
            if not has_ended(number):
                os.kill(number, signal.SIGKILL)
