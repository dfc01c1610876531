"""In a notebook answers show their figures, and whatever was given is text there."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import geo_match as gm
from geo_match._display import Table, card

EVIL = "<script>alert(1)</script>&\"'"


class Cells(HTMLParser):
    """The text of each cell of a table, the rows of all tables one after another."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.tags, self.text = [], [], []
        self._in_cell = False
        self.feed(html)
        self.close()
        assert not self.tags_open, self.tags_open

    tags_open = ()

    def handle_starttag(self, tag, attrs):
        assert attrs == []
        self.tags.append(tag)
        self.tags_open = (*self.tags_open, tag)
        if tag == "tr":
            self.rows.append([])
        self._in_cell = tag in {"td", "th"}
        if self._in_cell:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.tags_open[-1] == tag
        self.tags_open = self.tags_open[:-1]
        self._in_cell = False

    def handle_data(self, data):
        self.text.append(data)
        if self._in_cell:
            self.rows[-1][-1] += data


@pytest.fixture
def matcher():
    jobs = [
        {"id": f"J{EVIL}", "lon": 117.38, "lat": 32.93, "employer_licence": "verified"},
        {"id": "J2", "lon": 117.39, "lat": 32.93, "employer_licence": "unverified"},
    ]
    return gm.Matcher(jobs, gm.MatchOptions(conditions=["employer", "occupation"]))


@pytest.fixture
def seeker():
    return {"id": f"S{EVIL}", "lon": 117.37, "lat": 32.93}


@pytest.fixture
def report():
    area = "POLYGON ((117.35 32.9, 117.4 32.9, 117.4 32.95, 117.35 32.95, 117.35 32.9))"
    town = gm.Coverage(
        [{"id": "S1", "lon": 117.38, "lat": 32.92}],
        [{"code": "340302001001", "name": EVIL, "area": area}],
        gm.CoverageOptions(radius_m=1500, count="places"),
    )
    return town.of(
        [
            {"id": "H1", "lon": 117.37, "lat": 32.93, "weight": 3},
            {"id": "H2", "lon": 117.37, "lat": 32.949, "weight": 1},
            {"id": "H3", "weight": 1000},
        ]
    )


def test_whatever_is_given_is_text():
    shown = Cells(card(EVIL, EVIL, Table([EVIL], [[EVIL]])))
    assert set(shown.tags) == {"div", "strong", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert shown.rows == [[EVIL], [EVIL]]
    assert "".join(shown.text) == EVIL * 4


def test_a_report_shows_what_was_asked_and_its_totals(report):
    shown = Cells(report._repr_html_())
    assert shown.text[0] == ("Coverage of 1 communities: at least 1 place within 1,500 m, straight")
    assert shown.rows[1:] == [
        ["people", "1,004", ""],
        ["located", "4", "0.4% of 1,004"],
        ["reached", "3", "75.0% of 4"],
        ["below the standard", "1,001", "99.7% of 1,004"],
        ["because no_location", "1,000", "99.9% of 1,001"],
        ["because none_in_circle", "1", "0.1% of 1,001"],
    ]
    assert shown.text[-1].startswith("internal:")


def test_a_report_of_nobody_shows_no_shares():
    shown = Cells(gm.Coverage([], []).of([])._repr_html_())
    assert [row[1:] for row in shown.rows[1:]] == [["0", ""]] * 4


def test_a_change_shows_before_and_after(report):
    place = {"id": "S2", "lon": 117.37, "lat": 32.949}
    shown = Cells(gm.WhatIf(report).change(add=[place])._repr_html_())
    assert shown.rows == [
        ["", "before", "after", "change"],
        ["reached", "3", "4", "+1"],
        ["below the standard", "1,001", "1,000", "-1"],
        ["rows of supply", "1", "2", "+1"],
        ["what they count for", "1", "2", "+1"],
    ]


def test_an_explanation_shows_each_condition_and_the_score_of_a_match(matcher, seeker):
    pair = matcher.explain(seeker, f"J{EVIL}")
    shown = Cells(pair._repr_html_())
    assert shown.text[0] == str(pair).splitlines()[0]
    assert [row[:2] for row in shown.rows[1:]] == [
        [one.outcome, f"{one.name} {one.chinese}"] for one in pair.conditions
    ]
    assert shown.text[-1] == str(pair).splitlines()[-1]
    assert shown.text[-1].startswith("score ")


def test_an_explanation_of_no_match_shows_what_fails_and_no_score(matcher, seeker):
    shown = Cells(matcher.explain(seeker, "J2")._repr_html_())
    assert ["fail", "employer 资质核验", "", "unverified", ""] in shown.rows
    assert "score" not in "".join(shown.text)


def test_one_answer_shows_its_matches(matcher, seeker):
    answer = matcher.match_one(seeker)
    shown = Cells(answer._repr_html_())
    assert shown.text[0] == f"S{EVIL}: matches, the best first"
    (row,) = shown.rows[1:]
    assert row[:4] == ["1", f"J{EVIL}", "935 m", "geodesic"]
    assert row[6] == "occupation"


def test_one_answer_without_a_match_shows_the_reason(matcher, seeker):
    shown = Cells(matcher.match_one(seeker | {"lon": 118.0})._repr_html_())
    assert "reason none_in_circle" in shown.text


def test_a_shortfall_shows_its_counts_and_what_stands_in_the_way(matcher, seeker):
    two = [seeker, seeker | {"id": "S2", "lon": 118.0}]
    shown = Cells(matcher.shortfall(two)._repr_html_())
    assert shown.text[0] == "What seekers have, and what stands in the way"
    assert ["matched", "1"] in shown.rows
    assert ["none in circle", "1"] in shown.rows
    assert shown.rows[-1] == ["condition", "some job", "alone"]


def test_a_shortfall_of_jobs_is_told_of_jobs():
    seekers = [{"id": "S1", "lon": 117.38, "lat": 32.93}]
    job = {"id": "J1", "lon": 117.38, "lat": 32.93, "employer_licence": "unverified"}
    told = gm.ReverseMatcher(seekers).shortfall([job])
    shown = Cells(told._repr_html_())
    assert shown.text[0] == "What jobs have, and what stands in the way"
    assert ["employer", "1", "1"] in shown.rows
