"""Who a person is and where they lived: by id, and by the day of a move."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_match.demo.history._days import to_days
from geo_match.demo.history._whereabouts import (
    Places,
    districts_of,
    household_rows,
    member_rows,
    operators_of,
)


def test_persons_are_found_by_their_ids(people):
    seekers = people.seekers
    home = household_rows(people, seekers["id"])
    assert (people.households["id"].to_numpy()[home] == seekers["household"]).all()
    assert np.array_equal(member_rows(people, seekers["id"], home), people.seeker_row())


def test_a_household_lives_elsewhere_until_the_day_before_its_move(people, lives):
    places = Places.of(people, lives.moves)
    moves = lives.moves
    household = pd.Index(people.households["id"]).get_indexer(moves["household"])
    moved = to_days(moves["moved_on"])
    before, after = (places.find(household, moved - back) for back in (1, 0))
    assert np.array_equal(places.lon[before], moves["from_lon"])
    assert np.array_equal(places.lat[before], moves["from_lat"])
    assert np.array_equal(after, household)
    assert (places.lon[after] == people.households.geometry.x.to_numpy()[household]).all()
    settled = np.setdiff1d(np.arange(len(people.households)), household)
    assert np.array_equal(places.find(settled, np.zeros(len(settled), dtype=np.int64)), settled)


def test_districts_are_those_on_whose_ground_a_community_lies(areas):
    assert (districts_of(areas["code"]) == areas["lies_in"]).all()
    assert districts_of(pd.Series(["000000000000"])).tolist() == [None]


def test_districts_have_the_operator_that_names_them(work):
    found = operators_of(
        np.array(["340302", "340303", "340321", "340322", None], dtype=object), work.operators
    )
    assert found.tolist() == ["OP1", "OP2", "OP2", None, None]
