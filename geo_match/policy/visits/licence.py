"""Whether an entity's licence is verified on a day: by its record, and by what visits have seen.

The record decides. It passes if it says verified and no visit since the verification saw anything
else, and fails if it says expired. What a visit saw does not make up for a record that says
unverified or nothing, but leaves it unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.policy.households.frames import from_days, to_days
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

LICENCES: Final = ("verified", "unverified", "expired")
"""States of a licence."""
_VERIFIED, _, _EXPIRED = LICENCES


def judge_licences(
    employers: pd.DataFrame, visits: pd.DataFrame, on: dt.date
) -> tuple[NDArray[np.int8], pd.DataFrame]:
    """Tell whose licence is verified.

    Parameters
    ----------
    employers
        `id`, `licence`, `licence_verified_on`, checked.
    visits
        `employer_id`, `on`, `licence_state` of visits up to the day, by day, checked.
    on
        The day.

    Returns
    -------
    outcome
        int8, (n,).
    seen
        In the order of the employers: `licence_seen` and `licence_seen_on`, at the last visit that
        looked; null where none did.
    """
    looked = visits[visits["licence_state"].notna()].drop_duplicates("employer_id", keep="last")
    last = looked.set_index("employer_id").reindex(employers["id"])
    seen, seen_on = last["licence_state"].to_numpy(dtype=object), to_days(last["on"])
    record = employers["licence"]
    since = to_days(employers["licence_verified_on"])
    is_later = since > np.datetime64(on, "D")
    is_known = record.notna().to_numpy() & ~is_later
    says_so = is_known & (record == _VERIFIED).to_numpy(dtype=np.bool_)
    was_seen = pd.notna(seen)
    # What was seen before the verification is what the verification has settled.
    counts = was_seen & ~((seen_on < since) & ~is_later)
    saw_it = counts & (seen == _VERIFIED)
    saw_other = counts & ~saw_it
    told = np.full(len(employers), UNKNOWN, dtype=np.int8)
    told[says_so & ~saw_other] = PASS
    told[says_so & saw_other] = FAIL
    told[is_known & ~says_so & ~saw_it] = FAIL
    told[is_known & (record == _EXPIRED).to_numpy(dtype=np.bool_)] = FAIL
    told[~is_known & saw_other] = FAIL
    frame = pd.DataFrame({"licence_seen": seen, "licence_seen_on": from_days(seen_on)})
    return told, frame
