"""Ways of an extract in runs: cut where nodes are missing, at its border, and at closed gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Integers = NDArray[np.int64]
    _Bools = NDArray[np.bool_]

NOWHERE: Final = 2**31 - 1
"""The coordinates of a node that is missing, as osmium has them."""


class Nodes(NamedTuple):
    """The nodes of ways, one way behind the other.

    Parameters
    ----------
    ref
        int64, (k,): ids.
    x, y
        int32, (k,): ten-millionths of a degree; `NOWHERE` where the node is missing.
    way
        int64, (k,), ascending.
    """

    ref: _Integers
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    way: _Integers


class Runs(NamedTuple):
    """Parts of ways whose nodes are all there.

    Parameters
    ----------
    offsets, point, clipped
        As in `Ways`.
    x, y
        int32, (n,): where the points are.
    way
        int64, (r,): the way that each run is of.
    n_blocked
        How many nodes cut ways because nobody passes them.
    """

    offsets: _Integers
    point: _Integers
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    way: _Integers
    clipped: _Bools
    n_blocked: int


def runs_of(nodes: Nodes, bounds: tuple[int, int, int, int] | None, blocked: _Integers) -> Runs:
    """Return the runs of ways, those of a single node included.

    Parameters
    ----------
    nodes
        Of all ways.
    bounds
        West, south, east and north end of the extract, ten-millionths of a degree; None if it is
        not known. A way is followed to the first node beyond.
    blocked
        Ids of nodes that nobody passes: each way has its own end there, on either side.
    """
    kept, is_inside = _kept(nodes, bounds)
    at = np.flatnonzero(kept)
    is_blocked = np.isin(nodes.ref[at], blocked)
    begins, ends = _ends(nodes.way, at)
    inner = is_blocked & ~begins & ~ends
    # A closed gate within a run is there twice: as the end of one, and the beginning of another.
    times = 1 + inner
    first = np.cumsum(times) - times
    second = first[inner] + 1
    at, is_blocked = np.repeat(at, times), np.repeat(is_blocked, times)
    begins, ends = np.repeat(begins, times), np.repeat(ends, times)
    begins[second] = True
    ends[second - 1] = True
    low, high = np.flatnonzero(begins), np.flatnonzero(ends)
    refs, which, point = np.unique(nodes.ref[at], return_index=True, return_inverse=True)
    own = np.flatnonzero(is_blocked)
    point[own] = len(refs) + np.arange(len(own))
    where = np.concatenate([at[which], at[own]])
    return Runs(
        np.append(low, len(at)).astype(np.int64),
        point.astype(np.int64),
        nodes.x[where],
        nodes.y[where],
        nodes.way[at[low]],
        np.column_stack(
            [
                _is_clipped(nodes, at[low], -1, is_inside) & ~is_blocked[low],
                _is_clipped(nodes, at[high], 1, is_inside) & ~is_blocked[high],
            ]
        ),
        len(np.unique(nodes.ref[at[own]])),
    )


def _kept(nodes: Nodes, bounds: tuple[int, int, int, int] | None) -> tuple[_Bools, _Bools]:
    """Return which nodes are kept, and which are within the extract."""
    is_there = nodes.x != NOWHERE
    if bounds is None:
        return is_there, is_there
    west, south, east, north = bounds
    is_inside = (
        is_there & (nodes.x >= west) & (nodes.x <= east) & (nodes.y >= south) & (nodes.y <= north)
    )
    together = nodes.way[1:] == nodes.way[:-1]
    near = is_inside.copy()
    near[1:] |= is_inside[:-1] & together
    near[:-1] |= is_inside[1:] & together
    return is_there & near, is_inside


def _ends(way: _Integers, at: _Integers) -> tuple[_Bools, _Bools]:
    """Return which of the kept nodes begin and end a run."""
    apart = (np.diff(at) > 1) | (np.diff(way[at]) != 0)
    edge = np.ones(min(len(at), 1), dtype=np.bool_)
    return np.concatenate([edge, apart]), np.concatenate([apart, edge])


def _is_clipped(nodes: Nodes, at: _Integers, step: int, is_inside: _Bools) -> _Bools:
    """Return which ends of runs are where the extract ends: outside, or before a node left out."""
    beyond = np.clip(at + step, 0, max(len(nodes.way) - 1, 0))
    goes_on = (beyond != at) & (nodes.way[beyond] == nodes.way[at])
    return np.asarray(~is_inside[at] | (goes_on & (nodes.x[beyond] == NOWHERE)))
