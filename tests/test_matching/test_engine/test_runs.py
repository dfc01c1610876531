"""Runs of positions, held to plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo_match.matching.engine._runs import runs


@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 5)), max_size=20))
def test_runs_are_the_numbers_from_each_first_on(asked):
    first, n = np.array(asked, dtype=np.int64).reshape(-1, 2).T
    expected = [number for start, count in asked for number in range(start, start + count)]
    assert runs(first, n).tolist() == expected
