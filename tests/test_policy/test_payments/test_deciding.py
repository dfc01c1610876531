"""Deciding: the same whatever the order, repeatable as of its day, and never unknown for pass."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.policy.conditions import decide as decide_all
from geo_match.policy.payments import PAYMENTS, Evidence, PaymentOptions, changes, decide
from geo_match.rules import FAIL, PASS, Dated, Entry

STABLE = "stable_employment"
DATA = Path(__file__).resolve().parents[3] / "data" / "history"


def shuffled(frame, random):
    rows = list(range(len(frame)))
    random.shuffle(rows)
    return frame.iloc[rows]


HIRES = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from(["S1", "S2"]),
            "claimed_by": st.sampled_from(["OP1", "OP2"]),
            "form": st.sampled_from(["labour_contract", "service_agreement", "gig", None]),
            "hired_on": st.sampled_from(["2023-12-01", "2024-01-15", "2024-11-01", None]),
            "contract_to": st.sampled_from(["2024-07-01", "2025-06-01", None]),
            "record_origin": st.sampled_from(["platform_export", "sent_by_us", None]),
        }
    ),
    min_size=1,
    max_size=5,
)
SERVICES = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from(["S1", "S2"]),
            "on": st.sampled_from(["2023-11-01", "2024-01-14", "2024-10-31"]),
            "operator_id": st.sampled_from(["OP1", "OP2", None]),
        }
    ),
    max_size=6,
)
INSURED = st.lists(
    st.fixed_dictionaries(
        {
            "employment": st.sampled_from(["EM0", "EM1", "EM2"]),
            "kind": st.sampled_from(["social", "accident"]),
            "first_month": st.sampled_from(["2023-12-01", "2024-02-01"]),
            "last_month": st.sampled_from(["2024-05-01", "2024-08-01", "2024-11-01"]),
            "verified": st.sampled_from([True, None, False]),
        }
    ),
    max_size=6,
)
AMOUNTS = st.lists(st.sampled_from([1900, 1930, 2600, None, "gap"]), max_size=6)


def numbered(rows, letters):
    return [{**row, "id": f"{letters}{n}"} for n, row in enumerate(rows)]


def evidence_of(sound, hires, services, insured, amounts):
    incomes = [
        row for n in range(len(hires)) for row in sound.incomes(amounts, f"EM{n}", "2024-01-01")
    ]
    return sound.evidence(
        numbered(hires, "EM"),
        persons=[{}, {"id": "S2", "difficulty": "older", "migrant_worker": None}],
        services=numbered(services, "SV"),
        insured=insured,
        incomes=incomes,
    )


RECORDS = st.fixed_dictionaries(
    {"hires": HIRES, "services": SERVICES, "insured": INSURED, "amounts": AMOUNTS}
)


@settings(max_examples=8)
@given(records=RECORDS, random=st.randoms())
def test_the_order_in_which_records_came_does_not_matter(sound, records, random):
    one = evidence_of(sound, **records)
    other = Evidence(
        **{
            name: None if (frame := getattr(one, name)) is None else shuffled(frame, random)
            for name in one.__slots__
        }
    )
    for payment in (STABLE, "flexible_employment", "operation"):
        first, second = (sound.decide(payment, each) for each in (one, other))
        assert len(first) == len(second)
        assert changes(first, second).empty


def without_caps(decision):
    return decide_all(one for one in decision.conditions if one.name != "cap")


@settings(max_examples=10)
@given(records=RECORDS, kept=st.tuples(*[st.integers(0, 6)] * 2))
def test_more_evidence_turns_no_pass_into_a_fail_but_by_a_cap(sound, records, kept):
    fewer = {
        "services": records["services"][: kept[0]],
        "insured": records["insured"][: kept[1]],
        "amounts": records["amounts"][:4],
    }
    less, more = evidence_of(sound, **{**records, **fewer}), evidence_of(sound, **records)
    for payment in (STABLE, "flexible_employment"):
        after = sound.decide(payment, more)
        for one in sound.decide(payment, less):
            if without_caps(one) == PASS:
                assert without_caps(after[one.case]) != FAIL


@pytest.mark.parametrize("by", ["hired_on", "contract_from"])
@pytest.mark.parametrize(
    ("second", "calendar", "rolling"),
    [
        ("2024-12-31", "fail", "fail"),
        ("2025-01-01", "pass", "fail"),
        ("2025-05-31", "pass", "fail"),
        ("2025-06-01", "pass", "pass"),
    ],
)
def test_a_person_is_paid_for_once_a_year_in_either_way_to_count_it(
    sound, by, second, calendar, rolling
):
    hires = [
        {
            "id": f"EM{n}",
            "hired_on": on,
            "contract_from": on,
            "contract_to": None,
            "claimed_by": f"OP{n}",
        }
        for n, on in enumerate(["2024-06-01", second])
    ]
    insured = [
        {"employment": f"EM{n}", "first_month": on, "last_month": "2025-12-01"}
        for n, on in enumerate(["2024-06-01", second])
    ]
    services = [{"id": f"SV{n}", "operator_id": f"OP{n}"} for n in range(2)]
    evidence = sound.evidence(hires, insured=insured, services=services)
    told = {}
    for mode in ("calendar", "rolling", None):
        given_ = {"as_of": dt.date(2026, 1, 31), "cap_year": mode, "year_fixed_by": by}
        told[mode] = sound.decide(STABLE, evidence, **given_)["EM1"].word
    assert (told["calendar"], told["rolling"]) == (calendar, rolling)
    assert told[None] == (calendar if calendar == rolling else "unknown")
    alone = {"as_of": dt.date(2026, 1, 31), "cap_across_operators": False}
    assert sound.decide(STABLE, evidence, **alone)["EM1"].word == "pass"


def test_the_fourth_flexible_hire_of_a_year_is_not_paid_and_says_which_took_the_places(sound):
    hires = [{"id": f"EM{n}", "form": "gig", "hired_on": f"2024-0{n}-01"} for n in range(1, 5)]
    incomes = [x for n in range(1, 5) for x in sound.incomes([2600] * 3, f"EM{n}", f"2024-0{n}-01")]
    told = sound.decide("flexible_employment", sound.evidence(hires, incomes=incomes))
    assert [one.word for one in told] == ["pass", "pass", "pass", "fail"]
    last = told["EM4"]
    assert last.named(FAIL) == ("cap",)
    assert last.caps[0].taken == ("EM1", "EM2", "EM3")
    assert "名额已用完" in last.zh


@pytest.mark.parametrize(
    ("fourth", "calendar", "rolling"),
    [
        ("2024-12-31", "fail", "fail"),
        ("2025-01-01", "pass", "fail"),
        ("2025-03-31", "pass", "fail"),  # a day before a year from the first is over
        ("2025-04-01", "pass", "pass"),
    ],
)
def test_three_flexible_hires_a_year_are_paid_for_in_either_way_to_count_it(
    sound, fourth, calendar, rolling
):
    days = ["2024-04-01", "2024-06-01", "2024-10-01", fourth]
    hires = [{"id": f"EM{n}", "form": "gig", "hired_on": on} for n, on in enumerate(days)]
    incomes = [x for n, on in enumerate(days) for x in sound.incomes([2600] * 5, f"EM{n}", on)]
    evidence = sound.evidence(hires, incomes=incomes, insured=())
    for mode, expected in (("calendar", calendar), ("rolling", rolling)):
        given_ = {"as_of": dt.date(2025, 12, 31), "cap_year": mode}
        told = sound.decide("flexible_employment", evidence, **given_)
        assert [one.word for one in told] == ["pass"] * 3 + [expected]
        if expected == "fail":
            assert told["EM3"].named(FAIL) == ("cap",)
            assert told["EM3"].caps[0].taken == ("EM0", "EM1", "EM2")


@pytest.mark.parametrize(
    ("second", "rolling"),
    [("2025-02-27", "fail"), ("2025-02-28", "pass"), ("2025-03-01", "pass")],
)
def test_a_year_from_a_hire_on_a_leap_day_is_over_on_28_february(sound, second, rolling):
    days = {"EM1": "2024-02-29", "EM2": second}
    hires = [
        {"id": id_, "hired_on": on, "contract_from": on, "contract_to": None}
        for id_, on in days.items()
    ]
    insured = [
        {"employment": "EM1", "first_month": "2024-03-01", "last_month": "2024-09-01"},
        {"employment": "EM2", "first_month": "2025-03-01", "last_month": "2025-09-01"},
    ]
    evidence = sound.evidence(hires, insured=insured)
    for mode, expected in (("rolling", rolling), ("calendar", "pass")):
        told = sound.decide(STABLE, evidence, as_of=dt.date(2025, 12, 31), cap_year=mode)
        assert [one.word for one in told] == ["pass", expected]


def test_a_decision_as_of_a_day_stays_when_a_correction_comes_and_the_change_is_told(sound):
    corrected = {"contract_to": "2024-03-31", "known_on": "2025-03-01"}
    before = sound.decide(STABLE, sound.evidence([{}]), as_of=dt.date(2025, 2, 28))
    evidence = sound.evidence([{"known_on": None}, corrected])
    again = sound.decide(STABLE, evidence, as_of=dt.date(2025, 2, 28))
    assert changes(before, again).empty
    after = sound.decide(STABLE, evidence, as_of=dt.date(2025, 3, 1))
    assert changes(before, after).to_dict("records") == [
        {"case": "EM1", "before": "pass", "after": "fail", "conditions": "one_way"}
    ]
    with pytest.raises(ArgumentError, match="`after` must be on stable_employment"):
        changes(before, sound.decide("operation", evidence))


def test_some_cases_are_decided_as_among_all(sound):
    hires = [{"id": f"EM{n}", "hired_on": f"2024-0{n}-01"} for n in (1, 2, 3)]
    insured = [
        {"employment": f"EM{n}", "first_month": f"2024-0{n}-01", "last_month": "2024-12-01"}
        for n in (1, 2, 3)
    ]
    evidence = sound.evidence(hires, insured=insured)
    every, some = (
        sound.decide(STABLE, evidence),
        sound.decide(STABLE, evidence, cases=["EM3", "EM1"]),
    )
    assert [one.case for one in some] == ["EM3", "EM1"]
    assert all(one.same_as(every[one.case]) for one in some)
    assert some["EM3"].word == "fail"


def test_what_is_asked_wrongly_is_refused(sound):
    evidence = sound.evidence([{}])
    with pytest.raises(ArgumentError, match="`payment` must be one of survey_registration, "):
        decide("bonus", evidence, as_of=sound.as_of)
    with pytest.raises(ArgumentError, match="`as_of` must be a date without a time"):
        decide(STABLE, evidence, as_of=dt.datetime(2025, 1, 1))  # noqa: DTZ001 - what is refused
    with pytest.raises(
        ArgumentError, match="`cases` must be cases of stable_employment that are known"
    ):
        sound.decide(STABLE, evidence, cases=["EM9"])
    with pytest.raises(ArgumentError, match="`case` must be a case of stable_employment"):
        sound.decide(STABLE, evidence)["EM9"]


def test_a_row_has_all_that_a_reader_needs(sound):
    table = Dated("amount", (Entry(Decimal(800), dt.date(2024, 1, 1), None, "示例目录 [L]"),))
    told = sound.decide(STABLE, sound.evidence([{}]), amounts={STABLE: table})
    (row,) = told.to_frame().to_dict("records")
    assert row["outcome"] == "pass"
    assert row["amount_cny"] == 800.0
    assert row["rule"] == "payments.stable_employment"
    assert row["rule_valid_from"] == dt.date(2022, 5, 13)
    assert "cap_year=calendar" in row["answers"]
    assert row["cap"].startswith("pass: 1 per person, calendar, all operators")
    assert told.total_cny() == Decimal(800)
    parts = told.to_conditions()
    assert set(parts["way"]) == {"", "labour_contract", "service_agreement"}
    assert parts["zh"].str.len().min() > 0


@pytest.mark.parametrize("payment", PAYMENTS)
def test_nothing_known_is_nothing_to_decide(payment):
    told = decide(payment, Evidence(), as_of=dt.date(2025, 1, 1))
    assert len(told) == 0
    assert told.counts() == {"pass": 0, "fail": 0, "unknown": 0}
    assert told.to_frame().empty


# A stretch of the shipped city's history, day by day.

SPRING = pd.date_range("2024-04-20", "2024-05-20")


@pytest.fixture(scope="module")
def city():
    """The records of a few of the city's people who were hired in spring."""
    names = ("employments", "services", "insurance", "incomes")
    tables = {name: pd.read_parquet(DATA / f"{name}.parquet") for name in names}
    hires = tables["employments"]
    spring = hires[hires["hired_on"].between(SPRING[0], SPRING[-1]) & hires["claimed_by"].notna()]
    people = sorted(set(spring["person"]))[::5][:20]
    tables["employments"] = hires[hires["person"].isin(people)]
    tables["services"] = tables["services"][tables["services"]["person"].isin(people)]
    for name in ("insurance", "incomes"):
        own = tables[name]["employment"].isin(tables["employments"]["id"])
        tables[name] = tables[name][own]
    return tables


def arrived(city, day):
    """Return what an office has in its hands on a day, which knows nothing of the days after."""
    hires = city["employments"][city["employments"]["hired_on"] <= day].copy()
    for name in ("left_on", "registered_on", "filed_on"):
        hires.loc[hires[name] > day, name] = pd.NaT
    silent = hires["registered_on"].isna() & hires["filed_on"].isna()
    hires.loc[silent, ["platform_record", "record_origin"]] = None
    unsigned = hires["contract_from"] > day
    hires.loc[unsigned, "contract_known"] = False
    hires.loc[unsigned, ["contract_from", "contract_to"]] = pd.NaT
    months = {}
    over = (day + pd.Timedelta(days=1)).to_period("M").start_time
    runs = city["insurance"][city["insurance"]["first_month"] < over].copy()
    last = over - pd.DateOffset(months=1)
    runs["last_month"] = runs["last_month"].where(runs["last_month"] < over, last)
    months["insurance"] = runs
    months["incomes"] = city["incomes"][city["incomes"]["month"] < over]
    services = city["services"][city["services"]["on"] <= day]
    return Evidence(employments=hires, services=services, **months)


@pytest.mark.parametrize("payment", [STABLE, "flexible_employment"])
def test_a_spring_replayed_day_by_day_is_that_spring_decided_at_once(payment, city):
    options = PaymentOptions(cap_year="rolling", stable_income_ratio=0.75, income_by="average")
    whole = Evidence(**{name: city[name] for name in city})
    told = {}
    before = decide(payment, arrived(city, SPRING[0]), options, as_of=SPRING[0].date())
    told.update({one.case: one.word for one in before})
    n_changed = 0
    for day in SPRING[1:]:
        after = decide(payment, arrived(city, day), options, as_of=day.date())
        for row in changes(before, after).itertuples():
            told[row.case] = row.after
            n_changed += 1
        before = after
        if day.day in {1, 9, 19}:
            assert changes(after, decide(payment, whole, options, as_of=day.date())).empty
    at_once = decide(payment, whole, options, as_of=SPRING[-1].date())
    assert told == {one.case: one.word for one in at_once}
    assert n_changed > 5
