"""What there is to decide on of a payment: its cases, found among the records."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.policy.payments.asked.heads import counted
from geo_match.policy.payments.asked.refusals import counts
from geo_match.policy.payments.case import SERVED, Case, keyed
from geo_match.policy.payments.months import full_on
from geo_match.policy.payments.rules import RULES, rule_on
from geo_match.rules import FAIL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.evidence import Known
    from geo_match.policy.payments.options import PaymentOptions

_OF_HIRES: Final = ("stable_employment", "flexible_employment", "employment_assistance")
_POST: Final = "public_welfare_post"
_UNNAMED: Final = "?"


@dataclass(frozen=True, slots=True, eq=False)
class Finder:
    """Finds the cases of a payment.

    Parameters
    ----------
    payment
        Its name.
    known
        What is known.
    options
        How open questions are answered.
    claimed
        By the id of a record the cases whose claims of this payment rest on it.
    """

    payment: str
    known: Known
    options: PaymentOptions
    claimed: Mapping[str, frozenset[str]]

    def cases(self, also: frozenset[str] = frozenset()) -> Iterator[Case]:
        """Yield the cases, in the order of their records.

        Parameters
        ----------
        also
            Ids of hires that are cases, too, though nobody claims them or their form is another.
        """
        if self.payment in _OF_HIRES:
            yield from self._hires(also)
        elif self.payment == "post_insurance_subsidy":
            yield from self._posts()
        elif self.payment == "survey_registration":
            yield from self._surveys()
        elif self.payment == "demonstration":
            yield from self._recognitions()
        else:
            yield from self._heads()

    def _case(
        self,
        id_: str,
        on: dt.date | None,
        *,
        person: str | None = None,
        payee: str | None = None,
        hire: r.Hire | None = None,
        post: r.Post | None = None,
        survey: r.Survey | None = None,
        recognition: r.Recognition | None = None,
        services: tuple[r.ServiceGiven, ...] = (),
        earlier: tuple[str, ...] = (),
    ) -> Case:
        entry, in_force = rule_on(self.payment, self.known.as_of if on is None else on)
        return Case(
            id=id_,
            person=person,
            payee=payee,
            on=on,
            entry=entry,
            in_force=in_force,
            known=self.known,
            options=self.options,
            hire=hire,
            post=post,
            survey=survey,
            recognition=recognition,
            services=services,
            earlier=earlier,
            claimed=self.claimed,
        )

    def _hires(self, also: frozenset[str]) -> Iterator[Case]:
        for one in self.known.hires.values():
            forms = RULES[self.payment].entries[-1].value.forms
            fits = not forms or one.form is None or one.form in forms
            if one.id in also or (one.claimed_by is not None and fits):
                yield self._case(
                    one.id, self._year_of(one), person=one.person, payee=one.claimed_by, hire=one
                )

    def _year_of(self, hire: r.Hire) -> dt.date | None:
        """Return the day that fixes the year of a hire."""
        by = self.options.year_fixed_by
        if by == "contract_from":
            return hire.contract_from
        if by == "hired_on" or hire.hired_on is None:
            return hire.hired_on
        bounds = rule_on(self.payment, hire.hired_on)[0].value.bounds
        asked = bounds.get("contract_months") or bounds.get("months_in_a_row")
        return full_on(hire.hired_on, asked) if asked else hire.hired_on

    def _posts(self) -> Iterator[Case]:
        hires: dict[tuple[str, str | None], list[r.Hire]] = defaultdict(list)
        for one in self.known.hires.values():
            if one.form == _POST and one.job_id is not None:
                hires[one.job_id, one.person].append(one)
        for post in self.known.posts:
            several = hires[post.job_id, post.holder]
            hire = min(several, key=lambda one: _apart(one.hired_on, post.held_from), default=None)
            on = post.held_from or (hire.hired_on if hire else None) or post.developed_on
            made_of = (post.job_id, post.holder, post.held_from)
            id_ = post.id or "/".join(str(one) for one in made_of if one)
            yield self._case(
                id_, on, person=post.holder, payee=post.employer_id, hire=hire, post=post
            )

    def _surveys(self) -> Iterator[Case]:
        for one in self.known.surveys:
            id_ = f"{one.community}/{one.due_on}"
            yield self._case(id_, one.done_on or one.due_on, payee=one.community, survey=one)

    def _recognitions(self) -> Iterator[Case]:
        before: dict[tuple[str, str], list[str]] = defaultdict(list)
        found = sorted(self.known.recognitions, key=lambda one: str(one.recognised_on))
        for one in found:
            id_ = f"{one.code}/{one.document or one.level}/{one.recognised_on}"
            same = before[one.code, one.document or id_]
            yield self._case(
                id_, one.recognised_on, payee=one.code, recognition=one, earlier=tuple(same)
            )
            same.append(id_)

    def _heads(self) -> Iterator[Case]:
        first = RULES[self.payment].entries[0].valid_from
        for person, services in self.known.services.items():
            by_year: dict[int, list[r.ServiceGiven]] = defaultdict(list)
            for one in services:
                if one.on is not None and one.result not in self.options.no_contact_results:
                    by_year[one.on.year].append(one)
            for year, of_year in by_year.items():
                # Those before the rule count only where there are no others: they are refused.
                in_time = [one for one in of_year if one.on and one.on >= first] or of_year
                for payee, several in self._payees(in_time):
                    id_ = f"{payee or _UNNAMED}/{person}/{year}"
                    # A service entered later changes nothing of what was claimed.
                    held = [
                        one
                        for one in several
                        if id_ in self.claimed.get(keyed(SERVED, one.id), frozenset())
                    ]
                    own = held or several
                    best = counted(own, self.known.persons.get(person), self.options)
                    on = None if best is None else best.on
                    yield self._case(id_, on, person=person, payee=payee, services=tuple(own))

    def _payees(
        self, services: list[r.ServiceGiven]
    ) -> Iterator[tuple[str | None, list[r.ServiceGiven]]]:
        """Yield who may be paid for serving a person in a year, with the services for it."""
        by: dict[str, list[r.ServiceGiven]] = defaultdict(list)
        for one in services:
            if one.operator_id is not None:
                by[one.operator_id].append(one)
        if self.payment == "operation":
            yield from sorted(by.items())
            # One that nobody's name stands on matters only where no other may count.
            taken = [one for one in services if counts(one, self.options) != FAIL]
            if not by:
                yield None, services
            elif taken and all(one.operator_id is None for one in taken):
                yield None, taken
            return
        supervisors = [one for one in self.known.agencies if one.role == "supervisor"]
        for each in supervisors:
            watched = self._watched(each)
            own = [one for one in services if watched is None or one.operator_id in watched]
            if own:
                yield each.id, own
        if not supervisors:
            yield None, services

    def _watched(self, supervisor: r.Agency) -> frozenset[str] | None:
        """Return the operators in a supervisor's divisions; None for all."""
        if not supervisor.districts:
            return None
        own = set(supervisor.districts.split(";"))
        return frozenset(
            one.id
            for one in self.known.agencies
            if one.role == "operator" and own & set((one.districts or "").split(";"))
        )


def _apart(one: dt.date | None, other: dt.date | None) -> tuple[int, str]:
    """Return how far two days lie apart, those not known last."""
    apart = dt.timedelta.max.days if one is None or other is None else abs((one - other).days)
    return apart, str(one)
