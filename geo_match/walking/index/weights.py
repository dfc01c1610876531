"""Weights of points as whole numbers, which are summed exactly, and their sums as they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo_match.index._weights import split_floats, unsplit_floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.index.places import Places
    from geo_match.walking.index.sums import Weights

    Longs = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedWeights:
    """Weights of an index's points, ready to be summed; made by `WalkingIndex.prepare`.

    Parameters
    ----------
    parts
        Whole numbers, two columns a column of floats.
    exponents
        Of `split_floats`; None for integers.
    columns
        Shape of a point's weights: () or (k,).
    places
        Those of the index whose points they are of.
    """

    parts: Weights
    exponents: Longs | None
    columns: tuple[int, ...]
    places: Places

    def finish(self, total: Longs) -> Longs | Floats:
        """Turn sums of the parts, (n, c), into what the user's weights add up to."""
        return in_own_type(total, self.exponents).reshape(len(total), *self.columns)


def as_whole(weights: Longs | Floats) -> tuple[Longs, Longs | None]:
    """Return checked weights, (n,) or (n, k), as whole numbers, floats in two parts, (n, c).

    Returns
    -------
    whole, exponents
        As of `split_floats`; no exponents for integers.
    """
    table = weights if weights.ndim > 1 else weights[:, None]
    if weights.dtype.kind == "f":
        return split_floats(np.asarray(table, dtype=np.float64))
    return np.asarray(table, dtype=np.int64), None


def in_own_type(total: Longs, exponents: Longs | None) -> Longs | Floats:
    """Return sums of whole numbers, (n, c), as sums of the weights that these were made of."""
    return total if exponents is None else unsplit_floats(total, exponents)


__all__ = ["PreparedWeights", "as_whole", "in_own_type"]
