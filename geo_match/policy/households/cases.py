"""Cases of zero-employment households (零就业家庭台账) as they are kept, and their faults.

A case begins with the first of its days that is known, and its days follow each other: suspected,
applied for, verified, helped, cleared, closed. One that contradicts itself is kept and told, and
what rests on the contradiction is unknown: nothing is dropped or put in order by guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.policy.households.frames import check_day, from_days, take, to_days
from geo_match.policy.households.rules import NOT_CONFIRMED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.policy.households.frames import Kind

STEPS: Final = (
    "suspected_on",
    "applied_on",
    "verified_on",
    "helped_on",
    "cleared_on",
    "closed_on",
)
"""The days of a case, in the order in which they follow each other."""
CLEARED: Final = "cleared"
"""Why a case is closed whose household was cleared; anything else is another end."""
FAULTS: Final[Mapping[str, str]] = {
    "no_day": "没有任何起始日期 no day on which it begins",
    "out_of_order": "日期先后颠倒 days out of order",
    "not_applied": "已核实但无申请 verified without an application",
    "nobody_named": "已清零但未写明就业人员 cleared, and nobody named whose hire did it",
    "no_day_of_clearing": "以清零销号但无清零日期 closed as cleared without the day",
    "two_ends": "有清零日期但销号原因不是清零 a day of clearing, and closed for another reason",
    "two_at_once": "同一家庭另有未结案件 another case of the household was still open",
    "clears_two": "同一人清零了另一家庭 the same person cleared another household",
}
"""What may be wrong with a case, and how it is told."""
_BEGINS: Final = STEPS[:3]


def read_cases(cases: object) -> pd.DataFrame:
    """Return cases in one form, each with what is wrong with it.

    Parameters
    ----------
    cases
        `household`, and where known `id`, the days of `STEPS`, `cleared_by` (the person whose hire
        cleared it) and `closed_reason` ("cleared", "not_confirmed" or any other word). Other
        columns are left aside.

    Returns
    -------
    pandas.DataFrame
        By household and beginning, a row a case: `case` (its id, or the household's with "#" and
        its number from 1), `household`, the days, `cleared_by`, `closed_reason`, `begun_on` (the
        first that is known of suspected, applied and verified), and `faults`, names out of
        `FAULTS` with commas.

    Raises
    ------
    ArgumentError
        If there is no `household`, one is null, or a column holds values of another kind.
    """
    kinds: dict[str, Kind] = {"household": "text", "id": "text"}
    kinds |= dict.fromkeys(STEPS, "day")
    kinds |= {"cleared_by": "text", "closed_reason": "text"}
    given = take(cases, "cases", kinds, required=("household",), filled=("household",))
    given["begun_on"] = given[list(_BEGINS)].min(axis=1).astype("M8[s]")
    given = given.sort_values(["household", "begun_on"], kind="stable", ignore_index=True)
    number = given.groupby("household").cumcount() + 1
    own = given["household"] + "#" + number.astype(str)
    given.insert(0, "case", given["id"].where(given["id"].notna(), own).astype(object))
    told = given.drop(columns="id")
    return told.assign(faults=_faults(told))


def known_on(cases: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return cases as they stood on a day: what happened later is not there yet.

    Parameters
    ----------
    cases
        As `read_cases` returns them.
    on
        The day, included.

    Returns
    -------
    pandas.DataFrame
        Those that had begun, and those of which nobody knows when; later days are null, and so is
        who and why with them. Faults are those that could be told on the day: a contradiction that
        a later day makes is none yet.
    """
    check_day(on, "on")
    day = np.datetime64(on, "D")
    begun = to_days(cases["begun_on"])
    then = _as_known(cases[np.isnat(begun) | (begun <= day)].reset_index(drop=True), day)
    return then.assign(faults=_faults(then))


def versions(cases: pd.DataFrame) -> pd.DataFrame:
    """Return each case once for every day on which more of it became known.

    Parameters
    ----------
    cases
        As `read_cases` returns them.

    Returns
    -------
    pandas.DataFrame
        By case and day: the columns of `known_on`; `number`, the case's place among those given;
        and `known_from`, the day from which on it was known so, null for what was known ever
        since. The case's next version replaces it, and between the two `known_on` tells the same
        of it on every day. Faults are those alone that a case
        has by itself, whatever other cases say.
    """
    before = np.datetime64("0001-01-01", "D")
    begun = to_days(cases["begun_on"])
    first = np.where(np.isnat(begun), before, begun)
    days = np.stack([first, *(to_days(cases[name]) for name in STEPS)], axis=1)
    # What lies before the first day is known on it. A comparison with NaT is false.
    days[:, 1:][~(days[:, 1:] > first[:, None])] = np.datetime64("NaT")
    at, step = np.nonzero(~np.isnat(days))
    known = pd.DataFrame({"at": at, "day": days[at, step]}).drop_duplicates()
    known = known.sort_values(["at", "day"], ignore_index=True)
    day = known["day"].to_numpy(dtype="M8[D]")
    then = _as_known(cases.iloc[known["at"]].reset_index(drop=True), day)
    since = np.where(day == before, np.datetime64("NaT"), day)
    return then.assign(
        faults=_faults(then, alone=True), number=known["at"], known_from=from_days(since)
    )


def _as_known(cases: pd.DataFrame, day: np.datetime64 | NDArray[np.datetime64]) -> pd.DataFrame:
    """Return cases without what lies after a day, one for all or one for each."""
    then = cases.copy()
    for name in STEPS:
        days = to_days(then[name])
        then[name] = from_days(np.where(days > day, np.datetime64("NaT"), days))
    for name, of in (("cleared_by", "cleared_on"), ("closed_reason", "closed_on")):
        # Without a day nobody knows since when it was so: it is taken as said from the beginning.
        later = then[of].isna() & cases[of].notna()
        then[name] = then[name].where(~later, None)
    return then


def _faults(cases: pd.DataFrame, *, alone: bool = False) -> NDArray[np.object_]:
    """Return the faults of each case; those alone that it has by itself, if asked."""
    is_cleared = cases["cleared_on"].notna()
    says_cleared = (cases["closed_reason"] == CLEARED).to_numpy()
    found = {
        "no_day": cases["begun_on"].isna(),
        "out_of_order": _is_out_of_order(cases),
        "not_applied": cases["verified_on"].notna() & cases["applied_on"].isna(),
        "nobody_named": is_cleared & cases["cleared_by"].isna(),
        "no_day_of_clearing": says_cleared & ~is_cleared,
        "two_ends": is_cleared & cases["closed_reason"].notna() & ~says_cleared,
    }
    if not alone:
        found |= {"two_at_once": _overlaps(cases), "clears_two": _clears_two(cases)}
    told = np.full(len(cases), "", dtype=object)
    for name in [one for one in FAULTS if one in found]:
        holds = np.asarray(found[name], dtype=np.bool_)
        told[holds] = [f"{one},{name}" if one else name for one in told[holds]]
    return told


def _is_out_of_order(cases: pd.DataFrame) -> NDArray[np.bool_]:
    """Return whether a day lies before one that should precede it, bool, (n,)."""
    wrong = np.zeros(len(cases), dtype=np.bool_)
    latest = to_days(cases[STEPS[0]])
    for name in STEPS[1:]:
        days = to_days(cases[name])
        wrong |= days < latest  # a comparison with NaT is false
        latest = np.fmax(latest, days)
    return wrong


def _overlaps(cases: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which cases were open at once with another of their household, bool, (n,).

    By household and beginning, a case overlaps one before it if and only if it begins before the
    latest of their ends.
    """
    begun = to_days(cases["begun_on"])
    ends = cases[["cleared_on", "closed_on"]].min(axis=1).to_numpy(dtype="M8[D]")
    far = np.datetime64("9999-12-31")
    overlaps = np.zeros(len(cases), dtype=np.bool_)
    household = cases["household"].to_numpy()
    latest, before = far, -1
    for row in range(len(cases)):
        if np.isnat(begun[row]):
            continue
        end = far if np.isnat(ends[row]) else ends[row]
        if before >= 0 and household[before] == household[row]:
            if begun[row] < latest:
                overlaps[[before, row]] = True
            if end >= latest:
                latest, before = end, row
        else:
            latest, before = end, row
    return overlaps


def _clears_two(cases: pd.DataFrame) -> pd.Series:
    """Return which cases name a person who cleared another household too, bool, (n,)."""
    named = cases[cases["cleared_by"].notna() & cases["cleared_on"].notna()]
    homes = named.groupby("cleared_by")["household"].nunique()
    several = homes.index[homes > 1]
    return cases["cleared_by"].isin(several) & cases["cleared_on"].notna()


def was_found_wrong(cases: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which suspicions the community found wrong, bool, (n,)."""
    wrong: NDArray[np.bool_] = (cases["closed_reason"] == NOT_CONFIRMED).to_numpy()
    return wrong
