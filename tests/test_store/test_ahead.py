"""What is made ahead comes in order, whole or with its error, and ends with who takes it."""

from __future__ import annotations

import threading
import time

import pytest

from geo_match.store.writing.ahead import ahead


class MakingError(Exception):
    """An item could not be made."""


def running():
    return [one for one in threading.enumerate() if one.name.startswith("ahead")]


def until_at_rest(n, made):
    """Wait until so many are made, if there are so many, and the thread waits for room."""
    until = time.monotonic() + 60.0
    while running() and len(made) < n and time.monotonic() < until:
        time.sleep(0.0001)
    time.sleep(0.001)  # one that makes more than it should has had the time to


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
    made, taken, too_many = [], [], []

    def making():
        for at in range(50):
            # The one that is asked for counts as taken a moment before it is given.
            too_many.append(at - len(taken) > 2)
            made.append(at)
            yield at

    with ahead(making(), most=2) as items:
        for item in items:
            until_at_rest(len(taken) + 3, made)
            taken.append(item)
    assert taken == list(range(50))
    assert not any(too_many)


@pytest.mark.parametrize(
    ("sizes", "ready"), [([5, 5, 5, 5], 2), ([1] * 12, 10), ([30, 1, 1], 1), ([9, 30, 1], 2)]
)
def test_what_is_ahead_is_bounded_by_its_size(sizes, ready):
    """The last of what is ready may go beyond 10; after it no more is made until some is taken."""
    made = []

    def making():
        for size in sizes:
            made.append(size)
            yield size

    with ahead(making(), most=10, size=int) as items:
        until_at_rest(ready, made)
        assert made == sizes[:ready]
        assert list(items) == sizes


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
