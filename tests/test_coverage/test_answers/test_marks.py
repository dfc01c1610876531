"""What is told of people whom their frame marks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shapely import box

import geo_match as gm
from geo_match.coverage import CoverageOptions
from geo_match.errors import ArgumentError

LON, LAT = 117.37, 32.93
COMMUNITIES = [
    {"code": "a", "area": box(117.3, 32.9, 117.4, 33.0).wkt},
    {"code": "b", "area": box(117.4, 32.9, 117.5, 33.0).wkt},
]
FAR = 117.48
JOB = {"id": "J", "lon": LON, "lat": LAT}


def people(**columns):
    places = {"lon": [LON, LON, FAR, FAR, None], "lat": [LAT, LAT, LAT, LAT, None]}
    return pd.DataFrame({"id": list("vwxyz"), "weight": [1, 2, 4, 8, 16], **places, **columns})


def report_of(**columns):
    return gm.Coverage(JOB, COMMUNITIES).of(people(**columns))


def test_zero_employment_is_told_with_those_of_it_below_the_standard():
    report = report_of(zero_employment=[True, False, True, False, True])
    rows = report.by("community")
    assert rows["zero_employment"].tolist() == [1, 4, 16]
    assert rows["zero_employment_below"].tolist() == [0, 4, 16]  # who has no place is below, too
    totals = report.totals()
    assert (totals["zero_employment"], totals["zero_employment_below"]) == (21, 20)


def test_what_is_not_known_marks_nobody():
    marked = pd.array([True, None, None, False, None], dtype="boolean")
    assert report_of(zero_employment=marked).totals()["zero_employment"] == 1
    assert report_of(zero_employment=[None] * 5).totals()["zero_employment"] == 0


def test_without_the_columns_nothing_is_told():
    report = report_of()
    for names in (report.by("community").columns, report.totals()):
        assert not {"zero_employment", "zero_employment_below", "recorded_elsewhere"} & {*names}


def test_rows_parted_by_zero_employment_say_it_themselves():
    report = report_of(zero_employment=[True, False, True, False, True])
    rows = report.by("community", "zero_employment")
    assert rows["zero_employment"].tolist() == ["false", "true"] * 3
    assert rows["people"].tolist() == [2, 1, 8, 4, 0, 16]
    assert "zero_employment_below" not in rows
    whole = report.by("zero_employment").set_index("code")
    assert whole["zero_employment"].to_dict() == {"false": 0, "true": 21}


@pytest.mark.parametrize("column", [[1, 0, 1, 0, 1], ["yes"] * 5])
def test_a_mark_is_true_or_false(column):
    told = "`people` must hold true and false in `zero_employment`, got .*Make it true and false"
    with pytest.raises(ArgumentError, match=told):
        report_of(zero_employment=column)


def test_who_lives_in_another_community_than_the_record_says_is_counted():
    # In "a": one who is recorded there and one in "b". In "b": one of a code that nobody knows, and
    # one without a record. Who has no place cannot live elsewhere, and a community without an area
    # may hold whoever is recorded there.
    report = report_of(community=["a", "b", "unknown", None, "b"])
    assert report.by("community")["recorded_elsewhere"].tolist() == [2, 4, 0]
    assert report.totals()["recorded_elsewhere"] == 6
    nowhere = gm.Coverage(JOB, [{"code": "a"}]).of(people(community=["a", "x", None, "x", "a"]))
    assert nowhere.totals()["recorded_elsewhere"] == 0  # an unknown code is outside, as the place


def test_marks_may_come_from_arrow_and_weigh_as_floats():
    table = pa.Table.from_pandas(
        people(zero_employment=[True, False, True, False, True]).assign(weight=0.5)
    )
    report = gm.Coverage(JOB, [], CoverageOptions()).of(table)
    assert report.totals()["zero_employment"] == 1.5
    assert report.by("community")["zero_employment"].dtype == np.float64
