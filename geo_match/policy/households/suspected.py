"""Suspected zero-employment households (疑似零就业家庭): found by the status of their members.

A household is suspected if it is an urban resident one, at least one member of working age is
unemployed, and none works. Members who study, are incapable, retired or do not seek are neither.
Nothing unknown counts as known: an age between two lines of retirement, a status that nobody
recorded, a member whom two households claim. It stays unknown with what would settle it, unless
what is known decides already.

Detection suspects; only application and the community's verification confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.households.explain import explain_household
from geo_match.policy.households.frames import check_day, check_unique, check_words, take
from geo_match.policy.households.members import roster
from geo_match.policy.households.rules import ZERO_EMPLOYMENT
from geo_match.policy.households.status import recorded_work, work_on
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN, all_of, holds
from geo_match.rules.working_age import WORKING_AGE, working_age

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from geo_match.policy.conditions import Condition
    from geo_match.policy.households.rules import ZeroEmployment
    from geo_match.rules.dated import Entry
    from geo_match.rules.working_age import WorkingAge

CONDITIONS: Final = ("urban", "members_known", "nobody_works", "somebody_unemployed")
"""What all must hold, in the order in which it is told."""
MISSING: Final = ("hukou", "members", "status", "age", "belonging")
"""What may be missing of a household or its members."""


@dataclass(frozen=True, slots=True, eq=False)
class Suspicion:
    """What is suspected on a day.

    Parameters
    ----------
    on
        The day.
    households
        A row a household, by id: `household`; `outcome` and one column for each of `CONDITIONS`
        (pass, fail or unknown, as categories); counts of `members`, of those surely of
        `working_age`, of these `unemployed`; and `missing`, what is not known and matters, out of
        `MISSING`, with commas, empty unless the outcome is unknown.
    members
        A row a member, in the order of the households: `household`, `person`, `birth_year`, `sex`,
        `status`, `listed`, `shared`, and as outcomes, int8, `working_age`, `works`, `unemployed`;
        `evidence`, a tuple of the ids of the spells that tell.
    disputes
        Persons whom several households claim, as `geo_match.policy.households.members` tells them.
    rules
        What it was judged by.
    """

    on: dt.date
    households: pd.DataFrame
    members: pd.DataFrame
    disputes: pd.DataFrame
    rules: tuple[Entry[ZeroEmployment], Entry[WorkingAge]]

    def with_outcome(self, outcome: int) -> pd.DataFrame:
        """Return the households of one outcome, such as `PASS` for the suspected ones."""
        rows = self.households[self.households["outcome"] == OUTCOMES[outcome]]
        return rows.reset_index(drop=True)

    def explain(self, household: str) -> tuple[Condition, ...]:
        """Return each condition of a household with its evidence, in the order of `CONDITIONS`.

        Raises
        ------
        ArgumentError
            If there is no such household.
        """
        # Both are by household.
        ids = self.households["household"]
        at = int(ids.searchsorted(household))
        if at == len(ids) or ids.iloc[at] != household:
            rule = "be one of the households that were judged"
            raise ArgumentError("household", rule, repr(household))
        homes = self.members["household"]
        first, after = (int(homes.searchsorted(household, side)) for side in ("left", "right"))
        members = self.members.iloc[first:after]
        return explain_household(self.households.iloc[at], members, self.on)


def suspect(
    households: object,
    members: object,
    *,
    on: dt.date,
    seekers: object = None,
    spells: object = None,
    employments: object = None,
) -> Suspicion:
    """Tell which households are suspected of zero employment on a day.

    Parameters
    ----------
    households
        `id` and `hukou` (urban or rural; null where not known), and where known `member_count`,
        how many members there are: with fewer listed the household stays unknown unless somebody
        listed works.
    members
        `household`, `birth_year`, and where known `person`, `sex`, `status`, a row a member. A
        household of which none is listed is unknown.
    on
        The day: for the rules, ages and spells. A status that is only recorded counts for every
        day, unless it contradicts the age on it.
    seekers
        `id`, `household`, `birth_year`, `sex`, `status`, `close_reason`: they name members, say
        the sex of some, and add those whom the list forgot.
    spells, employments
        As `geo_match.policy.households.status.work_on` takes them. For somebody who has spells
        these decide, whatever status is recorded.

    Returns
    -------
    Suspicion
        Every household has a row.

    Raises
    ------
    ArgumentError
        If a frame lacks a column or has values of another kind, a household stands twice, or a
        member names a household that is not there.
    NotInForceError
        If no rule is known for the day.
    """
    check_day(on, "on")
    rules = (ZERO_EMPLOYMENT.on(on), WORKING_AGE.on(on))
    homes = take(
        households,
        "households",
        {"id": "text", "hukou": "text", "member_count": "number"},
        required=("id", "hukou"),
        filled=("id",),
    )
    check_unique(homes, "id", "households")
    check_words(homes["hukou"], ("urban", "rural"), "households.hukou")
    homes = homes.sort_values("id", ignore_index=True)
    found = roster(members, seekers)
    people = found.members
    home = pd.Index(homes["id"]).get_indexer(people["household"])
    _check_homes(people, home)
    # Whoever names a household of which nothing else is known makes it none of those asked about.
    people, home = people[home >= 0].reset_index(drop=True), home[home >= 0]
    rule = rules[0].value
    judged = _judge(people, rule, on, spells, employments)
    told = _add_up(homes, home, judged, rule)
    return Suspicion(on, told, judged, found.disputes, rules)


def _check_homes(people: pd.DataFrame, home: NDArray[np.int64]) -> None:
    lost = (home < 0) & people["listed"].to_numpy()
    if lost.any():
        rule = "name households that are there"
        found = repr(people["household"][lost].iloc[0])
        raise ArgumentError("members.household", rule, found, "Give its row in `households`.")


def _judge(
    people: pd.DataFrame, rule: ZeroEmployment, on: dt.date, spells: object, employments: object
) -> pd.DataFrame:
    """Return the members with what each is on the day."""
    age = working_age(people["birth_year"].to_numpy(), people["sex"], on)
    works, jobless = recorded_work(_believable(people["status"], age), rule)
    evidence = np.full(len(people), None, dtype=object)
    evidence[:] = [()] * len(people)
    if spells is not None:
        told = work_on(spells, on=on, employments=employments, rule=rule)
        at = pd.Index(told["person"]).get_indexer(people["person"])
        has = at >= 0
        works[has] = told["works"].to_numpy()[at[has]]
        jobless[has] = told["unemployed"].to_numpy()[at[has]]
        evidence[has] = told["evidence"].to_numpy()[at[has]]
    return people.assign(working_age=age, works=works, unemployed=jobless, evidence=evidence)


def _believable(status: pd.Series, age: NDArray[np.int8]) -> pd.Series:
    """Return recorded statuses, null where one says too young of somebody of working age."""
    return status.where(~((status == "under_age").to_numpy() & (age == PASS)), None)


def _add_up(
    homes: pd.DataFrame, home: NDArray[np.int64], people: pd.DataFrame, rule: ZeroEmployment
) -> pd.DataFrame:
    """Return the row of each household."""
    n = len(homes)
    age = people["working_age"].to_numpy()
    shared = people["shared"].to_numpy()
    belongs = np.where(shared, UNKNOWN, PASS).astype(np.int8)
    works, jobless = people["works"].to_numpy(), people["unemployed"].to_numpy()
    at_work = all_of(belongs, age, works)
    at_wish = all_of(belongs, age, jobless)
    listed = np.bincount(home, minlength=n)
    count = homes["member_count"].to_numpy()
    whole = (listed > 0) & ~(count > listed)
    urban = _urban(homes["hukou"], rule)
    nobody = _none(_any(at_work, home, n), whole)
    somebody = _any(at_wish, home, n)
    somebody[(somebody == FAIL) & ~whole] = UNKNOWN
    known = np.where(whole, PASS, UNKNOWN).astype(np.int8)
    # Who is missing from a list cannot be at work less than nobody: a worker decides all the same.
    outcome = all_of(urban, known, nobody, somebody)
    open_ = outcome == UNKNOWN
    doubt = (at_work == UNKNOWN) | ((at_wish == UNKNOWN) & (somebody != PASS)[home])
    lacks = {
        "hukou": urban == UNKNOWN,
        "members": ~whole,
        "status": _has(doubt & (works == UNKNOWN) & (age != FAIL), home, n),
        "age": _has(doubt & (age == UNKNOWN), home, n),
        "belonging": _has(doubt & shared, home, n),
    }
    return pd.DataFrame(
        {
            "household": homes["id"],
            "outcome": words(outcome),
            "urban": words(urban),
            "members_known": words(known),
            "nobody_works": words(nobody),
            "somebody_unemployed": words(somebody),
            "members": listed,
            "working_age": np.bincount(home[age == PASS], minlength=n),
            "unemployed": np.bincount(home[(age == PASS) & (jobless == PASS)], minlength=n),
            "missing": _listing([lacks[name] & open_ for name in MISSING]),
        }
    )


def words(outcome: NDArray[np.int8]) -> pd.Categorical[str]:
    """Return outcomes as words, (n,)."""
    return pd.Categorical.from_codes(outcome, categories=pd.Index(OUTCOMES, dtype=object))


def _urban(hukou: pd.Series, rule: ZeroEmployment) -> NDArray[np.int8]:
    is_urban = hukou.isin(rule.hukou).to_numpy()
    return holds(is_urban, is_urban | hukou.isna().to_numpy())


def _any(outcome: NDArray[np.int8], home: NDArray[np.int64], n: int) -> NDArray[np.int8]:
    """Return for each household whether it holds of a member."""
    surely, perhaps = _has(outcome == PASS, home, n), _has(outcome != FAIL, home, n)
    return holds(surely, perhaps)


def _none(some: NDArray[np.int8], whole: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return whether something holds of no member; of who is not listed nobody knows."""
    return holds((some == FAIL) & whole, some != PASS)


def _has(is_one: NDArray[np.bool_], home: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    """Return which households have a member of a kind, bool, (n,)."""
    has: NDArray[np.bool_] = np.bincount(home[is_one], minlength=n) > 0
    return has


def _listing(lacks: list[NDArray[np.bool_]]) -> NDArray[np.object_]:
    """Return what each household lacks, by name with commas."""
    mask = np.zeros(len(lacks[0]), dtype=np.int64)
    for bit, one in enumerate(lacks):
        mask |= one.astype(np.int64) << bit
    texts = [
        ",".join(name for bit, name in enumerate(MISSING) if code >> bit & 1)
        for code in range(1 << len(MISSING))
    ]
    return np.array([texts[code] for code in mask.tolist()], dtype=object)
