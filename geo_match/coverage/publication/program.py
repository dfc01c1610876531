"""Bounds by linear programming over all that is published, and the points that it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match.coverage.publication.bounds import TOLERANCE, spread_bounds
from geo_match.coverage.publication.noise import least_figure
from geo_match.errors import GeoMatchError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.bounds import Shown

_IDLE: Final = 3  # shared programs that settle nothing, before each cell has programs of its own
_SEED: Final = 20
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


class Program:
    """The linear program of a publication: every figure, every sum, the noise of every cell.

    A variable a cell, and one for the noise of each cell that is shown at several dates: its
    figures share it, which ties their counts closer than the figures alone do.

    Parameters
    ----------
    shown
        What a reader knows.
    part
        None for all cells. Else positions, ascending, of those that may move, at all of their
        dates: the others stay as they are in `point`.
    point
        (n,) values that fit all figures; only for a part.

    Raises
    ------
    AuditError
        If figures contradict each other, as far as single sums show it.
    """

    def __init__(
        self,
        shown: Shown,
        *,
        part: NDArray[np.int64] | None = None,
        point: NDArray[np.float64] | None = None,
    ) -> None:
        from scipy.sparse import csr_array  # noqa: PLC0415 - slow; only a publication needs it

        self._shown = shown
        cells = shown.cells
        if part is None or point is None:
            part = np.arange(cells.size)
            self.lower, self.upper = spread_bounds(shown)
            at = np.arange(cells.cell.size)
        else:
            self.lower, self.upper = shown.alone()
            at = cells.entries_of(part)
        if (self.lower > self.upper).any():
            raise AuditError("Bounds cross.")
        self._part = part
        rows, row = np.unique(cells.equation[at], return_inverse=True)
        tied = np.flatnonzero(shown.tied[part])
        noises, noise = np.unique(cells.same[part[tied]], return_inverse=True)
        self._size = part.size + noises.size
        self._sums = csr_array(
            (cells.sign[at].astype(np.float64), (row, np.searchsorted(part, cells.cell[at]))),
            shape=(rows.size, self._size),
        )
        # All terms of a sum are 0 together: those that move leave what they leave in the point.
        held = np.zeros(part.size) if point is None else point[part]
        self._rest = self._sums @ np.concatenate([held, np.zeros(noises.size)])
        # figure ≤ x + u ≤ figure + step - 1, as rows of ≤; the least figure may stand for less
        of, ones = np.arange(tied.size), np.ones(tied.size)
        entries = (np.concatenate([of, of]), np.concatenate([tied, part.size + noise]))
        above = csr_array((np.concatenate([ones, ones]), entries), shape=(tied.size, self._size))
        self._ties = (above, -1.0 * above)
        figure = shown.figure[part[tied]]
        least = np.where(figure <= least_figure(shown.min_count, shown.step), 0, figure)
        self._limits = (figure + shown.step - 1.0, -1.0 * least)
        spread = shown.step - 1.0 + shown.noise
        self._bounds = np.column_stack(
            [
                np.concatenate([self.lower[part], np.full(noises.size, -1.0 * shown.noise)]),
                np.concatenate([self.upper[part], np.full(noises.size, spread)]),
            ]
        )

    def intervals(self, *, exact: bool, seen: Seen) -> Intervals:
        """Bound every cell that is kept back; of the whole, not of a part.

        Two points that both fit all figures, `min_count` apart in a cell, show that the cell is
        safe. One program moves as many cells as it can, so that a few settle many; what they leave
        is bounded cell by cell.

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
        open_ = np.flatnonzero(asked if exact else ~safe)
        if open_.size == 0:
            return Intervals(lower, upper, known, safe)
        if seen.is_empty:
            seen.add(self._solve(np.zeros(self._size), self._bounds))
        if not exact:
            open_ = self._together(seen, open_)
        for cell in open_:
            if not exact and seen.width(cell) >= shown.min_count - TOLERANCE:
                continue
            low, _ = self._end(cell, 1.0)
            high, unbounded = self._end(cell, -1.0)
            seen.add(low)
            seen.add(high)
            if unbounded:
                seen.upper[cell] = np.inf
            known[cell] = True
        tried = asked & (known | (seen.upper - seen.lower >= shown.min_count - TOLERANCE))
        lower[tried], upper[tried] = seen.lower[tried], seen.upper[tried]
        return Intervals(lower, upper, known, safe | shown.safe(lower, upper))

    def _together(self, seen: Seen, open_: NDArray[np.int64]) -> NDArray[np.int64]:
        """Move all open cells at once, up or down by lot; give the cells that are still open."""
        rng = np.random.default_rng(_SEED)  # the lots only decide what is tried first
        wanted = self._shown.min_count
        idle = 0
        while open_.size and idle < _IDLE:
            signs = np.where(rng.random(open_.size) < 0.5, -1.0, 1.0)  # noqa: PLR2004 - a coin
            seen.add(self._move(seen, open_, signs, wanted))
            left = open_[seen.width(open_) < wanted - TOLERANCE]
            idle = idle + 1 if left.size == open_.size else 0
            open_ = left
        return open_

    def widen(self, asked: NDArray[np.int64], seen: Seen) -> int:
        """Look for points in which these cells are `min_count` apart; give how many were made.

        Parameters
        ----------
        asked
            Cells that may move.
        seen
            With the point that the part was taken from; what is found is added.
        """
        wanted = self._shown.min_count
        made = 0
        open_ = asked[seen.width(asked) < wanted - TOLERANCE]
        for cell in open_:
            for sign in (-1.0, 1.0):
                if seen.width(cell) < wanted - TOLERANCE:
                    point, _ = self._end(cell, sign, seen.lower[cell] + wanted)
                    seen.add(point[: self._part.size], self._part)
                    made += 1
        return made

    def inner_point(self) -> NDArray[np.float64]:
        """Give a point of the whole that fits all figures, and lies off the ends where it can.

        Raises
        ------
        AuditError
            If no counts fit the figures.
        """
        from scipy.sparse import csr_array, eye_array, hstack, vstack  # noqa: PLC0415 - as above

        n, k = self._size, self._part.size
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
        return solved(cost, above, np.concatenate(limits), sums, bounds, self._rest)[:k]

    def _move(
        self, seen: Seen, open_: NDArray[np.int64], signs: NDArray[np.float64], wanted: int
    ) -> NDArray[np.float64]:
        """Maximise Σ w with w ≤ x - least seen (up) or w ≤ most seen - x (down), and w ≤ wanted."""
        from scipy.sparse import csr_array, hstack, vstack  # noqa: PLC0415 - as above

        k = open_.size
        rows = np.arange(k)
        moved = csr_array((-signs, (rows, open_)), shape=(k, self._size))
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
        bounds = np.vstack([self._bounds, np.tile([-np.inf, float(wanted)], (k, 1))])
        cost = np.concatenate([np.zeros(self._size), -np.ones(k)])
        return solved(cost, above, np.concatenate([*self._limits, limit]), sums, bounds, self._rest)

    def _end(
        self, cell: np.int64, sign: float, most: float = np.inf
    ) -> tuple[NDArray[np.float64], bool]:
        """Give a point with the least (sign 1) or greatest (-1) x[cell], and whether it is open.

        No greater than `most` is looked for.
        """
        at = np.searchsorted(self._part, cell)
        cost = np.zeros(self._size)
        cost[at] = sign
        bounds = self._bounds.copy()
        # An end that no figure holds would end the solver without a point; so far is as good.
        far = _FAR * (self._shown.figure[self._shown.shown].sum() + self._shown.min_count)
        bounds[at, 1] = min(bounds[at, 1], far, most)
        point = self._solve(cost, bounds)
        return point, bool(sign < 0 and point[at] >= far - TOLERANCE)

    def _solve(self, cost: NDArray[np.float64], bounds: NDArray[np.float64]) -> NDArray[np.float64]:
        from scipy.sparse import vstack  # noqa: PLC0415 - as above

        above = vstack(list(self._ties))
        return solved(cost, above, np.concatenate(self._limits), self._sums, bounds, self._rest)


class Seen:
    """The least and the greatest value that a cell had in any point that fits the figures."""

    def __init__(self, cells: int) -> None:
        self.lower = np.full(cells, np.inf)
        self.upper = np.full(cells, -np.inf)

    @property
    def is_empty(self) -> bool:
        """Whether there is no point yet."""
        return bool((self.lower > self.upper).any())

    def add(self, values: NDArray[np.float64], at: NDArray[np.int64] | None = None) -> None:
        """Take in one more point: of all cells, or with other values than one before at some."""
        where = slice(None) if at is None else at
        found = values[: self.lower.size] if at is None else values
        self.lower[where] = np.minimum(self.lower[where], found)
        self.upper[where] = np.maximum(self.upper[where], found)

    def add_range(
        self, at: NDArray[np.int64], lower: NDArray[np.float64], upper: NDArray[np.float64]
    ) -> None:
        """Take in, for each of these cells, a point with the one value and one with the other."""
        np.minimum.at(self.lower, at, lower)
        np.maximum.at(self.upper, at, upper)

    def width(self, cell: NDArray[np.int64] | np.int64) -> NDArray[np.float64]:
        """Give how far apart the values of these cells were."""
        return np.asarray(self.upper[cell] - self.lower[cell])


def solved(  # noqa: PLR0917 - as a linear program is written
    cost: NDArray[np.float64],
    above: Any,  # noqa: ANN401 - scipy has no types
    limits: NDArray[np.float64],
    sums: Any,  # noqa: ANN401 - the same
    bounds: NDArray[np.float64],
    rest: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give a point of least cost with above·x ≤ limits and sums·x = rest, within the bounds."""
    from scipy.optimize import linprog  # noqa: PLC0415 - slow; only a publication needs it

    answer = linprog(
        cost,
        A_ub=above if limits.size else None,
        b_ub=limits if limits.size else None,
        A_eq=sums if sums.shape[0] else None,
        b_eq=rest if sums.shape[0] else None,
        bounds=bounds,
        method="highs",
    )
    if answer.status != 0:
        raise AuditError(answer.message)
    return np.asarray(answer.x, dtype=np.float64)
