"""Rounded figures with noise that never averages out: the same cell always has the same."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

KEY_BYTES = 32
"""The length of a key that is drawn."""


def noise_of(min_count: int, step: int) -> int:
    """Give how much noise there is beside the rounding.

    Rounding alone leaves a figure `step` - 1 from its count. What is left when one figure is taken
    from an equal one then lies in an interval of twice that; with this it is `min_count` wide, and
    fewer figures need to be kept back.
    """
    return max(0, -(-min_count // 2) - (step - 1))


def least_figure(min_count: int, step: int) -> int:
    """Give the least figure that is printed: no count below `min_count` is."""
    return -(-min_count // step) * step


def most_error_of(min_count: int, step: int) -> int:
    """Give how far a printed figure may be from its count, 1 at least."""
    return max(step - 1 + noise_of(min_count, step), least_figure(min_count, step) - min_count)


def figures(
    names: Sequence[str],
    counts: NDArray[np.int64],
    key: bytes,
    *,
    min_count: int,
    step: int,
) -> NDArray[np.int64]:
    """Give the figures that are printed for these counts.

    The figure of n is `step` · ⌊(n + v + w) / step⌋, and `least_figure` at least, with v of
    0 … `step` - 1 and w of -`noise_of` … `noise_of`, of the cell. Over all v the mean of the floor
    is n + w exactly, and the mean of w is 0: unbiased, but for the least figures. v and w come from
    the key and the cell's name alone: published again, or at another date, the figure of an
    unchanged count is unchanged, so that no number of publications averages it out.

    Parameters
    ----------
    names
        (n,) a name a cell, the same in all publications.
    counts
        (n,) the counts.
    key
        Secret bytes, 64 at most.
    min_count, step
        As published.
    """
    noise = noise_of(min_count, step)
    digests = (blake2b(name.encode(), key=key, digest_size=16).digest() for name in names)
    halves = np.frombuffer(b"".join(digests), dtype="<u8").reshape(-1, 2)
    # Of 64 bits each: the bias of a remainder is below 2⁻⁵⁰.
    by_lot = (halves[:, 0] % np.uint64(step)).astype(np.int64)
    added = (halves[:, 1] % np.uint64(2 * noise + 1)).astype(np.int64) - noise
    rounded = (counts + by_lot + added) // step * step
    return np.asarray(np.maximum(rounded, least_figure(min_count, step)), dtype=np.int64)
