"""The supply by place: what counts, what is left out, and that it is said."""

from __future__ import annotations

import pytest

from geo_match.coverage.given.supply import read_supply
from geo_match.matching import FrameError

PLACE = {"lon": 117.37, "lat": 32.93}


def test_rows_at_one_place_are_added_up_and_none_is_lost():
    rows = [
        {"id": "1", **PLACE, "vacancies": 2},
        {"id": "2", **PLACE, "vacancies": None},
        {"id": "3", **PLACE, "lat": 32.94, "vacancies": 0},
        {"id": "4", "lon": None, "lat": None, "vacancies": 9},
        {"id": "5", "lon": -180.0, "lat": 0.0, "vacancies": 1},
        {"id": "6", "lon": 180.0, "lat": -0.0, "vacancies": 1},
    ]
    supply = read_supply(rows, count="vacancies")
    assert supply.amount.tolist() == [2, 3]
    assert (supply.lon.tolist(), supply.lat.tolist()) == ([180.0, 117.37], [0.0, 32.93])
    assert (supply.rows, supply.unlocated, supply.unlocated_amount) == (6, 1, 9)
    assert supply.not_stated == 1
    places = read_supply(rows, count="places")
    assert places.amount.tolist() == [2, 2, 1]
    assert (places.unlocated, places.unlocated_amount, places.not_stated) == (1, 1, 0)


def test_the_rows_are_kept_with_their_places():
    rows = [
        {"id": "1", **PLACE, "vacancies": 2},
        {"id": "2", "lon": None, "lat": None, "vacancies": 9},
        {"id": "3", **PLACE, "lat": 32.92, "vacancies": None},
        {"id": "4", **PLACE, "lat": 32.94, "vacancies": 0},
        {"id": "5", **PLACE, "vacancies": 1},
    ]
    supply = read_supply(rows, count="vacancies")
    assert supply.each.ids.to_pylist() == ["1", "2", "3", "4", "5"]
    assert supply.each.amount.tolist() == [2, 9, 1, 0, 1]
    assert supply.each.is_stated.tolist() == [True, True, False, True, True]
    assert supply.each.located.tolist() == [True, False, True, True, True]
    assert supply.place.tolist() == [1, -1, 0, -1, 1]
    assert supply.amount.tolist() == [1, 3]


def test_without_a_column_each_row_counts_for_one():
    supply = read_supply({"id": "1", **PLACE}, count="vacancies")
    assert supply.amount.tolist() == [1]
    assert supply.not_stated == 1
    assert read_supply([], count="vacancies").amount.tolist() == []


@pytest.mark.parametrize("vacancies", [-1, 1.5, 1_000_001])
def test_vacancies_must_be_whole_numbers_in_bounds(vacancies):
    with pytest.raises(FrameError, match="`supply`, column `vacancies` must be"):
        read_supply({"id": "1", **PLACE, "vacancies": vacancies}, count="vacancies")


def test_of_vacancies_those_that_are_filled_are_left_out():
    rows = [
        {"id": str(at), "lon": 117.37, "lat": 32.93, "vacancies": vacancies, "filled": filled}
        for at, (vacancies, filled) in enumerate([(3, 1), (2, 2), (1, 5), (4, None), (None, 7)])
    ]
    supply = read_supply(rows, count="vacancies")
    assert (supply.amount.tolist(), supply.not_stated) == ([2 + 4 + 1], 1)
    assert read_supply(rows, count="places").amount.tolist() == [5]
    with pytest.raises(FrameError, match="filled"):
        read_supply([rows[0] | {"filled": -1}], count="vacancies")
