"""Days and times in every form that can be read in one way only."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

FORMS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d 00:00:00"]
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2025, 12, 31))
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(days=st.lists(DAYS, min_size=1), form=st.sampled_from(FORMS), wide=st.booleans())
def test_a_day_is_read_from_every_form_that_strftime_writes(parsed, days, form, wide):
    texts = [day.strftime(form).zfill(8) for day in days]
    values, faults, notes = parsed(
        "jobs", "opened_on", [t.translate(WIDE) if wide else t for t in texts]
    )
    assert values == days
    assert faults == {}
    assert len(notes) == (len(days) if wide else 0)


@given(day=DAYS)
def test_a_spreadsheets_number_is_its_day_with_a_note(parsed, day):
    serial = (day - dt.date(1899, 12, 30)).days
    values, faults, notes = parsed("jobs", "opened_on", [str(serial)])
    if serial >= 10_000:
        assert (values, faults) == ([day], {})
        assert notes == {0: ["must be written as a day"]}
    else:
        assert list(faults) == [0]


@given(year=st.integers(1900, 2025), month=st.integers(0, 20), day=st.integers(0, 40))
def test_a_day_is_accepted_exactly_if_the_calendar_has_it(parsed, year, month, day):
    try:
        expected = dt.date(year, month, day)
    except ValueError:
        expected = None
    values, faults, _ = parsed(
        "jobs", "opened_on", [f"{year}-{month}-{day}", f"{year}年{month}月{day}日"]
    )
    assert values == [expected] * 2
    assert bool(faults) == (expected is None)


@given(first=st.integers(1, 31), second=st.integers(1, 31), mark=st.sampled_from("-/."))
def test_a_day_with_its_year_last_is_taken_only_if_it_can_be_one_day(parsed, first, second, mark):
    meant = set()
    for month, day in ((first, second), (second, first)):
        try:
            meant.add(dt.date(2024, month, day))
        except ValueError:
            continue
    values, faults, notes = parsed("jobs", "opened_on", [f"{first:02}{mark}{second:02}{mark}2024"])
    if len(meant) == 1:
        assert values == list(meant)
        assert len(notes) == 1
    else:
        assert values == [None]
        assert len(faults) == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("03/04/2025", "either way round"),
        ("2025-02-30", "calendar"),
        ("2025年4月31日", "calendar"),
        ("2025-9-0", "calendar"),
        ("2025-03", "name a day"),
        ("2025年", "name a day"),
        ("2025", "name a day"),
        ("25/3/1", "must be a day"),
        ("明天", "must be a day"),
        ("2025-03-01 25:00", "clock"),
        ("1899-12-31", "between 1900 and 2100"),
        ("2101-01-01", "between 1900 and 2100"),
    ],
)
def test_what_is_no_day_is_named_with_its_rule(parsed, text, rule):
    values, faults, _ = parsed("jobs", "opened_on", [text, "2025-03-01"])
    assert values == [None, dt.date(2025, 3, 1)]
    assert list(faults) == [0]
    assert rule in faults[0][0]


def test_a_day_to_come_is_noted_except_where_it_is_usual(parsed):
    texts = ["2025-12-31", "2026-01-01"]
    assert parsed("jobs", "opened_on", texts)[2] == {1: ["must not lie after today"]}
    assert parsed("jobs", "closed_on", texts)[2] == {}
    assert parsed("jobs", "opened_on", texts)[0][1] == dt.date(2026, 1, 1)


def test_a_version_from_the_future_is_a_fault_from_the_first_second_of_tomorrow(parsed):
    texts = ["2025-12-31 23:59:59", "2026-01-01", "2026-01-01T00:00:00"]
    values, faults, _ = parsed("jobs", "updated_at", texts)
    assert values == [dt.datetime(2025, 12, 31, 23, 59, 59), None, None]  # noqa: DTZ001 - days here have no zone
    assert list(faults) == [1, 2]


@given(
    moment=st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2025, 12, 30)),  # noqa: DTZ001 - days here have no zone
    hours=st.integers(-12, 14),
)
def test_a_time_with_a_zone_becomes_that_of_beijing(parsed, moment, hours):
    aware = moment.replace(microsecond=0, tzinfo=dt.timezone(dt.timedelta(hours=hours)))
    expected = aware.astimezone(dt.timezone(dt.timedelta(hours=8))).replace(tzinfo=None)
    values, faults, _ = parsed("jobs", "updated_at", [aware.isoformat()])
    assert (values, faults) == ([expected], {})


def test_typed_days_and_times_are_taken_as_they_are(parsed):
    utc = pa.array([dt.datetime(2025, 3, 1, 20)], type=pa.timestamp("ms", tz="UTC"))  # noqa: DTZ001 - days here have no zone
    assert parsed("jobs", "opened_on", pa.chunked_array([utc]))[0] == [dt.date(2025, 3, 2)]
    days = pa.chunked_array([pa.array([dt.date(2025, 3, 1), None])])
    assert parsed("jobs", "updated_at", days)[0] == [dt.datetime(2025, 3, 1), None]  # noqa: DTZ001 - days here have no zone
