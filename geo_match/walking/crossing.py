"""Where a path crosses water, and on what."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from geo_match.walking._kernels_path import crossed
from geo_match.walking._views import barred
from geo_match.walking.graph import Kind, Obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo_match.walking.graph import Graph

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


class _Hit(NamedTuple):
    """Where a line meets an obstacle: its segment, the share of it, and the obstacle."""

    segment: int
    share: float
    obstacle: int


class _Carried(NamedTuple):
    """A hit, as far along the line as it is, the piece that it is on, and what that is."""

    at: float
    piece: int
    name: str
    kind: On


def water_crossings(
    graph: Graph, names: Sequence[str], edge: Positions, place: Floats, offsets: Positions
) -> tuple[Crossing, ...]:
    """Return where pieces of edges, joined to a path, cross water, in walking order.

    A bridge's banks and the river's line between them are one crossing. A path that touches a bank
    and goes back does not cross it.

    Parameters
    ----------
    edge
        Of each piece, (k,).
    place, offsets
        The pieces' coordinates, as `cut` returns them.
    """
    joints = offsets[1:-1] - 1  # from the last place of a piece to the next piece's first
    first = np.delete(np.arange(len(place) - 1), joints)
    piece = np.repeat(np.arange(len(edge)), np.diff(offsets) - 1)
    line = np.ascontiguousarray(np.hstack([place[first], place[first + 1]]))
    hits = list(_without_touches(graph, _hits(graph, line)))
    if not hits:
        return ()
    scale = np.array([np.cos(np.radians(line[:, 1].mean())), 1.0])
    length = np.hypot(*((line[:, 2:] - line[:, :2]) * scale).T)
    begin = np.concatenate([[0.0], np.cumsum(length)])
    carried = []
    for hit in hits:
        of = _carrier(graph, edge, piece, hit)
        kind = _kind(int(graph.kind[edge[of]]))
        if kind == "at grade" and not graph.kind[edge[of]] & Kind.OVER_WATER:
            continue  # it goes along the bank, through points that both have
        at = begin[hit.segment] + hit.share * length[hit.segment]
        carried.append(_Carried(float(at), of, _name(graph, names, edge[of]), kind))
    crossings = []
    for run in _runs(graph, names, edge, carried):
        middle = (run[0].at + run[-1].at) / 2.0
        on = min(int(np.searchsorted(begin, middle, side="right")) - 1, len(line) - 1)
        share = (middle - begin[on]) / length[on] if length[on] else 0.0
        lon, lat = line[on, :2] + share * (line[on, 2:] - line[on, :2])
        crossings.append(Crossing(float(lon), float(lat), run[0].name, run[0].kind))
    return tuple(crossings)


def _hits(graph: Graph, line: Floats) -> list[_Hit]:
    """Return where segments cross water, in the order of the line."""
    found = crossed(*barred(graph), int(Obstacle.WATER), line)
    hits = []
    for segment, obstacle in set(zip(*(array.tolist() for array in found), strict=True)):
        x, y, to_x, to_y = line[segment]
        a, b, to_a, to_b = graph.obstacle[obstacle]
        across = (to_x - x) * (to_b - b) - (to_y - y) * (to_a - a)
        share = ((a - x) * (to_b - b) - (b - y) * (to_a - a)) / across  # parallels do not cross
        hits.append(_Hit(segment, float(min(max(share, 0.0), 1.0)), obstacle))
    return sorted(hits)


def _without_touches(graph: Graph, hits: list[_Hit]) -> Iterator[_Hit]:
    """Yield the hits but for two of one bank in one place: there the path came back."""
    kept: list[_Hit] = []
    for hit in hits:
        if kept and _is_touch(graph, kept[-1], hit):
            kept.pop()
        else:
            kept.append(hit)
    yield from kept


def _is_touch(graph: Graph, one: _Hit, other: _Hit) -> bool:
    """Return whether a line that ends and one that begins meet a bank in the same place."""
    if one.segment + 1 != other.segment or one.share < 1.0 - _AT_END or other.share > _AT_END:
        return False
    if one.obstacle == other.obstacle:
        return True
    a, b = graph.obstacle[one.obstacle], graph.obstacle[other.obstacle]
    return any(
        bool(np.abs(a[i : i + 2] - b[j : j + 2]).max() < _SAME_PLACE)
        for i in (0, 2)
        for j in (0, 2)
    )


def _carrier(graph: Graph, edge: Positions, piece: Positions, hit: _Hit) -> int:
    """Return the piece that a hit is on: at a joint the one that is a bridge, if one is."""
    own = int(piece[hit.segment])
    beside = own
    if hit.share > 1.0 - _AT_END and hit.segment + 1 < len(piece):
        beside = int(piece[hit.segment + 1])
    elif hit.share < _AT_END and hit.segment:
        beside = int(piece[hit.segment - 1])
    for one in (own, beside):
        if _kind(int(graph.kind[edge[one]])) != "at grade":
            return one
    return own if graph.kind[edge[own]] & Kind.OVER_WATER else beside


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
