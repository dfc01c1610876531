"""What a correction changed: the status of persons on a day, as it was known before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

    from geo_match.policy.ledger.timeline import Timeline


def changed(before: Timeline, after: Timeline, on: dt.date) -> pd.DataFrame:
    """Return whose status on a day is another by one ledger than by the other.

    Parameters
    ----------
    before, after
        The same ledger as it was known at two moments.
    on
        The day.

    Returns
    -------
    pandas.DataFrame
        A row a person, by id: `person`, `status_before`, `spell_before`, `status_after`,
        `spell_after`; null where nothing was said of the day. Who has the same status by another
        spell is not among them.

    Raises
    ------
    ArgumentError
        If it is no day.
    """
    people = np.union1d(before.spells.people.astype(str), after.spells.people.astype(str))
    old, new = (one.on(on, people=people.astype(object)) for one in (before, after))
    same = (old["status"] == new["status"]) | (old["status"].isna() & new["status"].isna())
    both = pd.DataFrame(
        {
            "person": old["person"],
            "status_before": old["status"],
            "spell_before": old["spell"],
            "status_after": new["status"],
            "spell_after": new["spell"],
        }
    )
    return both[~same].reset_index(drop=True)
