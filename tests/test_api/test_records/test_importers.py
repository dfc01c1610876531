"""Lists that come, wait or are taken in: so many, of so many bytes, behind those that answer."""

from __future__ import annotations

import asyncio
import os
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.problems import ProblemError
from api.records import importers as module
from api.records import importing
from api.records.importers import Importers
from api.shared_place import SharedPlace
from geo_match.store.writing.aside import Aside

LONGEST = 10


@pytest.fixture(scope="module")
def importers(tmp_path_factory):
    made = Importers(SharedPlace(tmp_path_factory.mktemp("place"), worker=1, is_own=False))
    yield made
    made.close()


async def parts_of(sizes):
    for size in sizes:
        yield b"x" * size


async def read(room, sizes):
    return [len(part) async for part in room.counted(parts_of(sizes))]


@given(st.lists(st.tuples(st.integers(0, 12), st.lists(st.integers(0, 8), max_size=4)), max_size=9))
def test_lists_are_together_no_longer_than_so_many_of_the_longest(importers, lists):
    most, held = module.LONGEST_LISTS * LONGEST, []

    def come(at):
        """Let one list come while those before it are there; then the next."""
        if at == len(lists):
            return
        announced, sizes = lists[at]
        n_bytes = max(announced, sum(sizes))
        if sum(held) + n_bytes > most:
            with pytest.raises(ProblemError, match="Server busy") as refused:
                take(announced, sizes)
            assert refused.value.headers == {"Retry-After": "5"}
            come(at + 1)
            return
        with importers.room(announced, longest_bytes=LONGEST) as room:
            assert asyncio.run(read(room, sizes)) == sizes
            held.append(n_bytes)
            come(at + 1)

    def take(announced, sizes):
        with importers.room(announced, longest_bytes=LONGEST) as room:
            asyncio.run(read(room, sizes))

    come(0)
    with importers.room(most, longest_bytes=LONGEST):
        pass  # of all that came nothing is left


def test_only_so_many_lists_have_room_however_short_they_are(importers, monkeypatch):
    monkeypatch.setattr(module, "MOST_LISTS", 2)
    for _ in range(2):  # the second time shows that they had let go of it
        with importers.room(0, longest_bytes=LONGEST), importers.room(0, longest_bytes=LONGEST):
            with pytest.raises(ProblemError, match="Server busy"):
                importers.room(0, longest_bytes=LONGEST).__enter__()
            with pytest.raises(ProblemError, match="Server busy"):
                importers.room(0, longest_bytes=LONGEST).__enter__()


@pytest.fixture(scope="module")
def records(make):
    return make()


def test_a_list_that_comes_beside_too_many_is_refused_before_it_is_read(records, monkeypatch):
    monkeypatch.setattr(module, "MOST_LISTS", 1)
    judge, told, read_parts = importing.judge_file, [], []

    def content():
        read_parts.append(1)
        yield "id,name\nE9,厂\n".encode()

    def judge_and_send(*given, **named):
        told.append(records.load("employers", "id,name\nE2,厂\n"))
        told.append(send_slowly())
        return judge(*given, **named)

    def send_slowly():
        async def parts():
            for part in content():
                yield part

        return records(
            "POST",
            "/v1/employers:import",
            "operator",
            content=parts(),
            headers={"Content-Type": "text/csv"},
        )

    with monkeypatch.context() as patch:
        patch.setattr(importing, "judge_file", judge_and_send)
        assert records.load("employers", "id,name\nE1,厂\n").json()["accepted"] == 1
    for answer in told:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["type"] == "urn:geo-match:problem:server-busy"
        assert answer.headers["connection"] == "close"
    assert not read_parts
    assert records.load("employers", "id,name\nE2,厂\n").json()["accepted"] == 1


def test_a_list_whose_length_nobody_said_is_refused_where_the_room_ends(records, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_LISTS", 0)

    async def parts():
        for _ in range(3):
            yield b"id,name\n"

    answer = records(
        "POST",
        "/v1/employers:import",
        "operator",
        content=parts(),
        headers={"Content-Type": "text/csv"},
    )
    assert (answer.status_code, answer.headers["connection"]) == (503, "close")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell no threads apart")
def test_imports_and_the_process_that_each_starts_go_behind_those_that_answer(importers):
    def priorities():
        with Aside() as aside:
            aside.start()
            number = aside.number
            assert number is not None
            of_thread = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            return of_thread, os.getpriority(os.PRIO_PROCESS, number)

    here = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    before = max(here, 10)
    assert asyncio.run(importers.run(priorities)) == (before, before)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == here
