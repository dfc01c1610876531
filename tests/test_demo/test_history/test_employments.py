"""Employments: one for each spell of work since 2022, with forms, claims and records to judge."""

from __future__ import annotations

import pandas as pd
import pytest

FIRST = pd.Timestamp("2022-01-01")
REFERENCE = pd.Timestamp("2025-12-31")
FLEXIBLE = ["part_time", "temporary", "gig", "self_employed"]


@pytest.fixture(scope="module")
def employments(lives, ledger):
    spell = lives.spells.set_index("id")
    before = spell.groupby("person")["status"].shift(1)
    rows = lives.employments.copy()
    for name in ("status", "start", "end"):
        rows[name] = spell[name].loc[rows["spell"]].to_numpy()
    rows["before"] = before.loc[rows["spell"]].to_numpy()
    for name in ("birth_year", "difficulty", "looks", "graduate", "community"):
        rows[name] = ledger[name].loc[rows["person"]].to_numpy()
    return rows


def test_each_spell_of_work_since_2022_is_one_hire(employments, lives):
    spells = lives.spells
    works = spells["status"].isin(["employed", "flexible"]) & (spells["start"] >= FIRST)
    assert employments["spell"].tolist() == spells["id"][works].tolist()
    assert (employments["hired_on"] == employments["start"]).all()
    assert employments["left_on"].equals(employments["end"].rename("left_on"))
    flexible = employments["form"].isin(FLEXIBLE)
    assert (flexible == (employments["status"] == "flexible")).all()


def test_hires_fall_on_all_days_of_the_years(employments):
    per_year = employments["hired_on"].dt.year.value_counts(normalize=True)
    assert per_year.between(0.18, 0.32).all()
    assert (employments["hired_on"] == "2024-02-29").any()
    assert employments["hired_on"].nunique() > 1_400


def test_forms_have_plausible_shares(employments):
    share = employments["form"].value_counts(normalize=True)
    assert 0.40 < share["labour_contract"] < 0.60
    assert 0.05 < share["service_agreement"] < 0.15
    for name in FLEXIBLE:
        assert 0.04 < share[name] < 0.16
    assert 0.01 < share["public_welfare_post"] < 0.06
    assert 0.003 < share["traineeship"] < 0.03


def test_public_welfare_posts_are_for_people_with_difficulty_but_for_few_mistakes(employments):
    welfare = employments[employments["form"] == "public_welfare_post"]
    difficult = welfare["difficulty"].fillna("unknown") != "none"
    assert 0.9 < difficult.mean() < 1.0


def test_traineeships_are_for_the_young_jobless_and_mostly_last_three_to_twelve_months(
    employments,
):
    trainees = employments[employments["form"] == "traineeship"]
    age = trainees["hired_on"].dt.year - trainees["birth_year"]
    assert ((age <= 25) | trainees["graduate"]).all()
    jobless = ["registered_unemployed", "unemployed", "studying"]
    assert trainees["before"].isin(jobless).all()
    lasted = (trainees["left_on"] - trainees["hired_on"]).dt.days.dropna()
    assert 0.7 < lasted.between(90, 366).mean() < 0.95
    assert min((lasted < 90).sum(), (lasted > 366).sum()) >= 5
    agreed = (trainees["contract_to"] - trainees["contract_from"]).dt.days / 30.44
    agreed = agreed.dropna()
    short = (lasted < 90).reindex(agreed.index, fill_value=False)
    assert (agreed[short] < 2.9).all()
    assert (agreed[~short] > 2.9).all()


def test_contracts_are_known_open_ended_unknown_or_none(employments):
    known = employments["contract_known"]
    stated = employments["contract_from"].notna()
    own = employments["form"] == "self_employed"
    assert (stated == (known & ~own)).all()
    assert employments["contract_to"][~stated].isna().all()
    assert 0.03 < (~known)[employments["form"] == "labour_contract"].mean() < 0.1
    open_ended = stated & employments["contract_to"].isna()
    assert 0.08 < open_ended[employments["form"] == "labour_contract"].mean() < 0.2
    assert (employments["contract_from"] >= employments["hired_on"])[stated].all()
    assert (employments["contract_to"] > employments["contract_from"])[
        employments["contract_to"].notna()
    ].all()


def test_part_time_keeps_to_24_hours_a_week_but_for_some(employments):
    part = employments.loc[employments["form"] == "part_time", "hours_per_week"]
    assert 0.02 < part.isna().mean() < 0.15
    assert 0.05 < (part.dropna() > 24).mean() < 0.25
    assert (part.dropna() == 24).sum() > 50
    full = employments.loc[employments["form"] == "labour_contract", "hours_per_week"].dropna()
    assert full.between(40, 60).all()


def test_operators_claim_about_half_of_the_hires_where_they_serve(employments, areas):
    lies_in = areas.set_index("code")["lies_in"]
    district = lies_in.loc[employments["community"].astype(str)].to_numpy()
    own = pd.Series(district).map(
        {"340302": "OP1", "340303": "OP2", "340304": "OP3", "340311": "OP4", "340321": "OP2"}
    )
    served = own.notna().to_numpy()
    claimed = employments["claimed_by"]
    assert claimed[~served].isna().all()
    assert 0.52 < claimed[served].notna().mean() < 0.60
    other = (claimed != own.to_numpy()) & claimed.notna()
    assert 0.001 < other[served].mean() < 0.04


def test_records_are_the_platforms_own_only_sent_or_nowhere(employments):
    record, origin = employments["platform_record"], employments["record_origin"]
    assert (record.notna() == (origin == "platform_export")).all()
    assert record.dropna().is_unique
    assert record.dropna().str.fullmatch(r"PR\d{15}").all()
    done = employments["registered_on"].notna() | employments["filed_on"].notna()
    assert origin[~done].isna().all()
    share = origin[done].value_counts(normalize=True, dropna=False)
    assert 0.7 < share["platform_export"] < 0.9
    assert 0.08 < share["sent_by_us"] < 0.2
    assert 0.03 < origin[done].isna().mean() < 0.12
    for name in ("registered_on", "filed_on"):
        late = (employments[name] - employments["hired_on"]).dt.days.dropna()
        assert late.between(1, 90).all()
        assert 0.05 < (late > 30).mean() < 0.15
    assert employments.loc[employments["form"] == "self_employed", "filed_on"].isna().all()


def test_departures_are_registered_within_fifteen_days_later_or_not_at_all(employments):
    on, left = employments["departure_registered_on"], employments["left_on"]
    registered = employments["registered_on"]
    assert on[left.isna()].isna().all()
    assert (left[on.notna()].notna() & registered[on.notna()].notna()).all()
    assert (on >= registered)[on.notna()].all()
    late = (on - left).dt.days.dropna()
    assert late.between(1, 90).all()
    assert 0.05 < (late > 15).mean() < 0.25
    gone = left.notna() & registered.notna()
    assert 0.05 < on[gone].isna().mean() < 0.25


def test_registrations_close_as_hired_on_the_day_of_the_hire(employments, lives):
    closed = lives.registrations[
        lives.registrations["close_reason"].isin(["hired", "self_employed"])
    ]
    hires = employments.set_index(["person", "hired_on"])["form"]
    form = hires.loc[list(zip(closed["person"], closed["closed_on"], strict=True))]
    own = (closed["close_reason"] == "self_employed").to_numpy()
    assert (own == (form == "self_employed").to_numpy()).all()
