"""The page of a report on foot: straight and on foot side by side, and why there is less."""

from __future__ import annotations

import re

import pytest
from test_coverage.river import COMMUNITIES, town
from test_coverage.test_on_foot import HOMES, JOBS, on_foot
from test_walking.river_town import between

import geo_match as gm
from geo_match.coverage.publication.publish import count_tables
from geo_match.exchange.coverage.asked import asked_of_report
from geo_match.exchange.coverage.content import content_of
from geo_match.exchange.coverage.page import write_html

WEIGHTY = [{**one, "weight": one["weight"] * 20} for one in HOMES]


def report_of(homes=HOMES, **options):
    asked = on_foot(town("Old Bridge"), radius_m=1250.0, **options)
    return gm.Coverage(JOBS, COMMUNITIES, asked).of(homes)


@pytest.fixture
def text_of(tmp_path):
    """Return what the page of a report says."""

    def read(report, language="en"):
        write_html(tmp_path / "page.html", content_of(report, language=language))
        return (tmp_path / "page.html").read_text(encoding="utf-8")

    return read


def test_straight_and_on_foot_stand_side_by_side_with_the_causes(text_of):
    text = text_of(report_of())
    for said in (
        "<dt>Reached, straight</dt><dd>64.3%</dd>",
        "of the located; 16 of them not on foot",
        "Reached straight, and not on foot: why",
        "A river between",
        "In reach, straight",
        "Metres to enough, straight",
        "Nothing within the radius on foot",
        "Distances are the shortest walks along streets",
        "<h2>Communities: straight and on foot</h2>",
        "<h3>City: straight and on foot</h3>",
        "A river between (11)",
        "What there is straight stands beside.",
    ):
        assert said in text, said
    assert "Distances are straight" not in text


def test_it_is_told_in_chinese(text_of):
    text = text_of(report_of(), "zh")
    for said in (
        *("直线可达、步行不可达的原因", "河流阻隔", "直线范围内数量", "步行最短路径，"),
        *("社区：直线与步行", "河流阻隔（11）", "直线口径的数字并列给出。"),
    ):
        assert said in text, said


def test_where_nobody_is_lost_the_page_says_so(text_of):
    assert "Whoever is reached straight is reached on foot." in text_of(report_of(HOMES[1:2]))


def test_what_is_published_says_that_it_is_on_foot_and_nothing_of_what_is_straight(text_of):
    text = text_of(gm.publish(report_of(WEIGHTY), key=b"an invented key for the tests"))
    assert "Distances are the shortest walks along streets" in text
    assert "Reached, straight" not in text
    assert "A river between" not in text
    assert "stands beside" not in text
    assert "Circles are decided" not in text


@pytest.mark.parametrize(
    ("language", "card"),
    [
        ("en", r'<dt>Reached, straight</dt><dd>[^<]+</dd><dd class="of">of the located</dd>'),
        ("zh", r'<dt>直线可达</dt><dd>[^<]+</dd><dd class="of">占有位置者</dd>'),
    ],
)
def test_what_is_published_with_what_is_straight_tells_nothing_of_their_difference(
    text_of, language, card
):
    tables = count_tables(report_of(WEIGHTY), straight=True)
    text = text_of(gm.publish(*tables, key=b"an invented key for the tests"), language)
    assert re.search(card, text)
    for word in ("not on foot", "A river between", "步行不可达", "河流阻隔"):
        assert word not in text, word


def test_a_page_of_straight_lines_is_as_it_was(text_of):
    text = text_of(gm.Coverage(JOBS, COMMUNITIES).of(HOMES))
    assert "Distances are straight" in text
    assert "Reached, straight" not in text
    assert "In reach, straight" not in text


@pytest.mark.parametrize(
    ("language", "label", "opened"),
    [
        ("en", "distances", "on foot, along the streets of lines (33 stretches)"),
        ("zh", "距离口径", "步行最短路径，路网：lines（33段）"),
    ],
)
def test_the_streets_are_among_what_was_asked(language, label, opened):
    network = town("Old Bridge")
    told = dict(asked_of_report(on_foot(network), language))
    assert told[label].startswith(opened.partition("33")[0])
    thought_of = on_foot(network.opened(**between((-300, -90), (-300, 190))))
    assert dict(asked_of_report(thought_of, language))[label] != told[label]
    assert label not in dict(asked_of_report(gm.CoverageOptions(), language))
