"""Who waits for a change gets it when it comes, and many who wait cost next to nothing."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import update
from test_api.test_feed.conftest import client_of, lines_of, people, stations

from api.feed import routes
from api.guards.crowd import most_waiting
from geo_match.store.schema.tables import FEED

URN = "urn:geo-match:problem:"


async def holds(condition):
    """Wait until something is so."""
    while not condition():  # noqa: ASYNC110 - what happens in the server tells no event
        await asyncio.sleep(0.01)


class Looks:
    """Counts how often the store is looked at for who waits, and says when it was."""

    def __init__(self, fed, monkeypatch):
        self.count = 0
        self._look = fed.store.__class__.newest
        monkeypatch.setattr(fed.store.__class__, "newest", self._counted())

    def _counted(self):
        def newest(store, **given):
            self.count += 1
            return self._look(store, **given)

        return newest

    async def some(self, n=2):
        """Wait until the store was looked at some times more."""
        until = self.count + n
        await holds(lambda: self.count >= until)


@pytest.fixture
def looks(fed, monkeypatch):
    return Looks(fed, monkeypatch)


def meanwhile(fed, looks, act, *queries):
    """Return the answers to requests that wait while something is done."""

    async def ask():
        async with asyncio.timeout(20), client_of(fed) as client:
            waiting = [
                asyncio.create_task(client.get("/v1/changes", params={"wait_s": 30} | query))
                for query in queries
            ]
            await looks.some()
            await asyncio.to_thread(act)
            return await asyncio.gather(*waiting)

    return asyncio.run(ask())


def test_a_change_is_told_when_it_comes(fed, looks):
    fed.store.put("stations", stations("A"))
    after = str(fed.store.cursor())
    (answer,) = meanwhile(
        fed, looks, lambda: fed.store.put("stations", stations("B")), {"after": after}
    )
    assert [one["id"] for one in lines_of(answer)] == ["B"]


def test_what_is_there_is_told_at_once_and_nobody_looks_again(fed, looks):
    fed.store.put("stations", stations("A"))
    assert len(fed.changes(wait_s=30)[0]) == 1
    assert looks.count == 0


def test_a_change_of_another_kind_is_not_waited_for_but_passed_over(fed):
    async def ask():
        async with client_of(fed) as client:
            query = {"wait_s": 0.4, "kinds": "stations"}
            waiting = asyncio.create_task(client.get("/v1/changes", params=query))
            await asyncio.sleep(0.1)
            await asyncio.to_thread(fed.store.put, "seekers", people("P1"))
            return await waiting

    answer = asyncio.run(ask())
    assert lines_of(answer) == []
    assert answer.headers["geo-match-cursor"] == str(fed.store.cursor())


def test_a_hundred_wait_on_one_look_and_no_thread(fed, looks):
    fed.store.put("stations", stations("A"))
    query = {"after": str(fed.store.cursor()), "wait_s": 30}

    async def ask():
        async with asyncio.timeout(20), client_of(fed) as client:
            waiting = [
                asyncio.create_task(client.get("/v1/changes", params=query)) for _ in range(100)
            ]
            watch = fed.app.state.watch
            await holds(lambda: len(watch._waiting) == 100)
            before, n_threads = looks.count, threading.active_count()
            await looks.some(4)
            assert looks.count - before < 20  # not one each
            assert threading.active_count() < n_threads + 10  # who looks may take another one
            answer = await client.get("/v1/changes?after=" + query["after"])  # others are answered
            assert lines_of(answer) == []
            await asyncio.to_thread(fed.store.put, "stations", stations("B"))
            return await asyncio.gather(*waiting)

    told = {answer.content for answer in asyncio.run(ask())}
    assert len(told) == 1
    assert b'"id":"B"' in told.pop()


def test_who_would_wait_beside_too_many_is_told_to_come_again(fed, looks, monkeypatch):
    monkeypatch.setattr(routes, "most_waiting", lambda most: 2 if most == 512 else most)
    fed.store.put("stations", stations("A"))
    query = {"after": str(fed.store.cursor()), "wait_s": 30, "kinds": "stations"}

    async def ask():
        async with asyncio.timeout(60), client_of(fed) as client:
            waiting = [
                asyncio.create_task(client.get("/v1/changes", params=query)) for _ in range(2)
            ]
            await holds(lambda: len(fed.app.state.watch._waiting) == 2)
            refused = await client.get("/v1/changes", params=query)
            at_once = await client.get("/v1/changes", params=query | {"wait_s": 0})
            told = await client.get("/v1/changes", params={"wait_s": 30})  # which is there
            await asyncio.to_thread(fed.store.put, "seekers", people("P1"))
            await looks.some()
            await holds(lambda: len(fed.app.state.watch._waiting) == 2)  # they have not lost it
            await asyncio.to_thread(fed.store.put, "stations", stations("B"))
            return refused, at_once, told, await asyncio.gather(*waiting)

    refused, at_once, told, waited = asyncio.run(ask())
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert refused.json()["type"] == f"{URN}server-busy"
    assert "2 wait for changes here" in refused.json()["detail"]
    assert lines_of(at_once) == []
    assert [one["id"] for one in lines_of(told)] == ["A"]
    assert [[one["id"] for one in lines_of(answer)] for answer in waited] == [["B"]] * 2
    assert fed.app.state.watch._turns == 0  # they are free again


def test_a_quarter_of_those_that_are_answered_may_wait():
    assert [most_waiting(most) for most in (512, 100, 5, 1)] == [128, 25, 1, 1]


def test_nobody_waits_any_more_when_the_server_stops(fed, looks):
    stopping = fed.app.state.stopping
    try:
        (answer,) = meanwhile(fed, looks, stopping.set, {})
        assert lines_of(answer) == []
        assert fed.changes(wait_s=30)[0] == []
    finally:
        stopping.clear()


def test_a_key_that_is_revoked_meanwhile_is_told_nothing(fed, looks):
    key, secret = fed.store.api_keys.issue(role="integration", label="示例")

    def act():
        fed.store.api_keys.revoke(key.id)
        fed.store.put("stations", stations("A"))

    fed = type(fed)(
        fed.store, fed.app, type(fed.ask)(fed.app, {"Authorization": f"Bearer {secret}"})
    )
    (answer,) = meanwhile(fed, looks, act, {})
    assert (answer.status_code, answer.json()["type"]) == (401, f"{URN}key-not-valid")


def test_a_store_that_is_restored_meanwhile_is_another(fed, looks):
    epoch = update(FEED).values(epoch="f" * 32)
    (answer,) = meanwhile(
        fed,
        looks,
        lambda: fed.store.database.write(lambda connection: connection.execute(epoch)),
        {},
    )
    assert (answer.status_code, answer.json()["type"]) == (410, f"{URN}other-epoch")


def test_who_goes_is_waited_for_no_longer(fed, looks):
    sent = []

    async def ask():
        arrived = asyncio.Event()

        async def receive():
            if not arrived.is_set():
                arrived.set()
                return {"type": "http.request", "body": b"", "more_body": False}
            await looks.some()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        headers = [(b"host", b"localhost")]
        headers += [
            (name.lower().encode(), value.encode()) for name, value in fed.ask.headers.items()
        ]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "path": "/v1/changes",
            "raw_path": b"/v1/changes",
            "query_string": b"wait_s=30",
            "root_path": "",
            "scheme": "http",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }
        async with asyncio.timeout(20):
            await fed.app(scope, receive, send)
        assert not fed.app.state.watch._waiting

    asyncio.run(ask())
    assert b"".join(one.get("body", b"") for one in sent) == b""
