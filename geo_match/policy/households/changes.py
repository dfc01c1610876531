"""What a correction has changed: two judgements of one day, row by row and column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.policy.households.report import CaseReport
    from geo_match.policy.households.suspected import Suspicion

GONE, NEW = "gone", "new"
_CASES: Final = (
    "stage",
    "open",
    "clock",
    "due_on",
    "ended_on",
    "cleared",
    "in_time",
    "cleared_in_time",
    "helped_in_time",
    "recurrence",
    "faults",
)
_HOUSEHOLDS: Final = (
    "outcome",
    "urban",
    "members_known",
    "nobody_works",
    "somebody_unemployed",
    "missing",
)


def changed_cases(before: CaseReport, after: CaseReport) -> pd.DataFrame:
    """Return what is told of cases otherwise than before.

    Parameters
    ----------
    before, after
        Two reports of one day, such as before and after a correction came in late. A case without
        an id of its own is named by its number in its household, so that one which is put in before
        it changes what it is called: give cases ids where they are corrected.

    Returns
    -------
    pandas.DataFrame
        A row a case and column that differs, by case: `case`, `column`, `before` and `after`, as
        texts, empty for null. A case that is in one report alone has one row whose column is "case"
        and which says "new" or "gone".

    Raises
    ------
    ArgumentError
        If the two are of different days.
    """
    _check_days(before.on, after.on)
    return _changed(before.cases, after.cases, "case", _CASES)


def changed_households(before: Suspicion, after: Suspicion) -> pd.DataFrame:
    """Return what is suspected of households otherwise than before.

    Parameters
    ----------
    before, after
        Two judgements of one day.

    Returns
    -------
    pandas.DataFrame
        As `changed_cases`, with `household` in place of `case`.

    Raises
    ------
    ArgumentError
        If the two are of different days.
    """
    _check_days(before.on, after.on)
    return _changed(before.households, after.households, "household", _HOUSEHOLDS)


def _check_days(before: object, after: object) -> None:
    if before != after:
        rule = f"be of the day of the first, {before}"
        raise ArgumentError("after", rule, str(after), "Judge both of one day.")


def _changed(
    before: pd.DataFrame, after: pd.DataFrame, key: str, columns: Sequence[str]
) -> pd.DataFrame:
    first, second = (
        frame.drop_duplicates(key).set_index(key)[list(columns)] for frame in (before, after)
    )
    both = first.index.intersection(second.index, sort=False)
    parts = [
        _alone(first.index.difference(second.index), key, GONE),
        _alone(second.index.difference(first.index), key, NEW),
    ]
    for name in columns:
        was, now = (_texts(frame.loc[both, name]) for frame in (first, second))
        differs = was != now
        parts.append(
            pd.DataFrame(
                {
                    key: both[differs].to_numpy(dtype=object),
                    "column": np.full(int(differs.sum()), name, dtype=object),
                    "before": was[differs],
                    "after": now[differs],
                }
            )
        )
    return pd.concat(parts, ignore_index=True).sort_values(key, kind="stable", ignore_index=True)


def _alone(ids: pd.Index, key: str, what: str) -> pd.DataFrame:
    n = len(ids)
    texts = {"before": "", "after": ""} | {"before" if what == GONE else "after": what}
    return pd.DataFrame(
        {key: ids.to_numpy(dtype=object), "column": np.full(n, key, dtype=object)}
        | {name: np.full(n, text, dtype=object) for name, text in texts.items()}
    )


def _texts(values: pd.Series) -> NDArray[np.object_]:
    """Return values as texts, days without a time, objects, (n,)."""
    if pd.api.types.is_datetime64_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    texts = ["" if pd.isna(one) else str(one) for one in values]
    return np.array(texts, dtype=object)
