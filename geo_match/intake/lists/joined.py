"""Rows of a list that make one record together with the row that a record is known by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match import codes
from geo_match.intake.faults import Rejection, shown
from geo_match.intake.findings import Findings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile

TOGETHER: Final = "must come together with the other members of its household"
REMEDY: Final = (
    "Another row of the household is at fault: mend that one, and leave this one beside it."
)


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The rows of a list of members beside the first one of each household.

    Parameters
    ----------
    row
        Their numbers, int64, ascending, shape (k,).
    to
        The number of the row that the record is known by, int64, shape (k,).
    """

    row: NDArray[np.int64]
    to: NDArray[np.int64]

    def of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of those that belong to records of some rows, ascending."""
        return self.row[np.isin(self.to, rows)]

    def sizes(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many rows each record has, that of its own included.

        Parameters
        ----------
        rows
            Those that the records are known by, shape (n,), all different.
        """
        order = np.argsort(rows)
        at = np.searchsorted(rows[order], self.to)
        known = at < len(rows)
        known[known] = rows[order][at[known]] == self.to[known]
        found = np.ones(len(rows), dtype=np.int64)
        np.add.at(found, order[at[known]], 1)
        return found


def reject_joined(file: RecordsFile) -> RecordsFile:
    """Return a list whose rows are rejected where the record that they belong to is.

    Else the file to be mended would hold a part of the household, and make that the whole.
    """
    joined = file.joined
    if joined is None:
        return file
    left = joined.row[~np.isin(joined.to, file.row)]
    left = left[~np.isin(left, file.rejections.row)]
    if not len(left):
        return file
    header = file.columns["id"]
    at = np.searchsorted(file.table.row, left)
    cells = file.table.columns.column(header).take(at).to_pylist()
    name = codes.mask_id_cards(header)
    rejections = [
        Rejection(row, name, shown(cell), TOGETHER, REMEDY)
        for row, cell in zip(left.tolist(), cells, strict=True)
    ]
    return replace(file, rejections=Findings((), (*file.rejections, *rejections)))
