"""What is made ahead comes in order, whole or with its error, and ends with who takes it."""

from __future__ import annotations

import threading

import pytest

from geo_match.store.writing.ahead import ahead
from geo_match.store.writing.own import Own


class MakingError(Exception):
    """An item could not be made."""


def running():
    return [one for one in threading.enumerate() if one.name.startswith("ahead")]


@pytest.mark.parametrize("n", [0, 1, 3, 50])
@pytest.mark.parametrize("most", [1, 4])
def test_the_same_items_come_in_the_same_order(n, most):
    with ahead(iter(range(n)), most=most) as items:
        assert list(items) == list(range(n))
    assert running() == []


def test_nothing_that_is_made_is_lost_for_being_none():
    with ahead(iter([None, 0, ""]), most=2) as items:
        assert list(items) == [None, 0, ""]


def test_no_more_are_made_ahead_than_are_asked_for():
    made = []
    third = threading.Event()

    def making():
        for at in range(10):
            made.append(at)
            if at == 2:
                third.set()
            yield at

    with ahead(making(), most=2) as items:
        assert next(items) == 0
        assert third.wait(timeout=60)  # one taken, and two ahead
        assert made == [0, 1, 2]
        assert list(items) == list(range(1, 10))


def test_an_error_in_making_comes_in_the_stead_of_its_item():
    def failing():
        yield 1
        yield 2
        raise MakingError("no third")

    taken = []

    def take():
        with ahead(failing(), most=5) as items:
            for item in items:
                taken.append(item)  # noqa: PERF402 - each before the next is asked for

    with pytest.raises(MakingError, match="no third"):
        take()
    assert taken == [1, 2]
    assert running() == []


def test_who_stops_taking_stops_the_making():
    made = []

    def making():
        for at in range(10**6):
            made.append(at)
            yield at

    def stop():
        with ahead(making(), most=3) as items:
            next(items)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    n = len(made)
    assert n <= 4
    assert running() == []
    assert len(made) == n


def test_own_changes_are_counted_since_any_commit():
    own = Own()
    assert own.since(0) == 0
    own.add(500, 500)
    own.add(1_000, 500)
    own.add(1_013, 3)  # ten of others in between
    assert [own.since(seq) for seq in (0, 500, 1_000, 1_010, 1_013)] == [1_003, 503, 3, 3, 0]
