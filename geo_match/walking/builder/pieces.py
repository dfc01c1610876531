"""Where ways meet: they are cut there into pieces, and pieces with no choice between are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.source.ways import Ways

    _Integers = NDArray[np.int64]


class Pieces(NamedTuple):
    """Parts of ways between points in which ways meet or end.

    Parameters
    ----------
    low, high
        int64, (p,): a piece's first and last position in the ways' points.
    start, end
        int64, (p,): the points there.
    kind, name
        Of its way, (p,).
    is_clipped
        bool, (p, 2): whether its start and its end are where the extract ends.
    """

    low: _Integers
    high: _Integers
    start: _Integers
    end: _Integers
    kind: NDArray[np.uint8]
    name: NDArray[np.int32]
    is_clipped: NDArray[np.bool_]


class Chains(NamedTuple):
    """Pieces in the order in which they make lines; each line from either of its ends.

    A half 2 i is piece i from its start, 2 i + 1 is piece i from its end.

    Parameters
    ----------
    head
        int64, (2 p,): the first half of the line that the half belongs to.
    rank
        int64, (2 p,): the half's position in that line.
    first, last
        int64, (2 c,): the first and last half of each line.
    start, end
        int64, (2 c,): the points at which these begin and end.
    """

    head: _Integers
    rank: _Integers
    first: _Integers
    last: _Integers
    start: _Integers
    end: _Integers


def cut(ways: Ways) -> tuple[Pieces, int]:
    """Cut ways of two points or more where they meet or end.

    Returns
    -------
    pieces
        Each stretch once: of straight ones that are there more than once, the one of the lowest
        kind.
    n_double
        How many were left out for it.
    """
    first, last = ways.offsets[:-1], ways.offsets[1:] - 1
    is_end = np.zeros(len(ways.lon), dtype=np.bool_)
    is_end[ways.point[first]] = True
    is_end[ways.point[last]] = True
    meets = np.bincount(ways.point, minlength=len(ways.lon)) > 1
    way = np.repeat(np.arange(len(ways.kind)), np.diff(ways.offsets))
    turns = (ways.point[2:] == ways.point[:-2]) & (way[2:] == way[:-2])  # and goes back
    is_end[ways.point[1:-1][turns]] = True
    at = np.flatnonzero((is_end | meets)[ways.point])
    low, high = at[:-1], at[1:]
    inside = way[low] == way[high]
    low, high = low[inside], high[inside]
    of = way[low]
    pieces = Pieces(
        low,
        high,
        ways.point[low],
        ways.point[high],
        ways.kind[of],
        ways.name[of],
        np.column_stack(
            [
                (low == first[of]) & ways.clipped[of, 0],
                (high == last[of]) & ways.clipped[of, 1],
            ]
        ),
    )
    keep = _once(pieces)
    once = Pieces._make(values[keep] for values in pieces)
    return once, len(low) - len(keep)


def _once(pieces: Pieces) -> _Integers:
    """Return the positions of pieces, straight ones between the same points but once."""
    # Whatever two ways share, they share point by point: each segment of it is a piece.
    straight = np.flatnonzero(pieces.high - pieces.low == 1)
    one = np.minimum(pieces.start, pieces.end)[straight]
    other = np.maximum(pieces.start, pieces.end)[straight]
    order = np.lexsort((straight, pieces.kind[straight], other, one))
    is_again = np.zeros(len(straight), dtype=np.bool_)
    is_again[1:] = (one[order][1:] == one[order][:-1]) & (other[order][1:] == other[order][:-1])
    keep = np.ones(len(pieces.low), dtype=np.bool_)
    keep[straight[order[is_again]]] = False
    return np.flatnonzero(keep)


def join(pieces: Pieces, n_points: int) -> Chains:
    """Join pieces through points where two of the same kind and name meet, and nothing ends."""
    begin = np.column_stack([pieces.start, pieces.end]).ravel()
    after = _followers(pieces, begin, n_points)
    back = after[np.arange(len(after)) ^ 1]
    halves = np.arange(len(after))
    # What a half follows: the twin of what follows its twin. A head follows itself.
    head = np.where(back >= 0, back ^ 1, halves)
    rank = (back >= 0).astype(np.int64)
    while True:  # each round looks twice as far
        further = head[head]
        if np.array_equal(further, head):
            break
        rank = rank + rank[head]
        head = further
    last = np.flatnonzero(after < 0)
    first = head[last]
    return Chains(head, rank, first, last, begin[first], begin[last ^ 1])


def _followers(pieces: Pieces, begin: _Integers, n_points: int) -> _Integers:
    """Return the half that each half goes on in, -1 where its line ends."""
    after = np.full(len(begin), -1, dtype=np.int64)
    order = np.argsort(begin, kind="stable")
    degree = np.bincount(begin, minlength=n_points)
    clipped = np.zeros(n_points, dtype=np.bool_)
    clipped[pieces.start[pieces.is_clipped[:, 0]]] = True
    clipped[pieces.end[pieces.is_clipped[:, 1]]] = True
    two = np.flatnonzero((degree == 2) & ~clipped)  # noqa: PLR2004 - one comes, one goes
    at = (np.cumsum(degree) - degree)[two]
    one, other = order[at], order[at + 1]
    a, b = one >> 1, other >> 1
    joins = (a != b) & (pieces.kind[a] == pieces.kind[b]) & (pieces.name[a] == pieces.name[b])
    one, other = one[joins], other[joins]
    open_ = _without_rings(one >> 1, other >> 1, len(pieces.low))
    one, other = one[open_], other[open_]
    after[one ^ 1], after[other ^ 1] = other, one
    return after


def _without_rings(a: _Integers, b: _Integers, n_pieces: int) -> NDArray[np.bool_]:
    """Return which joints of pieces stay, so that no ring is closed: its first does not."""
    links = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(n_pieces, n_pieces))
    n_lines, line = connected_components(links, directed=False)
    n_joints = np.bincount(line[a], minlength=n_lines)
    is_ring = n_joints == np.bincount(line, minlength=n_lines)
    _, first = np.unique(line[a], return_index=True)
    stays = np.ones(len(a), dtype=np.bool_)
    stays[first[is_ring[line[a[first]]]]] = False
    return stays
