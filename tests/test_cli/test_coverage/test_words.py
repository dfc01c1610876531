"""What the commands about coverage tell of figures and of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo_match.cli.coverage.words.figures import number, share_text
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
        ("plan by occupation", "households", "服务方案（分职业）"),
        ("gap_areas", "households", "服务盲区"),
        ("village", "households", "village"),
    ],
)
def test_a_table_is_told_in_the_language_of_the_line(name, of, chinese):
    files = {Path("o.gpkg"): ["city", name]}
    assert list(written_lines(files, of, language="zh")) == [f"已写入o.gpkg：全市、{chinese}"]
    assert list(written_lines(files, of, language="en")) == [f"written to o.gpkg: city, {name}"]
