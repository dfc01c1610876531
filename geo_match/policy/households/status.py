"""Whether persons worked or were unemployed on a day, by the spells of the ledger.

Which of several spells counts on a day is the ledger's own rule (`Timeline`), so that a household
is judged by the status that the ledger tells of its members, and by no other. That spells overlap
is a fault of the ledger, told there. A traineeship (就业见习) is no employment, so whoever is in
one is as unemployed as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.policy.households.frames import check_day, check_words, take
from geo_match.policy.households.rules import TRAINEESHIP, ZERO_EMPLOYMENT, ZeroEmployment
from geo_match.policy.ledger import STATUSES, Timeline
from geo_match.rules.outcome import FAIL, PASS, holds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.policy.households.frames import Kind

_SPELLS: Final[Mapping[str, Kind]] = {
    "id": "text",
    "person": "text",
    "status": "text",
    "start": "day",
    "end": "day",
    "source": "text",
    "verified_by": "text",
    "verified_on": "day",
}
_NEEDED: Final = ("id", "person", "status", "start")


def work_on(
    spells: object, *, on: dt.date, employments: object = None, rule: ZeroEmployment | None = None
) -> pd.DataFrame:
    """Return who worked and who was unemployed on a day.

    Parameters
    ----------
    spells
        `id`, `person`, `status`, `start`, and where they are known `end` (the last day; null while
        it lasts), `source`, `verified_by`, `verified_on`, by which the ledger chooses among spells
        that begin on one day.
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
        int8; unknown where none covers the day) and `evidence`, a tuple of the id of the spell
        that counts on it, empty where there is none.

    Raises
    ------
    ArgumentError
        If a frame lacks a column or has values of another kind.
    """
    check_day(on, "on")
    meaning = ZERO_EMPLOYMENT.on(on).value if rule is None else rule
    given = take(spells, "spells", _SPELLS, required=_NEEDED, filled=_NEEDED)
    check_words(given["status"], STATUSES, "spells.status")
    now = Timeline.of(given).on(on)
    works, jobless = recorded_work(now["status"], meaning)
    trainee = now["spell"].isin(_trainee_spells(employments)).to_numpy()
    works[trainee], jobless[trainee] = FAIL, PASS
    return pd.DataFrame(
        {
            "person": now["person"],
            "works": works,
            "unemployed": jobless,
            "evidence": _evidence(now["spell"]),
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


def _evidence(spell: pd.Series) -> NDArray[np.object_]:
    told = np.empty(len(spell), dtype=object)
    told[:] = [() if pd.isna(one) else (one,) for one in spell]
    return told
