"""Parts of all the cells that are small enough for many linear programs: blocks of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells


class Blocks:
    """Rows, the rows that they add up to, and a way to cut them into blocks.

    A row at all its dates is one unit. A block is some units that have no parts, and every unit
    that they add up to, however far above.

    Parameters
    ----------
    cells
        All cells.
    """

    def __init__(self, cells: Cells) -> None:
        row = cells.row
        first = np.flatnonzero(np.diff(row, prepend=-1))
        # A row's first cell has the same name at all dates.
        _, unit = np.unique(cells.same[first[row]], return_inverse=True)
        count = int(unit.max(initial=-1)) + 1
        order = np.argsort(unit, kind="stable")
        self._members = np.split(order, np.searchsorted(unit[order], np.arange(1, count)))
        part = cells.sign < 0
        edges = np.column_stack([unit[cells.cell], unit[cells.total[cells.equation]]])[part]
        edges = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)
        self._above: list[list[int]] = [[] for _ in range(count)]
        below: list[list[int]] = [[] for _ in range(count)]
        for one, whole in edges.tolist():
            if not self._above[one]:  # of several totals the first orders the units
                below[whole].append(one)
            self._above[one].append(whole)
        self._leaves: list[int] = []
        wholes = set(edges[:, 1].tolist())
        ahead = [one for one in reversed(range(count)) if not self._above[one]]
        while ahead:
            one = ahead.pop()
            if one not in wholes:
                self._leaves.append(one)
            ahead.extend(reversed(below[one]))

    def cut(self, size: int) -> Iterator[NDArray[np.int64]]:
        """Give blocks whose units without parts have about `size` cells, each such unit once.

        Units of one total stand together. The cells of a block ascend.
        """
        part: list[int] = []
        have = 0
        for leaf in self._leaves:
            more = len(self._members[leaf])
            if part and have + more > size:
                yield self._with_above(part)
                part, have = [], 0
            part.append(leaf)
            have += more
        if part:
            yield self._with_above(part)

    def _with_above(self, units: list[int]) -> NDArray[np.int64]:
        found = set(units)
        ahead = found
        while ahead:
            ahead = {above for unit in ahead for above in self._above[unit]} - found
            found = found | ahead
        return np.sort(np.concatenate([self._members[unit] for unit in sorted(found)]))
