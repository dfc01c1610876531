"""The sections tell what there is, why something is not there, and list no empty places."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_exchange.test_report_page.pages import (
    Read,
    community_frame,
    nullable,
    page,
    totals_of,
)

from geo_match.exchange.report_page.page import page_text


def _published_page(**more):
    frame = nullable(community_frame(8, with_outside=False))
    known = {"people": 100, "below": pd.NA, "reason_none_in_circle": pd.NA, "release": "published"}
    given = {"release": "published", "levels": {"community": frame}, "totals": known} | more
    return page(**given)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_distribution_that_is_kept_back_is_told_apart_from_one_that_is_not_published(language):
    def told(**more):
        return Read(page_text(_published_page(language=language, **more))).text()

    kept_back = {
        "zh": "每个数字背后的人（户）数不足以公布",
        "en": "too few people stand behind each",
    }
    elsewhere = {"zh": "不在公布的各表之中", "en": "not in the tables that were published"}
    none = {"zh": "没有这些数字", "en": "There are no such figures"}
    hidden = {"people": 12, "in_reach_median": pd.NA, "reason_too_few": 0, "release": "published"}
    shown = told(totals=hidden)
    assert kept_back[language] in shown
    assert elsewhere[language] not in shown
    assert elsewhere[language] in told()
    assert kept_back[language] not in told()
    assert none[language] not in shown + told()
    internal = totals_of(community_frame())
    internal = {name: value for name, value in internal.items() if "median" not in name}
    internal.pop("in_reach_p10")
    inside = page(language=language, totals=internal)
    assert none[language] in Read(page_text(inside)).text()


def test_published_shares_have_the_digits_that_their_figures_bear_out():
    frame = nullable(community_frame(8, with_outside=False))
    frame["people"] = pd.array([75] * 8, dtype="Int64")
    frame["reached_share"] = pd.array([0.93] * 8, dtype="Float64")
    frame["below"] = pd.array([70] * 8, dtype="Int64")
    totals = {"people": 1_805, "below": 1_800, "reason_none_in_circle": 70, "release": "published"}
    levels = {"community": frame, "district": frame.iloc[:2].assign(kind="district")}
    data = _published_page(levels=levels, totals=totals, most_error=5)
    read = Read(page_text(data))
    assert {row["可达占比"] for row in read.rows() if "位次" in row} == {"93%"}
    assert "占总数 99.7%" in read.text()
    # 70 of 1,800, give or take 5, is 3.9 % and no more digits; 70 of 75 not even as many.
    assert [row["比例"] for row in read.rows() if "原因" in row] == ["3.9%"]
    assert {row["占总数"] for row in read.rows() if "占总数" in row} == {"93%"}


def test_what_is_rounded_says_to_what():
    frame = nullable(community_frame(8, with_outside=False))
    frame["distance_median_m"] = [0.0, 500.0, *[1_000.0] * 6]
    frame["people"] = 100
    totals = {"people": 800, "distance_median_m": 1_000.0, "release": "published"}
    steps = {"distance_median_m": 500.0}
    for language, head, chart in (
        ("zh", "到足量处距离中位数（米）（取整到 500）", "到足量处距离（米）（取整到 500）"),
        (
            "en",
            "Median metres to enough, to the nearest 500",
            "Metres to enough, to the nearest 500",
        ),
    ):
        data = _published_page(
            levels={"community": frame}, totals=totals, steps=steps, language=language
        )
        read = Read(page_text(data))
        shown = [row[head] for row in read.rows() if head in row]
        assert shown == ["≤250", "500", *["1,000"] * 6]
        assert [row[chart] for row in read.rows() if chart in row] == ["1,000"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_communities_without_people_are_counted_and_not_listed(language):
    frame = community_frame(40)
    figures = ["people", "located", "reached", "below", "reason_none_in_circle"]
    empty = frame["code"].isin(frame["code"][10:40])
    frame.loc[empty, figures] = 0
    frame.loc[empty, ["located_share", "reached_share"]] = np.nan
    levels = {
        "community": frame,
        "district": frame.iloc[8:12].assign(kind="district", name=list("甲乙丙丁")),
        "community by hukou": frame.iloc[8:12].assign(hukou="town"),
    }
    read = Read(page_text(page(frame=frame, levels=levels, language=language, worst=3)))
    rank, code = {"zh": ("位次", "代码"), "en": ("Rank", "Code")}[language]
    listed = [row[code] for row in read.rows() if rank in row]
    assert sorted(listed) == frame["code"][:10].tolist()
    lines = {
        "zh": (
            "没有人（户）的社区 30 个，不在表中列出。",
            "没有人（户）的区县 2 个，不在表中列出：丙、丁。",
        ),
        "en": (
            "since nobody was counted there: 30 communities.",
            "since nobody was counted there: 2 districts: 丙, 丁.",
        ),
    }[language]
    for line in lines:
        assert line in read.text()
    rest = {"zh": "其余 7 个社区", "en": "the other 7 communities"}[language]
    assert rest in read.text()


def test_rows_of_a_plan_that_count_nothing_are_counted_and_not_listed():
    plan = pd.DataFrame(
        {
            "code": [f"c{at}" for at in range(9)],
            "area_km2": [1.0 + at for at in range(9)],
            "seekers": [3, *[0] * 8],
            "entities": [0, 2, *[0] * 7],
            "release": "internal",
        }
    )
    read = Read(page_text(page(plans={"plan": plan})))
    assert [row["代码"] for row in read.rows() if "求职者" in row] == ["c0", "c1"]
    assert "另有 7 行各项数量均为 0 或为空" in read.text()
    nothing = plan.assign(seekers=0, entities=0)
    read = Read(page_text(page(plans={"plan": nothing})))
    assert len([row for row in read.rows() if row.get("代码", "").startswith("c")]) == 9


def test_that_everybody_has_a_place_and_nobody_is_outside_is_said_in_a_sentence():
    frame = community_frame()
    frame.loc[frame["kind"] == "outside", ["people", "located", "reached", "below"]] = 0
    text = Read(page_text(page(frame=frame))).text()
    assert "所有人（户）都有位置。" in text
    assert "没有人（户）在社区范围之外。" in text
    totals = totals_of(frame) | {"reason_no_location": 3, "located_share": 0.9}
    assert "有位置的占 90.0%" in Read(page_text(page(totals=totals))).text()
    assert "不在任何社区范围内的有 2" in Read(page_text(page())).text()
