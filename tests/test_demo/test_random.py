"""Named random streams: stable, separate, and strict about the seed."""

from __future__ import annotations

import numpy as np
import pytest

from geo_match.demo._random import even_marks, marks, normal_marks, stream
from geo_match.errors import ArgumentError


def test_a_name_gives_the_same_numbers_whatever_else_is_drawn():
    first = stream(7, "areas", "340302001").random(5)
    stream(7, "areas", "340302002").random(1_000)
    assert np.array_equal(stream(7, "areas", "340302001").random(5), first)


def test_other_names_and_other_seeds_give_other_numbers():
    names = [(7, "a", "b"), (7, "ab"), (7, "b", "a"), (8, "a", "b"), (7, "a"), (7, "a", "b", "")]
    assert len({stream(*name).random() for name in names}) == len(names)


def test_the_numbers_of_a_name_are_these_for_good():
    assert stream(1, "river").integers(1_000_000, size=3).tolist() == [575230, 289022, 171617]


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1", None])
def test_a_seed_that_is_no_whole_number_from_zero_is_refused(seed):
    with pytest.raises(ArgumentError, match="`seed` must be a whole number of at least 0, got"):
        stream(seed, "river")


def test_marks_are_uniform_and_do_not_follow_their_keys():
    key = np.arange(200_000, dtype=np.uint64)
    drawn = marks(key, 1, "a")
    assert drawn.min() >= 0.0
    assert drawn.max() < 1.0
    counts = np.bincount((drawn * 100).astype(int), minlength=100)
    assert np.abs(counts - 2_000).max() < 6 * np.sqrt(2_000)
    for step in (1, 2, 10, 100_000):
        assert abs(np.corrcoef(drawn[step:], drawn[:-step])[0, 1]) < 0.01
    assert abs(np.corrcoef(drawn, marks(key, 1, "b"))[0, 1]) < 0.01
    assert abs(np.corrcoef(drawn, marks(key, 2, "a"))[0, 1]) < 0.01


def test_a_mark_does_not_depend_on_the_company():
    key = np.array([7, 2**63, 0, 10**17], dtype=np.uint64)
    together = marks(key, 3, "x")
    alone = [float(marks(key[[i]], 3, "x")[0]) for i in range(4)]
    assert together.tolist() == alone
    assert len(set(alone)) == 4


def test_normal_marks_are_normal():
    drawn = normal_marks(np.arange(200_000, dtype=np.uint64), 1, "n")
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1.0) < 0.01
    assert abs((np.abs(drawn) < 1.959964).mean() - 0.95) < 0.003


def test_even_marks_are_even_in_each_group_and_in_no_order():
    group = np.random.default_rng(0).integers(0, 3, 3_000)
    drawn = even_marks(group, np.random.default_rng(1))
    for one in range(3):
        mine = drawn[group == one]
        assert np.array_equal(np.sort((mine * len(mine)).astype(int)), np.arange(len(mine)))
        assert abs(np.corrcoef(np.arange(len(mine)), mine)[0, 1]) < 0.1
