"""Rules of two fields of which one arrives and the other is kept.

A list that was judged keeps the rules of what it says. Whether that fits what it does not say, only
the record tells as it will be, and only when it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow as pa
    from numpy.typing import NDArray


def breaking(kind: str, records: pa.Table, spoken: Collection[str]) -> NDArray[np.int64]:
    """Return which pairs of fields records break of which a list speaks of one field only.

    A place is spoken of whole, and a community's former code beside its id: no other rule of two
    fields than that of their order can be split.

    Parameters
    ----------
    kind
        Of the records.
    records
        As they will be, in kept form, n of them.
    spoken
        The fields that the list speaks of.

    Returns
    -------
    NDArray
        As `Applied.breaking`, shape (n,).
    """
    found = np.zeros(len(records), dtype=np.int64)
    for at, (first, second) in enumerate(RECORDS[kind].ordered):
        if (first in spoken) != (second in spoken):
            below = pc.less(records.column(second), records.column(first))
            is_below = np.asarray(pc.fill_null(below, False), dtype=np.bool_)  # noqa: FBT003 - Arrow's
            found[is_below] += 1 << at
    return found
