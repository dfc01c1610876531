"""The register of claims: whoever adds to it at once with others, each step is there, and whole."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
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


def test_who_waits_for_one_that_begins_nothing_begins_the_register(tmp_path):
    """The empty file that the first leaves is removed: the second must not write to that."""
    path = tmp_path / "claims.jsonl"
    waiting = Thread(target=add_steps, args=(path, submitting("EM2")), kwargs={"begins": True})

    def refuse(_):
        waiting.start()
        waiting.join(0.1)
        raise ArgumentError("claims", "be made", "none")

    with pytest.raises(ArgumentError, match="`claims` must be made"):
        add_steps(path, refuse, begins=True)
    waiting.join()
    assert [one.case for one in read_register(path)] == ["EM2"]


def test_a_disk_that_is_full_leaves_the_register_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "claims.jsonl"
    add_steps(path, submitting("EM1"), begins=True)
    before, write = path.read_bytes(), register.os.write

    def half(file, lines):
        if len(lines) < 100:
            raise OSError(28, "No space left on device")
        return write(file, lines[: len(lines) - 50])

    monkeypatch.setattr(register.os, "write", half)
    with pytest.raises(OSError, match="No space left"):
        add_steps(path, submitting("EM2"))
    assert path.read_bytes() == before


def test_a_register_in_no_folder_and_one_that_could_not_have_come_about_are_refused(tmp_path):
    with pytest.raises(FileError, match="must be a file that can be written"):
        add_steps(tmp_path / "none" / "claims.jsonl", submitting("EM1"), begins=True)
    with pytest.raises(FileError, match="must be a register of claims, got none there"):
        add_steps(tmp_path / "claims.jsonl", submitting("EM1"))
