"""Years of graduation: of whatever names one year and no other, the year is taken."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

FORMS = (
    "{0.year}年", "{0.year}届", "{0.year}年毕业", "{0.year}-{0.month:02}", "{0.year}.{0.month}",
    "{0.year}/{0.month}", "{0.year}年{0.month}月", "{0.year}{0.month:02}", "{0.month}/{0.year}",
    "{0.month:02}/{0.month:02}/{0.year}", "{0.month}-{0.month}-{0.year}", "{0}",
    "{0.year}年{0.month}月{0.day}日", "{0} 00:00:00",
)  # fmt: skip


@given(
    day=st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)),
    form=st.sampled_from(FORMS),
)
def test_the_year_is_taken_where_it_is_certain(parsed, day, form):
    values, faults, notes = parsed("seekers", "graduation_year", [form.format(day)])
    assert (values, faults, list(notes)) == ([day.year], {}, [0])


@pytest.mark.parametrize("text", ["2019", " 2019 ", "2019.0", "２０１９"])
def test_a_year_alone_is_itself(parsed, text):
    assert parsed("seekers", "graduation_year", [text])[:2] == ([2019], {})


@pytest.mark.parametrize(
    "text",
    [
        "19年",
        "2015-2019",
        "2019级",
        "20190",
        "2019-13",
        "201913",
        "2019-02-30",
        "99",
        "在读",
        "2019年秋",
    ],
)
def test_what_is_no_certain_year_is_a_fault(parsed, text):
    assert parsed("seekers", "graduation_year", [text]) == ([None], {0: ["must be a year"]}, {})


def test_days_and_numbers_of_a_spreadsheet_give_their_year(parsed):
    days = pa.chunked_array([pa.array([dt.date(2019, 7, 1), None, dt.date(1949, 1, 1)])])
    values, faults, notes = parsed("seekers", "graduation_year", days)
    assert (values, sorted(faults), sorted(notes)) == ([2019, None, None], [2], [0, 2])
    numbers = pa.chunked_array([[2019.0, 2019.07, 43_647.0, None, float("nan"), 20_190.0]])
    values, faults, notes = parsed("seekers", "graduation_year", numbers)
    assert (values, sorted(faults)) == ([2019, 2019, 2019, None, None, None], [5])
    assert sorted(notes) == [1, 2]


@pytest.mark.parametrize("field", ["birth_year", "graduation_year"])
def test_bounds_of_years_are_written_as_years(parsed, field):
    (rule,) = parsed("seekers", field, ["1800"])[1][0]
    assert "," not in rule
