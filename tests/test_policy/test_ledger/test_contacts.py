"""The last contact, what was tried since, and the day on which months without contact are full."""

from __future__ import annotations

import calendar
import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.policy.ledger import RESULTS, contact_limit, contacts
from geo_match.rules import NotInForceError

ON = dt.date(2025, 12, 31)


def services(*rows):
    columns = ["id", "person", "on", "result", "next_contact_on"]
    return pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows], columns=columns)


def test_an_attempt_that_reached_nobody_is_no_contact():
    told = contacts(
        services(
            ("V1", "S1", "2025-10-01", "willing", "2025-11-01"),
            ("V2", "S1", "2025-11-01", "no_answer", "2025-11-05"),
            ("V3", "S1", "2025-11-05", "wrong_number", None),
        ),
        ON,
        people=["S1"],
    ).iloc[0]
    assert (told["contact"], told["contact_result"]) == ("V1", "willing")
    assert (told["last_result"], told["attempts"]) == ("wrong_number", 2)


@pytest.mark.parametrize(
    ("attempts", "agreed", "put_off_to"),
    [
        ([], "2025-11-20", None),
        ([None], "2025-11-20", None),  # an unanswered call without a day ends no agreement
        (["2025-11-25"], "2025-11-25", "2025-11-25"),
        (["2025-11-25", None], "2025-11-25", "2025-11-25"),
        (["2025-11-25", "2025-11-10"], "2025-11-10", "2025-11-10"),
    ],
)
def test_an_attempt_moves_the_agreed_day_only_if_it_notes_another(attempts, agreed, put_off_to):
    told = contacts(
        services(
            ("V0", "S1", "2025-09-01", "no_answer", "2025-12-24"),  # over with the contact
            ("V1", "S1", "2025-10-01", "willing", "2025-11-20"),
            *(
                (f"V{at}", "S1", f"2025-11-0{at}", "no_answer", one)
                for at, one in enumerate(attempts, 2)
            ),
        ),
        ON,
        people=["S1"],
    ).iloc[0]
    assert str(told["next_contact_on"].date()) == agreed
    put_off = told["put_off_to"]
    assert (None if pd.isna(put_off) else str(put_off.date())) == put_off_to


def test_a_contact_without_a_day_ends_the_agreement_of_before():
    rows = [
        ("V1", "S1", "2025-10-01", "willing", "2025-11-20"),
        ("V2", "S1", "2025-11-01", "no_answer", "2025-11-25"),
        ("V3", "S1", "2025-11-02", "not_now", None),
    ]
    told = contacts(services(*rows), ON, people=["S1"]).iloc[0]
    assert pd.isna(told["next_contact_on"])
    assert pd.isna(told["put_off_to"])


def test_an_attempt_earlier_on_the_contacts_own_day_is_not_since_it():
    early, late = ("V1", "S1", "2025-10-01", "no_answer", None), "V3"
    contact = ("V2", "S1", "2025-10-01", "willing", None)
    assert contacts(services(early, contact), ON, people=["S1"])["attempts"][0] == 0
    both = services(early, contact, (late, *early[1:]))
    assert contacts(both, ON, people=["S1"])["attempts"][0] == 1


def test_the_last_result_is_that_of_the_last_contact_that_has_one():
    rows = [
        ("V1", "S1", "2025-10-01", "employed", None),
        ("V2", "S1", "2025-10-05", None, None),
        ("V3", "S1", "2025-10-09", "no_answer", None),
    ]
    told = contacts(services(*rows), ON, people=["S1"]).iloc[0]
    assert (told["contact"], told["contact_result"]) == ("V2", None)
    assert (told["said"], told["said_in"], str(told["said_on"].date())) == (
        *("employed", "V1"),
        "2025-10-01",
    )


def test_a_service_without_a_result_took_place():
    told = contacts(services(("V1", "S1", "2025-10-01", None, None)), ON, people=["S1"]).iloc[0]
    assert str(told["contact_on"].date()) == "2025-10-01"
    assert pd.isna(told["contact_result"])


def test_of_several_on_one_day_the_last_id_counts_whatever_order_they_come_in():
    rows = [
        ("V1", "S1", "2025-10-01", "willing", None),
        ("V2", "S1", "2025-10-01", "refused", "2025-12-01"),
    ]
    for order in (rows, rows[::-1]):
        told = contacts(services(*order), ON, people=["S1"]).iloc[0]
        assert (told["contact"], str(told["next_contact_on"].date())) == ("V2", "2025-12-01")


def test_what_lies_after_the_day_counts_for_nothing_and_the_day_itself_does():
    rows = [
        ("V1", "S1", "2025-12-31", "willing", None),
        ("V2", "S1", "2026-01-01", "employed", None),
    ]
    told = contacts(services(*rows), ON, people=["S1", "S2"])
    assert told["contact"][0] == "V1"
    assert pd.isna(told["contact"][1])
    assert list(told["today"]) == [1, 0]


def test_nobody_without_services_has_a_contact():
    told = contacts(services(), ON, people=["S1"]).iloc[0]
    assert pd.isna(told["contact_on"])
    assert told["attempts"] == 0


def test_a_result_that_is_none_is_refused():
    with pytest.raises(ArgumentError, match=r"`services\.result` must be one of employed"):
        contacts(services(("V1", "S1", "2025-10-01", "asleep", None)), ON, people=["S1"])


def test_results_are_called_as_the_programme_calls_them():
    assert list(RESULTS.values()) == [
        *("已就业", "有意愿", "暂无意愿", "未接通", "空号", "已搬离", "拒绝服务"),
    ]


@pytest.mark.parametrize(
    ("last", "limit"),
    [
        ("2025-06-30", "2025-12-30"),
        ("2025-08-31", "2026-02-28"),
        ("2023-08-31", "2024-02-29"),  # a leap day
        ("2023-08-29", "2024-02-29"),
        ("2025-12-31", "2026-06-30"),
    ],
)
def test_six_months_end_on_the_same_day_of_the_month_or_its_last(last, limit):
    assert str(contact_limit([last], ON)[0].date()) == limit


def test_no_limit_is_known_without_a_contact_or_before_there_was_a_rule():
    assert contact_limit([None], ON).isna().all()
    with pytest.raises(NotInForceError, match="no_contact_months"):
        contact_limit(["2007-01-01"], dt.date(2007, 6, 1))


@settings(max_examples=25)
@given(st.lists(st.dates(dt.date(1999, 1, 1), dt.date(2099, 1, 1)), min_size=1, max_size=20))
def test_the_limit_is_that_of_the_calendar(days):
    expected = []
    for day in days:
        year, month = divmod(day.year * 12 + day.month - 1 + 6, 12)
        last = calendar.monthrange(year, month + 1)[1]
        expected.append(dt.date(year, month + 1, min(day.day, last)))
    assert [one.date() for one in contact_limit(days, ON)] == expected
