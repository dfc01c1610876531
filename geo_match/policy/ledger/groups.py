"""Key groups (重点群体) on a day: who belongs to each, as pass, fail or unknown.

A seeker's record says the groups and the kind of difficulty without days: they hold as long as the
record says so, and what it said before is asked with `as_of`. Dated memberships may be given, and
count before it. 登记失业 and 灵活就业 follow from the status on the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.ledger import _columns
from geo_match.rules import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from geo_match.policy.ledger.timeline import Timeline

RECORDED: Final = ("graduate", "migrant_worker", "veteran", "retired_fisherman")
"""Groups that a seeker's record names."""
DIFFICULTIES: Final = (
    *("older", "long_term_unemployed", "disabled", "minimum_living"),
    *("land_loss", "zero_employment"),
)
"""Kinds of employment difficulty (就业困难人员)."""
BY_STATUS: Final = ("registered_unemployed", "flexible")
"""Groups that are a status on the day."""
GROUPS: Final = (
    *RECORDED,
    "difficulty",
    *(f"difficulty_{one}" for one in DIFFICULTIES),
    *BY_STATUS,
)
"""All of them; `difficulty` is any kind."""
CHINESE: Final = {
    "graduate": "高校毕业生",
    "migrant_worker": "农民工",
    "veteran": "退役军人",
    "retired_fisherman": "退捕渔民",
    "difficulty": "就业困难人员",
    "difficulty_older": "大龄失业人员",
    "difficulty_long_term_unemployed": "长期失业人员",
    "difficulty_disabled": "残疾人员",
    "difficulty_minimum_living": "低保人员",
    "difficulty_land_loss": "失地农民",
    "difficulty_zero_employment": "零就业家庭成员",
    "registered_unemployed": "登记失业人员",
    "flexible": "灵活就业人员",
}
"""What they are called."""
_MEMBERSHIP: Final = ("person", "group", "start")


def groups_on(
    seekers: object, timeline: Timeline, on: dt.date, *, memberships: object = None
) -> pd.DataFrame:
    """Return who belongs to which group on a day.

    Parameters
    ----------
    seekers
        A DataFrame or Arrow table, a row a person: `id`, and where they are known `groups` (lists;
        null is unknown, empty is none), `difficulty` (`none` for none), `status`.
    timeline
        The statuses. Of a person without a spell on the day the record's own status counts.
    on
        The day.
    memberships
        Dated ones, where there are any: a row each, `person`, `group`, `start`, and `end` (last
        day; null while it lasts). Whoever has one of a group is in it on the days of these, and on
        no other. A null start is unknown, and so is the membership until its end.

    Returns
    -------
    pandas.DataFrame
        A row a person in the order of the seekers: `person`, and a column a group of `GROUPS`,
        outcomes, int8.

    Raises
    ------
    ArgumentError
        If a column that is needed is missing, a group is none of these, or a day is none.
    """
    people = _columns.as_frame(seekers, "seekers", ("id",))
    ids = _columns.objects(people, "id")
    told: dict[str, NDArray[np.int8]] = _recorded(people)
    told |= _difficulties(people)
    own = _columns.objects(people, "status")
    status = timeline.at(ids, on)
    status = np.where(pd.isna(status), own, status)
    for one in BY_STATUS:
        told[one] = np.where(pd.isna(status), UNKNOWN, status == one).astype(np.int8)
    if memberships is not None:
        _overrule(told, ids, memberships, _columns.number_of(on))
    return pd.DataFrame({"person": ids} | {one: told[one] for one in GROUPS})


def _recorded(people: pd.DataFrame) -> dict[str, NDArray[np.int8]]:
    """Return the outcomes of the groups that records name."""
    n = len(people)
    if "groups" not in people.columns:
        return {one: np.full(n, UNKNOWN, dtype=np.int8) for one in RECORDED}
    # Few different lists occur: each is looked at once.
    keys = [None if one is None else tuple(one) for one in _columns.objects(people, "groups")]
    code, different = pd.factorize(np.array([*keys, None], dtype=object)[:-1])
    return {
        one: np.array([*(one in named for named in different), UNKNOWN], dtype=np.int8)[code]
        for one in RECORDED
    }


def _difficulties(people: pd.DataFrame) -> dict[str, NDArray[np.int8]]:
    kind = _columns.objects(people, "difficulty")
    unknown = pd.isna(kind)
    told = {"difficulty": np.where(unknown, UNKNOWN, kind != "none").astype(np.int8)}
    for one in DIFFICULTIES:
        told[f"difficulty_{one}"] = np.where(unknown, UNKNOWN, kind == one).astype(np.int8)
    return told


def _overrule(
    told: dict[str, NDArray[np.int8]], ids: NDArray[Any], memberships: object, today: int
) -> None:
    """Put what dated memberships say in the place of what records say."""
    frame = _columns.as_frame(memberships, "memberships", _MEMBERSHIP)
    if unknown := sorted(set(frame["group"]).difference(GROUPS)):
        raise ArgumentError("memberships.group", f"be one of {', '.join(GROUPS)}", repr(unknown[0]))
    row = _columns.places(ids, _columns.objects(frame, "person"))
    start = _columns.days(frame, "start", "memberships")
    end = _columns.days(frame, "end", "memberships")
    lasts = (end == _columns.NO_DAY) | (end >= today)
    doubtful = (start == _columns.NO_DAY) & lasts
    within = (start != _columns.NO_DAY) & (start <= today) & lasts
    for group in dict.fromkeys(frame["group"]):
        those = (frame["group"] == group).to_numpy() & (row >= 0)
        told[group][row[those]] = FAIL
        told[group][row[those & doubtful]] = UNKNOWN
        told[group][row[those & within]] = PASS
