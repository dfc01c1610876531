"""Numbers: plain ones at once, others by their text, all held to their bounds."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st


@given(numbers=st.lists(st.integers(-10, 70) | st.none(), min_size=1))
def test_whole_numbers_are_kept_within_their_bounds_whatever_their_type(parsed, numbers):
    expected = [n if n is not None and 1 <= n <= 50 else None for n in numbers]
    bad = [at for at, n in enumerate(numbers) if n is not None and not 1 <= n <= 50]
    texts = ["" if n is None else str(n) for n in numbers]
    typed = [pa.array(numbers, type=kind) for kind in (pa.int8(), pa.float64())]
    for column in (pa.array(texts), *typed):
        values, faults, _ = parsed("households", "member_count", pa.chunked_array([column]))
        assert values == expected
        assert sorted(faults) == bad


@given(
    numbers=st.lists(
        st.floats(0, 168, allow_nan=False).map(lambda x: x + 0.0), min_size=1, max_size=20
    )
)
def test_numbers_come_back_as_python_reads_them(parsed, numbers):
    texts = [repr(number) for number in numbers]
    assert parsed("jobs", "hours_per_week", texts)[:2] == ([float(text) for text in texts], {})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" 3 ", 3),
        ("＋３", 3),
        ("3人", 3),
        ("3.0", 3),
        ("若干", None),
        ("数名", None),
        ("若干名", None),
        ("不详", None),
        ("-", None),
    ],
)
def test_numbers_that_hands_have_touched_are_read_with_a_note(parsed, text, value):
    values, faults, notes = parsed("jobs", "vacancies", [text])
    assert (values, faults) == ([value], {})
    assert (0 in notes) == (text != "3.0")


@pytest.mark.parametrize("text", ["3,000", "5-10人", "三", "3.5", "1e999", "-1", "1000001", "3 4"])
def test_what_is_no_whole_number_is_a_fault(parsed, text):
    values, faults, _ = parsed("jobs", "vacancies", [text, "3"])
    assert values == [None, 3]
    assert list(faults) == [0]


def test_a_number_beyond_what_a_float_counts_by_ones_is_a_fault(parsed):
    texts = [str(2**53), str(2**53 + 2), "9" * 400]
    values, faults, _ = parsed("households", "version", texts)
    assert values == [2**53, None, None]
    assert sorted(faults) == [1, 2]


def test_degrees_are_decimal_and_finite(parsed):
    texts = ["117.36", "１１７.３６", "117°21′", "117.36E", "inf", "1e999", ""]
    values, faults, notes = parsed("sites", "lon", texts)
    assert values == [117.36, 117.36, None, None, None, None, None]
    assert sorted(faults) == [2, 3, 4, 5]
    assert list(notes) == [1]
