"""Lists that may bring back into a household who was erased from it.

What is older than the store's record is stale anyway, and told so. Of the rest the store says which
ones may (`geo_match.store.writing.losses`); it would refuse them while it writes, with all that
stand beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from geo_match.intake.unsaid import spoken_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Store


def give_back(file: RecordsFile, store: Store) -> NDArray[np.bool_]:
    """Return which records of a list may bring back who was erased from a household.

    Parameters
    ----------
    file
        The list.
    store
        Where it goes.

    Returns
    -------
    numpy.ndarray
        Bool, (n,).
    """
    if file.kind != "households":
        return np.zeros(len(file.records), dtype=np.bool_)
    fields = spoken_of(file)
    back = store.give_back(file.records, fields=fields)
    at = np.flatnonzero(back)
    if len(at):
        some = file.records.take(pa.array(at))
        older = store.compare(file.kind, some, fields=fields, judged=True).stale
        back[at[older]] = False
    return back
