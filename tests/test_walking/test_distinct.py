"""Equal rows as one, beside plain Python."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo_match.walking.search.distinct import add_up, distinct, members_of

ROWS = st.lists(st.tuples(st.sampled_from([-0.0, 0.0, 1.5, 2.0]), st.integers(0, 2)), max_size=30)


@given(ROWS)
def test_kinds_are_the_different_rows_in_ascending_order(rows: list[tuple[float, int]]) -> None:
    columns = np.array([one for one, _ in rows]), np.array([one for _, one in rows], dtype=np.int64)
    first, kind = distinct(*columns)
    values = sorted(set(rows))
    assert [rows[at] for at in first] == values
    assert first.tolist() == [rows.index(value) for value in values]
    assert kind.tolist() == [values.index(row) for row in rows]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_members_are_the_rows_of_each_kind_in_order(kind: list[int]) -> None:
    offsets, rows = members_of(np.array(kind, dtype=np.int64), 7)
    listed = [rows[offsets[one] : offsets[one + 1]].tolist() for one in range(7)]
    assert listed == [[at for at, its in enumerate(kind) if its == one] for one in range(7)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-(2**55), 2**55)), max_size=30))
def test_sums_are_exact_and_0_for_kinds_without_rows(rows: list[tuple[int, int]]) -> None:
    total = defaultdict(int)
    for kind, weight in rows:
        total[kind] += weight
    weights = np.array([[weight, 1] for _, weight in rows], dtype=np.int64).reshape(-1, 2)
    found = add_up(weights, np.array([kind for kind, _ in rows], dtype=np.int64), 7)
    assert found[:, 0].tolist() == [total[kind] for kind in range(7)]
    assert found[:, 1].sum() == len(rows)
