"""Water and railways on the map: where they are, apart, and only where a network is known."""

from __future__ import annotations

import re

import numpy as np
import pytest
from test_coverage.river import COMMUNITIES, town
from test_exchange.test_report_page.pages import SOUTH, STEP, WEST, page

import geo_match as gm
from geo_match.exchange.coverage.content import content_of
from geo_match.exchange.coverage.page import write_html
from geo_match.exchange.report_page.barriers import Barriers
from geo_match.exchange.report_page.canvas import WIDTH, Canvas
from geo_match.exchange.report_page.figures import Figures
from geo_match.exchange.report_page.map_svg import map_figure
from geo_match.exchange.report_page.words import Words
from geo_match.walking import Obstacle


def _map(data):
    figures = Figures(Words(data.language), published=data.is_published)
    return map_figure(data, figures, next(iter(data.levels)), "map-a")


def _across(north):
    """Return a line of two segments from west to east, and further than the map."""
    middle = WEST + STEP
    return [[WEST - 1, north, middle, north], [middle, north, WEST + 1, north]]


@pytest.mark.parametrize(
    ("is_water", "shown", "hidden"),
    [(True, "河流等水面", "铁路"), (False, "铁路、高速公路", "河流等水面")],
)
def test_a_line_is_drawn_once_with_its_kind(is_water, shown, hidden):
    data = page(barriers=Barriers(np.array(_across(SOUTH + STEP)), np.array([is_water] * 2)))
    written = _map(data)
    lines = re.findall(r'<path d="(M[^"z]*)" fill="none" stroke-linejoin="round"', written)
    assert len(lines) == 1
    assert lines[0].count("M") == 1  # two segments that meet are one line
    assert ("stroke-dasharray" in written) != is_water
    assert shown in written
    assert hidden not in written


def test_without_a_network_no_line_is_drawn_nor_explained():
    for data in (page(), page(barriers=Barriers(np.empty((0, 4)), np.empty(0, dtype=np.bool_)))):
        written = _map(data)
        assert 'stroke-linejoin="round" stroke=' not in written
        assert "示意" not in written


def _corners(lines):
    """Read paths of open lines back: their corners."""
    for start_x, start_y, steps in re.findall(r"M(-?\d+) (-?\d+)l([-\d ]+)", lines):
        moves = np.array(list(map(int, steps.split()))).reshape(-1, 2)
        yield from np.cumsum([[int(start_x), int(start_y)], *moves], axis=0)


def test_a_networks_obstacles_lie_on_the_map_where_they_are():
    graph = town("Old Bridge").graph
    found = Barriers.of(town("Old Bridge"))
    assert found.segment.tolist() == graph.obstacle.tolist()
    assert found.is_water.tolist() == [kind == Obstacle.WATER for kind in graph.obstacle_kind]
    assert 0 < found.is_water.sum() < len(found.is_water)
    areas = gm.Coverage([], COMMUNITIES).of([]).by("community").geometry.dropna().to_numpy()
    canvas = Canvas.around(areas)
    known = {canvas.place(*end) for end in found.segment[found.is_water].reshape(-1, 2)}
    inside = [
        corner
        for corner in _corners(canvas.lines(found.segment[found.is_water]))
        if 0 <= corner[0] <= WIDTH and 0 <= corner[1] <= canvas.height
    ]
    assert inside  # the brook's, at least
    assert {tuple(corner.tolist()) for corner in inside} <= known


def test_the_page_of_a_report_on_foot_has_the_river_and_that_of_a_straight_one_has_not(tmp_path):
    river = "water (drawing aid)"
    asked = gm.CoverageOptions(basis="walking", network=town("Old Bridge"))
    for options, there in ((asked, True), (gm.CoverageOptions(), False)):
        report = gm.Coverage([], COMMUNITIES, options).of([])
        write_html(tmp_path / "page.html", content_of(report, language="en"))
        text = (tmp_path / "page.html").read_text(encoding="utf-8")
        assert (river in text) == there
