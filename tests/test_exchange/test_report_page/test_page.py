"""The whole page: opens with no internet, says what it is, has each community once."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_exchange.test_report_page.pages import (
    Read,
    community_frame,
    nullable,
    page,
    square,
    totals_of,
)

import geo_match as gm
from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page.page import page_text, write_page

NASTY = "<script>alert('x')</script>\"><img src=http://evil.example/x onerror=alert(1)>"


def _whole(**more):
    """Return a page with everything on it."""
    frame = community_frame(30)
    gaps = gpd.GeoDataFrame(
        {"code": ["g"], "people": [3], "tolerance_m": [10.0], "release": "internal"},
        geometry=[square(1, 1)],
        crs=4326,
    )
    levels = {
        "community": frame,
        "street": frame.iloc[:3].assign(kind="street", name=None),
        "district": frame.iloc[:2].assign(kind="district", name=None),
        "city": frame.iloc[:1].assign(kind="city", name=None),
        "hukou": frame.iloc[:2].assign(kind="group", name=None, code=["town", None]),
        "h3": frame.iloc[:4].assign(kind="h3", name=None),
    }
    return page(
        **(
            {
                "frame": frame,
                "levels": levels,
                "date": "2025-12-31",
                "asked": [("半径", "3,000 米")],
                "gap_areas": gaps,
                "plans": {
                    "plan": pd.DataFrame(
                        {"code": ["a"], "working_age": [5], "release": ["internal"]}
                    )
                },
                "supply_lon": np.array([117.31]),
                "supply_lat": np.array([32.91]),
                "notes": ["另一说明"],
                "worst": 7,
            }
            | more
        )
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_on_the_page_asks_for_anything_from_elsewhere(language):
    text = page_text(_whole(language=language))
    read = Read(text)
    asking = {"src", "href", "srcset", "action", "data", "poster", "xlink:href", "background"}
    asking |= {"formaction", "ping", "manifest"}
    assert not [one for one in read.attributes if one[1] in asking]
    assert not [one for one in read.attributes if one[1].startswith("on")]
    loading = {"script", "link", "iframe", "object", "embed", "img", "base", "form", "image"}
    assert not loading & set(read.tags)
    assert not re.findall(r"(?:https?|ftp|file|data|javascript):", text)
    assert "@import" not in text
    assert "@font-face" not in text
    assert all(one.startswith("#") for one in re.findall(r"url\(([^)]*)\)", text))


def test_the_policy_allows_only_the_style_that_stands_there():
    text = page_text(page())
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(value for _, name, value in Read(text).attributes if value and "default" in value)
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    # So that no element may have a style of its own, which the policy would refuse.
    assert not [one for one in Read(text).attributes if one[1] == "style"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_well_formed_with_its_language_and_headings_in_order(language):
    text = page_text(_whole(language=language))
    read = Read(text)
    assert read.declarations == ["DOCTYPE html"]
    assert ("html", "lang", {"zh": "zh-CN", "en": "en"}[language]) in read.attributes
    levels = [int(tag[1]) for tag, _ in read.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(shown.strip() for _, shown in read.headings)
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    # Each head cell says whether it heads a column or a row.
    assert read.tags.count("th") == sum(
        1 for tag, name, value in read.attributes if tag == "th" and name == "scope" and value
    )
    assert read.tags.count("caption") == read.tags.count("thead")
    assert "{" not in read.text()


def test_an_english_page_has_no_chinese_words_but_the_mark_on_maps_and_a_chinese_one_all():
    english = page_text(_whole(language="en", asked=[], notes=[], title="Plain"))
    names = {f"社区{at}" for at in range(30)}
    rest = Read(english).text().replace("内部工作用图", "").replace("审图号", "")
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, "")
    assert not re.findall("[\u4e00-\u9fff]+", rest)
    chinese = Read(page_text(_whole()))
    assert all(re.search("[\u4e00-\u9fff]", shown) for _, shown in chinese.headings)


def test_each_community_is_in_the_tables_once_with_the_frames_figures():
    frame = community_frame(40)
    read = Read(page_text(page(frame=frame, worst=7)))
    rows = {row["代码"]: row for row in read.rows() if "位次" in row}
    in_order = [row["代码"] for row in read.rows() if "位次" in row]
    own = frame[frame["kind"] == "community"]
    assert sorted(in_order) == sorted(own["code"])
    assert sorted(int(row["位次"]) for row in rows.values()) == list(range(1, 41))
    for row in own.to_dict("records"):
        shown = rows[row["code"]]
        assert int(shown["总数"]) == row["people"]
        assert int(shown["可达"]) == row["reached"]
        assert int(shown["未达标准"]) == row["below"]
        assert shown["名称"] == row["name"]
    worst = in_order[:7]
    assert min(int(rows[code]["未达标准"]) for code in worst) >= max(
        int(rows[code]["未达标准"]) for code in in_order[7:]
    )
    assert in_order[7:] == sorted(in_order[7:])


def test_who_is_outside_has_a_row_of_its_own():
    rows = Read(page_text(page())).rows()
    outside = [row for row in rows if row.get("代码") == "不在任何社区范围内"]
    assert [row["总数"] for row in outside] == ["2"]


def test_the_headline_has_the_totals():
    frame = community_frame()
    totals = totals_of(frame)
    shown = [data for tag, data in Read(page_text(page(frame=frame))).texts if tag == "dd"]
    for name in ("people", "below", "supply_amount"):
        assert f"{totals[name]:,}" in shown
    assert f"{totals['reached_share']:.1%}" in shown


def test_the_reasons_are_told_as_numbers_and_as_bars():
    totals = totals_of(community_frame())
    totals |= {"below": 8, "reason_no_location": 2, "reason_none_in_circle": 6}
    text = page_text(page(totals=totals))
    rows = {row["原因"]: row for row in Read(text).rows() if "原因" in row}
    assert rows["没有位置"]["总数"] == "2"
    assert rows["没有位置"]["比例"] == "25.0%"
    assert rows["范围内没有"]["总数"] == "6"
    section = text[text.index("未达标准的原因") :]
    widths = re.findall(r'<rect width="(\d+)" height="10" fill="#1d4e79">', section)[:2]
    assert widths == ["250", "750"]


def test_the_quantiles_are_told_in_their_order():
    totals = totals_of(community_frame()) | {"in_reach_p2.5": 1.0, "in_reach_p90": 30.0}
    rows = [row for row in Read(page_text(page(totals=totals))).rows() if "范围内数量" in row]
    assert [(row["占有位置者"], row["范围内数量"]) for row in rows] == [
        ("2.5%", "1"),
        ("10%", "3"),
        ("50%（中位数）", "8"),
        ("90%", "30"),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_is_given_as_text_stays_text(language):
    frame = community_frame(12)
    frame["name"] = [NASTY] * 12 + [None]
    frame.loc[0, "code"] = NASTY
    clean = Read(page_text(_whole(language=language, frame=frame)))
    dirty = Read(
        page_text(
            _whole(
                language=language,
                levels={
                    "community": frame,
                    "district": frame.iloc[:2],
                    NASTY: frame.iloc[:2].assign(kind="group", **{NASTY: NASTY}),
                },
                frame=frame,
                title=NASTY,
                date=NASTY,
                asked=[(NASTY, NASTY)],
                notes=[NASTY],
                names={frame["code"][1]: NASTY},
                map_approval=NASTY,
                plans={
                    "plan": pd.DataFrame({"code": [NASTY], NASTY: [NASTY], "release": ["internal"]})
                },
            )
        )
    )
    assert set(dirty.tags) <= set(clean.tags)
    assert not {"script", "img"} & set(dirty.tags)
    assert dirty.headings[0] == ("h1", NASTY)
    allowed = {name for _, name, _ in clean.attributes}
    assert {name for _, name, _ in dirty.attributes} <= allowed


@settings(max_examples=20)
@given(st.text(max_size=20), st.text(max_size=20))
def test_any_name_and_title_make_a_well_formed_page(name, title):
    frame = community_frame(2)
    frame["name"] = [name, name, None]
    Read(page_text(page(frame=frame, title=title)))


def test_the_same_data_make_the_same_bytes(tmp_path):
    for name in ("one.html", "other.html"):
        write_page(tmp_path / name, _whole())
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "other.html").read_bytes()
    assert (tmp_path / "one.html").read_bytes().decode("utf-8") == page_text(_whole())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_city_without_communities_and_one_without_people_have_pages(language):
    empty = community_frame(0)
    text = page_text(page(frame=empty, language=language, totals={}, levels={"community": empty}))
    assert {"zh": "没有社区。", "en": "There are no communities."}[language] in Read(text).text()
    nobody = community_frame(3, with_outside=False)
    nobody[["people", "located", "reached", "below", "reason_none_in_circle"]] = 0
    nobody[["located_share", "reached_share"]] = np.nan
    read = Read(page_text(page(frame=nobody, language=language)))
    assert "nan" not in read.text().lower()


def test_a_page_of_nothing_is_still_a_page():
    Read(page_text(page(totals={}, levels={})))


def test_communities_without_outlines_have_all_tables():
    frame = community_frame(5)
    frame["geometry"] = None
    read = Read(page_text(page(frame=frame)))
    assert len([row for row in read.rows() if "位次" in row]) == 5


def test_a_published_page_says_so_and_has_dots_for_what_is_kept_back():
    frame = nullable(community_frame(8, with_outside=False))
    totals = {"people": 100, "located": 95, "below": pd.NA, "reason_none_in_circle": pd.NA}
    totals |= {"reason_no_location": 15, "release": "published"}
    data = page(release="published", frame=frame, totals=totals, levels={"community": frame})
    text = page_text(data)
    read = Read(text)
    assert ("meta", "content", "published") in read.attributes
    assert "可公开发布" in read.text()
    assert "内部资料" not in read.text()
    assert "“…”表示数字已隐去，也可能为 0" in read.text()
    rows = {row["代码"]: row for row in read.rows() if "位次" in row}
    for row in frame.to_dict("records"):
        if pd.isna(row["people"]):  # and with them all else
            assert row["code"] not in rows
            continue
        assert rows[row["code"]]["总数"] == str(row["people"])
        assert rows[row["code"]]["未达标准"] == "…"
    assert "数字全部隐去的社区 2 个，不在表中列出：社区0、社区1。" in read.text()
    reasons = {row["原因"]: row["总数"] for row in read.rows() if "原因" in row}
    assert reasons == {"范围内没有": "…", "没有位置": "15"}


def test_an_internal_page_says_so():
    read = Read(page_text(page()))
    assert ("meta", "content", "internal") in read.attributes
    assert "内部资料" in read.text()
    assert "可公开发布" not in read.text()


def test_a_table_that_is_too_long_is_named_and_not_printed():
    frame = community_frame(3_001, with_outside=False).assign(kind="group")
    text = Read(page_text(page(levels={"age": frame}))).text()
    assert "此表有 3,001 行" in text


def test_long_lists_of_gap_areas_and_plans_are_named_too():
    many = pd.DataFrame({"code": [str(at) for at in range(3_001)], "release": "internal"})
    text = Read(page_text(page(plans={"plan": many}, gap_areas=many))).text()
    assert text.count("3,001 行") == 2


def test_tables_are_called_by_what_they_are_told_by():
    frame = community_frame(2, with_outside=False)
    parted = frame.assign(hukou=["town", "country"])
    for name in ("street by hukou", "hukou by sex", "city"):
        level = {name: parted if "hukou" in name else frame}
        headings = Read(page_text(page(levels=level, language="en"))).headings
        expected = {
            "street by hukou": "Streets (towns) By “hukou”",
            "hukou by sex": "By “hukou by sex”",
            "city": "City",
        }[name]
        assert ("h2", expected) in headings


def test_the_gap_areas_are_listed_with_their_figures():
    gaps = gpd.GeoDataFrame(
        {
            "kind": "gap_area",
            "code": ["N1", "N2"],
            "purpose": "drawing aid",
            "people": [1234, 5],
            "nearest_m": [3100.4, np.nan],
            "tolerance_m": [10.0, 10.0],
            "release": "internal",
        },
        geometry=[square(1, 1), square(0, 1)],
        crs=4326,
    )
    read = Read(page_text(page(gap_areas=gaps)))
    nearest = f"{find_column('nearest_m').chinese}（米）"
    rows = [row for row in read.rows() if nearest in row]
    assert [row["总数"] for row in rows] == ["1,234", "5"]
    assert [row[nearest] for row in rows] == ["3,100", "—"]
    assert f"{find_column('tolerance_m').chinese}（米）：10" in read.text()
    assert "不得外传" in read.text().split("准确程度")[1]
    shown = [data for tag, data in read.texts if tag == "dd"]
    assert "2" in shown


def test_the_glossary_has_every_figure_of_the_tables():
    text = Read(page_text(_whole()))
    terms = " ".join(data for tag, data in text.texts if tag == "dt")
    for name in ("people", "reached_share", "below", "in_reach_median", "reason_no_location"):
        assert find_column(name).chinese in terms


def _report(people, **options):
    area = "POLYGON ((117.3 32.9, 117.4 32.9, 117.4 33.0, 117.3 33.0, 117.3 32.9))"
    communities = [
        {"code": "340302001001", "name": "东风社区", "area": area},
        {"code": "340302001002", "name": "无图社区"},
    ]
    supply = [{"id": "J1", "lon": 117.31, "lat": 32.91, "vacancies": 2}]
    return gm.Coverage(supply, communities, gm.CoverageOptions(**options)).of(people)


def test_a_real_report_goes_onto_a_page_as_it_is_and_none_of_its_people():
    people = [
        {"id": f"PERSON-{at}", "lon": 117.31 + at * 0.01, "lat": 32.92, "weight": at + 1}
        for at in range(9)
    ]
    people.append({"id": "PERSON-9", "weight": 3, "community": "340302001002"})
    report = _report(people, edge_effect=True)
    levels = {name: report.by(name) for name in ("community", "street", "district", "city", "h3")}
    for language in ("zh", "en"):
        data = page(language=language, totals=report.totals(), levels=levels)
        text = page_text(data)
        assert "PERSON" not in text
        rows = {row.get("代码", row.get("Code")): row for row in Read(text).rows()}
        for row in levels["community"].iloc[:2].to_dict("records"):
            shown = rows[row["code"]]
            assert int(shown[{"zh": "总数", "en": "People"}[language]]) == row["people"]


def test_a_city_of_1157_communities_stays_below_three_million_bytes(shipped_city):
    outlines = gpd.read_parquet(shipped_city / "communities.parquet")
    n = len(outlines)
    frame = community_frame(2, with_outside=False)
    frame = gpd.GeoDataFrame(
        {name: np.resize(frame[name].to_numpy(), n) for name in frame if name != "geometry"},
        geometry=outlines.geometry.to_numpy(),
        crs=4326,
    ).assign(code=outlines["code"].to_numpy(), name=outlines["name"].to_numpy())
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(116.8, 118.0, 12_000), rng.uniform(32.7, 33.5, 12_000)
    text = page_text(page(frame=frame, supply_lon=lon, supply_lat=lat))
    assert n == 1_157
    assert len(text.encode()) < 3_000_000
    assert len([row for row in Read(text).rows() if "位次" in row]) == n
