"""The records that payments are decided by, and what of them was known on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

from geo_match.policy.payments import months
from geo_match.policy.payments import rows as r
from geo_match.policy.payments.holdings import standing
from geo_match.policy.payments.registrations import UNEMPLOYED, registrations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Evidence:
    """Frames of records, in the form of the demonstration city's tables.

    Each may be left out: what rests on it is then unknown. Columns that `rows` gives a default may
    be left out, too. Nulls are what is not known. Days are dates, timestamps or texts such as
    2025-03-01. A frame may have `known_on`, the day from which on a row is known: a later row of
    the same record corrects an earlier one, and a decision as of a day before it uses the earlier.
    A row without it is known from its own day on. Rows of insurance, incomes, spells and posts may
    have an `id`: then it is what makes two of them the same record; without it their own days do,
    and a day that is corrected makes another record.

    Parameters
    ----------
    employments
        Hires: `rows.Hire`; `claimed_by` is the operator that says it organised the hire, `division`
        that of the place of work.
    persons
        `rows.Person`: groups that have no dates.
    services
        `rows.ServiceGiven`.
    insurance
        `rows.Insured`; `employment` is the hire's id.
    incomes
        `rows.Income`, as above.
    memberships
        `rows.Membership`: groups with dates. Of a group that a person has memberships of, these
        count, not the person's column.
    spells
        `rows.Spell`: employment status. Who is registered_unemployed on which day is told as
        `ledger.Timeline` does, whatever spells overlap.
    posts
        `rows.Post`: holders of public-welfare posts. Nobody holds a post twice at once: of rows
        without an id that would have it so the one known later counts.
    surveys
        `rows.Survey`.
    recognitions
        `rows.Recognition`.
    agencies
        `rows.Agency`: operators and supervisors.
    """

    employments: pd.DataFrame | None = None
    persons: pd.DataFrame | None = None
    services: pd.DataFrame | None = None
    insurance: pd.DataFrame | None = None
    incomes: pd.DataFrame | None = None
    memberships: pd.DataFrame | None = None
    spells: pd.DataFrame | None = None
    posts: pd.DataFrame | None = None
    surveys: pd.DataFrame | None = None
    recognitions: pd.DataFrame | None = None
    agencies: pd.DataFrame | None = None

    def known(self, as_of: dt.date) -> Known:
        """Return what is known on a day.

        Raises
        ------
        ArgumentError
            If a frame lacks a column, or a value is not of its kind.
        """
        return Known(self, as_of)


@dataclass(frozen=True, eq=False)
class Known:
    """What is known on a day, to be looked up; what comes later is not in it.

    A frame is read when it is first asked for: no payment needs them all.

    Parameters
    ----------
    evidence
        The records.
    as_of
        The day.
    """

    evidence: Evidence
    as_of: dt.date

    @cached_property
    def given(self) -> frozenset[str]:
        """Names of the frames that there are."""
        every = fields(self.evidence)
        return frozenset(one.name for one in every if getattr(self.evidence, one.name) is not None)

    def has(self, frame: str, *columns: str) -> bool:
        """Return whether a frame was given with all of some columns."""
        given: pd.DataFrame | None = getattr(self.evidence, frame)
        return given is not None and all(one in given for one in columns)

    @cached_property
    def dated_groups(self) -> frozenset[str]:
        """Groups whose times are recorded: who has none of one was never in it."""
        named = {one.group for several in self.memberships.values() for one in several}
        return frozenset(named | ({UNEMPLOYED} if "spells" in self.given else set()))

    @cached_property
    def hires(self) -> Mapping[str, r.Hire]:
        """Hires by their ids."""
        return {one.id: one for one in self._reader.hires()}

    @cached_property
    def persons(self) -> Mapping[str, r.Person]:
        """Persons by their ids."""
        return {one.id: one for one in self._reader.persons()}

    @cached_property
    def services(self) -> Mapping[str, tuple[r.ServiceGiven, ...]]:
        """Services by person."""
        return _group(self._reader.services(), lambda one: one.person)

    @cached_property
    def insured(self) -> Mapping[str, tuple[r.Insured, ...]]:
        """Months of insurance by hire."""
        return _group(self._reader.insured(), lambda one: one.employment)

    @cached_property
    def incomes(self) -> Mapping[str, tuple[r.Income, ...]]:
        """Months of income by hire."""
        return _group(self._reader.incomes(), lambda one: one.employment)

    @cached_property
    def memberships(self) -> Mapping[str, tuple[r.Membership, ...]]:
        """Times in groups by person, those that follow from spells among them."""
        return _group(self._reader.memberships(), lambda one: one.person)

    @cached_property
    def posts(self) -> tuple[r.Post, ...]:
        """Public-welfare posts, in the order of their keys."""
        return tuple(self._reader.posts())

    @cached_property
    def surveys(self) -> tuple[r.Survey, ...]:
        """Surveys, in the order of their keys."""
        return tuple(self._reader.surveys())

    @cached_property
    def recognitions(self) -> tuple[r.Recognition, ...]:
        """Recognitions, in the order of their keys."""
        return tuple(self._reader.recognitions())

    @cached_property
    def agencies(self) -> tuple[r.Agency, ...]:
        """Operators and supervisors, in the order of their ids."""
        return tuple(self._reader.agencies())

    @property
    def _reader(self) -> _Reader:
        return _Reader(self.evidence, self.as_of)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads each frame, and takes away what came after the day."""

    evidence: Evidence
    as_of: dt.date

    def hires(self) -> Iterable[r.Hire]:
        frame = self.evidence.employments
        for one in r.read_rows(frame, r.Hire, "employments", key=("id",), as_of=self.as_of):
            if self._is_after(one.hired_on):
                continue
            registered, filed = self._by_now(one.registered_on), self._by_now(one.filed_on)
            no_record = registered is None and filed is None
            signed_later = self._is_after(one.contract_from)
            yield replace(
                one,
                left_on=self._by_now(one.left_on),
                registered_on=registered,
                filed_on=filed,
                platform_record=None if no_record else one.platform_record,
                record_origin=None if no_record else one.record_origin,
                contract_known=None if signed_later else one.contract_known,
                contract_from=None if signed_later else one.contract_from,
                contract_to=None if signed_later else one.contract_to,
            )

    def persons(self) -> Iterable[r.Person]:
        frame = self.evidence.persons
        return r.read_rows(frame, r.Person, "persons", key=("id",), as_of=self.as_of)

    def services(self) -> Iterable[r.ServiceGiven]:
        frame = self.evidence.services
        found = r.read_rows(frame, r.ServiceGiven, "services", key=("id",), as_of=self.as_of)
        return (one for one in found if not self._is_after(one.on))

    def insured(self) -> Iterable[r.Insured]:
        """Yield the months of each run that are over, as far as any are."""
        found = r.read_rows(
            self.evidence.insurance,
            r.Insured,
            "insurance",
            key=("employment", "kind", "first_month"),
            as_of=self.as_of,
            one=False,
            own_id=True,
        )
        for one in found:
            if one.first_month is None or one.last_month is None:
                continue  # months that nobody can name are none
            first, last = months.month_of(one.first_month), months.month_of(one.last_month)
            over = min(last, self._last_month_over())
            if over >= first:
                yield replace(one, last_month=months.first_day(over))

    def incomes(self) -> Iterable[r.Income]:
        found = r.read_rows(
            self.evidence.incomes,
            r.Income,
            "incomes",
            key=("employment", "month", "source"),
            as_of=self.as_of,
            one=False,
            own_id=True,
        )
        over = self._last_month_over()
        return (one for one in found if one.month and months.month_of(one.month) <= over)

    def memberships(self) -> Iterable[r.Membership]:
        frame = self.evidence.memberships
        found = r.read_rows(frame, r.Membership, "memberships", key=("id",), as_of=self.as_of)
        for one in (*found, *registrations(self.evidence.spells, self.as_of)):
            if not self._is_after(one.start):
                yield replace(one, end=self._by_now(one.end))

    def posts(self) -> Iterable[r.Post]:
        found = r.read_rows(
            self.evidence.posts,
            r.Post,
            "posts",
            key=("job_id", "holder", "held_from"),
            as_of=self.as_of,
            own_id=True,
        )
        seen = set()
        for one in standing(found):
            days = [day for day in (one.developed_on, one.held_from) if day is not None]
            if days and min(days) > self.as_of:
                continue
            not_yet = self._is_after(one.held_from)
            post = replace(
                one,
                developed_on=self._by_now(one.developed_on),
                holder=None if not_yet else one.holder,
                held_from=None if not_yet else one.held_from,
                held_to=self._by_now(one.held_to),
            )
            if post not in seen:  # two who will hold it one day are alike until then
                yield post
            seen.add(post)

    def surveys(self) -> Iterable[r.Survey]:
        found = r.read_rows(
            self.evidence.surveys,
            r.Survey,
            "surveys",
            key=("community", "due_on"),
            as_of=self.as_of,
        )
        for one in found:
            entered = self._by_now(one.entered_on)
            yield replace(
                one,
                done_on=self._by_now(one.done_on),
                entered_on=entered,
                complete=None if entered is None else one.complete,
                true_checked=None if entered is None else one.true_checked,
            )

    def recognitions(self) -> Iterable[r.Recognition]:
        found = r.read_rows(
            self.evidence.recognitions,
            r.Recognition,
            "recognitions",
            key=("kind", "code", "document", "recognised_on"),
            as_of=self.as_of,
        )
        return (one for one in found if not self._is_after(one.recognised_on))

    def agencies(self) -> Iterable[r.Agency]:
        frame = self.evidence.agencies
        return r.read_rows(frame, r.Agency, "agencies", key=("id",), as_of=self.as_of)

    def _last_month_over(self) -> int:
        """Return the last month whose last day has come."""
        return months.month_of(self.as_of + dt.timedelta(days=1)) - 1

    def _is_after(self, day: dt.date | None) -> bool:
        return day is not None and day > self.as_of

    def _by_now(self, day: dt.date | None) -> dt.date | None:
        return None if self._is_after(day) else day


def _group(found: Iterable[r.R], key: Callable[[r.R], str]) -> dict[str, tuple[r.R, ...]]:
    groups: dict[str, list[r.R]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    return {name: tuple(several) for name, several in groups.items()}
