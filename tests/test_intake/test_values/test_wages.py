"""Wages and ages as postings state them."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.intake.values import parse_composite

WAGE = ("wage_low_cny", "wage_high_cny", "wage_unit")
UNITS = {"month": ["元/月", "/月", "元每月"], "day": ["元/天", "/日"], "hour": ["元/小时", "元/时"]}


def wages(*texts, **options):
    column = pa.chunked_array([pa.array(texts, type=pa.string())])
    values, parsed = parse_composite(WAGE, column, **options)
    faults = {at: one.rule for one in parsed.faults for at in one.at.tolist()}
    notes = {at: one.rule for one in parsed.notes for at in one.at.tolist()}
    return list(zip(*(values[name].to_pylist() for name in WAGE), strict=True)), faults, notes


def ages(*texts):
    column = pa.chunked_array([pa.array(texts, type=pa.string())])
    values, parsed = parse_composite(("age_min", "age_max"), column)
    faults = {at: one.rule for one in parsed.faults for at in one.at.tolist()}
    return list(zip(*(one.to_pylist() for one in values.values()), strict=True)), faults


@given(
    low=st.integers(1, 1_000_000),
    more=st.integers(0, 5_000),
    unit=st.sampled_from(list(UNITS)),
    dash=st.sampled_from(["-", "~", "—", "至", "到", "－", " - "]),
    data=st.data(),
)
def test_a_wage_is_read_back_from_its_text(low, more, unit, dash, data):
    high = min(low + more, 1_000_000)
    text = f"{low}{dash}{high}{data.draw(st.sampled_from(UNITS[unit]))}"
    assert wages(text)[:2] == ([(float(low), float(high), unit)], {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120元/天", (120.0, 120.0, "day")),
        ("3000元以上/月", (3000.0, None, "month")),
        ("4500元/月以下", (None, 4500.0, "month")),
        ("3千-5千/月", (3000.0, 5000.0, "month")),
        ("3-5千/月", (3000.0, 5000.0, "month")),
        ("0.3万-0.5万元/月", (3000.0, 5000.0, "month")),
        ("4k-6k/月", (4000.0, 6000.0, "month")),
        ("３０００-４５００元/月", (3000.0, 4500.0, "month")),
        ("18.5元/小时", (18.5, 18.5, "hour")),
        ("3000-4500", (3000.0, 4500.0, "month")),
        ("面议", (None, None, None)),
        ("0元/月", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_forms_of_wages(text, expected):
    values, faults, _ = wages(text)
    assert (values, faults) == ([expected], {})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("-3000元/月", "below 0"),
        ("-3000-4500元/月", "below 0"),
        ("4500-3000元/月", "lower wage before"),
        ("18-28", "what the wage is for"),
        ("999", "what the wage is for"),
        ("高薪", "must be a wage"),
        ("3000/4500", "must be a wage"),
        ("5-4千/月", "lower wage before"),
        ("5000-4k/月", "lower wage before"),
        ("1000001元/月", "at most 1,000,000"),
    ],
)
def test_what_is_no_wage_is_named_with_its_rule(text, rule):
    values, faults, _ = wages(text, "3000元/月")
    assert values[0] == (None, None, None)
    assert list(faults) == [0]
    assert rule in faults[0]


def test_a_wage_without_a_unit_is_a_months_with_a_note_or_what_a_column_beside_it_says():
    assert wages("1000")[2] == {0: "must say what the wage is for: a month, a day or an hour"}
    assert wages("18-28", unit_known=True) == ([(18.0, 28.0, None)], {}, {})


def test_the_least_wage_of_a_seeker_is_counted_by_the_month(parsed):
    texts = ["3000", "3000元/月", "120元/天", "20元/小时", "3000-4500元/月", "面议", "0", "-5元/月"]
    values, faults, notes = parsed("seekers", "wage_floor_cny", texts)
    # 21.75 days and 174 hours a month, 劳社部发〔2008〕3号.
    assert values == [3000, 3000, 2610, 3480, 3000, None, 0, None]
    assert list(faults) == [7]
    assert sorted(notes) == [2, 3, 4, 5]


def test_a_doubtful_wage_of_a_seeker_is_said_to_be_so(parsed):
    texts = ["4000以下", "3000左右", "120", "3000-4k", "3000以上", "3-5千/月"]
    values, faults, notes = parsed("seekers", "wage_floor_cny", texts)
    assert values == [None, 3000, 120, 3000, 3000, 3000]
    assert faults == {}
    assert "this is the most" in notes[0][0]
    assert "左右" in notes[1][0]
    assert "what the wage is for" in notes[2][0]
    assert sorted(notes) == [0, 1, 2, 3, 5]  # of a range the lower end was taken
    assert wages("3000-4k/月")[:2] == ([(3000.0, 4000.0, "month")], {})


def test_one_end_of_a_wage_is_an_amount_alone(parsed):
    values, faults, _ = parsed("jobs", "wage_low_cny", ["3000", "3000元", "3000元/月", "3000-4500"])
    assert values == [3000.0, 3000.0, None, None]
    assert list(faults) == [2, 3]


@given(low=st.integers(0, 120), high=st.integers(0, 120), data=st.data())
def test_ages_are_read_back_unless_the_higher_comes_first(low, high, data):
    form = data.draw(st.sampled_from(["{}-{}岁", "{}至{}周岁", "{}岁-{}岁", "{}~{}"]))
    values, faults = ages(form.format(low, high))
    assert values == [(low, high) if low <= high else (None, None)]
    assert bool(faults) == (low > high)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45岁以下", (None, 45)),
        ("45周岁及以下", (None, 45)),
        ("16岁以上", (16, None)),
        ("年满18周岁", (18, None)),
        ("不限", (None, None)),
        ("１８-５０岁", (18, 50)),
    ],
)
def test_forms_of_ages(text, expected):
    assert ages(text) == ([expected], {})


@pytest.mark.parametrize("text", ["30岁", "121岁以下", "年轻", "18-121岁"])
def test_what_is_no_range_of_ages_is_a_fault(text):
    assert list(ages(text)[1]) == [0]


def test_no_other_fields_are_given_together():
    with pytest.raises(ArgumentError, match="`fields` must be"):
        parse_composite(("lon", "lat"), pa.chunked_array([pa.array(["1,2"])]))


@pytest.mark.parametrize("unit", ["month", "day", "hour"])
def test_a_header_says_what_a_wage_is_for_unless_its_text_or_a_column_of_units_does(unit):
    assert wages("900", unit=unit) == ([(900.0, 900.0, unit)], {}, {})
    assert wages("3000-4500", unit=unit) == ([(3000.0, 4500.0, unit)], {}, {})
    assert wages("18元/小时", unit=unit)[0] == [(18.0, 18.0, "hour")]
    assert wages("18", unit=unit, unit_known=True)[0] == [(18.0, 18.0, None)]
