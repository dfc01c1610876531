"""Where a path crosses water, and on what."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from geo_match.walking.graph.crossings import Crossed, crossed_by
from geo_match.walking.graph.graph import Kind, Obstacle
from geo_match.walking.graph.views import barred
from geo_match.walking.kernels.crossing import met

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Graph

    Floats = NDArray[np.float64]
    Positions = NDArray[np.int64]

On = Literal["bridge", "tunnel", "ferry", "at grade"]

_CARRIED: Final[tuple[tuple[Kind, On], ...]] = (
    (Kind.FERRY, "ferry"),
    (Kind.BRIDGE, "bridge"),
    (Kind.TUNNEL, "tunnel"),
)
_SAME_PLACE: Final = 1e-10
"""Degrees: a hundredth of a millimetre."""
_AT_END: Final = 1e-9
"""So small a share of a segment, 1 km at most, is at its end."""


class Crossing(NamedTuple):
    """A place where a path crosses water.

    Parameters
    ----------
    lon, lat
        Degrees. Of a bridge, tunnel or ferry that crosses two banks or more, the middle of the
        way from the first to the last.
    name
        Of the street; empty where it has none.
    kind
        What the path crosses on. `at grade` is a ford, a bridge that the source does not call
        one, or an error of the source; there each bank is a crossing of its own.
    """

    lon: float
    lat: float
    name: str
    kind: On


class _Carried(NamedTuple):
    """A crossing, as far along the line as it is, the piece that it is on, and what that is."""

    at: float
    piece: int
    name: str
    kind: On


def water_crossings(
    graph: Graph, names: Sequence[str], edge: Positions, place: Floats, offsets: Positions
) -> tuple[Crossing, ...]:
    """Return where pieces of edges, joined to a path, cross water, in walking order.

    A bridge's banks and the river's line between them are one crossing. A path that touches a bank
    or goes along it, and leaves it on the side that it came from, does not cross it.

    Parameters
    ----------
    edge
        Of each piece, (k,).
    place, offsets
        The pieces' coordinates, as `cut` returns them.
    """
    joints = offsets[1:-1] - 1  # from the last place of a piece to the next piece's first
    first = np.delete(np.arange(len(place) - 1), joints)
    line = np.vstack([place[first], place[-1:]])
    moves = (line[1:] != line[:-1]).any(axis=1)
    piece = np.repeat(np.arange(len(edge)), np.diff(offsets) - 1)[moves]
    line = line[np.append(moves, True)]
    hits = list(_without_touches(graph, _hits(graph, line)))
    if not hits:
        return ()
    scale = np.array([np.cos(np.radians(line[:, 1].mean())), 1.0])
    length = np.hypot(*(np.diff(line, axis=0) * scale).T)
    begin = np.concatenate([[0.0], np.cumsum(length)])
    carried = []
    for hit in hits:
        of = _carrier(graph, edge, piece, hit)
        at = begin[hit.segment] + hit.share * length[hit.segment]
        kind = _kind(int(graph.kind[edge[of]]))
        carried.append(_Carried(float(at), of, _name(graph, names, edge[of]), kind))
    crossings = []
    for run in _runs(graph, names, edge, carried):
        middle = (run[0].at + run[-1].at) / 2.0
        on = min(int(np.searchsorted(begin, middle, side="right")), len(length)) - 1
        lon, lat = line[on] + (middle - begin[on]) / length[on] * (line[on + 1] - line[on])
        crossings.append(Crossing(float(lon), float(lat), run[0].name, run[0].kind))
    return tuple(crossings)


def _hits(graph: Graph, line: Floats) -> Iterator[Crossed]:
    """Yield where a line crosses water, in its order; `water` is a position in the obstacles."""
    obstacles = barred(graph)
    segment, obstacle = met(*obstacles, int(Obstacle.WATER), np.hstack([line[:-1], line[1:]]))
    order = np.argsort(segment, kind="stable")
    # Neighbours that meet water are looked at together, for it may be in the point between them.
    cuts = np.flatnonzero(np.diff(segment[order]) > 1) + 1
    for part in np.split(order, cuts) if len(order) else []:
        low, high = int(segment[part[0]]), int(segment[part[-1]])
        water = np.unique(obstacle[part])
        for one in crossed_by(line[low : high + 2], obstacles[0][water]):
            of = int(water[one.water]) if one.water >= 0 else -1
            yield Crossed(low + one.segment, one.share, of)


def _without_touches(graph: Graph, hits: Iterable[Crossed]) -> Iterator[Crossed]:
    """Yield the hits but for two of one bank in one place: there the path came back.

    That is where rounding has put the path's own point behind a bank on which it lies.
    """
    kept: list[Crossed] = []
    for hit in hits:
        if kept and _is_touch(graph, kept[-1], hit):
            kept.pop()
        else:
            kept.append(hit)
    yield from kept


def _is_touch(graph: Graph, one: Crossed, other: Crossed) -> bool:
    """Return whether a segment that ends and one that begins cross a bank in the same place."""
    if min(one.water, other.water) < 0:
        return False
    if one.segment + 1 != other.segment or one.share < 1.0 - _AT_END or other.share > _AT_END:
        return False
    if one.water == other.water:
        return True
    a, b = graph.obstacle[one.water], graph.obstacle[other.water]
    return any(
        bool(np.abs(a[i : i + 2] - b[j : j + 2]).max() < _SAME_PLACE)
        for i in (0, 2)
        for j in (0, 2)
    )


def _carrier(graph: Graph, edge: Positions, piece: Positions, hit: Crossed) -> int:
    """Return the piece that a hit is on: at a joint the one that is a bridge, if one is."""
    own = int(piece[hit.segment])
    beside = own
    if hit.share > 1.0 - _AT_END and hit.segment + 1 < len(piece):
        beside = int(piece[hit.segment + 1])
    elif hit.share < _AT_END and hit.segment:
        beside = int(piece[hit.segment - 1])
    is_carried = [_kind(int(graph.kind[edge[one]])) != "at grade" for one in (own, beside)]
    return beside if is_carried[1] and not is_carried[0] else own


def _kind(bits: int) -> On:
    """Say what an edge crosses water on."""
    return next((word for bit, word in _CARRIED if bits & bit), "at grade")


def _name(graph: Graph, names: Sequence[str], edge: int) -> str:
    """Return the name of an edge's street; empty where it has none."""
    position = int(graph.name[edge])
    return names[position] if position >= 0 else ""


def _runs(
    graph: Graph, names: Sequence[str], edge: Positions, carried: list[_Carried]
) -> list[list[_Carried]]:
    """Return the hits, those together that are on one bridge, tunnel or ferry."""
    runs: list[list[_Carried]] = [[one] for one in carried[:1]]
    for one, other in pairwise(carried):
        between = edge[one.piece : other.piece + 1]
        if one.kind != "at grade" and all(
            _kind(int(graph.kind[e])) == one.kind and _name(graph, names, e) == one.name
            for e in between
        ):
            runs[-1].append(other)
        else:
            runs.append([other])
    return runs


__all__ = ["Crossing", "On", "water_crossings"]
