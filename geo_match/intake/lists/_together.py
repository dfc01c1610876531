"""Which rows of a list of members make one record together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
