"""Pairs put together and counts cut, against lists of each query's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.index._snapshot_pairs import cut, joined, only, starts
from geo_match.spatial import Pairs

of_query = st.lists(st.integers(0, 9), max_size=4)
of_queries = st.lists(of_query, max_size=6)


def pairs(points: list[list[int]], first_query: int = 0) -> Pairs:
    """Return pairs of these points by query; each has a distance of its own."""
    flat = np.array([point for row in points for point in row], dtype=np.int64)
    counts = np.array([len(row) for row in points], dtype=np.int64)
    return Pairs(starts(counts), flat, flat * 1.5, first_query)


@pytest.mark.parametrize(
    "points", [[], [[]], [[4, 7]], [[], [4, 7], []], [[1], [], [2, 3], [5]]], ids=str
)
@pytest.mark.parametrize("kept", ["all", "none", "odd"])
def test_only_what_is_kept_stays_with_its_query(points: list[list[int]], kept: str) -> None:
    stays = {"all": lambda _: True, "none": lambda _: False, "odd": lambda point: point % 2 == 1}
    found = pairs(points, first_query=3)
    mask = np.array([stays[kept](point) for point in found.point], dtype=np.bool_)
    left = [[point for point in row if stays[kept](point)] for row in points]
    assert only(found, mask) == pairs(left, first_query=3)


@given(of_queries, st.data())
def test_only_is_a_filter_of_each_query(points: list[list[int]], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.integers(0, 9)))
    found = pairs(points)
    left = [[point for point in row if point in kept] for row in points]
    assert only(found, np.isin(found.point, sorted(kept))) == pairs(left)


@pytest.mark.parametrize("rows", [[], [([], [])], [([1], [2])], [([], [2]), ([1], []), ([], [])]])
def test_pairs_of_no_one_and_several_queries_are_joined(
    rows: list[tuple[list[int], list[int]]],
) -> None:
    first, second = ([row[side] for row in rows] for side in (0, 1))
    assert joined(pairs(first), pairs(second)) == pairs([one + two for one, two in rows])


@given(st.lists(st.tuples(of_query, of_query), max_size=6))
def test_joined_are_those_of_the_first_then_of_the_second_in_each_query(
    rows: list[tuple[list[int], list[int]]],
) -> None:
    first, second = ([row[side] for row in rows] for side in (0, 1))
    assert joined(pairs(first), pairs(second)) == pairs([one + two for one, two in rows])


@pytest.mark.parametrize(
    ("counts", "most", "runs"),
    [
        ([], 5, []),
        ([0], 5, [[0]]),
        ([9], 5, [[9]]),
        ([2, 3, 1], 5, [[2, 3], [1]]),
        ([9, 1, 4, 6, 0], 5, [[9], [1, 4], [6], [0]]),
    ],
)
def test_counts_are_cut_where_the_next_would_be_too_many(counts, most, runs) -> None:
    counts = np.array(counts, dtype=np.int64)
    assert [counts[part].tolist() for part in cut(counts, most)] == runs


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 12))
def test_runs_are_all_counts_each_as_long_as_it_may_be(counts: list[int], most: int) -> None:
    runs, run = [], []
    for count in counts:
        if run and sum(run) + count > most:
            runs.append(run)
            run = []
        run.append(count)
    runs += [run] if run else []
    array = np.array(counts, dtype=np.int64)
    assert [array[part].tolist() for part in cut(array, most)] == runs
