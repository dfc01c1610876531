"""Which occupations fall most short, and demand where one side is missing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from geo_match.coverage.plan.demand import CELLS, Demand, most_short
from geo_match.coverage.plan.options import PlanOptions
from geo_match.coverage.plan.seekers import read_seekers
from geo_match.coverage.plan.supply import read_jobs

OPTIONS = PlanOptions(on=dt.date(2025, 12, 31))
HOME = {"lon": 117.37, "lat": 32.93}


def test_the_worst_comes_first_ties_by_code_and_what_is_not_short_is_not_named():
    shortfall = np.array(
        [
            [0.5, 2.0, np.nan, 2.0 + 1e-9],
            [0.0, 1e-9, np.nan, 0.0],
            [0.0, 0.1, np.nan, 0.2],
        ]
    )
    assert most_short(shortfall, 2).tolist() == [[1, 3], [-1, -1], [3, 1]]
    assert most_short(shortfall, 6)[0].tolist() == [1, 3, 0, -1, -1, -1]
    assert most_short(shortfall, 0).shape == (3, 0)
    assert most_short(np.zeros((2, 0)), 1).tolist() == [[-1], [-1]]


def test_weights_count_as_so_many_seekers():
    seekers = read_seekers([{"id": "S", **HOME, "occupation": "401", "weight": 4}], OPTIONS)
    jobs = read_jobs([{"id": "J", **HOME, "occupation": "402", "vacancies": 1}], OPTIONS)
    one = np.zeros(1, dtype=np.int64)
    cells = Demand(seekers, jobs, 3000.0).cells(one, one, 1)
    assert {name: cells[name].item() for name in CELLS} == {
        "seekers": 4,
        "seekers_located": 4,
        "vacancies": 1,
        "in_reach_mean": 1.0,
        "in_reach_median": 1.0,
        "vacancies_in_reach": 1,
        "available": 1.0,
        "shortfall": 3.0,
        "surplus": 0.0,
    }


def test_weights_that_are_no_whole_numbers_stay_so():
    seekers = read_seekers([{"id": "S", **HOME, "occupation": "401", "weight": 0.5}], OPTIONS)
    jobs = read_jobs([{"id": "J", **HOME, "occupation": "401"}], OPTIONS)
    one = np.zeros(1, dtype=np.int64)
    cells = Demand(seekers, jobs, 3000.0).cells(one, one, 1)
    assert cells["available"].item() == pytest.approx(1.0)
    assert (cells["shortfall"].item(), cells["surplus"].item()) == pytest.approx((0.0, 0.5))


def test_without_seekers_or_jobs_there_is_no_figure_of_both():
    seekers = read_seekers([{"id": "S", **HOME, "occupation": "401"}], OPTIONS)
    one = np.zeros(1, dtype=np.int64)
    cells = Demand(seekers, None, 3000.0).cells(one, None, 1)
    assert {name for name in CELLS if cells[name] is not None} == {"seekers", "seekers_located"}
    assert Demand(None, None, 3000.0).groups == ()
