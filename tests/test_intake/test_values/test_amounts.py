"""Radii and hours: the units that are said, and what is surely meant otherwise."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.values import parse_composite


@pytest.mark.parametrize(
    ("text", "metres", "is_noted"),
    [
        ("3000", 3000.0, False),
        ("3000.5", 3000.5, False),
        ("3e3", 3000.0, False),
        ("100", 100.0, False),
        ("", None, False),
        ("无", None, True),
        ("0", 0.0, True),
        ("3,000", 3000.0, True),
        ("1,000,000,", None, None),
        ("3,00", None, None),
        ("3 000", None, None),
        ("3000 m", 3000.0, True),
        ("3000米以内", 3000.0, True),
        ("3公里", 3000.0, True),
        ("１.００１ KM", 1001.0, True),
        ("3里", None, None),
        ("不限", None, None),
        ("no limit", None, None),
        ("3", None, None),
        ("99.9", None, None),
        ("50米", None, None),
        ("-1", None, None),
        ("200001", None, None),
        ("201公里", None, None),
        ("1e999", None, None),
    ],
)
def test_a_radius_is_in_metres_or_says_its_unit(parsed, text, metres, is_noted):
    values, faults, notes = parsed("seekers", "radius_m", [text])
    assert values == [metres]
    assert bool(faults) == (is_noted is None)
    assert is_noted is None or bool(notes) == is_noted


@given(st.lists(st.floats(-10, 300_000) | st.just(float("nan")) | st.none(), min_size=1))
def test_typed_radii_are_held_to_the_same_bounds(parsed, numbers):
    column = pa.chunked_array([pa.array(numbers, type=pa.float64())])
    values, faults, notes = parsed("seekers", "radius_m", column)
    known = [(at, n) for at, n in enumerate(numbers) if n is not None and n == n]  # noqa: PLR0124 - NaN differs from itself
    good = {at: n for at, n in known if n == 0 or 100 <= n <= 200_000}
    assert values == [good.get(at) for at in range(len(numbers))]
    assert sorted(faults) == [at for at, _ in known if at not in good]
    assert sorted(notes) == [at for at, n in known if n == 0]


@pytest.mark.parametrize(
    "column",
    [["3", "1.001", "", "800m", "0.05", "201"], [3.0, 1.001, None, 0.8, 0.05, 201.0]],
    ids=["text", "typed"],
)
def test_a_column_of_kilometres_becomes_metres(column):
    values, found = parse_composite(("radius_m",), pa.chunked_array([column]))
    assert values["radius_m"].to_pylist() == [3000.0, 1001.0, None, 800.0, None, None]
    assert sorted(at for one in found.faults for at in one.at.tolist()) == [4, 5]


@pytest.mark.parametrize(
    ("text", "hours", "is_noted"),
    [
        ("40", 40.0, False),
        ("40.5", 40.5, False),
        ("40h", 40.0, True),
        ("40 Hours", 40.0, True),
        ("40小时", 40.0, True),
        ("每周40小时", 40.0, True),
        ("40小时/周", 40.0, True),
        ("40 hours per week", 40.0, True),
        ("0", 0.0, True),
        ("不限", None, False),
        ("no limit", None, False),
        ("Unlimited", None, False),
        ("不详", None, True),
        ("8小时/天", None, None),
        ("若干", None, None),
        ("1,680", None, None),
        ("169", None, None),
    ],
)
def test_hours_are_a_weeks_and_no_limit_is_null(parsed, text, hours, is_noted):
    values, faults, notes = parsed("seekers", "hours_max_per_week", [text])
    assert values == [hours]
    assert bool(faults) == (is_noted is None)
    assert is_noted is None or bool(notes) == is_noted
