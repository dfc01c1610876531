"""Rows that were not taken since they are older than something: which they are, and their ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.intake.faults import shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Older:
    """Rows of a list that are older than what is kept instead.

    Parameters
    ----------
    n_rows
        How many there are.
    rows
        Numbers of the first of them, ascending.
    ids
        What stands there for an id, as `shown` gives it.
    """

    n_rows: int = 0
    rows: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()


NONE_OLDER: Final = Older()


def older_rows(file: RecordsFile, row: NDArray[np.int64]) -> Older:
    """Return which rows of a list are older, with the ids of the first.

    Parameters
    ----------
    file
        The list.
    row
        Their numbers, ascending, shape (n,).
    """
    first = row[:_SHOWN]
    column = file.table.columns.column(file.columns["id"])
    cells = (column[at].as_py() for at in np.searchsorted(file.table.row, first).tolist())
    ids = tuple(shown(one if isinstance(one, str) else str(one)).strip() for one in cells)
    return Older(len(row), tuple(first.tolist()), ids)
