"""Figures of many groups at once: sums, weighted quantiles, the FGT gap and Gini's coefficient.

The rows are put in the order of their values once, then in that of their groups, and each figure
is made of running sums. With whole weights no loop runs over groups.

Whole weights, whose sum is below 2⁵³, give exact sums and quantiles. With n float weights a sum is
off by at most n·2⁻⁵³ of itself, and a quantile is that of weights so little different; so are the
gap and Gini's coefficient with any weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match.coverage.measures.edge_effect import mean_by_group

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Numbers = Integers | Floats

_HALF: Final = 2**31
"""Half of what half an int64 holds."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows in groups.

    Parameters
    ----------
    of
        int64, (n,): the group of each row, 0 … g − 1.
    number
        g.
    weight
        At least 0, (n,): int64 or float64.
    """

    of: Integers
    number: int
    weight: Numbers

    def total(self, counted: NDArray[np.bool_] | None = None) -> Numbers:
        """Return the sum of the weights of each group, (g,), of all rows or those that count.

        Of the type of the weights; exact for integers, whose sum is below 2⁵³.
        """
        of, weight = (
            (self.of, self.weight) if counted is None else (self.of[counted], self.weight[counted])
        )
        found = np.bincount(of, weights=weight, minlength=self.number)
        return _like(self.weight, found)

    def totals(self, kind: Integers, n_kinds: int) -> Numbers:
        """Return the sums of the weights of each kind in each group, (g, n_kinds).

        Parameters
        ----------
        kind
            int64, (n,): 0 … n_kinds − 1; −1 counts for none.
        """
        counted = kind >= 0
        cell = self.of[counted] * n_kinds + kind[counted]
        size = self.number * n_kinds
        found = np.bincount(cell, weights=self.weight[counted], minlength=size)
        return _like(self.weight, found.reshape(self.number, n_kinds))


@dataclass(frozen=True, eq=False)
class Ordered:
    """Values of the rows of groups, each group's in their order.

    Parameters
    ----------
    groups
        The groups of the n rows.
    value
        Sorted within each group, (n,).
    weight
        Of the same rows, (n,).
    ends
        int64, (g + 1,): where each group's rows begin, and where the last end.
    """

    groups: Groups
    value: Numbers
    weight: Numbers
    ends: Integers

    @cached_property
    def running(self) -> Numbers:
        """The sum of the weights of each row and of those before it in its group, (n,).

        Floats are added up group by group: what a great one loses is no other group's.
        """
        weight = self.weight
        if weight.dtype.kind == "i":
            whole = self._running_of_all
            return _like(weight, whole[1:] - whole[self.ends[:-1]][self._of])
        found = np.empty(len(weight))
        for first, end in self._runs:
            np.cumsum(weight[first:end], out=found[first:end])
        return found

    @cached_property
    def total(self) -> Numbers:
        """The sum of the weights of each group, (g,)."""
        has_rows = np.diff(self.ends) > 0
        found = np.zeros(self.groups.number, dtype=self.running.dtype)
        found[has_rows] = self.running[self.ends[1:][has_rows] - 1]
        return _like(self.weight, found)

    def quantile(self, q: float) -> Floats:
        """Return the weighted quantile of each group, (g,); NaN where it has no weight.

        It is the least value v for which the weights of the values up to v add up to q of all:
        Σ P_i [x_i ≤ v] ≥ q·Σ P_i. `q` counts as it is written: 0.1 is a tenth, exactly.

        Parameters
        ----------
        q
            Above 0, at most 1.
        """
        found = np.full(self.groups.number, np.nan)
        has_weight = self.total > 0
        if not has_weight.any():
            return found
        total, needed = self.total[has_weight], self.total[has_weight]
        if total.dtype.kind == "i":
            part = Fraction(repr(q))
            # Python's integers, as the product may leave int64.
            share = -(-total.astype(object) * part.numerator // part.denominator)
            needed = share.astype(np.int64)
        else:
            needed = np.asarray(q * total, dtype=np.float64)
        if total.dtype.kind == "i":
            first, end = self.ends[:-1][has_weight], self.ends[1:][has_weight]
            whole = self._running_of_all
            at = np.searchsorted(whole[1:], whole[first] + needed, side="left")
            found[has_weight] = self.value[np.minimum(at, end - 1)]
            return found
        runs = [run for run, has in zip(self._runs, has_weight.tolist(), strict=True) if has]
        places = [
            min(first + int(np.searchsorted(self.running[first:end], one, side="left")), end - 1)
            for (first, end), one in zip(runs, needed, strict=True)
        ]
        found[has_weight] = self.value[places]
        return found

    def mean(self) -> Floats:
        """Return the weighted mean of each group, (g,); NaN where it has no weight."""
        return mean_by_group(self.value, self.weight, self._of, self.groups.number)

    def gini(self) -> Floats:
        """Return Gini's coefficient of each group, (g,); NaN where nothing is to be shared.

        G = Σ_i Σ_j P_i P_j |x_i − x_j| / (2·W·Σ P x), W = Σ P, which in the order of the values is
        Σ P_i x_i (F_i + F_{i−1} − W) / (W·Σ P x), F the running sum of the weights: 0 where all
        have the same, near 1 where one has all.
        """
        of = self._of
        # As floats, since whole weights times whole values may leave int64.
        share = self.weight.astype(np.float64) * self.value
        before = np.concatenate((self.running[:1], self.running[:-1]))
        before[self.ends[:-1][np.diff(self.ends) > 0]] = 0
        middle = self.running + before - self.total[of]
        above = np.bincount(of, weights=share * middle, minlength=self.groups.number)
        whole = np.bincount(of, weights=share, minlength=self.groups.number) * self.total
        found = np.full(self.groups.number, np.nan)
        np.divide(above, whole, out=found, where=whole > 0)
        return found

    def gap(self, standard: float, enough: float | None = None) -> tuple[Floats, Floats, Floats]:
        """Return share, depth and severity of the gap of each group, (g,) each; NaN without weight.

        Foster, Greer and Thorbecke (1984): Σ P_i ((z − x_i)/z)^α [x_i < z] / Σ P_i for α = 0, 1, 2.

        Parameters
        ----------
        standard
            z, at least 0; at 0 all three are 0.
        enough
            From what on a value counts as z; None for z itself.
        """
        below = self.value < (standard if enough is None else enough)
        of, weight = self._of[below], self.weight[below]
        depth = (standard - self.value[below]) / (standard or 1.0)
        found = []
        for power in range(3):
            sums = np.bincount(of, weights=weight * depth**power, minlength=self.groups.number)
            share = np.full(self.groups.number, np.nan)
            np.divide(sums, self.total, out=share, where=self.total > 0)
            found.append(share)
        return found[0], found[1], found[2]

    @cached_property
    def _running_of_all(self) -> Integers:
        """The sum of whole weights before each row and after the last, (n + 1,): exact."""
        found = np.zeros(len(self.weight) + 1, dtype=np.int64)
        np.cumsum(self.weight, out=found[1:])
        return found

    @cached_property
    def _runs(self) -> list[tuple[int, int]]:
        """Where the rows of each group begin and end."""
        return list(pairwise(self.ends.tolist()))

    @cached_property
    def _of(self) -> Integers:
        return np.repeat(np.arange(self.groups.number), np.diff(self.ends))


def _like(weight: Numbers, sums: NDArray[Any]) -> Numbers:
    """Return sums in the type of the weights; exact for integers, whose sum is below 2⁵³."""
    # Of no rows numpy gives integers, whatever their weights are.
    if weight.dtype.kind == "i":
        return sums.astype(np.int64)
    return sums.astype(np.float64)


def share_of(part: Numbers, whole: Numbers) -> Floats:
    """Return part of whole, (n,); NaN where there is no whole."""
    found = np.full(len(whole), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def by_value(value: Numbers) -> Integers:
    """Return the order of values, int64, (n,): what `ordered` needs, once for any grouping.

    Equal ones are in the order of their rows. Numpy sorts integers several times as fast as it
    finds their order, so each carries its row in its lower half.
    """
    n = len(value)
    if n == 0 or n > _HALF:
        return np.argsort(value, kind="stable")
    if value.dtype.kind == "i" and value.min() >= -_HALF and value.max() < _HALF:
        rank, rows = value.astype(np.int64), np.arange(n)
    else:
        rows = np.argsort(value)  # equal ones in any order
        in_order = value[rows]
        rank = np.zeros(n, dtype=np.int64)
        np.cumsum(in_order[1:] != in_order[:-1], out=rank[1:])
    keys = rank * (2 * _HALF) + rows
    keys.sort()
    return keys % (2 * _HALF)


def ordered(groups: Groups, value: Numbers, order: Integers) -> Ordered:
    """Put the rows of groups in the order of their values.

    Parameters
    ----------
    value
        Of all n rows.
    order
        Of the rows that count, by `value`: distinct positions.
    """
    of = groups.of[order]
    # Short keys are sorted by their digits, in linear time.
    small = of.astype(np.int16) if groups.number <= np.iinfo(np.int16).max else of
    rows = order[np.argsort(small, kind="stable")]
    counts = np.bincount(of, minlength=groups.number)
    ends = np.concatenate(([0], np.cumsum(counts)))
    return Ordered(groups, value[rows], groups.weight[rows], ends)
