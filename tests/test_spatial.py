"""The pairs that every index answers with."""

from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pytest

from geo_match.spatial import Pairs


def some_pairs(first_query: int = 0, point: tuple[int, ...] = (4, 7, 0)) -> Pairs:
    """Return three queries: the first with two points, the second with none, the third with one."""
    return Pairs(
        np.array([0, 2, 2, 3], dtype=np.int64),
        np.array(point, dtype=np.int64),
        np.array([0.0, 12.5, 3000.0]),
        first_query=first_query,
    )


def test_its_length_is_the_number_of_pairs() -> None:
    assert len(some_pairs()) == 3


def test_queries_without_a_pair_are_counted() -> None:
    assert some_pairs().n_queries == 3


def test_each_pair_names_its_query() -> None:
    query = some_pairs().query
    assert query.tolist() == [0, 0, 2]
    assert query.dtype == np.int64


def test_a_block_numbers_its_queries_from_its_first() -> None:
    assert some_pairs(first_query=100).query.tolist() == [100, 100, 102]


def test_offsets_cut_the_pairs_by_query() -> None:
    pairs = some_pairs()
    rows = [pairs.point[a:b].tolist() for a, b in pairwise(pairs.offsets)]
    assert rows == [[4, 7], [], [0]]


@pytest.mark.parametrize("queries", [0, 1, 5])
def test_no_pairs_at_all_are_allowed(queries: int) -> None:
    none = Pairs(np.zeros(queries + 1, np.int64), np.empty(0, np.int64), np.empty(0))
    assert len(none) == 0
    assert none.n_queries == queries
    assert none.query.shape == (0,)


@pytest.mark.parametrize("name", ["offsets", "point", "distance_m"])
def test_the_arrays_cannot_be_written(name: str) -> None:
    array = getattr(some_pairs(), name)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_the_arrays_cannot_be_replaced() -> None:
    with pytest.raises(AttributeError, match="point"):
        some_pairs().point = np.empty(0, np.int64)  # type: ignore[misc]  # what is tested


def test_pairs_are_equal_by_content() -> None:
    assert some_pairs() == some_pairs()
    assert some_pairs() != some_pairs(first_query=1)
    assert some_pairs() != some_pairs(point=(4, 8, 0))
    assert some_pairs() != "pairs"


def test_pairs_have_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(some_pairs())


def test_pairs_survive_a_trip_to_another_process() -> None:
    back = pickle.loads(pickle.dumps(some_pairs(first_query=5)))  # noqa: S301 - our own bytes
    assert back == some_pairs(first_query=5)
