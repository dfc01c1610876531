"""Buckets: what is taken from them, by all workers together, is never more than is in them."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.guards.buckets import Buckets

TAKER = """
import sys
from pathlib import Path
from api.guards.buckets import Buckets
buckets = Buckets(Path(sys.argv[1]), per_s=1e-6, burst=1_000)
print(sum(buckets.take(b"a").is_allowed for _ in range(700)))
"""


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("buckets")


@given(
    per_s=st.sampled_from([0.5, 1.0, 4.0, 1_024.0]),
    burst=st.integers(1, 8),
    steps=st.lists(st.tuples(st.integers(0, 64), st.integers(1, 4)), max_size=30),
)
def test_a_bucket_is_as_a_plain_one_that_is_filled_drop_by_drop(folder, per_s, burst, steps):
    clock = Clock()
    buckets = Buckets(folder / "limits", per_s=per_s, burst=burst, clock=clock)
    name = repr((per_s, burst, steps)).encode()
    level, capacity = Fraction(burst), Fraction(burst)
    for eighths_s, cost in steps:
        clock.now += eighths_s / 8
        level = min(capacity, level + Fraction(per_s) * Fraction(eighths_s, 8))
        price = min(Fraction(cost), capacity)
        taken = buckets.take(name, cost=cost)
        assert taken.is_allowed == (price <= level)
        if taken.is_allowed:
            level -= price
            assert taken.enough_in_s == 0
        else:
            assert taken.enough_in_s == pytest.approx(float((price - level) / Fraction(per_s)))
        assert taken.left == int(level)
        assert taken.full_in_s == pytest.approx(float((capacity - level) / Fraction(per_s)))
    buckets.close()


def test_names_have_buckets_of_their_own(tmp_path):
    clock = Clock()
    buckets = Buckets(tmp_path / "limits", per_s=1, burst=1, clock=clock)
    assert all(buckets.take(str(n).encode()).is_allowed for n in range(3_000))
    refused = sum(not buckets.take(str(n).encode()).is_allowed for n in range(3_000))
    assert refused > 2_990  # of 65,536 places: hardly a row has more than its eight


def test_a_crowd_of_names_drives_out_others_and_refuses_nobody_new(tmp_path, monkeypatch):
    monkeypatch.setattr("api.guards.buckets._ROWS", 4)
    buckets = Buckets(tmp_path / "limits", per_s=1, burst=1, clock=Clock())
    assert all(buckets.take(str(n).encode()).is_allowed for n in range(1_000))


def test_by_force_more_is_taken_than_there_is(tmp_path):
    buckets = Buckets(tmp_path / "limits", per_s=1, burst=2, clock=Clock())
    for _ in range(3):
        buckets.take(b"a", by_force=True)
    taken = buckets.take(b"a")
    assert (taken.is_allowed, taken.left, taken.enough_in_s) == (False, 0, 2.0)


def test_all_processes_take_from_the_same_buckets(tmp_path):
    takers = [
        subprocess.Popen(  # noqa: S603 - the test's own interpreter and words
            [sys.executable, "-c", TAKER, str(tmp_path / "limits")],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    taken = [int(taker.communicate()[0]) for taker in takers]
    assert sum(taken) == 1_000
    assert [path.name for path in tmp_path.iterdir()] == ["limits"]
