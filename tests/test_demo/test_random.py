"""Named random streams: stable, separate, and strict about the seed."""

from __future__ import annotations

import numpy as np
import pytest

from geo_match.demo._random import stream
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
