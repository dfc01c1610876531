"""What was chosen: pairs that match, how choices are put together, and their ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.matching.engine._runs import runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Chosen(NamedTuple):
    """Pairs that match: those of a centre together, the best first.

    Parameters
    ----------
    centre, row
        int64, (m,): rows of the two sides; centres ascending.
    distance_m, score
        float64, (m,).
    """

    centre: NDArray[np.int64]
    row: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    score: NDArray[np.float64]


def joined(parts: Sequence[Chosen]) -> Chosen:
    """Put choices one behind the other."""
    if not parts:
        nothing = np.empty(0)
        return Chosen(nothing.astype(np.int64), nothing.astype(np.int64), nothing, nothing)
    return Chosen._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def merged(parts: Sequence[Chosen], order: NDArray[np.int64], limit: int | None) -> Chosen:
    """Put choices together: those of a centre side by side, the best first, at most `limit`.

    Parameters
    ----------
    parts
        Each with the best of a centre first; no two hold the same pair.
    order
        int64: the place of each row's id in their order.
    """
    everything = joined(parts)
    # A part may begin with the centre that the one before it ends with.
    begun = np.cumsum([0, *(len(part.centre) for part in parts)])
    first = np.union1d(_firsts(everything.centre), begun[begun < len(everything.centre)])
    centre, n = everything.centre[first], np.diff(np.append(first, len(everything.centre)))
    by_centre = np.argsort(centre, kind="stable")
    if (np.diff(centre[by_centre]) == 0).any():  # of several pools: they are to be ranked anew
        by_rank = np.lexsort((order[everything.row], -everything.score, everything.centre))
    else:
        by_rank = runs(first[by_centre], n[by_centre])
    chosen = Chosen._make(column[by_rank] for column in everything)
    if limit is None:
        return chosen
    kept = rank_of(chosen.centre) <= limit
    return chosen if kept.all() else Chosen._make(column[kept] for column in chosen)


def rank_of(centre: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rank of each among those of its centre, which lie together, from 1: (m,)."""
    first = _firsts(centre)
    n = np.diff(np.append(first, len(centre)))
    return np.arange(1, len(centre) + 1) - np.repeat(first, n)


def _firsts(centre: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each run of one centre begins."""
    return np.flatnonzero(np.diff(centre, prepend=-1))
