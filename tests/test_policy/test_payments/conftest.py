"""Records for worked cases: one sound case of each payment, of which a test changes one thing."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from geo_match.policy.payments import Evidence, PaymentOptions, decide

AS_OF = dt.date(2025, 6, 30)
SETTLED = {
    "cap_year": "calendar",
    "difficulty_is_key_group": True,
    "registered_unemployed_is_key_group": False,
    "two_payments_for_one_hire": False,
    "income_by": "each_month",
    "assistance_needs_public_welfare_post": False,
    "head_counted": "once",
    "stable_income_ratio": 0.75,
    "survey_timely_by": "done_on",
    "refusal_shows_service": False,
}
PERSON = {
    "id": "S1",
    "birth_year": 1990,
    "sex": "male",
    "hukou": "urban",
    "graduate": False,
    "migrant_worker": True,
    "veteran": False,
    "retired_fisherman": False,
    "difficulty": "none",
}
HIRE = {
    "id": "EM1",
    "person": "S1",
    "form": "labour_contract",
    "hired_on": "2024-01-01",
    "left_on": None,
    "employer_id": "E1",
    "job_id": "J1",
    "division": "340302",
    "contract_known": True,
    "contract_from": "2024-01-01",
    "contract_to": "2024-06-30",
    "hours_per_week": 40,
    "claimed_by": "OP1",
    "registered_on": "2024-01-05",
    "filed_on": None,
    "platform_record": "PR1",
    "record_origin": "platform_export",
}
SERVICE = {
    "id": "SV1",
    "person": "S1",
    "on": "2023-12-20",
    "kind": "introduction",
    "operator_id": "OP1",
    "result": "willing",
}
INSURED = {
    "employment": "EM1",
    "kind": "social",
    "first_month": "2024-01-01",
    "last_month": "2024-06-01",
    "verified": True,
}
POST = {
    "job_id": "J1",
    "employer_id": "E1",
    "division": "340302",
    "developed_on": "2023-12-01",
    "led_by": "OP1",
    "holder": "S1",
    "held_from": "2024-01-01",
    "held_to": None,
}
SURVEY = {
    "community": "340302001001",
    "due_on": "2022-04-30",
    "done_on": "2022-04-30",
    "entered_on": "2022-05-10",
    "complete": True,
    "true_checked": True,
}
RECOGNITION = {
    "kind": "community",
    "code": "340302001001",
    "level": "city",
    "document": "示例函〔2024〕1号",
    "recognised_on": "2024-03-08",
}
AGENCIES = [
    {"id": "OP1", "role": "operator", "districts": "340302"},
    {"id": "SU1", "role": "supervisor", "districts": None},
]


def _several(base, changes, **common):
    """Return rows: the base with each of the changes; None for no row, [] for the base alone."""
    if changes is None:
        return []
    return [
        {**base, **common, **one} for one in (changes if isinstance(changes, list) else [changes])
    ]


def _incomes(amounts, employment="EM1", first="2024-01-01"):
    months = pd.period_range(first, periods=len(amounts), freq="M").to_timestamp()
    return [
        {"employment": employment, "month": month, "income_cny": amount, "source": "bank"}
        for month, amount in zip(months, amounts, strict=True)
        if amount != "gap"
    ]


def _evidence(
    hires=(),
    *,
    persons=({},),
    services=({},),
    insured=({},),
    incomes=(),
    posts=(),
    surveys=(),
    recognitions=(),
    memberships=None,
    **frames,
):
    """Return evidence of rows that are the sound ones with changes."""

    def frame(base, rows):
        return pd.DataFrame(
            [{**base, **row} for row in rows], columns=list(base) + _more(base, rows)
        )

    given = {
        "employments": frame(HIRE, hires),
        "persons": frame(PERSON, persons),
        "services": frame(SERVICE, services),
        "insurance": frame(INSURED, insured),
        "incomes": pd.DataFrame(
            list(incomes), columns=["employment", "month", "income_cny", "source"]
        ),
        "posts": frame(POST, posts),
        "surveys": frame(SURVEY, surveys),
        "recognitions": frame(RECOGNITION, recognitions),
        "agencies": pd.DataFrame(AGENCIES),
        "memberships": None if memberships is None else pd.DataFrame(memberships),
    }
    return Evidence(**{**given, **frames})


def _more(base, rows):
    return list(dict.fromkeys(name for row in rows for name in row if name not in base))


@pytest.fixture(scope="session")
def sound():
    """What makes sound cases, and decides them with every open question answered."""

    def options(**changed):
        return PaymentOptions(**{**SETTLED, **changed})

    def decided(payment, evidence, *, as_of=AS_OF, cases=None, claims=None, **changed):
        return decide(
            payment, evidence, options(**changed), as_of=as_of, cases=cases, claims=claims
        )

    def outcomes(decision):
        ways = {f"{way.name}.{c.name}": c.word for way in decision.ways for c in way.conditions}
        return {c.name: c.word for c in decision.conditions} | ways

    return SimpleNamespace(
        evidence=_evidence,
        incomes=_incomes,
        options=options,
        decide=decided,
        outcomes=outcomes,
        hire=HIRE,
        as_of=AS_OF,
    )
