"""What the published figures say of the cells that are not: bounds by linear programming."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geo_match.coverage.publication.noise import least_figure
from geo_match.errors import GeoMatchError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells

_SWEEPS = 40
_TOLERANCE = 1e-6  # of the solver, in people
_IDLE = 3  # shared programs that settle nothing, before each cell has programs of its own
_SEED = 20
_FAR = 10  # times all figures together


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
class Shown:
    """What a reader of the publication knows.

    Parameters
    ----------
    cells
        The cells and their sums.
    shown
        (n,) which cells have a figure.
    figure
        (n,) the figures; of no meaning where not shown.
    min_count
        No count below it is shown.
    step
        Figures are multiples of this.
    noise
        The most that is added to a count or taken from it before it is rounded by lot.
    """

    cells: Cells
    shown: NDArray[np.bool_]
    figure: NDArray[np.int64]
    min_count: int
    step: int
    noise: int

    @property
    def kept_back(self) -> NDArray[np.bool_]:
        """Which cells nobody is told: neither shown nor known to be 0."""
        return ~self.shown & ~self.cells.structural

    def alone(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bound each cell by its own figure."""
        lower, upper = np.zeros(self.cells.size), np.full(self.cells.size, np.inf)
        spread = self.step - 1 + self.noise
        lower[self.shown] = np.maximum(self.min_count, self.figure[self.shown] - spread)
        upper[self.shown] = self.figure[self.shown] + spread
        upper[self.cells.structural] = 0
        return lower, upper

    def safe(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say which intervals tell too little to harm.

        A printed gap must be `min_count` wide. What is not printed at all (a rest) may also be
        known well if it is `min_count` at least: it is as large as what is shown.
        """
        wide = upper - lower >= self.min_count - _TOLERANCE
        large = ~self.cells.printed & (lower >= self.min_count - _TOLERANCE)
        return wide | large


def spread_bounds(shown: Shown) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tighten the bounds of all cells equation by equation, again and again.

    The intervals hold what linear programming finds, and may be wider: a cell too narrow here is
    too narrow there, and not the other way round.
    """
    cells = shown.cells
    lower, upper = shown.alone()
    for _ in range(_SWEEPS):
        floor, ceiling = _implied(cells, lower, upper)
        new_lower, new_upper = lower.copy(), upper.copy()
        np.maximum.at(new_lower, cells.cell, floor)
        np.minimum.at(new_upper, cells.cell, ceiling)
        if np.array_equal(new_lower, lower) and np.array_equal(new_upper, upper):
            break
        lower, upper = new_lower, new_upper
    return lower, upper


def binding(
    cells: Cells, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Say which entries' equations give their cells the bounds that `spread_bounds` found."""
    floor, ceiling = _implied(cells, lower, upper)
    least, most = lower[cells.cell], upper[cells.cell]
    return ((ceiling <= most) & np.isfinite(ceiling)) | ((floor >= least) & (floor > 0))


def _implied(
    cells: Cells, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound each entry's cell by the other cells of its equation."""
    up, cell = cells.sign > 0, cells.cell
    # Bounds of each term sign·x; a sum has a bound where no other term lacks one.
    least = np.where(up, lower[cell], -upper[cell])
    most = np.where(up, upper[cell], -lower[cell])
    floor = -_others(cells.equation, most, cells.equations)
    ceiling = -_others(cells.equation, least, cells.equations)
    return np.where(up, floor, -ceiling), np.where(up, ceiling, -floor)


def _others(
    equation: NDArray[np.int64], terms: NDArray[np.float64], equations: int
) -> NDArray[np.float64]:
    """Give the sum of the other terms of each entry's equation, infinite where one of them is.

    All infinite terms are so in the same direction: counts have no upper bound, or a finite one.
    """
    infinite = np.isinf(terms)
    finite = np.where(infinite, 0.0, terms)
    sums = np.bincount(equation, finite, minlength=equations)
    many = np.bincount(equation, infinite, minlength=equations)
    end = terms[infinite][0] if infinite.any() else np.inf
    return np.where(many[equation] - infinite > 0, end, sums[equation] - finite)


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
    """The linear program of one publication: every figure, every sum, the noise of every cell.

    A variable a cell, and one for the noise of each cell that is shown at several dates: its
    figures share it, which ties their counts closer than the figures alone do.
    """

    def __init__(self, shown: Shown) -> None:
        from scipy.sparse import csr_array  # noqa: PLC0415 - slow; only a publication needs it

        self._shown = shown
        self.lower, self.upper = spread_bounds(shown)
        if (self.lower > self.upper).any():
            raise AuditError("Bounds cross.")
        cells = shown.cells
        again = np.bincount(cells.same[shown.shown], minlength=cells.size) > 1
        tied = np.flatnonzero(shown.shown & again[cells.same])
        noises, noise = np.unique(cells.same[tied], return_inverse=True)
        self._size = cells.size + noises.size
        # figure ≤ x + u ≤ figure + step - 1, as rows of ≤; the least figure may stand for less
        row, ones = np.arange(tied.size), np.ones(tied.size)
        entries = (np.concatenate([row, row]), np.concatenate([tied, cells.size + noise]))
        above = csr_array((np.concatenate([ones, ones]), entries), shape=(tied.size, self._size))
        self._ties = (above, -1.0 * above)
        figure = shown.figure[tied]
        least = np.where(figure <= least_figure(shown.min_count, shown.step), 0, figure)
        self._limits = (figure + shown.step - 1.0, -1.0 * least)
        self._sums = csr_array(
            (cells.sign.astype(np.float64), (cells.equation, cells.cell)),
            shape=(cells.equations, self._size),
        )
        self._bounds = np.column_stack(
            [
                np.concatenate([self.lower, np.full(noises.size, -1.0 * shown.noise)]),
                np.concatenate([self.upper, np.full(noises.size, shown.step - 1.0 + shown.noise)]),
            ]
        )

    def intervals(
        self, *, exact: bool = False, most_narrow: int | None = None, seen: Seen | None = None
    ) -> Intervals:
        """Bound every cell that is kept back.

        Two points that both fit all figures, `min_count` apart in a cell, show that the cell is
        safe. One program moves as many cells as it can, so that a few settle nearly all; what they
        leave is bounded cell by cell.

        Parameters
        ----------
        exact
            Bound all cell by cell.
        most_narrow
            Leave off after so many cells were found to be narrow; the rest then has no answer and
            is given as safe.
        seen
            Points that fit a publication of more figures, and so fit this one; more are added.

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
        seen = Seen(shown.cells.size) if seen is None else seen
        if seen.is_empty:
            seen.add(self._solve(np.zeros(self._size), self._bounds))
        if not exact:
            open_ = self._together(seen, open_)
        found = 0
        for cell in open_:
            if not exact and seen.width(cell) >= shown.min_count - _TOLERANCE:
                continue
            low, _ = self._end(cell, 1.0)
            high, unbounded = self._end(cell, -1.0)
            seen.add(low)
            seen.add(high)
            if unbounded:
                seen.upper[cell] = np.inf
            known[cell] = True
            found += int(not shown.safe(seen.lower, seen.upper)[cell])
            if most_narrow is not None and found >= most_narrow:
                break
        tried = asked & (known | (seen.upper - seen.lower >= shown.min_count - _TOLERANCE))
        lower[tried], upper[tried] = seen.lower[tried], seen.upper[tried]
        return Intervals(lower, upper, known, safe | ~known | shown.safe(lower, upper))

    def _together(self, seen: Seen, open_: NDArray[np.int64]) -> NDArray[np.int64]:
        """Move all open cells at once, up or down by lot; give the cells that are still open."""
        rng = np.random.default_rng(_SEED)  # the lots only decide what is tried first
        wanted = self._shown.min_count
        idle = 0
        while open_.size and idle < _IDLE:
            signs = np.where(rng.random(open_.size) < 0.5, -1.0, 1.0)  # noqa: PLR2004 - a coin
            seen.add(self._move(seen, open_, signs, wanted))
            left = open_[seen.width(open_) < wanted - _TOLERANCE]
            idle = idle + 1 if left.size == open_.size else 0
            open_ = left
        return open_

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
        return _solved(cost, above, np.concatenate([*self._limits, limit]), sums, bounds)

    def _end(self, cell: np.int64, sign: float) -> tuple[NDArray[np.float64], bool]:
        """Give a point with the least (sign 1) or greatest (-1) x[cell], and whether it is open."""
        cost = np.zeros(self._size)
        cost[cell] = sign
        bounds = self._bounds.copy()
        # An end that no figure holds would end the solver without a point; so far is as good.
        far = _FAR * (self._shown.figure[self._shown.shown].sum() + self._shown.min_count)
        bounds[cell, 1] = min(bounds[cell, 1], far)
        point = self._solve(cost, bounds)
        return point, bool(sign < 0 and point[cell] >= far - _TOLERANCE)

    def _solve(self, cost: NDArray[np.float64], bounds: NDArray[np.float64]) -> NDArray[np.float64]:
        from scipy.sparse import vstack  # noqa: PLC0415 - as above

        above = vstack(list(self._ties))
        return _solved(cost, above, np.concatenate(self._limits), self._sums, bounds)


def with_implied_zeros(cells: Cells) -> Cells:
    """Mark as known to be 0 what the sums alone leave no other value, whatever the counts are.

    A part of a known 0 is 0, for one. Points that fit the sums alone stay so when added and
    multiplied; one program that maximises Σ min(x, 1) is therefore positive wherever any is.
    """
    from scipy.sparse import csr_array, eye_array, hstack  # noqa: PLC0415 - slow, as above

    n = cells.size
    if not cells.structural.any() and not cells.equations:
        return cells
    sums = csr_array(
        (cells.sign.astype(np.float64), (cells.equation, cells.cell)), shape=(cells.equations, n)
    )
    bounds = np.zeros((2 * n, 2))
    bounds[:n, 1] = np.where(cells.structural, 0.0, np.inf)
    bounds[n:, 1] = 1.0
    above = hstack([-1.0 * eye_array(n), eye_array(n)])
    cost = np.repeat([0.0, -1.0], n)
    sums = hstack([sums, csr_array((cells.equations, n))])
    point = _solved(cost, above, np.zeros(n), sums, bounds)
    return replace(cells, structural=point[n:] < 0.5)  # noqa: PLR2004 - 0 or 1


class Seen:
    """The least and the greatest value that a cell had in any point that fits the figures."""

    def __init__(self, cells: int) -> None:
        self.lower = np.full(cells, np.inf)
        self.upper = np.full(cells, -np.inf)

    @property
    def is_empty(self) -> bool:
        """Whether there is no point yet."""
        return bool((self.lower > self.upper).any())

    def add(self, point: NDArray[np.float64]) -> None:
        """Take in one more point."""
        values = point[: self.lower.size]
        np.minimum(self.lower, values, out=self.lower)
        np.maximum(self.upper, values, out=self.upper)

    def width(self, cell: NDArray[np.int64] | np.int64) -> NDArray[np.float64]:
        """Give how far apart the values of these cells were."""
        return np.asarray(self.upper[cell] - self.lower[cell])


def _solved(
    cost: NDArray[np.float64],
    above: Any,  # noqa: ANN401 - scipy has no types
    limits: NDArray[np.float64],
    sums: Any,  # noqa: ANN401 - the same
    bounds: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give a point of least cost with above·x ≤ limits and sums·x = 0, within the bounds."""
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
    return np.asarray(answer.x, dtype=np.float64)
