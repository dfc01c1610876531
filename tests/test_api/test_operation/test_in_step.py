"""An index that is kept in step with its store, and what `/readyz` says while it is not."""

from __future__ import annotations

import asyncio
import threading
import time

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
