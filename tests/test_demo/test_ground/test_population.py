"""Drawn population: whole people, the census of each district, sizes that fit their kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.demo import facts
from geo_match.demo.ground.population import apportion, draw_population


@pytest.mark.parametrize("seed", [0, 1, 20220512])
def test_communities_add_up_to_the_census_of_their_district(seed):
    people = facts.communities().assign(people=draw_population(seed))
    census = facts.districts().set_index("code")["population_2020"]
    assert people.groupby("lies_in")["people"].sum().to_dict() == census.to_dict()
    assert people["people"].dtype == np.int64


def test_communities_in_town_are_of_some_thousands_and_others_smaller():
    people = facts.communities().assign(people=draw_population(1))
    kinds = people.groupby("kind")["people"]
    assert kinds.get_group("居委会").between(2_000, 13_000).all()
    assert kinds.get_group("居委会").between(3_000, 12_000).mean() > 0.9
    assert kinds.get_group("村委会").between(900, 6_000).all()
    assert kinds.get_group("其他").between(200, 2_500).all()


def test_the_seed_decides():
    assert np.array_equal(draw_population(5), draw_population(5))
    assert not np.array_equal(draw_population(5), draw_population(6))


@given(
    st.lists(st.floats(0.001, 1_000.0), min_size=1, max_size=50),
    st.integers(0, 10_000_000),
)
def test_apportioned_people_are_all_there_and_off_by_less_than_one(shares, total):
    whole = apportion(np.array(shares), total)
    assert whole.sum() == total
    exact = np.array(shares) / np.sum(shares) * total
    assert (np.abs(whole - exact) < 1.0 + 1e-6).all()
