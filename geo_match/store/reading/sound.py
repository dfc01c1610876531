"""Records that can be read by what relies on their rules: the others are left out, and told of.

What is written is checked. A store that an older program wrote may still hold a record that breaks
a rule, and nobody's answer should wait until it is mended.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo_match import codes
from geo_match.records.broken import broken_rules
from geo_match.store.schema.images import PERSONS

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN: Final = 3


class BrokenRecordWarning(UserWarning):
    """Records of a store break the rules of their kind, and were left out of what is answered."""


def without_broken(kind: str, records: pa.Table) -> pa.Table:
    """Return records without those that break a rule of their kind; say how many went, and which.

    Parameters
    ----------
    kind
        Of the records.
    records
        Some or all of their fields, the id among them, as `Store.read` returns them.

    Warns
    -----
    BrokenRecordWarning
        If one was left out: of what is public by its id, of persons by their number.
    """
    found = broken_rules(kind, records, whole=False)
    if not found:
        return records
    is_sound = np.ones(len(records), dtype=np.bool_)
    for one in found:
        is_sound[one.rows] = False
    ids = records.column("id").take(pa.array(np.flatnonzero(~is_sound))).to_pylist()
    warn_of_broken(kind, ids, " and ".join(str(one) for one in found))
    return records.filter(pa.array(is_sound))


def warn_of_broken(kind: str, ids: Sequence[str], rule: str) -> None:
    """Warn that records of a kind were left out since they break a rule."""
    shown = ", ".join(codes.mask_id_cards(repr(one)) for one in ids[:_SHOWN])
    named = "" if kind in PERSONS else f" ({shown}{', …' if len(ids) > _SHOWN else ''})"
    message = (
        f"{len(ids):,} of {kind}{named} left out, since {rule}: "
        "`geo-match store verify` names what is to be mended"
    )
    warnings.warn(message, BrokenRecordWarning, stacklevel=3)
