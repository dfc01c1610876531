"""A read waits until its worker has come to what it must see, and not for ever."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter

import httpx
import pytest
from fastapi import FastAPI

from api import min_cursor, problems
from api.min_cursor import caught_up
from api.settings import Settings
from geo_match.store import Cursor, StoreError

EPOCH = "0" * 32
FAR = f"/?min_cursor={EPOCH}-999999999999"


class View:
    """What an application shows: it moves on with each look, and knows who looked."""

    def __init__(self):
        self.epoch, self.at, self.step, self.fault = EPOCH, 0, 1, None
        self.lookers, self.threads = [], set()

    def __call__(self, request):
        self.lookers.append(request)
        self.threads.add(threading.get_ident())
        if self.fault is not None:
            raise self.fault
        self.at += self.step
        return Cursor(self.epoch, self.at)

    @property
    def looks(self):
        return len(self.lookers)


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """Who waits is told in good time, however busy the machine is, but where the end is meant."""
    monkeypatch.setattr(min_cursor, "AT_MOST_S", 50.0)


@pytest.fixture
def view():
    return View()


@pytest.fixture
def served(asker, view):
    """An application that shows the view, and lets three of twelve requests wait at a time."""
    app = FastAPI()
    app.state.settings = Settings(most_requests=12)

    @app.get("/", dependencies=[caught_up(view)])
    def get():
        return {}

    problems.install(app)
    return asker(app)


def answers(served, targets, meanwhile):
    """Return the answers to requests that come together, while something is done beside."""

    async def ask():
        transport = httpx.ASGITransport(served.app, raise_app_exceptions=False)
        async with (
            asyncio.timeout(60),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            asked = [asyncio.create_task(client.get(target)) for target in targets]
            await meanwhile(asked)
            return await asyncio.gather(*asked)

    return asyncio.run(ask())


async def holds(condition):
    """Wait until something is so."""
    while not condition():  # noqa: ASYNC110 - what happens in the server tells no event
        await asyncio.sleep(0.005)


def types_of(told):
    return [(one.status_code, one.json().get("type", "").rpartition(":")[2]) for one in told]


def test_it_is_answered_as_soon_as_the_view_is_there(served, view):
    assert served(f"/?min_cursor={EPOCH}-3").status_code == 200
    assert view.looks == 3
    assert served(f"/?min_cursor={EPOCH}-0").status_code == 200
    assert served("/").status_code == 200  # asked for nothing, it looks at nothing
    assert view.looks == 4


def test_one_that_does_not_come_is_told_to_ask_again(served, monkeypatch):
    monkeypatch.setattr(min_cursor, "AT_MOST_S", 0.05)
    begun = time.monotonic()
    answer = served(FAR)
    assert time.monotonic() - begun >= 0.05
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["type"] == "urn:geo-match:problem:not-yet"


def test_a_cursor_of_another_epoch_is_not_waited_for(served, view):
    answer = served(f"/?min_cursor={'1' * 32}-1")
    assert answer.status_code == 410
    assert answer.json()["type"] == "urn:geo-match:problem:other-epoch"
    assert view.looks == 1


def test_what_is_no_cursor_is_left_to_the_query_to_refuse(served):
    assert served("/?min_cursor=x").status_code == 200  # this one has no query


def test_one_look_is_for_all_who_wait(served, view):
    view.step = 0

    async def watch(_):
        await holds(lambda: view.looks >= 10)
        view.step = 1

    told = answers(served, [f"/?min_cursor={EPOCH}-1"] * 3, watch)
    assert types_of(told) == [(200, "")] * 3
    each = sorted(Counter(map(id, view.lookers)).values())
    assert each == [1, 1, view.looks - 2]  # by themselves once, and then one of them
    assert len(view.threads) >= 2  # and not by the threads that requests have


def test_who_comes_when_too_many_wait_is_told_at_once(served, view):
    view.step = 0

    async def watch(asked):
        await holds(lambda: sum(one.done() for one in asked) == 2)
        await holds(lambda: view.looks >= 10)
        assert sum(one.done() for one in asked) == 2  # a quarter of twelve may wait
        view.step = 1

    told = answers(served, [f"/?min_cursor={EPOCH}-1"] * 5, watch)
    assert sorted(types_of(told)) == [(200, "")] * 3 + [(503, "not-yet")] * 2
    assert {one.headers.get("retry-after") for one in told} == {"1", None}


def test_those_who_wait_hear_that_the_store_was_restored(served, view):
    async def restore(_):
        await holds(lambda: view.looks >= 3)
        view.epoch = "1" * 32

    assert types_of(answers(served, [FAR] * 2, restore)) == [(410, "other-epoch")] * 2


@pytest.mark.parametrize(
    ("fault", "status"), [(StoreError("a.db", "be sound", "damage"), 503), (OSError("x"), 500)]
)
def test_those_who_wait_hear_why_nothing_can_be_looked_at(served, view, fault, status):
    async def fail(_):
        await holds(lambda: view.looks >= 3)
        view.fault = fault

    assert types_of(answers(served, [FAR] * 2, fail)) == [(status, "blank")] * 2
    view.fault = None
    assert served(f"/?min_cursor={EPOCH}-{view.at + 3}").status_code == 200
