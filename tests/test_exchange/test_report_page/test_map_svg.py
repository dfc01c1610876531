"""The map shows each community once, in the shade of its share."""

from __future__ import annotations

import re
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_exchange.test_report_page.pages import (
    SOUTH,
    STEP,
    WEST,
    Read,
    community_frame,
    nullable,
    page,
    square,
)

from geo_match.exchange.report_page.figures import Figures
from geo_match.exchange.report_page.map_svg import EDGES, SHADES, map_figure, shade
from geo_match.exchange.report_page.words import Words


def _map(data):
    figures = Figures(Words(data.language), published=data.is_published)
    return map_figure(data, figures, next(iter(data.levels)), "map-a")


def _shapes(written):
    """Return the title and the colour of each community."""
    pattern = r'<path d="([^"]*)" fill="(#[0-9a-f]{6})"><title>([^<]*)</title></path>'
    return re.findall(pattern, written)


def _luminance(colour):
    """Return relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


def test_each_shade_is_darker_than_the_one_before_by_enough_to_be_told_apart():
    light = [_luminance(one) for one in SHADES]
    ratios = [(one + 0.05) / (other + 0.05) for one, other in pairwise(light)]
    assert min(ratios) > 1.15


@given(st.integers(1, 1_000), st.integers(0, 1_000))
def test_the_class_is_that_whose_edge_the_share_does_not_pass(located, without):
    without = min(without, located)
    reached = located - without
    row = {"people": located, "located": located, "reached_share": reached / located}
    share = 1.0 - reached / located
    kind = int(shade(row)[1])
    assert share <= EDGES[kind]
    assert kind == 0 or share > EDGES[kind - 1]


def test_what_is_not_known_has_no_shade():
    nan = float("nan")
    assert shade({"people": 0, "located": 0, "reached_share": nan})[1] == "nobody"
    assert shade({"people": 4, "located": 0, "reached_share": nan})[1] == "unlocated"
    assert shade({"people": pd.NA, "located": pd.NA, "reached_share": pd.NA})[1] == "kept_back"
    assert shade({"people": 20, "located": 20, "reached_share": pd.NA})[1] == "kept_back"
    assert not {shade({"people": 0})[0], shade({"people": 1})[0]} & set(SHADES)


def test_each_community_with_an_outline_is_there_once_with_its_figures():
    frame = community_frame(9)
    frame.loc[4, "geometry"] = None
    shapes = _shapes(_map(page(frame=frame)))
    named = [title.split(" · ")[0] for _, _, title in shapes]
    assert named == [f"社区{at}" for at in range(9) if at != 4]
    for (_, colour, title), row in zip(
        shapes, frame.drop(index=4).iloc[:8].to_dict("records"), strict=True
    ):
        assert colour == shade(row)[0]
        assert f"未达标准 {row['below']}" in title


def test_a_community_without_an_outline_is_counted_beside_the_map():
    frame = community_frame(4)
    frame.loc[1, "geometry"] = None
    assert "1 个社区没有范围图形" in _map(page(frame=frame))
    assert "没有范围图形" not in _map(page())


def test_communities_without_people_do_not_widen_the_map_and_are_counted():
    frame = community_frame(4)
    frame.loc[0, "geometry"] = square(500, 500)
    frame.loc[0, ["people", "located", "reached", "below"]] = 0
    written = _map(page(frame=frame))
    assert "另有 1 个社区在图外" in written
    assert len(_shapes(written)) == 3


def test_ground_where_counts_are_kept_back_is_not_taken_for_empty():
    frame = nullable(community_frame(4, with_outside=False))
    assert frame["people"].isna().any()
    shapes = _shapes(_map(page(release="published", frame=frame, totals={})))
    assert len(shapes) == 4
    frame["people"] = frame["people"].mask(frame["people"] > 0)
    assert len(_shapes(_map(page(release="published", frame=frame, totals={})))) == 4


def test_communities_of_which_nothing_is_published_do_not_widen_the_map_and_are_counted():
    frame = nullable(community_frame(4, with_outside=False))
    assert frame["people"].isna().tolist() == [True, True, False, False]
    frame.loc[0, "geometry"] = square(500, 500)
    written = _map(page(release="published", frame=frame, totals={}))
    assert "地图只画到有数字公布之处；另有 1 个社区在图外" in written
    assert len(_shapes(written)) == 3


def test_a_published_map_of_hexagons_ends_where_located_people_do():
    frame = nullable(community_frame(4, with_outside=False))
    frame.loc[0, "geometry"] = square(500, 500)
    levels = {"h3": frame.drop(columns="people")}
    data = page(release="published", frame=frame, totals={}, levels=levels)
    assert len(_shapes(_map(data))) == 3


@pytest.mark.parametrize("release", ["internal", "published"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_stamp_for_work_inside_is_explained_with_its_remedy(release, language):
    frame = community_frame().assign(release=release)
    data = {"release": release, "language": language, "frame": frame, "totals": {}}
    written = _map(page(**data))
    why = {"zh": "没有给出审图号", "en": "because no approval number"}[language]
    go_out = {"zh": "数字可以公开", "en": "The figures may go out, the map not yet"}[language]
    assert why in written
    assert "--map-approval" in written
    assert (go_out in written) == (release == "published")
    assert "--map-approval" not in _map(page(**data, map_approval="GS 1"))


def test_few_located_people_are_hatched_above_their_shade():
    frame = community_frame(4, with_outside=False)
    assert 'fill="url(#map-a-hatch)" fill-rule' not in _map(page(frame=frame))
    frame["located_share"] = [0.79, 0.8, 1.0, float("nan")]
    written = _map(page(frame=frame))
    hatched = re.search(r'<path d="([^"]*)" fill="url\(#map-a-hatch\)" fill-rule', written)
    first = _shapes(written)[0][0]
    assert hatched.group(1) == first


def test_the_map_is_for_work_inside_unless_it_has_an_approval_number():
    assert "内部工作用图" in _map(page())
    written = _map(page(map_approval="GS(2025)<1>号"))
    assert "内部工作用图" not in written
    assert "审图号：GS(2025)&lt;1&gt;号" in written
    assert "内部工作用图" in _map(page(language="en"))


def test_supply_gap_areas_and_districts_are_drawn_only_where_they_are_given():
    assert "岗位或网点" not in _map(page())
    assert "服务盲区" not in _map(page())
    gaps = gpd.GeoDataFrame(
        {"code": ["g"], "people": [3], "release": "internal"},
        geometry=[square(1, 1).buffer(-STEP / 5)],
        crs=4326,
    )
    district = community_frame(1, with_outside=False).assign(name=None, code="340302")
    data = page(
        gap_areas=gaps,
        supply_lon=np.array([WEST + STEP / 2, np.nan]),
        supply_lat=np.array([SOUTH + STEP / 2, np.nan]),
        levels={"community": community_frame(), "district": district},
        names={"340302": "<区>"},
    )
    written = _map(data)
    assert written.count("h0") == 1
    for word in ("岗位或网点", "服务盲区", "区县界", "&lt;区&gt;"):
        assert word in written


def test_the_scale_bar_has_its_length():
    written = _map(page())
    told = re.search(r">(\d+) 米<", written).group(1)
    start, end = map(int, re.search(r"M(\d+) \d+V\d+H(\d+)V", written).groups())
    steps = re.findall(r"(-?\d+) (-?\d+)", _shapes(written)[0][0])[1:]
    along = np.cumsum([int(x) for x, _ in steps])  # the square's corners, from west to east
    width = np.ptp([0, *along])
    metres = 111_320 * np.cos(np.radians(SOUTH + STEP)) * STEP
    assert (end - start) / width == pytest.approx(int(told) / metres, rel=0.01)


def test_a_level_without_outlines_says_so():
    frame = community_frame(3)
    frame["geometry"] = None
    assert _map(page(frame=frame)) == "<p>没有可画的社区范围。</p>"
    plain = pd.DataFrame(community_frame(3).drop(columns="geometry"))
    assert "没有可画的社区范围" in _map(page(frame=plain))


def test_the_picture_has_a_title_and_a_description_by_which_it_is_called():
    read = Read(_map(page()))
    known = {value for _, name, value in read.attributes if name == "id"}
    called = next(value for _, name, value in read.attributes if name == "aria-labelledby")
    assert set(called.split()) <= known
