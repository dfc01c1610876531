"""The comparison with brute force over tens of thousands of worlds; `make soak` runs it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from test_index.oracle import assert_nearest, assert_sums, assert_within
from test_index.test_properties import Case, cases
from test_index.test_runs import HEIGHTS_DEG, assert_runs_fit, laid_out
from test_index.worlds import WORLDS, Question, questions

from geo_match.index import PointIndex

if TYPE_CHECKING:
    from test_index.worlds import World

pytestmark = pytest.mark.soak

WORLDS_OF_EACH = 350
LARGE_OF_EACH = 30


def generator(world: World, number: int) -> np.random.Generator:
    """Return the generator of one world, so that a failure can be repeated by its number."""
    return np.random.default_rng([zlib.crc32(world.__name__.encode()), number])


@pytest.mark.parametrize("world", WORLDS)
def test_all_answers_in_many_worlds_are_those_of_brute_force(world: World) -> None:
    for number in range(WORLDS_OF_EACH):
        rng = generator(world, number)
        scene = world(rng)
        index = PointIndex(lon=scene.lon, lat=scene.lat)
        weights = rng.integers(-(10**9), 10**9, (len(scene.lon), 2))
        for question in questions(rng, scene):
            try:
                assert_within(index, question)
                assert_sums(index, question, weights)
                k = int(rng.integers(1, len(scene.lon) + 2))
                assert_nearest(index, question, k)
                bound = rng.choice(question.distance_m.ravel()) if question.distance_m.size else 0.0
                assert_nearest(index, question, 5, max_distance_m=float(bound))
            except AssertionError as error:
                error.add_note(f"{world.__name__}, number {number}")
                raise


@pytest.mark.parametrize("world", WORLDS)
def test_many_origins_in_many_worlds_are_answered_as_by_brute_force(world: World) -> None:
    for number in range(LARGE_OF_EACH):
        rng = generator(world, number)
        scene = world(rng)
        index = PointIndex(lon=scene.lon, lat=scene.lat)
        for question in questions(rng, scene):
            if len(question.lon) == 0:
                continue
            chosen = rng.integers(0, len(question.lon), 400)
            many = Question(*(array[chosen] for array in question))
            try:
                assert_within(index, many)
                assert_nearest(index, many, 3)
            except AssertionError as error:
                error.add_note(f"{world.__name__}, number {number}")
                raise


@pytest.mark.parametrize("height", HEIGHTS_DEG)
def test_runs_fit_in_bands_of_any_height(height: float | None) -> None:
    for world in WORLDS:
        for number in range(10):
            rng = generator(world, number)
            scene = world(rng)
            with pytest.MonkeyPatch.context() as patch:
                layout = laid_out(patch, height, scene.lon, scene.lat)
            for question in questions(rng, scene):
                assert_runs_fit(layout, question)


@settings(max_examples=8000)
@given(cases(most_points=40, most_queries=12))
def test_awkward_cases_by_the_thousand(case: Case) -> None:
    assert_within(case.index, case.question)
    assert_nearest(case.index, case.question, 4)
