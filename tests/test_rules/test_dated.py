"""Dated rules: one entry a day, in order, each with its source."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError, GeoMatchError
from geo_match.rules import TRAINEESHIP, WORKING_AGE, Dated, Entry, NotInForceError

FIRST, SECOND, THIRD = dt.date(2020, 1, 1), dt.date(2021, 1, 1), dt.date(2022, 1, 1)


def test_the_first_day_counts_and_the_last_does_not():
    rule = Dated("wage", (Entry(1, FIRST, SECOND, "a"), Entry(2, SECOND, None, "b")))
    day = dt.timedelta(days=1)
    assert [rule.on(one).value for one in (FIRST, SECOND - day, SECOND, THIRD)] == [1, 1, 2, 2]


def test_an_entry_says_of_which_rule_it_is_since_when_and_by_what_source():
    rule = Dated("wage", (Entry(1, FIRST, SECOND, "甲 [M]"), Entry(2, SECOND, None, "乙 [M]")))
    entry = rule.on(FIRST)
    assert (entry.name, entry.valid_from, entry.source) == ("wage", FIRST, "甲 [M]")
    assert str(entry) == "wage as from 2020-01-01 to 2021-01-01, exclusive: 甲 [M]"
    assert str(rule.on(SECOND)) == "wage as from 2021-01-01: 乙 [M]"


def test_a_day_without_an_entry_is_an_error_that_names_the_days_that_have_one():
    rule = Dated("wage", (Entry(1, FIRST, SECOND, "a"), Entry(2, THIRD, None, "b")))
    said = (
        r"`on` must be a day on which wage has an entry, got 2021-06-01. There are entries from "
        r"2020-01-01 to 2021-01-01; from 2022-01-01 on\."
    )
    with pytest.raises(NotInForceError, match=said) as caught:
        rule.on(dt.date(2021, 6, 1))
    assert isinstance(caught.value, GeoMatchError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - made here
    with pytest.raises(NotInForceError, match="got 2019-12-31"):
        rule.on(FIRST - dt.timedelta(days=1))


@pytest.mark.parametrize("day", [dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "2020-01-01", None])
def test_what_is_no_date_is_refused(day):
    with pytest.raises(ArgumentError, match="`on` must be a date without a time"):
        WORKING_AGE.on(day)


@pytest.mark.parametrize(
    ("name", "entries", "said"),
    [
        ("", [(FIRST, None, "a")], "`name` must not be empty"),
        ("x", [], "`entries` must have an entry"),
        ("x", [(FIRST, FIRST, "a")], "`valid_until` must lie after 2020-01-01, the first day"),
        ("x", [(FIRST, None, "")], "`source` must not be empty"),
        ("x", [("2020", None, "a")], "`valid_from` must be a date without a time, got '2020'"),
        ("x", [(FIRST, "2021", "a")], "`valid_until` must be a date without a time, got '2021'"),
        ("x", [(FIRST, None, "a"), (SECOND, None, "b")], "in order, each over when the next"),
        ("x", [(SECOND, THIRD, "a"), (FIRST, SECOND, "b")], "in order, each over when the next"),
        ("x", [(FIRST, THIRD, "a"), (SECOND, None, "b")], "in order, each over when the next"),
    ],
)
def test_a_table_that_is_none_is_refused(name, entries, said):
    with pytest.raises(ArgumentError, match=said):
        Dated(name, tuple(Entry(0, *one) for one in entries))


@given(st.lists(st.dates(), min_size=2, max_size=6, unique=True).map(sorted), st.dates())
def test_a_day_has_the_entry_between_whose_days_it_lies(days, on):
    ends = [*days[1:], None]
    spans = list(zip(days, ends, strict=True))
    rule = Dated("x", tuple(Entry(at, *span, "a") for at, span in enumerate(spans)))
    expected = sum(day <= on for day in days) - 1
    if expected < 0:
        with pytest.raises(NotInForceError, match="has an entry"):
            rule.on(on)
    else:
        assert rule.on(on).value == expected


@pytest.mark.parametrize("rule", [WORKING_AGE, TRAINEESHIP])
def test_a_rule_of_the_programme_says_how_well_its_sources_are_known(rule):
    assert all(one.source.endswith(("[H]", "[M]", "[L]")) for one in rule.entries)
    assert {one.name for one in rule.entries} == {rule.name}
    assert rule.entries[-1].valid_until is None
