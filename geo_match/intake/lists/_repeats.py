"""Rows of one list that speak of the same thing: copies, older versions, and ids given twice.

Of the rows with one id, the newest is the record: the greatest `version`, a row without one
counting as older, then the latest `updated_at`; of equals the first. A row below it with the same
content is a copy, one that is older is stale, and any other has the id of another record. Where an
older row has another name or birth year than one beside it, two persons or things share the id, and
neither is believed: the day says nothing of whose the id is. A blank is no other name, and with one
credit code a name that differs is one that was changed. A row
that is rejected for something else still takes part if its id and its version are sound: what is
older than it does not become true by its fault. But it makes no other row a copy, nor takes its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.values.cells import Column

_VERSION, _TIME = "version", "updated_at"
_NAMES: Final = ("name", "head_name", "title", "birth_year")
"""Fields that say who or what a record is."""
_CODE: Final = "credit_code"
"""Field that says it better than a name does: no two companies have one."""
_LEAST = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which rows repeat others.

    Parameters
    ----------
    copies, stale, clashes, strangers
        Bool, shape (n,); none is true of one row with another. Clashes are as new as the record,
        strangers are all those of one id whose names differ.
    """

    copies: NDArray[np.bool_]
    stale: NDArray[np.bool_]
    clashes: NDArray[np.bool_]
    strangers: NDArray[np.bool_]


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
    copies, stale, clashes, strangers = (np.zeros(n, dtype=np.bool_) for _ in range(4))
    at = np.flatnonzero(sound)
    ids = records.column("id").to_pandas().to_numpy()[at]
    repeated = pd.Series(ids).duplicated(keep=False).to_numpy()
    at = at[repeated]
    if not len(at):
        return Repeats(copies, stale, clashes, strangers)
    some = records.take(pa.array(at))
    order = [_keys(some.column(name)) for name in (_VERSION, _TIME)]
    contents = _contents(some)
    code = some.column(_CODE).to_pylist() if _CODE in some.column_names else None
    names = [some.column(name).to_pylist() for name in _NAMES if name in some.column_names]
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
        among = at[group]
        # A faulty row that is the newest still says whose the id is; another one says nothing.
        heard = [
            one
            for one, key in zip(group, keys, strict=True)
            if key == newest or not rejected[at[one]]
        ]
        one_company = code is not None and _agree(code, heard)
        if stale[among].any() and not one_company and any(_differ(one, heard) for one in names):
            ours = among[~(rejected[among] | copies[among])]
            strangers[ours] = True
            stale[ours] = clashes[ours] = False
    return Repeats(copies, stale, clashes, strangers)


def _agree(column: list[Any], rows: list[int]) -> bool:
    """Return whether rows say one thing in a column, all of them."""
    said = {column[one] for one in rows}
    return len(said) == 1 and None not in said


def _differ(column: list[Any], rows: list[int]) -> bool:
    """Return whether rows say different things in a column; blank ones say nothing."""
    return len({column[one] for one in rows} - {None}) > 1


def _keys(column: Column) -> NDArray[np.int64]:
    values = column.cast(pa.int64()).fill_null(_LEAST)
    return np.asarray(values.to_numpy(), dtype=np.int64)


def _contents(records: pa.Table) -> list[str]:
    """Return what each row says, as text that is equal only for rows that say the same."""
    columns = [column.to_pylist() for column in records.columns]
    return [repr(row) for row in zip(*columns, strict=True)]
