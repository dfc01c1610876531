"""Who asks for what is not taken in yet waits, all by one thread, and is then answered at hand."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace

import pytest
from fastapi import Response

from api import quick
from api.quick import BEHIND, AtHand
from geo_match.store import StoreError


class Asked:
    """A middleware over an application that answers "thorough", and what it was asked."""

    def __init__(self, answer, catch_up):
        self.app = SimpleNamespace(state=SimpleNamespace(jobs=SimpleNamespace(catch_up=catch_up)))
        self._way = AtHand(self._thorough, {"/x": answer})

    async def _thorough(self, scope, receive, send):
        await Response("thorough")(scope, receive, send)

    async def __call__(self):
        said = []
        scope = {"type": "http", "method": "GET", "path": "/x", "headers": [], "app": self.app}

        async def send(message):
            said.append(message.get("body", b""))

        await self._way(scope, None, send)
        return b"".join(said).decode()


class Written:
    """Something that was written, and is taken in by a step that waits until it is let go."""

    def __init__(self, *, steps=1):
        self.left = steps
        self.n_steps = 0
        self.begun, self.go_on = threading.Event(), threading.Event()

    def answer(self, _):
        return BEHIND if self.left else Response("at hand")

    def catch_up(self):
        self.n_steps += 1
        self.begun.set()
        assert self.go_on.wait(30)
        self.left -= 1


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Wait as long as it takes: how busy the machine is is no fault of what is tested."""
    monkeypatch.setattr(quick, "_PATIENCE_S", 50.0)


def test_all_who_wait_are_answered_after_one_step():
    written = Written()
    asked = Asked(written.answer, written.catch_up)

    async def many():
        waiting = [asyncio.create_task(asked()) for _ in range(20)]
        await asyncio.to_thread(written.begun.wait, 30)
        assert not any(one.done() for one in waiting)
        written.go_on.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(many()) == ["at hand"] * 20
    assert written.n_steps == 1


def test_who_goes_away_takes_the_step_from_nobody():
    written = Written()
    asked = Asked(written.answer, written.catch_up)

    async def two():
        first, second = (asyncio.create_task(asked()) for _ in range(2))
        await asyncio.to_thread(written.begun.wait, 30)
        first.cancel()
        await asyncio.sleep(0)
        written.go_on.set()
        return await second

    assert asyncio.run(two()) == "at hand"


def test_where_more_is_written_all_the_time_the_thorough_way_is_gone():
    written = Written(steps=100)
    written.go_on.set()
    assert asyncio.run(Asked(written.answer, written.catch_up)()) == "thorough"
    assert 0 < written.n_steps < 10


def test_who_has_waited_for_long_goes_the_thorough_way_and_the_step_goes_on(monkeypatch):
    monkeypatch.setattr(quick, "_PATIENCE_S", 0.0)
    written = Written()
    asked = Asked(written.answer, written.catch_up)

    async def twice():
        first = await asked()
        written.go_on.set()
        quick._PATIENCE_S = 50.0
        return first, await asked()

    assert asyncio.run(twice()) == ("thorough", "at hand")
    assert written.n_steps == 1


@pytest.mark.parametrize("found", [Response("at hand"), None])
def test_nobody_waits_who_is_not_behind(found):
    asked = Asked(lambda _: found, lambda: pytest.fail("nothing is to be taken in"))
    assert asyncio.run(asked()) == ("thorough" if found is None else "at hand")


def test_what_cannot_be_taken_in_is_told_by_who_is_thorough():
    def catch_up():
        raise StoreError("city.db", "be there", "nothing", "Make it.")

    assert asyncio.run(Asked(lambda _: BEHIND, catch_up)()) == "thorough"
