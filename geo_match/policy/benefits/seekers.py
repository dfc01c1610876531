"""Which policies are for which seekers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.matching.given.frames import seekers_table
from geo_match.policy.benefits.held import held_too_long
from geo_match.policy.benefits.judged import Benefits, Judged, put_together
from geo_match.policy.benefits.rules import CATALOGUE
from geo_match.policy.households.frames import check_day, gathered, take
from geo_match.policy.months import YEAR, add_months
from geo_match.rules.dated import NotInForceError
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN, any_of, holds
from geo_match.rules.traineeship import TRAINEESHIP, traineeship
from geo_match.rules.working_age import working_age

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.policy.benefits.rules import Policy, Terms

JOBLESS: Final = ("registered_unemployed", "unemployed")
"""Statuses of somebody without work who wants it."""


def match_seekers(
    seekers: object,
    *,
    on: dt.date,
    cases: object = None,
    posts: object = None,
    division: str = "3403",
    catalogue: Sequence[Policy] = CATALOGUE,
) -> Benefits:
    """Tell which policies are for which seekers on a day.

    Parameters
    ----------
    seekers
        A pandas DataFrame as `geo_match.match` takes it, with `community` (12 digits) and
        `household` where known. Status and difficulty are those that are recorded.
    on
        The day.
    cases
        Open and ended cases of zero-employment households, as `CaseReport.cases` has them:
        `household`, `case`, `open`, `verified_on`. Without them nobody's household is known.
    posts
        Public-welfare posts and who held them: `job_id`, `holder`, `held_from`, `held_to` (null
        while it lasts). Without them nobody knows how long one was held.
    division
        What the codes of communities here begin with.
    catalogue
        The policies; those for entities are left aside.

    Returns
    -------
    Benefits
        A row a seeker and policy that was in force.

    Raises
    ------
    FrameError, DatumError
        If the seekers are not as they must be.
    ArgumentError
        If another frame lacks a column or has values of another kind, or a policy has a condition
        that is not known.
    """
    check_day(on, "on")
    if not isinstance(seekers, pd.DataFrame):
        raise ArgumentError("seekers", "be a DataFrame", type(seekers).__name__)
    table = seekers_table(seekers)
    more = take(
        seekers,
        "seekers",
        {"household": "text", "community": "text"},
    )
    judging = _Judging(table=table, more=more, on=on, cases=cases, posts=posts, division=division)
    policies = [one for one in catalogue if one.whom == "seeker"]
    return put_together(table.column("id").to_pylist(), policies, on, judging.judge)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Judging:
    """Seekers whose conditions are judged one after the other."""

    table: pa.Table
    more: pd.DataFrame
    on: dt.date
    cases: object
    posts: object
    division: str

    def judge(self, name: str, terms: Terms) -> Judged:
        """Return what a condition comes to."""
        conditions: dict[str, Callable[[], Judged]] = {
            "working_age": lambda: Judged(self._working_age(self.on)),
            "jobless": lambda: Judged(self._is_one("status", JOBLESS)),
            "seeks_work": lambda: Judged(self._seeks_work()),
            "lives_here": lambda: Judged(self._lives_here()),
            "difficulty": lambda: Judged(_not(self._is_one("difficulty", ("none",)))),
            "household_confirmed": self._household_confirmed,
            "within_cap": lambda: self._within_cap(terms),
            "recent_graduate_or_young": lambda: Judged(self._recent_graduate_or_young()),
        }
        if name not in conditions:
            raise ArgumentError("catalogue", "ask for conditions that are known", repr(name))
        return conditions[name]()

    def _column(self, name: str) -> NDArray[np.object_]:
        return np.array(self.table.column(name).to_pylist(), dtype=object)

    def _is_one(self, name: str, words: tuple[str, ...]) -> NDArray[np.int8]:
        values = pd.Series(self._column(name), dtype=object)
        is_one = values.isin(words).to_numpy()
        return holds(is_one, is_one | values.isna().to_numpy())

    def _working_age(self, on: dt.date) -> NDArray[np.int8]:
        years = self.table.column("birth_year").to_pylist()
        return working_age(years, self._column("sex"), on)

    def _seeks_work(self) -> NDArray[np.int8]:
        """Return whether each is registered; without a first day they are since ever."""
        day = np.datetime64(self.on, "D")
        since, until = (
            self.table.column(name).to_numpy().astype("M8[D]")
            for name in ("registered_on", "closed_on")
        )
        is_registered = (np.isnat(since) | (since <= day)) & (np.isnat(until) | (day < until))
        return holds(is_registered, is_registered)

    def _lives_here(self) -> NDArray[np.int8]:
        """Return whether each lives here; who lives elsewhere may have their 户籍 here."""
        code = self.more["community"]
        here = code.str.startswith(self.division).fillna(value=False).to_numpy(dtype=np.bool_)
        return holds(here, np.ones(len(code), dtype=np.bool_))

    def _household_confirmed(self) -> Judged:
        """Return whether the household of each has a case that is open and was verified."""
        home = self.more["household"]
        n = len(home)
        if self.cases is None:
            return Judged(np.full(n, UNKNOWN, dtype=np.int8))
        cases = take(
            self.cases,
            "cases",
            {"household": "text", "case": "text", "open": "flag", "verified_on": "day"},
            required=("household", "open", "verified_on"),
            filled=("household", "open"),
        )
        day = np.datetime64(self.on, "s")
        verified = cases["verified_on"] <= day  # a comparison with NaT is false
        is_open = cases["open"].astype(np.bool_)
        surely = home.isin(cases["household"][is_open & verified]).to_numpy()
        perhaps = home.isin(cases["household"][is_open]).to_numpy() | home.isna().to_numpy()
        ids = cases["case"].where(cases["case"].notna(), cases["household"])
        homes, names = pd.factorize(cases["household"][is_open])
        cited = gathered(homes, ids[is_open], len(names))
        at = pd.Index(names).get_indexer(home)
        evidence = np.empty(n, dtype=object)
        for row, mine in enumerate(self._column("id")):
            evidence[row] = (mine, *(cited[at[row]] if at[row] >= 0 else ()))
        return Judged(holds(surely, surely | perhaps), evidence)

    def _within_cap(self, terms: Terms) -> Judged:
        """Return whether each may still be on such a post."""
        if terms.cap_months is None:
            return Judged(np.full(len(self.table), PASS, dtype=np.int8))
        if self.posts is None:
            return Judged(np.full(len(self.table), UNKNOWN, dtype=np.int8))
        over, posts = held_too_long(
            self._column("id"), self.posts, self.on, months=terms.cap_months
        )
        near = np.full(len(over), FAIL, dtype=np.int8)
        if terms.near_retirement_years is not None:
            near = self._retires_within(terms.near_retirement_years)
        return Judged(any_of(_not(over), near), posts)

    def _retires_within(self, years: int) -> NDArray[np.int8]:
        """Return whether each of working age is so no longer in some years."""
        later = add_months(self.on, years * YEAR)
        now, then = self._working_age(self.on), self._working_age(later)
        surely = (now == PASS) & (then == FAIL)
        return holds(surely, (now != FAIL) & (then != PASS))

    def _recent_graduate_or_young(self) -> NDArray[np.int8]:
        try:
            TRAINEESHIP.on(self.on)
        except NotInForceError:
            return np.full(len(self.table), UNKNOWN, dtype=np.int8)
        # Of somebody without work the rule asks for nothing but this.
        return traineeship(
            status=np.full(len(self.table), JOBLESS[0], dtype=object),
            groups=self.table.column("groups"),
            graduation_year=self.table.column("graduation_year").to_pylist(),
            birth_year=self.table.column("birth_year").to_pylist(),
            on=self.on,
        )


def _not(outcome: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the opposite; what is unknown stays so."""
    return holds(outcome == FAIL, outcome != PASS)
