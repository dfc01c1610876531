"""Callers that come together share a commit, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo_match.store.audit._group import CommitGroups, GroupsClosedError


class Gate:
    """Writes groups; each waits until it is let through, and fails if told so."""

    def __init__(self):
        self.written = []
        self.begun = threading.Event()
        self.through = threading.Event()
        self.failures = []

    def write(self, items):
        self.begun.set()
        assert self.through.wait(30)
        if self.failures and (failure := self.failures.pop(0)) is not None:
            raise failure
        start = sum(map(len, self.written))
        self.written.append(list(items))
        return range(start, start + len(items))


def wait_for(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.001)


def gathered(groups, pool, gate, count):
    """Have one caller write, and `count` wait; return what each will get."""
    first = pool.submit(groups.add, "first")
    assert gate.begun.wait(30)
    others = [pool.submit(groups.add, f"other {at}") for at in range(count)]
    wait_for(lambda: len(groups._gathering.items) == count)
    with groups._turn:  # free when the last of them waits, too
        pass
    return first, others


def test_a_lone_caller_writes_at_once_and_alone():
    gate = Gate()
    gate.through.set()
    groups = CommitGroups(gate.write)
    assert [groups.add("a"), groups.add("b")] == [0, 1]
    assert gate.written == [["a"], ["b"]]


def test_who_comes_while_one_writes_shares_the_next_write_and_gets_his_own_number():
    gate = Gate()
    groups = CommitGroups(gate.write)
    with ThreadPoolExecutor(64) as pool:
        first, others = gathered(groups, pool, gate, 63)
        gate.through.set()
        assert first.result(30) == 0
        numbers = [other.result(30) for other in others]
    assert [len(group) for group in gate.written] == [1, 63]
    written = [item for group in gate.written for item in group]
    assert [written[number] for number in numbers] == [f"other {at}" for at in range(63)]


def test_all_of_a_failed_group_hear_of_it_and_the_next_is_tried_anew():
    gate = Gate()
    cause = OSError("no room")
    gate.failures = [None, cause]
    groups = CommitGroups(gate.write)
    with ThreadPoolExecutor(9) as pool:
        first, others = gathered(groups, pool, gate, 8)
        gate.through.set()
        assert first.result(30) == 0
        assert all(other.result(30) is cause for other in others)
        assert groups.add("again") == 1


def test_an_interruption_reaches_its_caller_and_lets_nobody_hang():
    gate = Gate()
    gate.failures = [None, KeyboardInterrupt()]
    groups = CommitGroups(gate.write)
    with ThreadPoolExecutor(9) as pool:
        first, others = gathered(groups, pool, gate, 8)
        gate.through.set()
        assert first.result(30) == 0
        raised = [other.exception(30) for other in others]
        heard = [other.result() for other, error in zip(others, raised, strict=True) if not error]
        assert sorted(map(type, filter(None, raised)), key=str) == [KeyboardInterrupt]
        assert [type(one) for one in heard] == [KeyboardInterrupt] * 7
        assert groups.add("again") == 1


@pytest.mark.parametrize("others", [0, 1])
def test_who_is_interrupted_while_waiting_leaves_his_item_to_be_written(monkeypatch, others):
    def interrupted(_):
        raise KeyboardInterrupt("now")

    gate = Gate()
    groups = CommitGroups(gate.write)
    with ThreadPoolExecutor(2) as pool:
        first, waiting = gathered(groups, pool, gate, others)
        with monkeypatch.context() as patch:
            patch.setattr(groups._turn, "wait_for", interrupted)
            with pytest.raises(KeyboardInterrupt, match="now"):
                groups.add("gone")
        gate.through.set()
        assert [one.result(30) for one in (first, *waiting)] == list(range(1 + others))
        groups.close()  # where nobody waits for it any more
    assert gate.written == [["first"], [*(["other 0"] * others), "gone"]]


def test_closing_waits_for_what_was_taken_and_takes_no_more():
    gate = Gate()
    groups = CommitGroups(gate.write)
    with ThreadPoolExecutor(5) as pool:
        first, others = gathered(groups, pool, gate, 3)
        closing = pool.submit(groups.close)
        wait_for(lambda: groups._is_closed)
        assert isinstance(groups.add("late"), GroupsClosedError)
        assert not closing.done()
        gate.through.set()
        closing.result(30)
        assert [one.result(30) for one in (first, *others)] == [0, 1, 2, 3]
    assert [len(group) for group in gate.written] == [1, 3]
