"""What takes long goes behind those that answer, and goes on where the system does not let it."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from api.priority import NICE, give_way

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems tell no threads apart"
)


def in_a_thread(act):
    """Return what a thread of its own gives: one that gave way may not go first again."""
    given = []
    thread = threading.Thread(target=lambda: given.append(act()))
    thread.start()
    thread.join()
    return given[0]


def priority():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_a_thread_gives_way_and_no_other_does():
    here = priority()

    def give_and_tell():
        give_way()
        return priority()

    assert in_a_thread(give_and_tell) == max(here, NICE)
    assert priority() == here


def test_one_that_is_farther_behind_stays_there(monkeypatch):
    asked = []
    monkeypatch.setattr(os, "getpriority", lambda _, __: NICE + 5)
    monkeypatch.setattr(os, "setpriority", lambda _, __, wanted: asked.append(wanted))
    give_way()
    assert asked == [NICE + 5]


@pytest.mark.parametrize("refuses", ["getpriority", "setpriority"])
def test_where_the_system_refuses_the_thread_goes_on(monkeypatch, refuses):
    met = []

    def refuse(*given):
        met.append(given)
        raise PermissionError

    monkeypatch.setattr(os, "getpriority", lambda _, __: 0)
    monkeypatch.setattr(os, refuses, refuse)
    give_way()
    assert len(met) == 1
