"""Results of services that contradict the records: who is said to be what the ledger does not say.

A result is the word of one call or visit, and a spell that began or was verified later is a newer
one: then nothing is left to be settled. Nothing follows from a result by itself; it is to be
verified, and the spell to be opened or ended by whoever keeps the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.policy.ledger.rules import RESULT_CONTRADICTS

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

WRONG_NUMBER: Final = "wrong_number"
"""The result that contradicts the phone number of the record, not the status: 空号."""


def contradictions(
    contacted: pd.DataFrame, now: pd.DataFrame, on: dt.date, *, recorded: pd.Series | None = None
) -> pd.DataFrame:
    """Return which results the records of registered persons contradict.

    Parameters
    ----------
    contacted
        Persons, as `contacts` gives them for the day.
    now
        The same persons in the same order, as `Timeline.on` gives them.
    on
        The day, by whose rule it is judged.
    recorded
        Their statuses by their own records, which count where no spell speaks of the day; None for
        none.

    Returns
    -------
    pandas.DataFrame
        In the order of the persons: `result` (None where nothing is contradicted), the day on
        which it was told, `said_on`, the service, `said_in`, and `status`, what is recorded. It is
        the result of the last contact that has one; or `wrong_number`, where the last attempt of
        all found the number wrong and the status agrees.

    Raises
    ------
    NotInForceError
        If no rule is known for the day.
    """
    rule = RESULT_CONTRADICTS.on(on).value
    status = now["status"].astype(object)
    if recorded is not None:
        status = status.where(status.notna(), recorded.astype(object).to_numpy())
    status = status.where(status.notna(), None)
    newer = (now["since"] > contacted["said_on"]) | (now["verified_on"] > contacted["said_on"])
    pairs = zip(contacted["said"], status, strict=True)
    differs = np.array([own in rule.get(said, ()) for said, own in pairs], dtype=np.bool_)
    differs &= ~newer.to_numpy(dtype=np.bool_)
    wrong = ~differs & (contacted["last_result"] == WRONG_NUMBER).to_numpy(dtype=np.bool_)
    result: NDArray[np.object_] = np.full(len(differs), None, dtype=object)
    result[differs] = contacted["said"].to_numpy(dtype=object)[differs]
    result[wrong] = WRONG_NUMBER
    return pd.DataFrame(
        {
            "result": result,
            "said_on": contacted["said_on"].where(~wrong, contacted["last_on"]),
            "said_in": contacted["said_in"].where(~wrong, None),
            "status": status.to_numpy(dtype=object),
        }
    )
