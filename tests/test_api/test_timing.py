"""The engine's time of a request: it adds up, whoever counts, and is not there if nobody did."""

from __future__ import annotations

import threading
import time

import pytest
from starlette.requests import Request

from api.timing import engine_s_of, engine_time


def request():
    return Request({"type": "http", "headers": []})


def test_several_spans_add_up_also_those_of_threads():
    one = request()

    def work():
        with engine_time(one):
            time.sleep(0.01)

    work()
    first = engine_s_of(one.scope)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert first >= 0.01
    assert engine_s_of(one.scope) >= first + 0.01


def test_a_request_for_which_it_did_nothing_has_none():
    one = request()
    assert engine_s_of(one.scope) is None
    assert one.state is not None
    assert engine_s_of(one.scope) is None


def test_what_fails_took_its_time_too():
    one = request()
    with pytest.raises(ValueError, match="broken"), engine_time(one):
        raise ValueError("broken")
    assert engine_s_of(one.scope) >= 0
