"""Bounds by linear programming over all that is published, and the points that it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match.coverage.publication.bounds import TOLERANCE, spread_bounds
from geo_match.coverage.publication.folded import Folded
from geo_match.coverage.publication.noise import least_figure
from geo_match.errors import GeoMatchError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.bounds import Shown
    from geo_match.coverage.publication.cells import Cells

_UNEQUAL: Final = 8  # a power
_FAR: Final = 10  # times all figures together


class AuditError(GeoMatchError, RuntimeError):
    """The linear program of an audit cannot be solved: the figures contradict each other.

    Parameters
    ----------
    found
        What the solver says.
    """

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)

    def __str__(self) -> str:
        """Say it, and the remedy."""
        remedy = "Audit what `publish` returned, unchanged."
        return f"The published figures must fit some counts, and none do: {self.found} {remedy}"


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """The audit's answer for each cell.

    Parameters
    ----------
    lower, upper
        (n,) values that the cell can have, the other cells with it. Where `exact`, the least and
        the greatest; else two that are wide enough apart already.
    exact
        (n,) which intervals are the narrowest that hold.
    safe
        (n,) which cells tell too little to harm; true where a figure is shown or 0 is known.
    """

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    exact: NDArray[np.bool_]
    safe: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """The least and the greatest value of a cell.

    Parameters
    ----------
    lower, upper
        The values.
    open
        Whether nothing holds the cell from above; `upper` is far, then.
    held_by
        Positions of the cells whose bounds, or figures at several dates, hold either end.
    middle
        (n,) a point that fits all figures, half way between those of the two ends.
    """

    lower: float
    upper: float
    open: bool
    held_by: NDArray[np.int64]
    middle: NDArray[np.float64]


class Program:
    """The linear program of a publication: every figure, every sum, the noise of every cell.

    A variable a cell, and one for the noise of each cell that is shown at several dates: its
    figures share it, which ties their counts closer than the figures alone do.

    Parameters
    ----------
    shown
        What a reader knows.
    folded
        Which cells are held at 0, as others stand for them; none by default.

    Raises
    ------
    AuditError
        If figures contradict each other, as far as single sums show it.
    """

    def __init__(self, shown: Shown, folded: Folded | None = None) -> None:
        from scipy.sparse import csr_array  # noqa: PLC0415 - slow; only a publication needs it

        self._shown = shown
        cells = shown.cells
        self.folded = Folded.none(cells.size) if folded is None else folded
        self.lower, self.upper = spread_bounds(shown)
        if (self.lower > self.upper).any():
            raise AuditError("Bounds cross.")
        self._kept = kept = self.folded.kept
        self._tied = tied = np.flatnonzero(shown.tied)
        noises, noise = np.unique(cells.lot[tied], return_inverse=True)
        self._size = kept.size + noises.size
        self._sums = _sums(cells, kept, self._size)
        # figure ≤ x + u ≤ figure + step - 1, as rows of ≤; the least figure may stand for less
        of, ones = np.arange(tied.size), np.ones(tied.size)
        of_tied = np.searchsorted(kept, tied)  # a cell with a figure stands for itself
        entries = (np.concatenate([of, of]), np.concatenate([of_tied, kept.size + noise]))
        above = csr_array((np.concatenate([ones, ones]), entries), shape=(tied.size, self._size))
        self._ties = (above, -1.0 * above)
        figure = shown.figure[tied]
        least = np.where(figure <= least_figure(shown.min_count, shown.step), 0, figure)
        self._limits = (figure + shown.step - 1.0, -1.0 * least)
        spread = shown.step - 1.0 + shown.noise
        self._bounds = np.column_stack(
            [
                np.concatenate([self.lower[kept], np.full(noises.size, -1.0 * shown.noise)]),
                np.concatenate([self.upper[kept], np.full(noises.size, spread)]),
            ]
        )

    def intervals(self, *, exact: bool, seen: Seen) -> Intervals:
        """Bound every cell that is kept back.

        Two points that both fit all figures, `min_count` apart in a cell, show that the cell is
        safe. What no such points are seen for is bounded cell by cell.

        Parameters
        ----------
        exact
            Bound all cell by cell.
        seen
            Points that fit; more are added.

        Raises
        ------
        AuditError
            If no counts fit the figures.
        """
        shown = self._shown
        lower, upper = self.lower.copy(), self.upper.copy()
        asked = shown.kept_back
        safe = ~asked | (~shown.cells.printed & (lower >= shown.min_count))
        known = safe & ~asked
        for cell in np.flatnonzero(asked if exact else ~safe):
            if not exact and seen.width(cell) >= shown.min_count - TOLERANCE:
                continue
            if self.ends(int(cell), seen).open:
                seen.upper[cell] = np.inf
            known[cell] = True
        tried = asked & (known | (seen.upper - seen.lower >= shown.min_count - TOLERANCE))
        lower[tried], upper[tried] = seen.lower[tried], seen.upper[tried]
        return Intervals(lower, upper, known, safe | shown.safe(lower, upper))

    def inner_point(self) -> NDArray[np.float64]:
        """Give a point that fits all figures, and lies off the ends where it can.

        Raises
        ------
        AuditError
            If no counts fit the figures.
        """
        from scipy.sparse import csr_array, eye_array, hstack, vstack  # noqa: PLC0415 - as above

        n, k = self._size, self._kept.size
        half = 0.5 * self._shown.min_count
        some, none = hstack([eye_array(k), csr_array((k, n - k))]), eye_array(k)
        finite = np.isfinite(self._bounds[:k, 1])
        blank = [csr_array((len(part), k)) for part in self._limits]
        above = vstack(
            [
                *(hstack([tie, gap]) for tie, gap in zip(self._ties, blank, strict=True)),
                hstack([-1.0 * some, none]),
                hstack([some, none]).tocsr()[np.flatnonzero(finite)],
            ]
        )
        limits = [*self._limits, -self._bounds[:k, 0], self._bounds[:k, 1][finite]]
        sums = hstack([self._sums, csr_array((self._sums.shape[0], k))])
        bounds = np.vstack([self._bounds, np.tile([0.0, half], (k, 1))])
        cost = np.concatenate([np.zeros(n), -np.ones(k)])
        return self._point(solved(cost, above, np.concatenate(limits), sums, bounds).x)

    def move(self, seen: Seen, open_: NDArray[np.int64], *, lot: int) -> NDArray[np.float64]:
        """Give a point that moves as many cells as it can, as far from what was seen of them.

        It maximises Σ w with w ≤ x - least seen (up) or w ≤ most seen - x (down), and
        w ≤ `min_count`.

        Parameters
        ----------
        seen
            Points that fit.
        open_
            The cells to move, none of which another stands for.
        lot
            Seed of the lots that say which cells go up; they decide what is tried, no more.

        Raises
        ------
        AuditError
            If no counts fit the figures.
        """
        from scipy.sparse import csr_array, hstack, vstack  # noqa: PLC0415 - as above

        k = open_.size
        rng = np.random.default_rng(lot)
        signs = np.where(rng.random(k) < 0.5, -1.0, 1.0)  # noqa: PLR2004 - a coin
        rows = np.arange(k)
        at = np.searchsorted(self._kept, open_)
        moved = csr_array((-signs, (rows, at)), shape=(k, self._size))
        width = csr_array((np.ones(k), (rows, rows)), shape=(k, k))
        limit = np.where(signs > 0, -seen.lower[open_], seen.upper[open_])
        blank = [csr_array((len(part), k)) for part in self._limits]
        above = vstack(
            [
                *(hstack([tie, gap]) for tie, gap in zip(self._ties, blank, strict=True)),
                hstack([moved, width]),
            ]
        )
        sums = hstack([self._sums, csr_array((self._sums.shape[0], k))])
        most = np.tile([-np.inf, float(self._shown.min_count)], (k, 1))
        # Weights by lot: of cells in one sum a few move far, and not all of them a little.
        cost = np.concatenate([np.zeros(self._size), -1.0 * rng.random(k) ** _UNEQUAL])
        limits = np.concatenate([*self._limits, limit])
        return self._point(solved(cost, above, limits, sums, np.vstack([self._bounds, most])).x)

    def ends(self, cell: int, seen: Seen) -> Ends:
        """Find the least and the greatest value of a cell; the two points are added to `seen`.

        The cell is none that another stands for.

        Raises
        ------
        AuditError
            If no counts fit the figures.
        """
        # An end that no figure holds would end the solver without a point; so far is as good.
        far = _FAR * (self._shown.figure[self._shown.shown].sum() + self._shown.min_count)
        at = int(np.searchsorted(self._kept, cell))
        bounds = self._bounds.copy()
        bounds[at, 1] = min(bounds[at, 1], far)
        can_be_0 = bool(self.folded.many[cell])  # whatever the others at 0 leave it
        ends, held = [], np.zeros(self.lower.size, dtype=np.bool_)
        middle = np.zeros(self.lower.size)
        above, limits = vstacked(self._ties), np.concatenate(self._limits)
        for sign in (1.0, -1.0):
            cost = np.zeros(self._size)
            cost[at] = sign
            answer = solved(cost, above, limits, self._sums, bounds)
            point = self._point(answer.x)
            seen.add(point)
            ends.append(float(answer.x[at]))
            middle += 0.5 * point
            if sign > 0 and can_be_0:
                continue
            held[self._kept] |= np.abs(answer.of_bounds[: self._kept.size]) > TOLERANCE
            tied = np.abs(answer.of_limits).reshape(2, -1).sum(axis=0) > TOLERANCE
            held[self._tied[tied]] = True
        seen.share(self.folded)
        is_open = ends[1] >= far - TOLERANCE
        lower = 0.0 if can_be_0 else ends[0]
        return Ends(lower, ends[1], is_open, np.flatnonzero(held), middle)

    def _point(self, found: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what a solver found as a value for each cell."""
        point = np.zeros(self.lower.size)
        point[self._kept] = found[: self._kept.size]
        return point


def _sums(cells: Cells, kept: NDArray[np.int64], columns: int) -> Any:  # noqa: ANN401 - scipy has no types
    """Return the equations of the cells that are kept, by rows."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - slow; only a publication needs it

    at = cells.entries_of(kept)
    rows, row = np.unique(cells.equation[at], return_inverse=True)
    column = np.searchsorted(kept, cells.cell[at])
    return csr_array((cells.sign[at].astype(np.float64), (row, column)), shape=(rows.size, columns))


class Seen:
    """The least and the greatest value that a cell had in any point that fits the figures."""

    def __init__(self, cells: int) -> None:
        self.lower = np.full(cells, np.inf)
        self.upper = np.full(cells, -np.inf)

    @property
    def is_empty(self) -> bool:
        """Whether there is no point yet."""
        return bool((self.lower > self.upper).any())

    def add(self, values: NDArray[np.float64]) -> None:
        """Take in one more point."""
        found = values[: self.lower.size]
        self.lower = np.minimum(self.lower, found)
        self.upper = np.maximum(self.upper, found)

    def share(self, folded: Folded) -> None:
        """Let each cell have what cells that are alike had.

        Each of them can have all that they have together while the others have 0 (`Folded`), and so
        anything between that and 0.
        """
        most = np.full(self.upper.size, -np.inf)
        np.maximum.at(most, folded.of, self.upper)
        self.upper = most[folded.of]
        self.lower = np.where(folded.many, np.minimum(self.lower, 0.0), self.lower)

    def add_range(
        self, at: NDArray[np.int64], lower: NDArray[np.float64], upper: NDArray[np.float64]
    ) -> None:
        """Take in, for each of these cells, a point with the one value and one with the other."""
        np.minimum.at(self.lower, at, lower)
        np.maximum.at(self.upper, at, upper)

    def width(self, cell: NDArray[np.int64] | np.int64) -> NDArray[np.float64]:
        """Give how far apart the values of these cells were."""
        return np.asarray(self.upper[cell] - self.lower[cell])


def vstacked(parts: tuple[Any, ...]) -> Any:  # noqa: ANN401 - scipy has no types
    """Put sparse rows under each other."""
    from scipy.sparse import vstack  # noqa: PLC0415 - slow; only a publication needs it

    return vstack(list(parts))


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A point of least cost, and what each bound and each limit costs; 0 where it does not bind.

    Parameters
    ----------
    x
        (n,) the point.
    of_bounds
        (n,) how the cost changes with the bound that a variable is at.
    of_limits
        (rows,) how the cost changes with the limit of a row.
    """

    x: NDArray[np.float64]
    of_bounds: NDArray[np.float64]
    of_limits: NDArray[np.float64]


def solved(
    cost: NDArray[np.float64],
    above: Any,  # noqa: ANN401 - scipy has no types
    limits: NDArray[np.float64],
    sums: Any,  # noqa: ANN401 - the same
    bounds: NDArray[np.float64],
) -> Solution:
    """Give a point of least cost with above·x ≤ limits and sums·x = 0, within the bounds.

    Raises
    ------
    AuditError
        If there is none.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - slow; only a publication needs it

    answer = linprog(
        cost,
        A_ub=above if limits.size else None,
        b_ub=limits if limits.size else None,
        A_eq=sums if sums.shape[0] else None,
        b_eq=np.zeros(sums.shape[0]) if sums.shape[0] else None,
        bounds=bounds,
        method="highs",
    )
    if answer.status != 0:
        raise AuditError(answer.message)
    return Solution(
        np.asarray(answer.x, dtype=np.float64),
        np.asarray(answer.lower.marginals + answer.upper.marginals, dtype=np.float64),
        np.asarray(answer.ineqlin.marginals, dtype=np.float64),
    )
