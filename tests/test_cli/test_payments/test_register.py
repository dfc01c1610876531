"""The register of claims: whoever adds to it at once with others, each step is there, and whole."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from threading import Thread

import pytest

from geo_match.cli.payments import register
from geo_match.cli.payments.register import add_steps, read_register
from geo_match.errors import ArgumentError, FileError
from geo_match.policy.payments.claims import Event, Submission

DAY = dt.date(2025, 6, 30)


def submitting(case):
    """Return what adds a claim of a case."""
    what = Submission(
        payment="stable_employment",
        case=case,
        person="S1",
        payee="OP1",
        on=DAY,
        evidence=frozenset({f"hire:{case}"}),
        amount_cny=None,
        rule="payments.stable_employment",
        rule_version="2022-1",
    )
    id_ = f"stable_employment/{case}/1"
    step = Event(
        claim=id_, step="submit", on=DAY, by="operator-1", role="operator", submission=what
    )
    return lambda claims: claims.with_events([step])


def test_steps_added_at_the_same_time_are_all_kept(tmp_path):
    path = tmp_path / "claims.jsonl"
    cases = [f"EM{n}" for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(add_steps, path, submitting(one), begins=True) for one in cases]
    assert {len(one.result()) for one in done} == set(range(1, 13))
    assert sorted(one.case for one in read_register(path)) == sorted(cases)


@pytest.fixture
def somebody_waits(monkeypatch):
    """A signal that is given once somebody is told to wait: then their register is open."""
    told = Signal()
    monkeypatch.setattr(register, "say", lambda _: told.set())
    return told


def test_who_waits_for_one_that_begins_nothing_begins_the_register(tmp_path, somebody_waits):
    """The empty file that the first leaves is removed: the second must not write to that."""
    path = tmp_path / "claims.jsonl"
    waiting = Thread(target=add_steps, args=(path, submitting("EM2")), kwargs={"begins": True})

    def refuse(_):
        waiting.start()
        assert somebody_waits.wait(30)
        raise ArgumentError("claims", "be made", "none")

    with pytest.raises(ArgumentError, match="`claims` must be made"):
        add_steps(path, refuse, begins=True)
    waiting.join()
    assert [one.case for one in read_register(path)] == ["EM2"]


def test_whoever_reads_waits_for_who_adds_and_sees_all_of_it(tmp_path, somebody_waits):
    path = tmp_path / "claims.jsonl"
    with ThreadPoolExecutor(1) as pool:

        def add_while_another_reads(claims):
            read.append(pool.submit(read_register, path))
            assert somebody_waits.wait(30)
            return submitting("EM1")(claims)

        read = []
        add_steps(path, add_while_another_reads, begins=True)
        assert [one.case for one in read[0].result()] == ["EM1"]


def test_whoever_reads_waits_for_nobody_who_reads(tmp_path):
    path = tmp_path / "claims.jsonl"
    add_steps(path, submitting("EM1"), begins=True)
    with path.open("rb") as reading:
        fcntl.flock(reading, fcntl.LOCK_SH)
        assert len(read_register(path)) == 1


def test_whoever_waits_is_told_for_what_and_nobody_else(tmp_path, monkeypatch):
    path, said, waits = tmp_path / "claims.jsonl", [], Signal()

    def hear(text):
        said.append(text)
        waits.set()

    monkeypatch.setattr(register, "say", hear)
    add_steps(path, submitting("EM1"), begins=True)
    with path.open("rb") as reading, ThreadPoolExecutor(1) as pool:
        fcntl.flock(reading, fcntl.LOCK_SH)
        adding = pool.submit(add_steps, path, submitting("EM2"))
        is_told = waits.wait(30)
        fcntl.flock(reading, fcntl.LOCK_UN)
        assert len(adding.result()) == 2
    assert is_told
    assert said == [f"waiting for another who is at {path}"]


def test_a_register_that_is_removed_while_it_is_opened_is_begun_anew(tmp_path, monkeypatch):
    path = tmp_path / "claims.jsonl"
    lock = register._lock
    removed = []

    def remove_first(*arguments):
        lock(*arguments)
        if not removed:
            removed.append(path.unlink())

    monkeypatch.setattr(register, "_lock", remove_first)
    add_steps(path, submitting("EM1"), begins=True)
    assert [one.case for one in read_register(path)] == ["EM1"]


def test_a_register_just_begun_has_its_name_on_the_disk_and_later_lines_need_none(
    tmp_path, monkeypatch
):
    synced = []
    monkeypatch.setattr(register, "_sync_folder", synced.append)
    path = tmp_path / "claims.jsonl"
    add_steps(path, submitting("EM1"), begins=True)
    assert synced == [tmp_path]
    add_steps(path, submitting("EM2"), begins=True)
    assert synced == [tmp_path]


def test_a_folder_that_cannot_be_written_to_the_disk_leaves_no_register(tmp_path, monkeypatch):
    sync, folder = register.os.fsync, tmp_path.stat()

    def fail(file):
        if os.path.samestat(os.fstat(file), folder):
            raise OSError(5, "Input/output error")
        sync(file)

    monkeypatch.setattr(register.os, "fsync", fail)
    path = tmp_path / "claims.jsonl"
    with pytest.raises(OSError, match="Input/output error"):
        add_steps(path, submitting("EM1"), begins=True)
    assert not path.exists()


def test_a_disk_that_is_full_leaves_the_register_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "claims.jsonl"
    add_steps(path, submitting("EM1"), begins=True)
    before, write = path.read_bytes(), register.os.write

    def half(file, lines):
        if not os.path.samestat(os.fstat(file), path.stat()):
            return write(file, lines)  # others in this process write elsewhere
        if not lines.startswith(b'{"claim"'):
            raise OSError(28, "No space left on device")
        return write(file, lines[: len(lines) - 50])

    monkeypatch.setattr(register.os, "write", half)
    with pytest.raises(OSError, match="No space left"):
        add_steps(path, submitting("EM2"))
    assert path.read_bytes() == before


def test_a_register_that_may_not_be_read_is_told_as_such(tmp_path, monkeypatch):
    path = tmp_path / "claims.jsonl"
    add_steps(path, submitting("EM1"), begins=True)
    open_ = register.os.open

    def deny(name, *arguments):
        if name == path:
            raise PermissionError(13, "Permission denied")
        return open_(name, *arguments)

    monkeypatch.setattr(register.os, "open", deny)
    with pytest.raises(FileError, match=r"must be a file that can be read, got .*denied"):
        read_register(path)


def test_a_register_in_no_folder_and_one_that_could_not_have_come_about_are_refused(tmp_path):
    with pytest.raises(FileError, match="must be a file that can be written"):
        add_steps(tmp_path / "none" / "claims.jsonl", submitting("EM1"), begins=True)
    for refused in (
        lambda path: add_steps(path, submitting("EM1")),
        read_register,
    ):
        with pytest.raises(FileError, match="must be a register of claims, got none there"):
            refused(tmp_path / "claims.jsonl")
    assert not (tmp_path / "claims.jsonl").exists()
