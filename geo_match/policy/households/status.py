"""Whether persons worked or were unemployed on a day, by the spells of the ledger.

A spell covers the days from its start to its end, both included; one that ends before it starts
covers none. Of spells that cover the day and disagree neither is believed: unknown. A traineeship
(就业见习) is no employment, so whoever is in one is as unemployed as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.policy.households.frames import check_day, check_words, gathered, take, to_days
from geo_match.policy.households.rules import TRAINEESHIP, ZERO_EMPLOYMENT, ZeroEmployment
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN, holds

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

STATUSES: Final = (
    "employed",
    "flexible",
    "registered_unemployed",
    "unemployed",
    "studying",
    "retired",
    "incapable",
    "not_seeking",
    "under_age",
)
"""Statuses that a record may have."""


def work_on(
    spells: object, *, on: dt.date, employments: object = None, rule: ZeroEmployment | None = None
) -> pd.DataFrame:
    """Return who worked and who was unemployed on a day.

    Parameters
    ----------
    spells
        `id`, `person`, `status`, `start`, `end` (the last day; null while it lasts).
    on
        The day.
    employments
        `spell` and `form`: a spell of a traineeship counts as unemployed. Without them such a spell
        cannot be told from one of work.
    rule
        Which statuses mean what; that of the day if None.

    Returns
    -------
    pandas.DataFrame
        A row for each person who has a spell at all, by id: `works` and `unemployed` (outcomes,
        int8; unknown where none covers the day, or several disagree) and `evidence`, a tuple of
        the ids of those that cover it.

    Raises
    ------
    ArgumentError
        If a frame lacks a column or has values of another kind.
    """
    check_day(on, "on")
    meaning = ZERO_EMPLOYMENT.on(on).value if rule is None else rule
    columns = ("id", "person", "status", "start")
    given = take(
        spells,
        "spells",
        {"id": "text", "person": "text", "status": "text", "start": "day", "end": "day"},
        required=columns,
        filled=columns,
    )
    check_words(given["status"], STATUSES, "spells.status")
    person, names = pd.factorize(given["person"], sort=True)
    day = np.datetime64(on, "D")
    start, end = to_days(given["start"]), to_days(given["end"])
    covers = (start <= day) & (np.isnat(end) | (day <= end))
    trainee = given["id"].isin(_trainee_spells(employments)).to_numpy()
    works = given["status"].isin(meaning.working).to_numpy() & ~trainee
    jobless = given["status"].isin(meaning.unemployed).to_numpy() | trainee
    n = len(names)
    at = np.flatnonzero(covers)
    covering = np.bincount(person[covers], minlength=n)
    return pd.DataFrame(
        {
            "person": np.asarray(names, dtype=object),
            "works": _outcome(person[covers & works], covering),
            "unemployed": _outcome(person[covers & jobless], covering),
            "evidence": gathered(person[at], given["id"].iloc[at], n),
        }
    )


def recorded_work(status: pd.Series, rule: ZeroEmployment) -> tuple[NDArray[np.int8], ...]:
    """Return whether recorded statuses mean work, and whether unemployment, as outcomes, (n,)."""
    known = status.notna().to_numpy()
    told = []
    for words in (rule.working, rule.unemployed):
        is_one = status.isin(words).to_numpy()
        told.append(holds(is_one & known, is_one | ~known))
    return tuple(told)


def _trainee_spells(employments: object) -> list[str]:
    if employments is None:
        return []
    columns = ("spell", "form")
    given = take(employments, "employments", dict.fromkeys(columns, "text"), required=columns)
    spells: list[str] = given["spell"][given["form"] == TRAINEESHIP].dropna().tolist()
    return spells


def _outcome(persons: NDArray[np.int64], covering: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return outcomes of what holds in all, in some or in none of the spells that cover a day."""
    n = np.bincount(persons, minlength=len(covering))
    told = np.where(n == covering, PASS, np.where(n == 0, FAIL, UNKNOWN))
    return np.where(covering == 0, UNKNOWN, told).astype(np.int8)
