"""Weights in the order of the slots; floats as whole numbers, so that their order never shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._layout import Layout

_BITS = 61
"""Sums of magnitudes stay below 2⁶¹, so that no sum of signed parts leaves int64."""


@dataclass(frozen=True, slots=True)
class PreparedWeights:
    """Weights of an index's points, ready to be summed; made by `PointIndex.prepare`.

    Parameters
    ----------
    by_slot
        int64, (k, m): whole numbers in the order of the slots; two rows a column of floats.
    before
        int64, (k, m + 1): their sums over all slots before each.
    exponents
        Of `split_floats`; None for integers.
    columns
        Shape of a point's weights: () or (k,).
    layout
        The layout whose slots these are.
    """

    by_slot: NDArray[np.int64]
    before: NDArray[np.int64]
    exponents: NDArray[np.int64] | None
    columns: tuple[int, ...]
    layout: Layout

    def finish(self, total: NDArray[np.int64]) -> NDArray[np.int64] | NDArray[np.float64]:
        """Turn sums of the rows, (n, k), into what the user's weights add up to."""
        shape = (len(total), *self.columns)
        if self.exponents is None:
            return total.reshape(shape)
        return unsplit_floats(total, self.exponents).reshape(shape)


def prepare(weights: NDArray[np.int64] | NDArray[np.float64], layout: Layout) -> PreparedWeights:
    """Prepare checked weights, (m,) or (m, k) by position."""
    table = weights if weights.ndim > 1 else weights[:, None]
    exponents = None
    if weights.dtype.kind == "f":
        whole, exponents = split_floats(np.asarray(table, dtype=np.float64))
    else:
        whole = np.asarray(table, dtype=np.int64)
    by_slot = np.ascontiguousarray(whole[layout.position].T)
    before = np.zeros((len(by_slot), by_slot.shape[1] + 1), dtype=np.int64)
    np.cumsum(by_slot, axis=1, out=before[:, 1:])
    return PreparedWeights(by_slot, before, exponents, weights.shape[1:], layout)


def split_floats(
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Write each weight as high·2^−h + low·2^−l with whole numbers high and low.

    Parameters
    ----------
    weights
        Finite, shape (m, k).

    Returns
    -------
    whole
        int64, (m, 2·k): the high parts, then the low ones; sums of either stay within int64.
    exponents
        int64, (2, k): h, and l. What is lost of a weight is below 2^−(l + 1).
    """
    m, k = weights.shape
    if m == 0:
        return np.empty((0, 2 * k), dtype=np.int64), np.zeros((2, k), dtype=np.int64)
    greatest = np.abs(weights).max(axis=0)
    # |w| < 2^e for all, so m of them stay below 2^(e + bits of m).
    room = _BITS - int(m).bit_length()
    high_exponent = room - np.frexp(greatest)[1].astype(np.int64)
    scaled = np.ldexp(weights, high_exponent)
    high = np.rint(scaled)
    # The remainder is exact: a float and its nearest whole number differ by a float.
    low = np.rint(np.ldexp(scaled - high, room))
    whole = np.concatenate((high, low), axis=1).astype(np.int64)
    return whole, np.stack((high_exponent, high_exponent + room))


def unsplit_floats(total: NDArray[np.int64], exponents: NDArray[np.int64]) -> NDArray[np.float64]:
    """Turn sums of the parts, (n, 2·k), back into floats, (n, k)."""
    k = exponents.shape[1]
    high, low = total[:, :k], total[:, k:]
    # What the low parts hold of whole high units goes there: the rest is at most half a unit, so
    # that a sum of large parts that cancel is not rounded before they do.
    room = exponents[1] - exponents[0]
    carry = (low + ((np.int64(1) << room) >> 1)) >> room
    high, low = high + carry, low - (carry << room)
    rounded = high.astype(np.float64)
    lost = (high - rounded.astype(np.int64)).astype(np.float64)
    rest = lost + np.ldexp(low.astype(np.float64), -room)
    return np.asarray(np.ldexp(rounded + rest, -exponents[0]))
