"""A read waits until its worker has come to what it must see, and not for ever."""

from __future__ import annotations

import itertools
import time

import pytest
from fastapi import FastAPI

from api import min_cursor, problems
from api.min_cursor import caught_up
from geo_match.store import Cursor

EPOCH = "0" * 32


@pytest.fixture
def served(asker):
    """An application whose view moves on by one with each look, and how often it was looked at."""
    app, looks = FastAPI(), itertools.count(1)
    app.state.looks = 0

    def seen(request):
        request.app.state.looks = next(looks)
        return Cursor(EPOCH, request.app.state.looks)

    @app.get("/", dependencies=[caught_up(seen)])
    def get():
        return {}

    problems.install(app)
    return asker(app)


def test_it_is_answered_as_soon_as_the_view_is_there(served):
    assert served(f"/?min_cursor={EPOCH}-3").status_code == 200
    assert served.app.state.looks == 3
    assert served(f"/?min_cursor={EPOCH}-0").status_code == 200
    assert served("/").status_code == 200  # asked for nothing, it looks at nothing
    assert served.app.state.looks == 4


def test_one_that_does_not_come_is_told_to_ask_again(served, monkeypatch):
    monkeypatch.setattr(min_cursor, "AT_MOST_S", 0.05)
    begun = time.monotonic()
    answer = served(f"/?min_cursor={EPOCH}-999999999999")
    assert time.monotonic() - begun >= 0.05
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["type"] == "urn:geo-match:problem:not-yet"


def test_a_cursor_of_another_epoch_is_not_waited_for(served):
    answer = served(f"/?min_cursor={'1' * 32}-1")
    assert answer.status_code == 410
    assert answer.json()["type"] == "urn:geo-match:problem:other-epoch"
    assert served.app.state.looks == 1


def test_what_is_no_cursor_is_left_to_the_query_to_refuse(served):
    assert served("/?min_cursor=x").status_code == 200  # this one has no query
