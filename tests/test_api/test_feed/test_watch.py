"""A watch tells those who wait what they wait for, and looks only while anybody does."""

from __future__ import annotations

import asyncio
import threading

import pytest

from api.feed.watch import Watch
from geo_match.store import Cursor, StoreError


class Feed:
    """A feed of changes that are set by hand, looked at like a store's."""

    def __init__(self):
        self.newest_of = {}
        self.epoch = "e"
        self.fault = None
        self.looks = 0

    def put(self, kind):
        self.newest_of[kind] = max(self.newest_of.values(), default=0) + 1

    def newest(self, *, after):
        self.looks += 1
        if self.fault is not None:
            raise self.fault
        head = max(self.newest_of.values(), default=0)
        newer = {kind: seq for kind, seq in self.newest_of.items() if seq > after.seq}
        return Cursor(self.epoch, head), newer


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def stopping():
    return threading.Event()


@pytest.fixture
def watch(feed, stopping):
    return Watch(feed, stopping, every_s=0.001)


def at(seq, epoch="e"):
    return Cursor(epoch, seq)


def told(watch, *asked, then=None):
    """Return what the watch tells those who ask it for kinds after a place, in their order."""

    async def wait():
        async with asyncio.timeout(10):
            waiting = [
                asyncio.create_task(watch.changed(kinds, after=after, timeout_s=timeout_s))
                for kinds, after, timeout_s in asked
            ]
            if then is not None:
                await asyncio.sleep(0.01)
                then()
            return await asyncio.gather(*waiting)

    return asyncio.run(wait())


def test_those_hear_of_a_change_who_wait_for_its_kind(feed, watch):
    asked = ((("jobs",), at(0), 30), (("sites", "jobs"), at(0), 30), (("sites",), at(0), 0.05))
    assert told(watch, *asked, then=lambda: feed.put("jobs")) == [True, True, False]


def test_a_change_that_is_known_already_is_told_at_once(feed, watch):
    async def wait():
        first = asyncio.create_task(watch.changed(["sites"], after=at(0), timeout_s=0.2))
        await asyncio.sleep(0.01)
        feed.put("jobs")
        await asyncio.sleep(0.02)
        late = await watch.changed(["jobs"], after=at(0), timeout_s=30)
        return late, await first

    assert asyncio.run(wait()) == (True, False)


@pytest.mark.parametrize("place", [at(0), at(5, "f")], ids=["earlier", "of another epoch"])
def test_whoever_stands_where_the_watch_has_not_looked_has_to_look(feed, watch, place):
    feed.newest_of["sites"] = 5
    assert told(watch, (["jobs"], at(5), 0.05), (["jobs"], place, 30)) == [False, True]


def test_nobody_is_looked_for_when_nobody_waits(feed, watch):
    async def wait():
        await watch.changed(["jobs"], after=at(0), timeout_s=0.01)
        await asyncio.sleep(0.02)
        looks = feed.looks
        await asyncio.sleep(0.02)
        assert feed.looks == looks
        again = asyncio.create_task(watch.changed(["jobs"], after=at(0), timeout_s=30))
        await asyncio.sleep(0.01)
        feed.put("jobs")
        return await again

    assert asyncio.run(wait())


def test_all_look_when_the_store_cannot_be_read(feed, watch):
    feed.fault = StoreError("a.db", "be sound", "damage")
    assert told(watch, (["jobs"], at(0), 30), (["sites"], at(0), 30)) == [True, True]
    feed.fault = None
    assert told(watch, (["jobs"], at(0), 0.02)) == [False]


def test_all_go_when_the_server_stops(watch, stopping):
    asked = ((["jobs"], at(0), 30), (["sites"], at(0), 30))
    assert told(watch, *asked, then=stopping.set) == [False, False]
    assert told(watch, *asked) == [False, False]
