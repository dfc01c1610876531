"""An index that is kept in step with its store, and what `/readyz` says while it is not."""

from __future__ import annotations

import asyncio
import threading
import time

import httpx
import pyarrow as pa
import pytest
from test_api.test_access.conftest import AREA, bearer, fill

from api.app import create_app
from api.operation import routes
from api.settings import Settings
from geo_match.store import Store, StoreError


@pytest.fixture
def served(tmp_path, asker):
    """An application over a small store, the way to ask it with a key, and that to write there."""
    keys = fill(tmp_path / "a.db", invented=False)
    app = create_app(Settings(store=str(tmp_path / "a.db")))
    with Store.open(tmp_path / "a.db") as store:
        yield app, asker(app, bearer(keys["planner"])), store
    app.state.opened.close()


def write(store, *numbers):
    ids = [f"{AREA}{number:03}" for number in numbers]
    store.put("communities", pa.table({"id": ids, "name": ids}))
    return str(store.cursor())


def test_what_is_written_is_taken_in_before_the_answer(served):
    _, ask, store = served
    for number in range(2, 5):
        reached = write(store, number)
        assert ask("/readyz").json() == {"status": "ready", "cursor": reached}


def test_who_waits_too_long_hears_how_far_the_index_is_behind(served, asker, monkeypatch):
    app, ask, store = served
    ask("/readyz")
    write(store, 2, 3, 4)
    goes_on, catch_up = threading.Event(), app.state.jobs.catch_up

    def late():
        goes_on.wait(60)
        return catch_up()

    monkeypatch.setattr(app.state.jobs, "catch_up", late)
    monkeypatch.setattr(routes, "PATIENCE_S", 0.05)
    try:
        problem = ask.problem("/readyz")
        assert problem["type"] == "urn:geo-match:problem:index-behind"
        assert problem["status"] == 503
        assert "is behind the store by 3 changes. It is being" in problem["detail"]
        assert "is behind the store. It is being" in asker(app).problem("/readyz")["detail"]
        assert ask("/readyz").headers["retry-after"] == "1"
        assert ask("/healthz").status_code == 200
    finally:
        goes_on.set()
    monkeypatch.setattr(routes, "PATIENCE_S", 60)
    assert ask("/readyz").status_code == 200


def test_many_who_wait_share_one_look_and_hold_no_thread(served, monkeypatch):
    app, ask, _ = served
    begun, goes_on, looks = threading.Event(), threading.Event(), []
    catch_up = app.state.jobs.catch_up

    def late():
        looks.append(True)
        begun.set()
        goes_on.wait(60)
        return catch_up()

    async def ask_many():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=ask.headers
        ) as client:
            ready = [asyncio.create_task(client.get("/readyz")) for _ in range(60)]
            await asyncio.to_thread(begun.wait, 60)
            try:
                async with asyncio.timeout(20):  # of the threads of requests there are 40
                    health = await client.get("/healthz")
            finally:
                goes_on.set()
            return health, await asyncio.gather(*ready)

    monkeypatch.setattr(app.state.jobs, "catch_up", late)
    monkeypatch.setattr(routes, "PATIENCE_S", 60)
    health, ready = asyncio.run(ask_many())
    assert health.status_code == 200
    assert {answer.status_code for answer in ready} == {200}
    assert len(looks) < 30  # those that came before it began share the second


def test_who_asks_while_a_look_is_under_way_is_told_of_a_later_one(served, monkeypatch):
    app, _, store = served
    begun, goes_on, seen = threading.Event(), threading.Event(), []
    take_in = app.state.in_step._take_in

    def late(of):
        seen.append(of.cursor())
        begun.set()
        goes_on.wait(60)
        return take_in(of)

    async def ask_twice():
        first = asyncio.create_task(app.state.in_step.reach(60))
        await asyncio.to_thread(begun.wait, 60)
        written = write(store, 2)
        second = asyncio.create_task(app.state.in_step.reach(60))
        third = asyncio.create_task(app.state.in_step.reach(60))
        await asyncio.sleep(0)
        goes_on.set()
        return written, await asyncio.gather(first, second, third)

    monkeypatch.setattr(app.state.in_step, "_take_in", late)
    written, (_, *later) = asyncio.run(ask_twice())
    assert later == [written, written]
    assert [str(cursor) == written for cursor in seen] == [False, True]


def test_a_store_that_cannot_be_read_is_no_ready_one(served, monkeypatch):
    app, ask, _ = served

    def fail():
        raise StoreError("a.db", "be readable", "damage")

    monkeypatch.setattr(app.state.jobs, "catch_up", fail)
    assert ask("/readyz").status_code == 503
    assert "retry-after" not in ask("/readyz").headers


def test_the_index_follows_the_store_though_nobody_asks(served, caplog):
    app, _, store = served
    written = store.cursor()

    def write_and_wait():
        for number in (2, 3):
            write(store, number)
            while app.state.jobs.cursor != store.cursor():
                time.sleep(0.01)

    async def follow():
        async with app.state.in_step.following():
            await asyncio.to_thread(write_and_wait)

    asyncio.run(asyncio.wait_for(follow(), 60))
    assert app.state.jobs.cursor.seq == written.seq + 2
    assert caplog.records == []


def test_a_store_that_cannot_be_read_is_logged_once_while_that_lasts(served, caplog, monkeypatch):
    app, _, _ = served
    step, catch_up = app.state.in_step, app.state.jobs.catch_up

    def fail():
        raise StoreError("a.db", "be readable", "damage")

    for does, said in ((fail, 1), (fail, 1), (catch_up, 1), (fail, 2)):
        monkeypatch.setattr(app.state.jobs, "catch_up", does)
        step._look()
        assert len(caplog.records) == said
    assert "StoreError" in caplog.text


def test_what_nobody_foresaw_is_logged_without_its_text_and_the_index_followed_on(
    served, caplog, monkeypatch
):
    app, _, store = served
    looks, catch_up = [], app.state.jobs.catch_up

    def fail_first():
        looks.append(True)
        if len(looks) == 1:
            message = "13800138000"
            raise ValueError(message)
        return catch_up()

    def write_and_wait():
        write(store, 2)
        until = time.monotonic() + 20
        while app.state.jobs.cursor != store.cursor():
            assert time.monotonic() < until
            time.sleep(0.01)

    async def follow():
        async with app.state.in_step.following():
            await asyncio.to_thread(write_and_wait)

    monkeypatch.setattr(app.state.jobs, "catch_up", fail_first)
    asyncio.run(follow())
    (record,) = caplog.records
    assert "ValueError" in record.getMessage()
    assert "13800138000" not in caplog.text
