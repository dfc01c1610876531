"""Towns drawn at random: streets of a bent grid, some of them missing, and banks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st
from test_walking.grounds import Line, graph_of, lonlat

if TYPE_CHECKING:
    from geo_match.walking.graph.graph import Graph

STEP = 100


class Town(NamedTuple):
    """A graph, and places in it: longitude and latitude."""

    graph: Graph
    places: list[tuple[float, float]]


@st.composite
def towns(draw, n_places=2, kind=0, banks=2):
    """Draw streets between neighbours of a grid; where its corners are not moved, ways tie."""
    size = draw(st.integers(2, 5))
    bend = draw(st.sampled_from([0, 0, 30]))
    shift = st.integers(-bend, bend)
    corner = {
        (i, j): (STEP * i + draw(shift), STEP * j + draw(shift))
        for i in range(size)
        for j in range(size)
    }
    sides = [
        (one, other)
        for one in corner
        for other in ((one[0] + 1, one[1]), (one[0], one[1] + 1))
        if other in corner
    ]
    there = draw(st.lists(st.booleans(), min_size=len(sides), max_size=len(sides)))
    lines = []
    for (one, other), is_there in zip(sides, there, strict=True):
        if is_there or not lines:
            a, b = corner[one], corner[other]
            middle = ((a[0] + b[0]) / 2 + draw(shift) / 4, (a[1] + b[1]) / 2 + draw(shift) / 4)
            lines.append(Line((a, middle, b), kind=kind, is_snapped=True))
    across = st.integers(-50, STEP * size).map(lambda metres: metres + 0.37)
    obstacles = draw(st.lists(st.tuples(across, across, across, across), max_size=banks))
    obstacles = [one for one in obstacles if one[:2] != one[2:]]
    within = st.integers(-40, STEP * size)
    places = [lonlat(draw(within), draw(within)) for _ in range(n_places)]
    return Town(graph_of(lines, obstacles), places)
