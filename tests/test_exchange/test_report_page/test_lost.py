"""Who is reached straight and not on foot, row by row: the frame's figures, the worst first."""

from __future__ import annotations

import pandas as pd
import pytest
from test_exchange.test_report_page.pages import Read, community_frame, page

from geo_match.exchange.report_page.figures import Figures
from geo_match.exchange.report_page.lost import lost_on_foot, lost_table
from geo_match.exchange.report_page.page import page_text
from geo_match.exchange.report_page.words import Words

_IN = Figures(Words("en"), published=False)
_CAUSES = {"river": "A river between", "detour": "A long detour"}


def _frame(n=4, *, with_outside=False):
    """Return communities that lose 0, 2, 4, … people, from the third on to a river."""
    frame = community_frame(n, with_outside=with_outside)
    lost = [2 * at for at in range(len(frame))]
    by_river = [one if at >= 2 else 0 for at, one in enumerate(lost)]
    return frame.assign(
        reached_straight=frame["reached"] + lost,
        lost_on_foot=lost,
        lost_on_foot_river=by_river,
        lost_on_foot_detour=[all_ - some for all_, some in zip(lost, by_river, strict=True)],
    )


def _table(frame, figures=_IN):
    return Read(
        lost_table(figures, frame, level="community", names={}, noun="communities", caption="Here")
    )


def test_each_row_that_loses_people_has_its_figures_and_its_main_cause():
    frame = _frame()
    read = _table(frame)
    rows = read.rows()
    assert [row["Code"] for row in rows] == frame["code"].tolist()[:0:-1]
    for row, expected in zip(rows, frame.iloc[:0:-1].to_dict("records"), strict=True):
        assert int(row["Reached, straight"]) == expected["reached_straight"]
        assert int(row["Reached on foot"]) == expected["reached"]
        assert int(row["Straight only, not on foot"]) == expected["lost_on_foot"]
        share = expected["lost_on_foot"] / expected["reached_straight"]
        assert float(row["Of those reached straight"].rstrip("%")) == pytest.approx(
            100 * share, abs=0.05
        )
        cause = "river" if expected["lost_on_foot_river"] else "detour"
        assert row["Main cause (people)"] == f"{_CAUSES[cause]} ({expected['lost_on_foot']})"
    assert "since nobody there is reached straight alone: 1 communities." in read.text()


def test_who_is_outside_is_listed_too_where_anybody_is_lost():
    assert _table(_frame(with_outside=True)).rows()[0]["Code"] == "Outside all communities"
    frame = _frame(with_outside=True)
    nothing = ["lost_on_foot", "lost_on_foot_river", "lost_on_foot_detour"]
    frame.loc[frame["kind"] == "outside", nothing] = 0
    read = _table(frame)
    assert "Outside all communities" not in read.text()
    assert "alone: 1 communities." in read.text()  # outside is none


def test_where_nobody_is_lost_there_is_no_table():
    read = _table(_frame(1))
    assert read.tables == []
    assert "1 communities" in read.text()


def test_what_is_kept_back_is_dots_and_comes_last():
    frame = _frame().assign(release="published")
    frame["lost_on_foot"] = pd.array([0, None, 4, 6], dtype="Int64")
    rows = _table(frame, Figures(Words("en"), published=True)).rows()
    assert [row["Straight only, not on foot"] for row in rows] == ["6", "4", "…"]
    assert rows[-1]["Of those reached straight"] == "…"


def _totals(**more):
    return {"lost_on_foot": 5, "lost_on_foot_river": 5, "lost_on_foot_detour": 0, **more}


def test_whom_no_street_leads_to_is_told_where_it_is_known():
    def told(**more):
        return Read(lost_on_foot(_IN, _totals(**more))).text()

    known = {"people_not_on_network": 1_200, "supply_not_on_network": 3}
    assert "No street leads to the places of 1,200 people and 3 rows" in told(**known)
    assert "has a street near" in told(people_not_on_network=0, supply_not_on_network=0)
    for without in ({}, dict.fromkeys(known)):
        assert "street near" not in told(**without)
        assert "No street leads to" not in told(**without)
    nobody = dict.fromkeys(_totals(), 0)
    text = Read(lost_on_foot(_IN, nobody | known)).text()
    assert "Whoever is reached straight is reached on foot." in text
    assert "No street leads to" in text


def test_a_cause_that_is_kept_back_has_no_bar():
    figures = Figures(Words("en"), published=True)
    rows = Read(lost_on_foot(figures, _totals(lost_on_foot=None, lost_on_foot_river=None))).rows()
    assert [row["People"] for row in rows] == ["…", "0"]


def test_the_page_has_a_table_for_communities_and_one_below_each_level():
    frame = _frame()
    levels = {"community": frame, "street": frame.iloc[:2].assign(kind="street")}
    totals = {"reached_straight": 9, **_totals(), "release": "internal"}
    read = Read(page_text(page(levels=levels, totals=totals, language="en")))
    assert [one for one in read.headings if one[1].endswith("straight and on foot")] == [
        ("h2", "Communities: straight and on foot"),
        ("h3", "Streets (towns): straight and on foot"),
    ]
    straight = {"community": community_frame(4)}
    assert "straight and on foot" not in page_text(page(levels=straight, language="en"))
