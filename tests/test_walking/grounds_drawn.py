"""What Hypothesis walks on: small networks with everything in them that makes trouble."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from test_walking.grounds import Line, graph_of, lonlat

from geo_match.walking.graph.graph import Graph, Kind

_SIDE = 4
_CROSSINGS = [(column, row) for column in range(_SIDE) for row in range(_SIDE)]


class World(NamedTuple):
    """A graph, and places near it, degrees (n,)."""

    graph: Graph
    lon: np.ndarray
    lat: np.ndarray
    lines: list[Line]
    obstacles: list[tuple[float, float, float, float]]


def _crossing(column: int, row: int) -> tuple[float, float]:
    """Place a crossing; no two streets are equally long, and none is straight north."""
    return 90.0 * column + 7.0 * row, 110.0 * row - 5.0 * column + 3.0 * column * row


@st.composite
def worlds(draw: st.DrawFn, least_places: int = 1) -> World:
    """Draw streets between crossings, some bent, twice, in loops, bridges or dead ends."""
    streets = draw(
        st.lists(
            st.tuples(st.sampled_from(_CROSSINGS), st.sampled_from(_CROSSINGS), st.integers(0, 4)),
            min_size=1,
            max_size=18,
        )
    )
    lines = []
    for number, (one, other, shape) in enumerate(streets):
        a, b = _crossing(*one), _crossing(*other)
        if one == other:  # from a crossing to itself: a bend of its own each
            way = (a, (a[0] + 30.0, a[1] + 11.0 + number), (a[0] + 35.0, a[1] - 17.0), b)
        elif shape in {0, 1}:
            way = (a, b)
        else:
            bend = (a[0] + b[0]) / 2 + 9.0 * shape, (a[1] + b[1]) / 2 - 13.0 - number
            way = (a, bend, b)
        lines.append(Line(way, kind=Kind.BRIDGE if shape == 1 else 0))
    obstacles = draw(
        st.lists(
            st.tuples(*[st.floats(-60.0, 400.0, width=16)] * 4).filter(lambda o: o[:2] != o[2:]),
            max_size=3,
        )
    )
    crossings = st.sampled_from(_CROSSINGS).map(lambda at: _crossing(*at))
    anywhere = st.tuples(*[st.floats(-80.0, 420.0, width=16)] * 2)
    far = st.just((3_000.0, 3_000.0))
    places = draw(st.lists(st.one_of(anywhere, crossings, far), min_size=least_places, max_size=10))
    repeated = places + draw(st.lists(st.sampled_from(places), max_size=3)) if places else []
    lon, lat = np.array([lonlat(*place) for place in repeated]).reshape(-1, 2).T.copy()
    return World(graph_of(lines, obstacles), lon, lat, lines, obstacles)
