"""The shipped city's histories, condition by condition, against judges that share no code with it.

These judges are the demonstration city's own: they read the notice plainly over whole columns.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest

from geo_match.policy.payments import Evidence, PaymentOptions, decide
from geo_match.rules import OUTCOMES

HERE = Path(__file__).resolve()
JUDGES = HERE.parents[2] / "test_demo" / "test_history"
DATA = HERE.parents[3] / "data"
AS_OF = dt.date(2025, 12, 31)
ONE_IN = 5
AS_THE_JUDGES = PaymentOptions(
    cap_year="calendar",
    difficulty_is_key_group=True,
    registered_unemployed_is_key_group=False,
    two_payments_for_one_hire=True,
    income_months="all",
    income_by="each_month",
    assistance_needs_public_welfare_post=True,
    head_counted="once",
    service_within_months=6,
    survey_timely_by="done_on",
    refusal_shows_service=True,
    no_contact_results=(),
    stable_income_ratio=0.75,
    wage_tiers={"340302": 2},
)
WORDS = {True: "pass", False: "fail", None: "unknown"}
GROUPS = ["graduate", "migrant_worker", "veteran", "retired_fisherman"]


def load(name):
    """Return a module of the demonstration city's tests, which no package holds."""
    spec = importlib.util.spec_from_file_location(f"judges_{name}", JUDGES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def table(name):
    return pd.read_parquet(DATA / f"{name}.parquet").drop(columns="geometry", errors="ignore")


@pytest.fixture(scope="module")
def judges():
    return load("test_rules_payments")


@pytest.fixture(scope="module")
def city():
    """The shipped tables, as the judges look at them."""
    judged = load("conftest").Judged
    households, members = table("households"), table("members")
    persons = pd.concat([table("seekers"), table("history/former_seekers")]).set_index("id")
    whose = "S" + members["household"].str[1:] + "-" + members["number"].astype(str)
    status = pd.Series(members["status"].astype(str).to_numpy(), index=whose)
    persons["member_status"] = status.reindex(persons.index)
    persons["hukou"] = households.set_index("id")["hukou"].reindex(persons["household"]).to_numpy()
    # One in some is enough, and quickly judged.
    persons = persons.iloc[::ONE_IN]
    hires = table("history/employments").join(persons[[*GROUPS, "difficulty"]], on="person")
    hires = hires[hires["person"].isin(persons.index)]
    services = table("history/services")
    jobs = pd.concat([table("jobs"), table("history/closed_jobs")]).set_index("id")
    areas = table("communities")
    lives = judged(insurance=table("history/insurance"), incomes=table("history/incomes"))
    return judged(
        persons=persons,
        hires=hires,
        claims=hires[hires["claimed_by"].notna()],
        jobs=jobs,
        operators=table("operators"),
        lives=lives,
        services=services[services["person"].isin(persons.index)],
        posts=table("history/welfare_posts"),
        surveys=table("history/surveys"),
        recognitions=table("history/recognitions"),
        areas=areas,
        households=households,
    )


@pytest.fixture(scope="module")
def evidence(city):
    lies_in = city.areas.set_index("code")["lies_in"]
    of_job = city.jobs["community"].astype(str).map(lies_in)
    posts = city.posts.assign(division=city.posts["job_id"].map(of_job))
    # The tier is one in all four districts: any of them will do for a hire without a posting.
    return Evidence(
        employments=city.hires.assign(division="340302"),
        persons=city.persons.reset_index(),
        services=city.services,
        insurance=city.lives.insurance,
        incomes=city.lives.incomes,
        posts=posts,
        surveys=city.surveys,
        recognitions=city.recognitions,
        agencies=city.operators,
    )


@pytest.fixture(scope="module")
def told(evidence):
    """Give the outcome of each condition of a payment: a column a condition, a row a case."""
    found = {}

    def of(payment):
        if payment not in found:
            rows = {}
            for one in decide(payment, evidence, AS_THE_JUDGES, as_of=AS_OF):
                every = [*one.conditions, *(c for way in one.ways for c in way.conditions)]
                rows[one.case] = {c.name: OUTCOMES[c.outcome] for c in every}
            found[payment] = pd.DataFrame.from_dict(rows, orient="index")
        return found[payment]

    return of


@pytest.fixture(scope="module")
def judging(told, city, judges):
    return told, city, judges


def words(answers, cases):
    """Return the judges' answers as words, by case."""
    values = [None if pd.isna(one) else bool(one) for one in answers]
    return pd.Series([WORDS[one] for one in values], index=list(cases))


def of_forms(city, forms):
    return city.claims.loc[city.claims["form"].isin(forms), "id"]


def assert_agree(ours, theirs, least=3):
    """Say that outcomes are the same, case by case, and that there is something to agree on."""
    theirs = theirs.reindex(ours.index)
    assert theirs.notna().all()
    assert (ours == theirs).all(), pd.crosstab(ours, theirs)
    assert theirs.value_counts().min() >= least


STABLE = ("labour_contract", "service_agreement")
FLEXIBLE = ("part_time", "temporary", "gig")


@pytest.mark.parametrize(
    ("payment", "condition", "judge", "forms"),
    [
        (
            "stable_employment",
            "organised_by_operator",
            "stable_work_was_organised_by_the_operator",
            STABLE,
        ),
        (
            "flexible_employment",
            "organised_by_operator",
            "flexible_work_was_organised_by_the_operator",
            FLEXIBLE,
        ),
        (
            "stable_employment",
            "labour_contract_long",
            "labour_contract_lasts_half_a_year",
            STABLE[:1],
        ),
        (
            "stable_employment",
            "service_agreement_long",
            "service_agreement_lasts_half_a_year",
            STABLE[1:],
        ),
        (
            "stable_employment",
            "social_insurance_long",
            "social_insurance_was_paid_half_a_year",
            STABLE[:1],
        ),
        (
            "stable_employment",
            "accident_insurance_long",
            "accident_insurance_was_paid_half_a_year",
            STABLE[1:],
        ),
        ("flexible_employment", "consecutive_months", "income_runs_for_three_months", FLEXIBLE),
        ("flexible_employment", "minimum_income", "income_reaches_the_minimum_wage", FLEXIBLE),
    ],
)
def test_conditions_of_hires_are_as_judged(payment, condition, judge, forms, judging):
    told, city, judges = judging
    cases = of_forms(city, forms)
    ours = told(payment).loc[cases, condition]
    assert_agree(ours, words(getattr(judges, judge)(city), cases))


@pytest.mark.parametrize("payment", ["stable_employment", "flexible_employment"])
def test_key_groups_are_as_judged(payment, told, city, judges):
    theirs = words(judges.person_is_of_a_key_group(city), city.claims["id"])
    assert_agree(told(payment)["key_group"], theirs)


@pytest.mark.parametrize(
    ("payment", "judge", "forms"),
    [
        ("stable_employment", "stable_work_is_on_the_platform", STABLE),
        ("flexible_employment", "flexible_work_is_on_the_platform", FLEXIBLE),
    ],
)
def test_the_platforms_record_is_as_judged_but_for_what_may_still_come(
    payment, judge, forms, judging
):
    """What was only sent by us fails for the judge at once, here when its 30 days are over."""
    told, city, judges = judging
    claims = city.claims[city.claims["form"].isin(forms)]
    theirs = words(getattr(judges, judge)(city), claims["id"])
    young = claims["hired_on"] >= pd.Timestamp(AS_OF) - pd.Timedelta(days=30)
    waiting = set(claims.loc[young & (claims["record_origin"] == "sent_by_us"), "id"])
    ours = told(payment)["on_platform"]
    assert set(ours[list(waiting)]) <= {"unknown"}
    assert_agree(ours.drop(list(waiting)), theirs)


def test_part_time_hours_are_as_judged(told, city, judges):
    cases = of_forms(city, ["part_time"])
    ours = told("flexible_employment").loc[cases, "flexible_form"]
    assert_agree(ours, words(judges.hours_are_those_of_part_time(city), cases))


def test_stable_income_is_as_judged_but_where_a_month_is_not_stated(told, city, judges):
    cases = of_forms(city, FLEXIBLE)
    theirs = words(judges.income_is_stable(city), cases)
    gaps = city.lives.incomes.loc[city.lives.incomes["income_cny"].isna(), "employment"]
    has_gap = cases[cases.isin(gaps)]
    ours = told("flexible_employment")["stable_income"]
    assert_agree(ours.drop(has_gap), theirs)
    # What has varied too much has done so whatever the months say that state nothing.
    both = pd.crosstab(ours[has_gap], theirs[has_gap.to_numpy()])
    assert both.loc["fail"].drop("fail", errors="ignore").sum() == 0
    assert "pass" not in both.index


def test_posts_and_their_holders_are_as_judged(told, city, judges):
    ours = told("post_insurance_subsidy")
    parts = [city.posts[name] for name in ("job_id", "holder")]
    day = city.posts["held_from"].dt.strftime("%Y-%m-%d")
    cases = [
        "/".join(x for x in row if isinstance(x, str)) for row in zip(*parts, day, strict=True)
    ]
    for condition, judge in (
        ("post_led_by_operator", judges.post_was_led_to_by_an_operator),
        ("post_developed", judges.post_has_a_development_record),
    ):
        assert_agree(ours[condition], words(judge(city), cases))
    held = city.posts["holder"].isin(city.persons.index).to_numpy()
    of_held = [case for case, is_held in zip(cases, held, strict=True) if is_held]
    theirs = words(judges.post_is_held_by_a_person_with_difficulty(city), of_held)
    assert_agree(ours.loc[of_held, "employment_difficulty"], theirs)


def test_a_post_is_held_too_long_only_where_it_is_judged_so(told, city, judges):
    """The judge knows nothing of those near retirement, whom more years are given."""
    held = city.posts[city.posts["holder"].notna()]
    theirs = pd.Series(words(judges.post_is_held_for_three_years_at_most(city), held.index))
    day = held["held_from"].dt.strftime("%Y-%m-%d").fillna("")
    cases = (held["job_id"] + "/" + held["holder"] + "/" + day).str.rstrip("/")
    ours = told("post_insurance_subsidy").loc[cases, "post_term"].to_numpy()
    both = pd.crosstab(pd.Series(ours, index=held.index, name="ours"), theirs.rename("theirs"))
    assert both.loc["pass", "pass"] >= 3
    assert both.loc["unknown", "unknown"] >= 3
    assert both.loc["fail"].drop("fail", errors="ignore").sum() == 0


def test_help_for_people_with_difficulty_is_as_judged(told, city, judges):
    ours = told("employment_assistance")
    cases = city.claims["id"]
    helped = judges.person_with_difficulty_was_helped_into_work(city)
    onto = judges.person_with_difficulty_was_helped_onto_a_post(city)

    def all_of(*names):
        several = ours[list(names)]
        fails, unknown = (several == "fail").any(axis=1), (several == "unknown").any(axis=1)
        return pd.Series("pass", ours.index).mask(unknown, "unknown").mask(fails, "fail")

    both = ("organised_by_operator", "employment_difficulty")
    assert_agree(all_of(*both), words(helped, cases))
    assert_agree(all_of(*both, "public_welfare_post"), words(onto, cases))


@pytest.mark.parametrize(
    ("condition", "judge"),
    [
        ("survey_done", "survey_is_done"),
        ("survey_entered", "survey_is_entered"),
        ("survey_complete", "survey_is_complete"),
        ("survey_true", "survey_is_true"),
        ("survey_timely", "survey_is_in_time"),
    ],
)
def test_surveys_are_as_judged(condition, judge, told, city, judges):
    due = city.surveys["due_on"].dt.strftime("%Y-%m-%d")
    cases = city.surveys["community"].astype(str) + "/" + due
    ours = told("survey_registration")[condition]
    assert_agree(ours, words(getattr(judges, judge)(city), cases))


def test_recognitions_are_as_judged(told, city, judges):
    ours = told("demonstration")
    passed = {case.split("/")[0] for case in ours.index[ours["recognition_document"] == "pass"]}
    theirs = judges.community_is_recognised(city).fillna(value=False)
    judged = {code for code, holds in zip(city.areas["code"], theirs, strict=True) if holds}
    assert {code for code in passed if code in set(city.areas["code"])} == judged


def test_whose_service_counts_a_head_is_as_judged(told, city, judges):
    theirs = judges.urban_person_of_working_age_was_served(city)
    hukou = city.persons["hukou"] == "urban"
    persons = city.persons.index[(hukou & (city.persons["member_status"] != "retired")).to_numpy()]
    judged = words(theirs, persons)
    ours = told("operation")
    whose = pd.Series([case.split("/")[1] for case in ours.index], index=ours.index)
    best = ours["served"].eq("pass").groupby(whose).any()
    assert set(best.index[best]) & set(persons) == set(judged.index[judged == "pass"])
    assert set(best.index[~best]) & set(persons) == set(judged.index[judged == "unknown"])
