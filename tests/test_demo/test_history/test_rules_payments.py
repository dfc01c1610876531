"""The payments' conditions in the small city: each is met by some, missed by others, or unknown.

Each function answers one condition for whomever it is asked of: true, false, or null for unknown,
and says when it is unknown; what else is not recorded did not happen. They read the notice plainly,
with one of Anhui's minimum wages, and are here to count, not to decide payments.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.history._whereabouts import districts_of, operators_of
from geo_match.demo.vocabulary import REFERENCE_DATE

TODAY = pd.Timestamp(REFERENCE_DATE)
HALF_A_YEAR = pd.DateOffset(months=6)
REGISTERS_WITHIN = 30
GROUPS = ["graduate", "migrant_worker", "veteran", "retired_fisherman"]
STABLE = {"labour_contract": "social", "service_agreement": "accident"}
"""The forms of stable employment, and the insurance that each asks for."""
FLEXIBLE = ["part_time", "temporary", "gig"]
WAGE_CNY, HOURLY_CNY = 1_930, 20
WAGE_SINCE = pd.Timestamp("2023-03-01")
"""One of Anhui's four minimum wages: whichever holds, some earn less. Before it none is known."""
EVERY = ("pass", "fail", "unknown")
CERTAIN = ("pass", "fail")
SHOWN = ["introduction", "guidance", "recommendation"]


# The survey.


def survey_is_done(city):
    """Never unknown: all were due long ago."""
    return city.answer(city.surveys["done_on"].notna())


def survey_is_entered(city):
    """Never unknown, as above."""
    return city.answer(city.surveys["entered_on"].notna())


def survey_is_complete(city):
    """Unknown where nobody has looked."""
    return city.surveys["complete"].array


def survey_is_true(city):
    """Unknown where nobody has looked."""
    return city.surveys["true_checked"].array


def survey_is_in_time(city):
    """Never unknown, as above."""
    return city.answer(city.surveys["done_on"] <= city.surveys["due_on"])


# Stable and flexible employment.


def _organised(city, claims):
    """Whether a service of the operator that claims it is dated in the half year before a hire.

    Unknown where only services are whose operator nobody noted: whoever claims serves the district,
    so that these need not be the public agency's.
    """
    shown = city.services[city.services["kind"].isin(SHOWN)]
    found = claims[["id", "person", "hired_on", "claimed_by"]].merge(
        shown[["person", "on", "operator_id"]], on="person"
    )
    found = found[found["on"].between(found["hired_on"] - HALF_A_YEAR, found["hired_on"], "left")]
    own = found["operator_id"].astype("str") == found["claimed_by"]
    of_own, of_unnamed = (
        claims["id"].isin(found.loc[which, "id"]) for which in (own, found["operator_id"].isna())
    )
    return city.answer(of_own, of_own | ~of_unnamed)


def stable_work_was_organised_by_the_operator(city):
    return _organised(city, city.claims[city.claims["form"].isin(STABLE)])


def flexible_work_was_organised_by_the_operator(city):
    return _organised(city, city.claims[city.claims["form"].isin(FLEXIBLE)])


def person_is_of_a_key_group(city):
    """Unknown of those in no other group whose difficulty is."""
    group = city.claims[GROUPS].any(axis=1)
    difficult = city.claims["difficulty"]
    return city.answer(group | (difficult != "none"), group | difficult.notna())


def _lasts_half_a_year(city, of):
    """Unknown where it is not known whether there is a contract, or for how long."""
    open_ended = of["contract_to"].isna()
    long = of["contract_to"] + pd.Timedelta(days=1) >= of["contract_from"] + HALF_A_YEAR
    return city.answer(open_ended | long, of["contract_known"])


def _of_form(city, form):
    return city.claims[city.claims["form"] == form]


def labour_contract_lasts_half_a_year(city):
    return _lasts_half_a_year(city, _of_form(city, "labour_contract"))


def service_agreement_lasts_half_a_year(city):
    return _lasts_half_a_year(city, _of_form(city, "service_agreement"))


def _months_insured(city, of, *, unchecked):
    """Months paid of the insurance that each form asks for, with those not yet checked or not."""
    runs = city.lives.insurance
    first, last = runs["first_month"].dt, runs["last_month"].dt
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    paid = months.where(runs["verified"].fillna(value=unchecked), 0)
    total = paid.groupby([runs["employment"], runs["kind"].astype(str)]).sum()
    wanted = pd.MultiIndex.from_arrays([of["id"], of["form"].astype(str).map(STABLE)])
    return total.reindex(wanted, fill_value=0).to_numpy()


def _is_insured_half_a_year(city, of):
    """Unknown where months that nobody has checked would make it up; no month is no insurance."""
    sure, perhaps = (_months_insured(city, of, unchecked=value) >= 6 for value in (False, True))
    return city.answer(sure, sure | ~perhaps)


def social_insurance_was_paid_half_a_year(city):
    return _is_insured_half_a_year(city, _of_form(city, "labour_contract"))


def accident_insurance_was_paid_half_a_year(city):
    return _is_insured_half_a_year(city, _of_form(city, "service_agreement"))


def _is_on_the_platform(city, hires, *dates):
    """Whether the platform's own record has one of the dates: what was only sent is none.

    Unknown where there is a record and not where; without one for the days after the hire in which
    it need not be there.
    """
    dated = hires[list(dates)].notna().any(axis=1)
    origin = hires["record_origin"]
    holds = dated & (origin == "platform_export")
    open_ = np.where(dated, origin.isna(), city.running(hires["hired_on"], REGISTERS_WITHIN))
    return city.answer(holds, holds | ~open_)


def stable_work_is_on_the_platform(city):
    stable = city.claims[city.claims["form"].isin(STABLE)]
    return _is_on_the_platform(city, stable, "registered_on", "filed_on")


def flexible_work_is_on_the_platform(city):
    flexible = city.claims[city.claims["form"].isin(FLEXIBLE)]
    return _is_on_the_platform(city, flexible, "registered_on", "filed_on")


def _keeps_the_cap(city, of, payable, cap):
    """Whether fewer payable claims than the cap came before in the year, over all operators.

    Unknown where it hangs on claims of which it is unknown whether they are payable.
    """
    of = of.assign(sure=payable.fillna(value=False), perhaps=payable.fillna(value=True))
    in_order = of.sort_values("hired_on")
    year = [in_order["person"], in_order["hired_on"].dt.year]
    sure, perhaps = (
        (in_order[name].astype(int).groupby(year).cumsum() - in_order[name]).loc[of.index]
        for name in ("sure", "perhaps")
    )
    return city.answer(perhaps < cap, (perhaps < cap) | (sure >= cap))


def stable_work_keeps_the_cap_of_one_a_year(city):
    of = city.claims[city.claims["form"].isin(STABLE)]
    payable = _lasts_half_a_year(city, of) & _is_insured_half_a_year(city, of)
    return _keeps_the_cap(city, of, pd.Series(payable, index=of.index), 1)


def flexible_work_keeps_the_cap_of_three_a_year(city):
    of = city.claims[city.claims["form"].isin(FLEXIBLE)]
    payable = income_runs_for_three_months(city) & income_reaches_the_minimum_wage(city)
    return _keeps_the_cap(city, of, pd.Series(payable, index=of.index), 3)


def hours_are_those_of_part_time(city):
    """Unknown where the hours are; those on a day are never known."""
    hours = city.claims.loc[city.claims["form"] == "part_time", "hours_per_week"]
    return (hours <= 24).array


def _incomes(city):
    flexible = city.claims.loc[city.claims["form"].isin(FLEXIBLE), "id"]
    months = city.lives.incomes[city.lives.incomes["employment"].isin(flexible)]
    return flexible, months, months.groupby("employment")["income_cny"]


def income_is_stable(city):
    """Unknown with fewer than two amounts."""
    flexible, _, income = _incomes(city)
    ratio = flexible.map(income.min() / income.max())
    whole = flexible.map(income.count() >= 2).fillna(value=False)
    return city.answer(ratio.fillna(0) >= 0.75, whole.astype(bool))


def income_runs_for_three_months(city):
    """Unknown where no month is stated at all."""
    flexible, months, _ = _incomes(city)
    order = months["month"].dt.year * 12 + months["month"].dt.month
    again = order.groupby(months["employment"]).diff().eq(1)
    run = again & again.groupby(months["employment"]).shift(fill_value=False)
    three = flexible.map(run.groupby(months["employment"]).any())
    return city.answer(three.fillna(value=False).astype(bool), three.notna())


def income_reaches_the_minimum_wage(city):
    """Fails with one month below it; else unknown without months, amounts or a minimum in force."""
    flexible, months, _ = _incomes(city)
    in_force = months["month"] >= WAGE_SINCE
    known = months["income_cny"].notna() & in_force
    below = known & (months["income_cny"] < WAGE_CNY).fillna(value=False).astype(bool)
    of = pd.DataFrame({"known": known, "below": below}).groupby(months["employment"])
    fails = flexible.isin(of["below"].any()[lambda any_: any_].index)
    holds = flexible.isin(of["known"].all()[lambda all_: all_].index) & ~fails
    return city.answer(holds, holds | fails)


def part_time_pays_the_hourly_minimum(city):
    """Unknown without a posting, where it pays by the day or month, and before a known minimum."""
    part_time = city.hires[city.hires["form"] == "part_time"]
    job = city.jobs.reindex(part_time["job_id"])
    known = (job["wage_unit"] == "hour").to_numpy() & (part_time["hired_on"] >= WAGE_SINCE)
    return city.answer(job["wage_low_cny"].fillna(0) >= HOURLY_CNY, known)


# Public-welfare posts and assistance.


def post_was_led_to_by_an_operator(city):
    """Without an operator unknown where one serves the district; elsewhere it was the agency."""
    led = city.posts["led_by"].notna()
    community = city.jobs.loc[city.posts["job_id"], "community"]
    served = operators_of(districts_of(community.astype("str")), city.operators)
    return city.answer(led, led | pd.isna(served))


def post_has_a_development_record(city):
    """Unknown without one: it may lie elsewhere."""
    return city.answer(city.posts["developed_on"].notna(), city.posts["developed_on"].notna())


def post_is_held_by_a_person_with_difficulty(city):
    """Unknown where the person's difficulty is."""
    held = city.posts[city.posts["holder"].isin(city.persons.index)]
    difficulty = city.persons["difficulty"].reindex(held["holder"])
    return city.answer(difficulty != "none", difficulty.notna())


def _on_posts(hires):
    return hires[hires["form"] == "public_welfare_post"]


def holder_is_registered_as_employed(city):
    return _is_on_the_platform(city, _on_posts(city.hires), "registered_on")


def holder_is_filed_as_labour(city):
    return _is_on_the_platform(city, _on_posts(city.hires), "filed_on")


def holder_got_a_service(city):
    return _organised(city, _on_posts(city.claims))


def post_is_held_for_three_years_at_most(city):
    """Unknown without the first day."""
    held = city.posts[city.posts["holder"].notna()]
    until = held["held_to"].fillna(TODAY)
    since = held["held_from"]
    return city.answer(until < since + pd.DateOffset(years=3), since.notna())


def person_with_difficulty_was_helped_into_work(city):
    """Unknown where the difficulty or the operator of the services is."""
    difficulty = city.claims["difficulty"]
    difficult = city.answer(difficulty != "none", difficulty.notna())
    return difficult & _organised(city, city.claims)


def person_with_difficulty_was_helped_onto_a_post(city):
    post = (city.claims["form"] == "public_welfare_post").to_numpy()
    return person_with_difficulty_was_helped_into_work(city) & post


# Demonstration, operation and supervision.


def community_is_recognised(city):
    """Unknown where it was named and its document is not at hand."""
    given = city.recognitions[city.recognitions["level"].isin(["province", "city"])]
    documented = city.areas["code"].isin(given.loc[given["document"].notna(), "code"])
    named = city.areas["code"].isin(given["code"])
    return city.answer(documented, documented | ~named)


def urban_person_of_working_age_was_served(city):
    """Unknown where only services are whose operator nobody noted, as above."""
    hukou = city.households.set_index("id")["hukou"].reindex(city.persons["household"])
    base = (hukou == "urban").to_numpy() & (city.persons["member_status"] != "retired").to_numpy()
    persons = city.persons[base]
    by_operator = city.services.groupby("person")["operator_id"].agg(["size", "count"])
    served = by_operator.reindex(persons.index).fillna(0)
    return city.answer(served["count"] > 0, (served["count"] > 0) | (served["size"] == 0))


@pytest.mark.parametrize(
    "condition",
    [
        survey_is_done,
        survey_is_entered,
        survey_is_in_time,
    ],
)
def test_a_condition_is_met_by_some_and_missed_by_all_others(condition, city):
    counts = city.count(condition(city))
    assert city.has_outcomes(counts, CERTAIN), counts


def test_some_posts_have_a_development_record_and_of_others_it_is_unknown(city):
    counts = city.count(post_has_a_development_record(city))
    assert city.has_outcomes(counts, ("pass", "unknown")), counts


@pytest.mark.parametrize(
    "condition",
    [
        survey_is_complete,
        survey_is_true,
        stable_work_was_organised_by_the_operator,
        flexible_work_was_organised_by_the_operator,
        person_is_of_a_key_group,
        labour_contract_lasts_half_a_year,
        service_agreement_lasts_half_a_year,
        social_insurance_was_paid_half_a_year,
        accident_insurance_was_paid_half_a_year,
        stable_work_is_on_the_platform,
        flexible_work_is_on_the_platform,
        stable_work_keeps_the_cap_of_one_a_year,
        flexible_work_keeps_the_cap_of_three_a_year,
        hours_are_those_of_part_time,
        income_is_stable,
        income_runs_for_three_months,
        income_reaches_the_minimum_wage,
        part_time_pays_the_hourly_minimum,
        post_was_led_to_by_an_operator,
        post_is_held_by_a_person_with_difficulty,
        holder_is_registered_as_employed,
        holder_is_filed_as_labour,
        holder_got_a_service,
        post_is_held_for_three_years_at_most,
        person_with_difficulty_was_helped_into_work,
        person_with_difficulty_was_helped_onto_a_post,
        community_is_recognised,
        urban_person_of_working_age_was_served,
    ],
)
def test_a_condition_is_met_by_some_missed_by_others_or_unknown(condition, city):
    counts = city.count(condition(city))
    assert city.has_outcomes(counts, EVERY), counts


# Edges.


def test_half_a_year_is_reached_to_the_day_and_to_the_month_by_some_and_just_missed(city):
    stable = city.claims[city.claims["form"].isin(STABLE)]
    last = stable["contract_from"] + HALF_A_YEAR - pd.Timedelta(days=1)
    days = (stable["contract_to"] - last).dt.days
    months = _months_insured(city, stable, unchecked=True)
    for reached, missed in ((days == 0, days == -1), (months == 6, months == 5)):
        assert min(reached.sum(), missed.sum()) >= 3


def test_stable_work_is_paid_for_refused_or_open_whole(city):
    of = city.claims[city.claims["form"].isin(STABLE)]
    whole = _lasts_half_a_year(city, of) & _is_insured_half_a_year(city, of)
    whole &= stable_work_is_on_the_platform(city) & stable_work_was_organised_by_the_operator(city)
    whole &= stable_work_keeps_the_cap_of_one_a_year(city)
    counts = city.count(whole)
    assert min(counts.values()) >= 50, counts


def test_months_of_income_are_just_enough_just_too_few_or_at_the_minimum(city):
    flexible, months, income = _incomes(city)
    count = flexible.map(income.size()).fillna(0)
    for n in (0, 2, 3):
        assert (count == n).sum() >= 30
    at = months["income_cny"].isin([WAGE_CNY, 1_870])
    assert min(at.sum(), months["income_cny"].isna().sum()) >= 15


def test_caps_differ_by_calendar_and_rolling_year_and_across_operators(city):
    claims = city.claims[~city.claims["form"].isin(["traineeship", "self_employed"])]
    claims = claims.sort_values(["person", "hired_on"])
    for forms, cap in ((STABLE, 1), (FLEXIBLE, 3)):
        of = claims[claims["form"].isin(forms)]
        before = of.groupby("person")[["hired_on", "claimed_by"]].shift(cap)
        rolling = of["hired_on"] < before["hired_on"] + pd.DateOffset(years=1)
        calendar = of["hired_on"].dt.year == before["hired_on"].dt.year
        assert min((rolling & calendar).sum(), (rolling & ~calendar).sum()) >= 10
    other = claims["claimed_by"] != claims.groupby("person")["claimed_by"].shift()
    soon = claims["hired_on"].dt.year == claims.groupby("person")["hired_on"].shift().dt.year
    assert (other & soon).sum() >= 5
    assert claims["claimed_by"].nunique() == 4


def test_the_cap_alone_stands_against_some_flexible_hires(city):
    of = city.claims["form"].isin(FLEXIBLE)
    others = income_is_stable(city) & income_runs_for_three_months(city)
    others &= income_reaches_the_minimum_wage(city) & flexible_work_is_on_the_platform(city)
    others &= flexible_work_was_organised_by_the_operator(city)
    others &= pd.Series(person_is_of_a_key_group(city), index=of.index)[of].array
    keeps = flexible_work_keeps_the_cap_of_three_a_year(city)
    assert (others & ~keeps).sum() >= 1
