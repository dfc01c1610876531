"""Why somebody is due: each rule on its bound, a day before and a day after."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.due import DueOptions, due_list

ON = dt.date(2025, 12, 31)
SEEKER = {"id": "S1", "household": "H1", "groups": ["veteran"], "status": "registered_unemployed"}


def day(number):
    """Return the day so many days after the list's."""
    return ON + dt.timedelta(days=number)


def spell(status="registered_unemployed", start="2024-01-01", verified_by="visit"):
    return {
        "id": "A",
        "person": "S1",
        "status": status,
        "start": start,
        "verified_by": verified_by,
        "verified_on": start if verified_by else None,
    }


def service(number, on, result="willing", following=None):
    return {
        "id": f"V{number}",
        "person": "S1",
        "on": on,
        "result": result,
        "next_contact_on": following,
    }


def reasons(*services, seeker=(), spells=None, clocks=None, **options):
    """Return each reason of the one person, with its day."""
    columns = ["id", "person", "on", "result", "next_contact_on"]
    due = due_list(
        pd.DataFrame([SEEKER | dict(seeker)]),
        pd.DataFrame([spell()] if spells is None else spells, columns=list(spell())),
        pd.DataFrame(list(services), columns=columns),
        DueOptions(on=ON, **options),
        clocks=clocks,
    )
    return {
        row["reason"]: None if pd.isna(row["due_on"]) else row["due_on"].date()
        for row in due.reasons.to_dict("records")
    }


@pytest.mark.parametrize(
    ("last", "limit", "is_due"),
    [
        ("2025-06-30", dt.date(2025, 12, 30), True),  # the limit was yesterday
        ("2025-07-30", dt.date(2026, 1, 30), True),  # it is told 30 days ahead
        ("2025-07-31", dt.date(2026, 1, 31), False),
    ],
)
def test_six_months_without_contact_are_told_thirty_days_ahead(last, limit, is_due):
    assert reasons(service(1, last)) == ({"six_months": limit} if is_due else {})


def test_an_attempt_that_reaches_nobody_postpones_no_limit_of_months():
    told = reasons(service(1, "2025-06-30"), service(2, day(-1), "no_answer", day(5)))
    assert told == {"six_months": dt.date(2025, 12, 30)}


def test_only_a_registration_as_unemployed_has_the_limit_of_months():
    assert reasons(service(1, "2025-01-01"), spells=[spell("flexible")]) == {}


def test_without_a_contact_the_months_count_from_the_run_of_registration():
    told = reasons(spells=[spell(start="2025-07-15")])
    assert told == {"six_months": dt.date(2026, 1, 15)}
    later = reasons(spells=[spell(start="2025-07-15")], seeker={"registered_on": day(-40)})
    assert later == {}


@pytest.mark.parametrize(
    ("following", "horizon", "is_due"), [(0, 0, True), (1, 0, False), (1, 1, True), (-9, 0, True)]
)
def test_an_agreed_day_is_due_when_it_comes_or_as_far_ahead_as_asked(following, horizon, is_due):
    told = reasons(service(1, day(-30), following=day(following)), horizon_days=horizon)
    assert told == ({"follow_up": day(following)} if is_due else {})


def test_an_unanswered_call_leaves_the_agreed_day_overdue():
    agreed = service(1, "2025-12-01", following="2025-12-20")
    for result in ("no_answer", "wrong_number"):
        told = reasons(agreed, service(2, "2025-12-20", result), reasons=["follow_up"])
        assert told == {"follow_up": dt.date(2025, 12, 20)}


def test_a_later_contact_without_an_agreed_day_ends_the_older_agreement():
    assert reasons(service(1, day(-30), following=day(-2)), service(2, day(-1))) == {}


@pytest.mark.parametrize(("days", "is_due"), [(29, True), (30, True), (31, False)])
def test_a_group_is_due_once_its_interval_is_over(days, is_due):
    told = reasons(service(1, day(-30)), interval_days={"veteran": days})
    assert told == ({"contact_interval": day(days - 30)} if is_due else {})


def test_of_several_groups_the_shortest_interval_counts_once():
    told = reasons(service(1, day(-30)), interval_days={"veteran": 30, "registered_unemployed": 20})
    assert told == {"contact_interval": day(-10)}


def test_nobody_is_due_by_a_group_that_is_unknown():
    told = reasons(service(1, day(-30)), seeker={"groups": None}, interval_days={"veteran": 10})
    assert told == {}


def test_an_attempt_postpones_regular_contact_to_the_day_that_was_noted():
    tried = service(2, day(-1), "no_answer", day(3))
    assert reasons(service(1, day(-30)), tried, interval_days={"veteran": 10}) == {}
    # What was agreed in the contact postpones nothing, also after an attempt without a day.
    agreed = service(1, day(-30), following=day(9))
    for after in ([], [service(2, day(-1), "no_answer")]):
        told = reasons(agreed, *after, interval_days={"veteran": 10})
        assert told == {"contact_interval": day(-20)}
    without_a_day = service(2, day(-1), "no_answer")
    told = reasons(service(1, day(-30)), without_a_day, interval_days={"veteran": 10})
    assert told == {"contact_interval": day(-20)}


def test_an_unverified_status_is_due_without_a_day_unless_a_limit_is_set():
    recent = [spell(start=day(-10), verified_by=None)]
    assert reasons(spells=recent) == {"unverified": None}
    assert reasons(spells=recent, verify_within_days=10) == {"unverified": ON}
    assert reasons(spells=recent, verify_within_days=11) == {}


def test_who_was_never_contacted_and_registered_nobody_knows_when_is_due_without_a_day():
    assert reasons(spells=[spell("employed")]) == {"no_contact_recorded": None}
    assert reasons(spells=[spell("employed")], seeker={"registered_on": day(-3)}) == {}


def test_who_was_only_ever_tried_in_vain_is_due_still():
    flexible, tried = [spell("flexible")], service(1, "2025-01-20", "no_answer")
    asked = {"spells": flexible, "interval_days": {"veteran": 30}}
    assert reasons(tried, **asked) == {"no_contact_recorded": None}
    later = service(2, "2025-12-30", "no_answer", day(1))
    assert reasons(tried, later, **asked) == {}
    assert reasons(tried, later, **asked, horizon_days=1) == {
        "follow_up": day(1),
        "no_contact_recorded": None,
    }


@pytest.mark.parametrize(
    ("result", "zh"),
    [
        ("employed", "2025-12-01联系得知已就业，台账仍为登记失业：核实后补记就业状态记录"),
        ("refused", "2025-12-01拒绝服务，台账仍为登记失业：核实后结束该状态，注销失业登记"),
        ("moved_away", "2025-12-01得知已搬离，登记仍未注销：核实现住址，注销或转出"),
        ("wrong_number", "2025-12-01所拨为空号：上门核实，更正联系电话"),
        ("willing", None),
    ],
)
def test_a_result_that_the_ledger_contradicts_is_due_with_what_to_do(result, zh):
    columns = list(service(1, ON))
    due = due_list(
        pd.DataFrame([SEEKER]),
        pd.DataFrame([spell(start="2025-11-01")]),
        pd.DataFrame([service(1, "2025-12-01", result)], columns=columns),
        DueOptions(on=ON),
    )
    assert list(due.people["why_zh"]) == ([zh] if zh else [])
    assert set(due.reasons["reason"]) == ({"result_contradicts"} if zh else set())
    assert due.people["due_on"].isna().all()


def test_members_of_a_household_to_be_helped_are_due_by_its_day():
    clocks = pd.DataFrame({"household": ["H1", "H9"], "due_on": [day(4), day(1)]})
    contact = service(1, day(-1))
    assert reasons(contact, clocks=clocks) == {"household_clock": day(4)}
    assert reasons(contact, clocks=clocks, seeker={"household": None}) == {}
    assert reasons(contact, clocks=clocks.assign(open=[False, True])) == {}
    unknown = clocks.assign(due_on=pd.NaT)
    assert reasons(contact, clocks=unknown) == {"household_clock": None}


def test_a_clock_without_its_columns_is_refused():
    with pytest.raises(ArgumentError, match="`clocks` must have the columns household and due_on"):
        reasons(clocks=pd.DataFrame({"household": ["H1"]}))


def test_only_the_reasons_that_are_asked_are_told():
    contact = service(1, "2025-06-30", following=day(-1))
    assert set(reasons(contact)) == {"six_months", "follow_up"}
    assert set(reasons(contact, reasons=["follow_up"])) == {"follow_up"}


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"interval_days": {"poets": 3}}, "`interval_days` must name graduate"),
        ({"interval_days": {"veteran": 0}}, r"`interval_days\['veteran'\]` must be"),
        ({"reasons": ["whim"]}, "`reasons` must be some of six_months"),
        ({"n_jobs": 11}, "`n_jobs` must be at most 10, got 11"),
        ({"horizon_days": -1}, "`horizon_days` must be"),
        ({"verify_within_days": -1}, "`verify_within_days` must be"),
    ],
)
def test_an_option_that_breaks_its_rule_is_named(options, match):
    with pytest.raises(ArgumentError, match=match):
        DueOptions(on=ON, **options)


def test_a_moment_is_no_day():
    with pytest.raises(ArgumentError, match="`on` must be a day"):
        DueOptions(on=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
