"""People as they are given, and what is said of those at fault."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shapely import Point

from geo_match.coverage.given.people import read_people
from geo_match.errors import ArgumentError, DatumError
from geo_match.matching import FrameError

HOME = {"id": "P", "lon": 117.37, "lat": 32.93}


def test_people_may_be_in_any_form_and_on_any_accepted_crs():
    shapes = gpd.GeoSeries([Point(117.37, 32.93), None, Point()], crs=4326)
    frame = gpd.GeoDataFrame({"id": ["a", "b", "c"]}, geometry=shapes.to_crs(4508))
    people = read_people(frame)
    assert people.located.tolist() == [True, False, False]
    assert people.lon[0] == pytest.approx(117.37, abs=1e-9)
    table = pa.table({"id": ["a"], "lon": [117.37], "lat": [32.93]})
    assert read_people(table).lat.tolist() == [32.93]
    assert read_people(HOME).weight.tolist() == [1]
    assert read_people([]).ids.tolist() == []


def test_whole_weights_stay_whole_and_others_are_floats():
    assert read_people({**HOME, "weight": 3}).weight.dtype == np.int64
    assert read_people({**HOME, "weight": 2.5}).weight.tolist() == [2.5]
    assert read_people({**HOME, "weight": 0}).weight.tolist() == [0]


def test_whole_weights_may_be_categories():
    frame = pd.DataFrame([HOME, {**HOME, "id": "Q"}]).assign(weight=pd.Categorical([2, 3]))
    weight = read_people(frame).weight
    assert (weight.dtype, weight.tolist()) == (np.int64, [2, 3])


@pytest.mark.parametrize("weights", [[True, False], ["3", "4"]])
def test_weights_that_are_no_numbers_are_one_fault(weights):
    frame = pd.DataFrame([HOME, {**HOME, "id": "Q"}]).assign(weight=weights)
    with pytest.raises(FrameError, match="column `weight` must be numbers") as caught:
        read_people(frame)
    assert len(caught.value.faults) == 1


def test_weights_whose_sum_no_float_holds_are_refused_without_a_warning():
    frame = pd.DataFrame([HOME, {**HOME, "id": "Q"}]).assign(weight=1e308)
    with pytest.raises(FrameError, match=r"must add up to less than 2\*\*53, got inf"):
        read_people(frame)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"weight": -1}, "`people`, column `weight` must be a number of at least 0, got 1 of 1"),
        ({"weight": None}, "column `weight` must be a number of at least 0"),
        ({"weight": np.inf}, "column `weight` must be a number of at least 0"),
        ({"weight": "3"}, "column `weight` must be numbers"),
        ({"weight": 1e308}, r"column `weight` must add up to less than 2\*\*53, got 1e\+308"),
        ({"weight": 2**53}, r"column `weight` must add up to less than 2\*\*53, got 9.01e\+15"),
        ({"location_accuracy_m": -1.0}, "column `location_accuracy_m` must be at least 0"),
        ({"lat": None}, "column `lon, lat` must be given together"),
        ({"lat": 95.0}, "lie between -90 and 90 degrees of latitude"),
        ({"id": None}, "column `id` must be stated in each row"),
        ({"community": 340302001001}, "column `community` must hold text"),
    ],
)
def test_what_is_wrong_with_people_is_named(wrong, told):
    with pytest.raises(FrameError, match=told):
        read_people({**HOME, **wrong})


def test_all_faults_are_told_at_once():
    rows = [HOME, {**HOME, "weight": -1}]
    with pytest.raises(FrameError, match="got 3 faults") as caught:
        read_people(pd.DataFrame(rows).assign(community=7))
    columns = [fault.column for fault in caught.value.faults]
    assert sorted(columns) == ["community", "id", "weight"]


def test_a_datum_that_is_not_known_is_refused():
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[Point(500000, 3600000)], crs=2437)
    with pytest.raises(DatumError, match="`CRS of people`"):
        read_people(frame)


def test_groups_are_in_the_order_of_their_values_and_missing_ones_last():
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "lon": 117.0,
            "lat": 32.0,
            "sex": ["male", None, "female", "male"],
            "kind": pd.Categorical(["y", "x", "y", "y"]),
            "young": [True, False, True, True],
            "year": [2001, 1999, 2000, 2001],
        }
    )
    people = read_people(frame)
    group, labels = people.groups("sex")
    assert labels == ["female", "male", None]
    assert group.tolist() == [1, 2, 0, 1]
    assert people.groups("kind")[1] == ["x", "y"]
    assert people.groups("young")[1] == ["false", "true"]
    assert people.groups("year")[1] == ["1999", "2000", "2001"]


@pytest.mark.parametrize("value", ["身份证 110105 19491231 002X", 110105194912310021])
def test_id_card_numbers_never_head_the_rows_of_a_report(value):
    people = read_people([{**HOME, "note": value}, {**HOME, "id": "Q", "note": None}])
    with pytest.raises(ArgumentError, match="must name a column without ID-card") as caught:
        people.groups("note")
    assert "19491231" not in str(caught.value)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("nobody", "`by` must name a column of the people, or community, .* got 'nobody'"),
        ("lon", "`by` must name a column of texts, .* got 'lon', of double. Make classes"),
        ("mixed", "got 'mixed', a mixture"),
    ],
)
def test_a_column_that_makes_no_groups_is_named(column, told):
    frame = pd.DataFrame([{**HOME, "mixed": "x"}, {**HOME, "id": "Q", "mixed": 1}])
    people = read_people(frame)
    with pytest.raises(ArgumentError, match=told):
        people.groups(column)
