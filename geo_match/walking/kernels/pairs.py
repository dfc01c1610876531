"""The loop behind pairwise distances: one search for all pairs that begin at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match._jit import kernel
from geo_match.walking.kernels.search import (
    UNREACHED,
    along,
    find_seeds,
    forget,
    search,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.kernels.search import Labels, Sources, Ways


@kernel
def measure(
    ways: Ways,
    labels: Labels,
    firsts: Sources,
    limit_mm: NDArray[np.int64],
    offsets: NDArray[np.int64],
    seconds: Sources,
    target_seeds: NDArray[np.int64],
    length_mm: NDArray[np.int64],
) -> None:
    """Write how far the seconds of each first are from it, −1 for those beyond its limit.

    Parameters
    ----------
    offsets
        (q + 1,): the seconds of first i are `offsets[i]` to `offsets[i + 1]`.
    target_seeds
        (2 + o, 2): working memory, as the labels' seeds.
    """
    entries = labels.entries
    for first in range(len(limit_mm)):
        limit = limit_mm[first]
        n_seeds = find_seeds(ways, firsts, first, labels.seeds)
        n_touched, _, entries = search(ways, labels, entries, n_seeds, limit)
        for at in range(offsets[first], offsets[first + 1]):
            least = np.int64(2) * UNREACHED
            for seed in range(find_seeds(ways, seconds, at, target_seeds)):
                reached = np.int64(labels.state[target_seeds[seed, 0], 0])
                least = min(least, reached + target_seeds[seed, 1])
            if firsts.edge[first] == seconds.edge[at]:
                way = along(
                    firsts.lon[first],
                    firsts.lat[first],
                    firsts.to_start_mm[first],
                    firsts.to_end_mm[first],
                    seconds.lon[at],
                    seconds.lat[at],
                    seconds.to_start_mm[at],
                    seconds.to_end_mm[at],
                )
                snaps = np.int64(firsts.snap_mm[first]) + seconds.snap_mm[at]
                least = min(least, snaps + way)
                if (
                    firsts.place_lon[first] == seconds.place_lon[at]
                    and firsts.place_lat[first] == seconds.place_lat[at]
                ):
                    least = np.int64(0)
            length_mm[at] = least if least <= limit else -1
        forget(labels, n_touched)


__all__ = ["measure"]
