"""What takes long is made once, by whomever it is asked for, and not for ever."""

from __future__ import annotations

import threading
import time

import pytest

from api.coverage.single_flight import NotReadyError, SingleFlight


def test_many_who_ask_at_once_wait_for_one():
    flight, made, gate = SingleFlight(2), [], threading.Event()

    def make():
        gate.wait(10)
        made.append(1)
        return "x"

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(flight.get("a", make, wait_s=10)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert (found, made, flight.makings) == (["x"] * 8, [1], 1)


def test_who_waits_too_long_is_told_and_finds_it_later():
    flight, gate = SingleFlight(2), threading.Event()
    with pytest.raises(NotReadyError):
        flight.get("a", lambda: gate.wait(10), wait_s=0.01)
    gate.set()
    assert flight.get("a", lambda: None, wait_s=10) is True
    assert flight.makings == 1


def waiting_for(flight, key, make, count=1):
    """Start threads that wait; return them once they do."""
    before = flight._waiting
    threads = [
        threading.Thread(target=lambda: flight.get(key, make, wait_s=30)) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    while flight._waiting < before + count:
        time.sleep(0.001)
    return threads


def test_where_some_wait_others_are_told_at_once_and_what_is_there_is_given_to_all():
    flight, gate = SingleFlight(2), threading.Event()
    flight.get("there", lambda: 7, wait_s=10)
    threads = waiting_for(flight, "a", lambda: gate.wait(30), 3)
    for key in ("a", "b"):
        with pytest.raises(NotReadyError):
            flight.get(key, lambda: 1, wait_s=1000, waiting=3)
    assert flight.get("there", lambda: 8, wait_s=10, waiting=0) == 7
    gate.set()
    for thread in threads:
        thread.join()
    assert flight.get("b", lambda: 1, wait_s=10, waiting=3) == 1


def test_what_nobody_waits_for_is_not_made_when_its_turn_comes():
    flight, gate, made = SingleFlight(9), threading.Event(), []
    threads = waiting_for(flight, "long", lambda: gate.wait(30))
    for key in range(50):
        with pytest.raises(NotReadyError):
            flight.get(key, lambda key=key: made.append(key), wait_s=0.001)
    assert len(flight._queue) <= 1
    threads += waiting_for(flight, "wanted", lambda: made.append("wanted"))
    gate.set()
    for thread in threads:
        thread.join()
    assert made == ["wanted"]
    assert flight.makings == 2
    assert flight.get(3, lambda: "anew", wait_s=10) == "anew"


def test_what_failed_is_tried_again():
    flight = SingleFlight(2)

    def fail():
        message = "not now"
        raise ValueError(message)

    with pytest.raises(ValueError, match="not now"):
        flight.get("a", fail, wait_s=10)
    assert flight.get("a", lambda: 1, wait_s=10) == 1
    assert flight.makings == 2


def test_what_was_not_asked_for_longest_goes_first():
    flight = SingleFlight(2)
    for key in ("a", "b", "a", "c"):
        flight.get(key, lambda: 0, wait_s=10)
    flight.get("a", lambda: 0, wait_s=10)
    assert flight.makings == 3
    flight.get("b", lambda: 0, wait_s=10)
    assert flight.makings == 4
