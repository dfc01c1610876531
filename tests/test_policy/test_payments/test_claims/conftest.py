"""An office that moves the claims of two people's hires on, one step at a time."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.policy.payments.claims import Claims, advance, conclude, draw_checks, submit

STABLE = "stable_employment"
DAY = dt.date(2025, 6, 30)
DISTRICT = {"by": "district-1", "role": "district"}


class Office:
    """An office where two people's hires pass, and a way to move claims on."""

    stable = STABLE
    id = "stable_employment/EM1/1"
    day = DAY
    seed = "a secret of the office"

    def __init__(self, sound):
        self.sound = sound
        # Claims and decisions never change, so that each is made once.
        self._at, self._told = {}, {}
        self.evidence = sound.evidence(
            [{}, {"id": "EM2", "person": "S2", "platform_record": "PR2"}],
            persons=[{}, {"id": "S2"}],
            services=[{}, {"id": "SV2", "person": "S2"}],
            insured=[{}, {"employment": "EM2"}],
        )

    @staticmethod
    def later(days):
        return DAY + dt.timedelta(days)

    @staticmethod
    def hire(id_, on, **changed):
        """Return a hire that is sound from its own day on, open-ended, with its own record."""
        day = dt.date.fromisoformat(on)
        days = {"hired_on": on, "contract_from": on, "contract_to": None}
        registered = {"registered_on": str(day + dt.timedelta(5)), "platform_record": f"PR-{id_}"}
        return {"id": id_, **days, **registered, **changed}

    @staticmethod
    def insured(id_, on, months=8):
        """Return months of insurance from that after the hire on."""
        first = pd.Period(on, "M") + 1
        last = first + months - 1
        return {"employment": id_, "first_month": f"{first}-01", "last_month": f"{last}-01"}

    def decide(self, on=DAY, claims=None, cases=None, evidence=None, payment=STABLE, **answers):
        def told():
            given = {"as_of": on, "claims": claims, "cases": cases}
            return self.sound.decide(payment, evidence or self.evidence, **given, **answers)

        if evidence is not None or answers:
            return told()
        key = (payment, on, claims, None if cases is None else tuple(cases))
        if key not in self._told:
            self._told[key] = told()
        return self._told[key]

    def submit(self, claims, cases, on=DAY, evidence=None, by="operator-1", **answers):
        told = self.decide(on, claims, cases, evidence, **answers)
        return submit(claims, told, on=on, by=by)

    def submitted(self, *cases):
        return self.submit(Claims(), cases or ["EM1"])

    def at(self, state):
        """Return claims with one in a state."""
        before = {
            "street_reviewed": ("submitted", self.street),
            "district_reviewed": ("street_reviewed", self.district),
            "published": ("district_reviewed", self.publish),
            "paid": ("published", self.pay),
            "recovered": ("paid", self.recover),
            "returned": ("submitted", self.give_back),
        }
        if state not in self._at:
            if state == "submitted":
                self._at[state] = self.submitted()
            else:
                last, step = before[state]
                self._at[state] = step(self.at(last))
        return self._at[state]

    def street(self, claims, on=None, by="street-1", id_=None):
        on = on or self.later(1)
        return advance(claims, [id_ or self.id], "street_review", on=on, by=by, role="street")

    def district(self, claims, on=None, by="district-1", decisions=None, id_=None):
        on = on or self.later(2)
        given = {"on": on, "by": by, "role": "district"}
        anew = decisions or self.decide(on, claims)
        return advance(claims, [id_ or self.id], "district_review", decisions=anew, **given)

    def publish(self, claims, on=None, until=DAY + dt.timedelta(8)):
        on = on or self.later(3)
        return advance(claims, [self.id], "publish", on=on, until=until, **DISTRICT)

    def pay(self, claims, on=None, decisions=None):
        on = on or self.later(9)
        anew = decisions or self.decide(on, claims)
        return advance(claims, [self.id], "pay", on=on, decisions=anew, **DISTRICT)

    def recover(self, claims, on=None, note="已全额退款", **who):
        on = on or self.later(20)
        return advance(claims, [self.id], "recover", on=on, note=note, **{**DISTRICT, **who})

    def give_back(self, claims, role="street", note="合同不清", by=None, on=None):
        by, on = by or f"{role}-1", on or self.later(9)
        return advance(claims, [self.id], "return", on=on, by=by, role=role, note=note)

    def checked(self, state, *, passed):
        """Return claims with one in a state, and the result of its check."""
        on = self.later(8)
        claims = draw_checks(self.at(state), share=1.0, seed=self.seed, on=on, by="checker")
        given = {"passed": passed, "on": on, "by": "checker", "note": "合同与本人不符"}
        return conclude(claims, [self.id], **given)


@pytest.fixture(scope="module")
def office(sound):
    return Office(sound)
