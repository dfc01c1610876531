"""Whether a household was cleared: by the hire of one of its members, and by no traineeship.

A case that is closed as cleared is cleared if the person whom it names is a member of the household
and was hired on that day into employment. A traineeship (就业见习) is none, whatever an office
wrote: such a household stays open until a member is hired in truth. So is one "cleared" by somebody
of another household. A true hire may lie before the wrong clearing: whoever was hired since the
household was verified, or since the case began where it is not, cleared it on that day. One person
may be named by two households: which of them it clears is unknown in both, until somebody settles
whose member that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.policy.households.cases import CLEARED
from geo_match.policy.households.frames import from_days, gathered, take, to_days
from geo_match.policy.households.rules import TRAINEESHIP
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN, all_of, holds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.policy.households.frames import Kind

_HIRES: Final[Mapping[str, Kind]] = {
    "id": "text",
    "person": "text",
    "hired_on": "day",
    "form": "text",
}


def judge_clearing(
    cases: pd.DataFrame,
    *,
    on: dt.date,
    employments: object = None,
    persons: object = None,
) -> pd.DataFrame:
    """Tell of each case whether it was cleared, and when it ended.

    Parameters
    ----------
    cases
        As `known_on` returns them.
    on
        That day: later hires are not looked at.
    employments
        `person`, `hired_on`, `form`, and where known `id`. Without them no hire is proven.
    persons
        `id` and `household` of persons, such as seekers. Without them nobody's membership is.

    Returns
    -------
    pandas.DataFrame
        In the order of the cases, as outcomes, int8: `recorded` (a day of clearing is noted),
        `by_member`, `by_employment` and `cleared` (all of them; fail for a case that is open or
        ended otherwise); `ended_on`, the first day on which it is no longer open: as it was closed,
        but where the clearing fails the first true hire of a member since the verification (since
        the beginning without one), or the day on which it was closed for another reason, null
        without either; `ended_by`, the id of that hire; `evidence`, a tuple of the ids of the
        hires that decide.
    """
    hires = _hires(employments, on)
    homes = _homes(persons)
    recorded = cases["cleared_on"].notna().to_numpy()
    member = _by_member(cases, homes)
    hired, evidence = _by_employment(cases, hires)
    told = all_of(np.where(recorded, PASS, FAIL).astype(np.int8), member, hired)
    fails = recorded & (told == FAIL)
    ended = cases[["cleared_on", "closed_on"]].min(axis=1).to_numpy(dtype="M8[D]", copy=True)
    hired_on, by = _true_hires(cases, fails, hires, homes)
    otherwise = cases["closed_reason"].notna().to_numpy() & ~(
        cases["closed_reason"] == CLEARED
    ).to_numpy(dtype=np.bool_)
    closed = np.where(otherwise, to_days(cases["closed_on"]), np.datetime64("NaT", "D"))
    ended[fails] = np.fmin(hired_on, closed)[fails]
    by[hired_on != ended] = None
    return pd.DataFrame(
        {
            "recorded": np.where(recorded, PASS, FAIL).astype(np.int8),
            "by_member": member,
            "by_employment": hired,
            "cleared": told,
            "ended_on": from_days(ended),
            "ended_by": by,
            "evidence": evidence,
        }
    )


def _hires(employments: object, on: dt.date) -> pd.DataFrame:
    if employments is None:
        employments = pd.DataFrame({name: [] for name in _HIRES})
    required = ("person", "hired_on", "form")
    given = take(employments, "employments", _HIRES, required=required)
    # A comparison with NaT is false: who has no day of hire is left aside.
    then = (given["hired_on"] <= np.datetime64(on, "s")) & given["person"].notna()
    given = given[then].reset_index(drop=True)
    own = given["person"] + "@" + given["hired_on"].dt.strftime("%Y-%m-%d")
    given["id"] = given["id"].where(given["id"].notna(), own).astype(object)
    return given


def _homes(persons: object) -> pd.DataFrame:
    if persons is None:
        persons = pd.DataFrame({"id": [], "household": []})
    names = ("id", "household")
    given = take(persons, "persons", dict.fromkeys(names, "text"), required=names)
    return given.dropna().drop_duplicates(ignore_index=True)


def _by_member(cases: pd.DataFrame, homes: pd.DataFrame) -> NDArray[np.int8]:
    """Return whether who is named is of the household; unknown of who is of two, or of none."""
    person = cases["cleared_by"]
    n_homes = homes.groupby("id").size()
    claimed = person.map(n_homes).fillna(0).to_numpy()
    pairs = pd.MultiIndex.from_frame(homes[["household", "id"]])
    is_here = pd.MultiIndex.from_arrays([cases["household"], person]).isin(pairs)
    two = cases["faults"].str.contains("clears_two", regex=False).to_numpy(dtype=np.bool_)
    certain = (claimed == 1) & ~(two & is_here)
    return holds(is_here & certain, is_here | ~certain)


def _by_employment(
    cases: pd.DataFrame, hires: pd.DataFrame
) -> tuple[NDArray[np.int8], NDArray[np.object_]]:
    """Return whether a hire into employment stands on the day, and the ids of the day's hires.

    Pass with one, fail where all are traineeships, unknown where there is none or a form is not
    known.
    """
    row = cases.reset_index(names="row")[["row", "cleared_by", "cleared_on"]].dropna()
    both = row.merge(
        hires, left_on=["cleared_by", "cleared_on"], right_on=["person", "hired_on"]
    ).sort_values(["row", "id"])
    n = len(cases)
    of = both["row"].to_numpy(dtype=np.int64)
    known = both["form"].notna().to_numpy()
    work = known & (both["form"] != TRAINEESHIP).to_numpy()
    any_work = np.bincount(of[work], minlength=n) > 0
    any_hire = np.bincount(of, minlength=n) > 0
    any_unknown = np.bincount(of[~known], minlength=n) > 0
    told = np.where(any_work, PASS, np.where(any_hire & ~any_unknown, FAIL, UNKNOWN))
    return told.astype(np.int8), gathered(of, both["id"], n)


def _true_hires(
    cases: pd.DataFrame, fails: NDArray[np.bool_], hires: pd.DataFrame, homes: pd.DataFrame
) -> tuple[NDArray[np.datetime64], NDArray[np.object_]]:
    """Return the first true hire of a member of each failed clearing, and its id; null without.

    A hire of before the verification counts for nothing: the community found afterwards that none
    of the members worked. Whoever two households claim clears neither.
    """
    day = np.full(len(cases), np.datetime64("NaT", "D"))
    by = np.full(len(cases), None, dtype=object)
    if not fails.any():
        return day, by
    one_home = homes[~homes["id"].duplicated(keep=False)]
    true = hires[hires["form"].notna() & (hires["form"] != TRAINEESHIP)]
    theirs = true.merge(one_home.rename(columns={"id": "person"}), on="person")
    since = cases["verified_on"].fillna(cases["begun_on"])
    # Where the days contradict each other the clearing may lie before: it counts from there on.
    since = since.where(since < cases["cleared_on"], cases["cleared_on"])
    open_ = cases.assign(since=since)[fails].reset_index(names="row")[["row", "household", "since"]]
    both = open_.merge(theirs, on="household")
    both = both[both["hired_on"] >= both["since"]].sort_values(["row", "hired_on", "id"])
    first = both.drop_duplicates("row")
    at = first["row"].to_numpy(dtype=np.int64)
    day[at] = to_days(first["hired_on"])
    by[at] = first["id"].to_numpy()
    return day, by
