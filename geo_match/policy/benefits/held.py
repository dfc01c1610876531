"""How long persons have held public-welfare posts, days that overlap counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.policy.households.frames import take, to_days
from geo_match.policy.months import add_months_each
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.policy.households.frames import Kind

_POSTS: Final[Mapping[str, Kind]] = {
    "job_id": "text",
    "holder": "text",
    "held_from": "day",
    "held_to": "day",
}
_DAY: Final = np.timedelta64(1, "D")


def held_too_long(
    persons: Sequence[str] | NDArray[np.object_], posts: object, on: dt.date, *, months: int
) -> tuple[NDArray[np.int8], NDArray[np.object_]]:
    """Tell who has been on such posts for the longest time that is allowed.

    Parameters
    ----------
    persons
        Ids, (n,).
    posts
        `job_id`, `holder`, `held_from`, `held_to` (its last day; null while it lasts).
    on
        The day up to which it counts, not included: a post begun on it has not been held yet.
    months
        The longest time, as if it had been one span that ends with the day before.

    Returns
    -------
    outcome
        int8, (n,): pass for who has reached it, unknown for who might have, since a first day is
        not known.
    evidence
        Tuples of the person's id and those of the posts, (n,).

    Raises
    ------
    ArgumentError
        If a column is missing or holds values of another kind.
    """
    given = take(posts, "posts", _POSTS, required=("job_id", "holder", "held_from"))
    day = np.datetime64(on, "D")
    given = given[given["holder"].isin(list(persons))]
    begun = given["held_from"].isna() | (to_days(given["held_from"]) < day)
    of_person = dict(list(given[begun].groupby("holder")))
    outcome = np.full(len(persons), FAIL, dtype=np.int8)
    evidence = np.full(len(persons), None, dtype=object)
    for row, person in enumerate(persons):
        mine = of_person.get(person)
        evidence[row] = (person,)
        if mine is None:
            continue
        days = _days_held(mine, day)
        start = np.array([day - days * _DAY])
        is_over = bool(add_months_each(start, months)[0] <= day)
        is_open = bool(mine["held_from"].isna().any())
        outcome[row] = PASS if is_over else UNKNOWN if is_open else FAIL
        evidence[row] = (person, *dict.fromkeys(mine["job_id"].dropna()))
    return outcome, evidence


def _days_held(posts: pd.DataFrame, day: np.datetime64) -> int:
    """Return on how many days before a day at least one post was held, of known first days."""
    known = posts[posts["held_from"].notna()].sort_values("held_from")
    start = to_days(known["held_from"])
    last = to_days(known["held_to"])
    end = np.where(np.isnat(last), day, np.minimum(last + _DAY, day))
    # Each span counts from where those before it have reached.
    reached = np.concatenate(([start[0]], np.maximum.accumulate(end)[:-1])) if len(start) else start
    spans = (end - np.maximum(start, reached)).astype(np.int64)
    return int(np.maximum(spans, 0).sum())
