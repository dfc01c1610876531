"""Rows of one list that speak of the same thing: copies, older versions, and ids given twice.

Of the rows with one id, the newest is the record: the greatest `version`, a row without one
counting as older, then the latest `updated_at`; of equals the first. A row below it with the same
content is a copy, one that is older is stale, and any other has the id of another record. A row
that is rejected for something else still takes part if its id and its version are sound: what is
older than it does not become true by its fault. But it makes no other row a copy, nor takes its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.values.cells import Column

_VERSION, _TIME = "version", "updated_at"
_LEAST = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which rows repeat others.

    Parameters
    ----------
    copies, stale, clashes
        Bool, shape (n,); none is true of one row with another.
    """

    copies: NDArray[np.bool_]
    stale: NDArray[np.bool_]
    clashes: NDArray[np.bool_]


def find_repeats(
    records: pa.Table, sound: NDArray[np.bool_], rejected: NDArray[np.bool_]
) -> Repeats:
    """Find the rows that repeat others.

    Parameters
    ----------
    records
        With `id`, `version` and `updated_at`, and every other field, n rows.
    sound
        Which rows have a sound id and version, shape (n,).
    rejected
        Which rows are at fault already, shape (n,): they only make older ones stale.
    """
    n = records.num_rows
    copies, stale, clashes = (np.zeros(n, dtype=np.bool_) for _ in range(3))
    at = np.flatnonzero(sound)
    ids = records.column("id").to_pandas().to_numpy()[at]
    repeated = pd.Series(ids).duplicated(keep=False).to_numpy()
    at = at[repeated]
    if not len(at):
        return Repeats(copies, stale, clashes)
    some = records.take(pa.array(at))
    order = [_keys(some.column(name)) for name in (_VERSION, _TIME)]
    contents = _contents(some)
    groups: dict[str, list[int]] = {}
    for position, one in enumerate(ids[repeated].tolist()):
        groups.setdefault(one, []).append(position)
    for group in groups.values():
        keys = [(int(order[0][one]), int(order[1][one])) for one in group]
        newest = max(keys)
        seen: set[Any] = set()
        first = True
        for one, key in zip(group, keys, strict=True):
            if rejected[at[one]]:
                continue
            if contents[one] in seen:
                copies[at[one]] = True
            elif key < newest:
                stale[at[one]] = True
            elif first:
                first = False
            else:
                clashes[at[one]] = True
            seen.add(contents[one])
    return Repeats(copies, stale, clashes)


def _keys(column: Column) -> NDArray[np.int64]:
    values = column.cast(pa.int64()).fill_null(_LEAST)
    return np.asarray(values.to_numpy(), dtype=np.int64)


def _contents(records: pa.Table) -> list[str]:
    """Return what each row says, as text that is equal only for rows that say the same."""
    columns = [column.to_pylist() for column in records.columns]
    return [repr(row) for row in zip(*columns, strict=True)]
