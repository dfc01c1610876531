"""What the commands about coverage tell of figures and of files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo_match.cli.coverage.words.figures import number, share_text
from geo_match.cli.coverage.words.left_out import repaired_lines
from geo_match.cli.coverage.words.written import written_lines


@pytest.mark.parametrize(
    ("part", "whole", "most_error", "told"),
    [
        (1, 3, 0, "33.3%"),
        (3, 3, 0, "100%"),
        (99_999, 100_000, 0, ">99.9%"),
        (0, 3, 0, "0%"),
        (70, 75, 5, "93%"),
        (1_800, 1_805, 5, "99.7%"),
        (75, 75, 5, "100%"),
        (80, 75, 5, "100%"),
        (None, 75, 5, ""),
        (70, None, 5, ""),
        (0, 0, 0, ""),
    ],
)
def test_a_share_has_the_digits_that_its_figures_bear_out(part, whole, most_error, told):
    assert share_text(part, whole, most_error) == told


def test_a_figure_that_is_not_there_is_kept_back():
    assert [number(one) for one in (None, 1_234, 0.5)] == ["…", "1,234", "0.5"]


@pytest.mark.parametrize(
    ("name", "of", "chinese"),
    [
        ("community", "households", "社区"),
        ("community by hukou", "households", "社区（按户口性质）"),
        ("veteran", "seekers", "退役军人"),
        ("district by veteran", "seekers", "区县（按退役军人）"),
        ("plan by occupation", "households", "服务方案分职业"),
        ("gap_areas", "households", "服务盲区"),
        ("village", "households", "village"),
    ],
)
def test_a_table_is_told_in_the_language_of_the_line(name, of, chinese):
    files = {Path("o.gpkg"): ["city", name]}
    assert list(written_lines(files, of, language="zh")) == [f"已写入o.gpkg：全市、{chinese}"]
    assert list(written_lines(files, of, language="en")) == [f"written to o.gpkg: city, {name}"]


@pytest.mark.parametrize(
    ("areas", "share", "english", "chinese"),
    [
        (
            (9.0, 9.0),
            0.0,
            "9 km² before and after, none of it in doubt",
            "面积仍为9平方公里，没有存疑部分",
        ),
        (
            (9.0, 9.000002),
            0.00002,
            "9 km² became 9.000002 km², less than 0.01% of it in doubt",
            "面积由9变为9.000002平方公里，存疑部分占不到0.01%",
        ),
        (
            (9.0, 8.95),
            0.0056,
            "9 km² became 8.95 km², 0.56% of it in doubt",
            "面积由9变为8.95平方公里，存疑部分占0.56%",
        ),
    ],
)
def test_a_repair_is_told_in_digits_that_show_it_or_is_said_to_change_no_area(
    areas, share, english, chinese
):
    row = {"code": "1", "fault": "Self-intersection", "changed_share": share}
    names = "area_before_km2", "area_after_km2"
    frame = pd.DataFrame([row | dict(zip(names, areas, strict=True))])
    start = "repaired the outline of 1 (Self-intersection): "
    assert list(repaired_lines(frame, language="en")) == [start + english]
    start = "已修复1的边界（Self-intersection）："
    assert list(repaired_lines(frame, language="zh")) == [start + chinese]
