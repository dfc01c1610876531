"""The shipped city with what it does not have, against plain counts over whole columns.

Its records are marred by a rule that the place of a row decides: calls that nobody answered, months
outside a hire, rows that correct others, one document for two, two tiers of the minimum wage.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from geo_match.policy.payments import Evidence, PaymentOptions, decide
from geo_match.policy.payments.claims import Claims, submit

DATA = Path(__file__).resolve().parents[3] / "data"
AS_OF = dt.date(2025, 12, 31)
CORRECTED_ON, BEFORE = pd.Timestamp("2025-10-01"), dt.date(2025, 9, 30)
ONE_IN = 10
WAGES = {"340302": 1930, "340303": 1780}
OPTIONS = PaymentOptions(
    refusal_shows_service=False,
    service_within_months=6,
    income_months="all",
    income_by="each_month",
    stable_income_ratio=0.75,
    wage_tiers={"340302": 2, "340303": 4},
)
STABLE = {"labour_contract": "social", "service_agreement": "accident"}
FLEXIBLE = ("part_time", "temporary", "gig")
SHOWN = ("introduction", "guidance", "recommendation")
REACHED_NOBODY = ("no_answer", "wrong_number", "refused", "moved_away")


def history(name):
    return pd.read_parquet(DATA / "history" / f"{name}.parquet")


def every(frame, n):
    """Return which rows are every n-th."""
    return pd.Series(range(len(frame)), index=frame.index) % n == 0


def moved(days, months):
    return (days.dt.to_period("M") + months).dt.to_timestamp()


def with_corrections(frame, column, n):
    """Give each row an id, and every n-th a later row that moves a month of it on by one."""
    frame = frame.assign(id=[f"R{at}" for at in range(len(frame))], known_on=pd.NaT)
    later = frame[every(frame, n)].assign(known_on=CORRECTED_ON)
    later[column] = moved(later[column], 1)
    return pd.concat([later, frame], ignore_index=True)


@pytest.fixture(scope="module")
def marred():
    """The marred tables, and the decisions on them."""
    hires = history("employments")
    hires = hires[hires["claimed_by"].notna() & hires["form"].isin([*STABLE, *FLEXIBLE])]
    hires = hires.iloc[::ONE_IN]
    hires = hires.assign(division=every(hires, 2).map({True: "340302", False: "340303"}))
    services = history("services")
    services = services[services["person"].isin(hires["person"])]
    results = services["result"].astype(object).mask(every(services, 3), "no_answer")
    services = services.assign(result=results)

    def of_hires(name):
        frame = history(name)
        return frame[frame["employment"].isin(hires["id"])].reset_index(drop=True)

    insurance = of_hires("insurance")
    first = ~insurance["employment"].duplicated() & every(insurance, 4)
    early = insurance["first_month"].mask(first, moved(insurance["first_month"], -2))
    insurance = with_corrections(insurance.assign(first_month=early), "first_month", 3)
    incomes = of_hires("incomes")
    last = ~incomes["employment"].duplicated(keep="last")
    beyond = incomes[last & every(incomes, 2)].assign(income_cny=1)
    left = beyond["employment"].map(hires.set_index("id")["left_on"])
    beyond = beyond[left.notna()].assign(month=moved(left.dropna(), 1))
    incomes = with_corrections(pd.concat([incomes, beyond], ignore_index=True), "month", 40)
    evidence = Evidence(employments=hires, services=services, insurance=insurance, incomes=incomes)
    found = {}

    def told(payment, as_of=AS_OF):
        if (payment, as_of) not in found:
            found[payment, as_of] = pd.DataFrame(
                {
                    one.case: {
                        c.name: c.word
                        for c in [*one.conditions, *(c for w in one.ways for c in w.conditions)]
                    }
                    for one in decide(payment, evidence, OPTIONS, as_of=as_of)
                }
            ).T
        return found[payment, as_of]

    tables = {"services": services, "insurance": insurance, "incomes": incomes}
    return SimpleNamespace(hires=hires.set_index("id"), told=told, **tables)


def standing(frame, as_of):
    """Return the row of each id that is known last."""
    known = frame[frame["known_on"].isna() | (frame["known_on"] <= pd.Timestamp(as_of))]
    return known.sort_values("known_on", na_position="first").drop_duplicates("id", keep="last")


def by_month(hires, frame, months, as_of):
    """Return a row a month that is over, with whether the hire lasted in it."""
    rows = frame.assign(month=months).explode("month").dropna(subset=["month"])
    rows = rows[[month.end_time.date() <= as_of for month in rows["month"]]]
    of = hires.reindex(rows["employment"])
    begins = of["hired_on"].dt.to_period("M").to_numpy()
    ends = of["left_on"].where(of["left_on"] <= pd.Timestamp(as_of))
    ends = ends.dt.to_period("M").fillna(pd.Period("9999-12", "M")).to_numpy()
    inside = (begins <= rows["month"].to_numpy()) & (rows["month"].to_numpy() <= ends)
    return rows.assign(inside=inside.astype(bool))


def insured(marred, as_of=AS_OF):
    runs = standing(marred.insurance, as_of)
    spans = [
        list(pd.period_range(first, last, freq="M"))
        for first, last in zip(runs["first_month"], runs["last_month"], strict=True)
    ]
    return by_month(marred.hires, runs, pd.Series(spans, index=runs.index), as_of)


def earned(marred, as_of=AS_OF):
    rows = standing(marred.incomes, as_of)
    return by_month(marred.hires, rows, rows["month"].dt.to_period("M"), as_of)


def word(passes, perhaps):
    return "pass" if passes else "unknown" if perhaps else "fail"


def assert_same(ours, theirs, least=3):
    assert ours.to_dict() == theirs.reindex(ours.index).to_dict()
    assert theirs.value_counts().min() >= least


@pytest.mark.parametrize("as_of", [AS_OF, BEFORE])
def test_months_insured_are_those_of_the_hire_by_the_latest_row(marred, as_of):
    months = insured(marred, as_of)
    inside = months[months["inside"]]
    assert (~months["inside"]).any()
    for form, kind in STABLE.items():
        ours = marred.told("stable_employment", as_of)[f"{kind}_insurance_long"]
        ours = ours[marred.hires.loc[ours.index, "form"] == form]
        own = inside[inside["kind"] == kind]
        n = {
            flag: own[own["verified"].isin(flags)].groupby("employment")["month"].nunique()
            for flag, flags in (("sure", [True]), ("perhaps", [True, None, pd.NA]))
        }
        counts = {flag: one.reindex(ours.index, fill_value=0) for flag, one in n.items()}
        judged = [word(counts["sure"][x] >= 6, counts["perhaps"][x] >= 6) for x in ours.index]
        assert_same(ours, pd.Series(judged, index=ours.index))


def test_a_correction_of_a_month_changes_what_comes_of_some(marred):
    told = [marred.told("stable_employment", day) for day in (BEFORE, AS_OF)]
    both = [one["social_insurance_long"].reindex(told[0].index) for one in told]
    assert (both[0] == "pass").sum() > ((both[0] == "pass") & (both[1] == "pass")).sum()


def test_a_record_with_a_month_outside_its_hire_is_not_sound(marred):
    outside = pd.concat([insured(marred), earned(marred)])
    outside = outside[~outside["inside"] & ~(outside["verified"] == False).fillna(value=False)]  # noqa: E712 - of nullable flags
    for payment in ("stable_employment", "flexible_employment"):
        ours = marred.told(payment)["sound_record"]
        judged = pd.Series("pass", ours.index).mask(
            ours.index.isin(outside["employment"]), "unknown"
        )
        assert_same(ours, judged)


@pytest.mark.parametrize("payment", ["stable_employment", "flexible_employment"])
def test_a_service_that_reached_nobody_organised_nothing(marred, payment):
    services = marred.services[marred.services["kind"].isin(SHOWN)]
    services = services[~services["result"].isin(REACHED_NOBODY)]
    ours = marred.told(payment)["organised_by_operator"]
    claims = marred.hires.loc[ours.index, ["person", "hired_on", "claimed_by"]].reset_index()
    both = claims.merge(services[["person", "on", "operator_id"]], on="person")
    since = both["hired_on"] - pd.DateOffset(months=6)
    both = both[(both["on"] >= since) & (both["on"] < both["hired_on"])]
    own = set(both.loc[both["operator_id"].astype(object) == both["claimed_by"], "id"])
    unnamed = set(both.loc[both["operator_id"].isna(), "id"])
    judged = [word(one in own, one in unnamed) for one in ours.index]
    assert_same(ours, pd.Series(judged, index=ours.index))


def test_months_of_income_are_in_a_row_and_reach_the_wage_of_their_division(marred):
    ours = marred.told("flexible_employment")
    months = earned(marred)
    own = dict(list(months[months["inside"]].groupby("employment")))
    in_a_row, reaches = {}, {}
    for case in ours.index:
        rows = own.get(case)
        if rows is None:
            in_a_row[case] = reaches[case] = "unknown"
            continue
        found = set(rows["month"])
        in_a_row[case] = word(any({m, m + 1, m + 2} <= found for m in found), perhaps=False)
        wage = WAGES[marred.hires.loc[case, "division"]]
        in_force = rows["month"] >= pd.Period("2023-03", "M")
        amounts = rows["income_cny"].astype(float).where(in_force)
        # Of two records of a month that differ neither is sure; the least decides what it reaches.
        low, high = (amounts.groupby(rows["month"]).agg(how) for how in ("min", "max"))
        below = (high < wage).any()
        reaches[case] = "fail" if below else word((low >= wage).all(), perhaps=True)
    assert_same(ours["consecutive_months"], pd.Series(in_a_row))
    assert_same(ours["minimum_income"], pd.Series(reaches))


def test_one_document_for_two_is_claimed_by_both():
    recognitions = history("recognitions")
    named = recognitions["document"].dropna().index
    recognitions.loc[named[1], "document"] = recognitions.loc[named[0], "document"]
    evidence = Evidence(recognitions=recognitions)
    decisions = decide("demonstration", evidence, OPTIONS, as_of=AS_OF)
    cases = [one.case for one in decisions if one.word == "pass"]
    claims = Claims()
    for case in cases:
        anew = decide("demonstration", evidence, OPTIONS, as_of=AS_OF, claims=claims, cases=[case])
        claims = submit(claims, anew, on=AS_OF, by="district-1")
    documented = recognitions["document"].notna() & recognitions["level"].isin(["province", "city"])
    assert len(cases) == documented.sum()
    assert len(claims) == len(cases)
