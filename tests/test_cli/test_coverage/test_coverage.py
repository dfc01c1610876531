"""`geo-match coverage` as a user meets it: what it writes, and what it tells."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from office_desk import run
from test_cli.test_coverage.town import (
    COMMUNITIES,
    DAY,
    EAST,
    FILES,
    HOUSEHOLDS,
    NOTED,
    ON,
    VERIFIED,
    WEST,
    WEST_HOME,
    WGS84,
    covered,
    many_households,
    read_csv,
    square,
    there,
    told,
    write_ndjson,
)

import geo_match as gm


def test_each_community_has_a_row_and_the_worst_is_told_first(capsys):
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    names = ["people", "located", "reached", "below", "in_reach_median", "reason_no_location"]
    assert frame.loc[EAST, names].tolist() == [2, 1, 1, 1, 3, 1]
    assert frame.loc[WEST, names].tolist() == [2, 2, 0, 2, 0, 0]
    assert set(frame["release"]) == {"internal"}
    assert told(capsys) == [
        "households: 4 rows of h.ndjson, 4 used",
        *NOTED,
        "jobs: 3 rows of j.ndjson, 3 used",
        "communities: 2 rows of c.ndjson, 2 used",
        (
            "internal, 2025-12-31: 2 of 2 communities have households below the standard of "
            "1 vacancy within 3,000 m, the most in"
        ),
        f"    {WEST} 西山社区: 2 of 2",
        f"    {EAST} 东风社区: 1 of 2",
        "  1 of 3 located households (33.3%) reach 1 vacancy or more",
        "  3 of 4 households (75.0%) have a place",
        "  3 below the standard: 1 without a place, 2 with nothing in the circle",
        "  in the circle of the median household: 0 vacancies, enough of them 7,027 m away",
        "  to be reached: 3 vacancies; 0 of 2 rows without a place",
        "written to o.csv: community",
    ]
    assert there() == ["c.ndjson", "h.ndjson", "j.ndjson", "o.csv"]


def test_it_is_told_in_chinese(capsys):
    assert run("coverage", *FILES, *ON, "--language", "zh", "--out", "o.csv") == 0
    assert told(capsys) == [
        "家庭：h.ndjson，读入4行，采用4行",
        "  提示（不影响统计）：",
        (
            "    lon, lat：应有坐标才能定位，共1行。已保留，但此处没有位置；"
            "用 geo-match import 导入数据库，可按地址或社区定位。"
        ),
        "招聘信息：j.ndjson，读入3行，采用3行",
        "社区：c.ndjson，读入2行，采用2行",
        "内部资料（2025-12-31）：2个社区中，2个有家庭未达标准（3,000米内1个岗位），最多的是：",
        f"    {WEST} 西山社区：2户中2户",
        f"    {EAST} 东风社区：2户中1户",
        "  有位置的3户家庭中，1户（33.3%）可达1个岗位及以上",
        "  4户家庭中，3户（75.0%）有位置",
        "  未达标准的3户：没有位置1户，范围内没有2户",
        "  居中的一户，范围内有0个岗位，7,027米处数量即足够",
        "  可供到达的共3个岗位；2行中0行没有位置",
        "已写入o.csv：社区",
    ]


def test_several_formats_come_of_one_computation(capsys, monkeypatch):
    made = []
    of = gm.Coverage.of
    monkeypatch.setattr(gm.Coverage, "of", lambda self, people: made.append(1) or of(self, people))
    by = ("--by", "street", "--by", "community by hukou")
    out = ("--out", "o.gpkg", "--out", "o.parquet", "--out", "o.xlsx")
    assert run("coverage", *FILES, *ON, *by, *out) == 0
    assert len(made) == 1
    layers = pyogrio.list_layers("o.gpkg")[:, 0].tolist()
    assert layers == ["street", "community by hukou", "supply", "columns"]
    parted = gpd.read_file("o.gpkg", layer="community by hukou")
    assert parted[parted.code == WEST].set_index("hukou").people.to_dict() == {
        "rural": 1,
        "urban": 1,
    }
    assert gpd.read_parquet("o.parquet").kind.tolist() == ["street", "outside"]
    assert told(capsys)[-3:] == [
        "written to o.gpkg: street, community by hukou",
        "written to o.parquet: street",
        "written to o.xlsx: street, community by hukou",
    ]


def test_the_options_are_those_of_the_library(shipped_city):
    people, supply, communities = (
        shipped_city / f"{name}.parquet" for name in ("seekers", "stations", "communities")
    )
    options = gm.CoverageOptions(
        radius_m=1_500,
        at_least=2,
        count="places",
        standard=0.25,
        competition=gm.coverage.Gaussian(800),
        edge_effect=False,
    )
    asked = ("--radius-m", 1500, "--at-least", 2, "--standard", 0.25)
    asked += ("--competition", "gaussian:800", "--of", "seekers", "--supply-kind", "stations")
    files = ("--people", people, "--supply", supply, "--communities", communities)
    assert (
        run("coverage", *files, *asked, *ON, "--by", "district by veteran", "--out", "o.csv") == 0
    )
    stations = gpd.read_parquet(supply)
    day = pd.Timestamp(DAY)
    stations = stations[(stations.opened_on <= day) & ~(stations.closed_on <= day)]
    made = gm.Coverage(stations, gpd.read_parquet(communities), options)
    expected = made.of(gpd.read_parquet(people)).by("district", "veteran")
    found = pd.read_csv("o.csv", dtype={"code": str, "veteran": str})
    assert len(found) == len(expected) > 10
    for name in ("code", "veteran", "people", "reached", "below", "in_reach_p90"):
        mine, theirs = found[name].astype(object), expected[name].astype(object)
        mine, theirs = mine.where(mine.notna(), None), theirs.where(theirs.notna(), None)
        assert mine.tolist() == theirs.tolist(), name
    for name in ("availability_median", "fgt_depth"):
        assert found[name].fillna(-1).tolist() == pytest.approx(expected[name].fillna(-1).tolist())


def test_each_person_is_written_only_where_it_is_asked_for(capsys):
    assert run("coverage", *FILES, *ON, "--people-out", "p.csv", "--out", "o.csv") == 0
    found = pd.read_csv("p.csv")
    assert found["id"].tolist() == ["H1", "H2", "H3", "H4"]
    assert found["reason"].astype(object).where(found["reason"].notna(), None).tolist() == [
        None,
        "none_in_circle",
        "none_in_circle",
        "no_location",
    ]
    assert told(capsys)[-1] == (
        "written to p.csv: a row a household, by id; keep it as safe as the list"
    )


def test_rejected_rows_are_listed_and_said(capsys):
    write_ndjson("j.ndjson", [*VERIFIED, {"id": "J4", "title": "x", "vacancies": -1}])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 3
    assert "1 fault listed in o.csv.rejected.csv" in told(capsys)
    assert "jobs,j.ndjson,4,vacancies,-1," in Path("o.csv.rejected.csv").read_text("utf-8-sig")
    write_ndjson("j.ndjson", VERIFIED)
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    assert not Path("o.csv.rejected.csv").exists()


def test_competition_is_said_a_head(capsys):
    assert run("coverage", *FILES, *ON, "--competition", "binary", "--out", "o.csv") == 0
    text = "\n".join(told(capsys))
    assert "below the standard of 1 vacancy a head within 3,000 m" in text
    assert (
        run(
            "coverage",
            *FILES,
            *ON,
            "--competition",
            "binary",
            "--edge-effect",
            "--language",
            "zh",
            "--out",
            "o.csv",
        )
        == 0
    )
    assert "3,000米内人均1个岗位" in "\n".join(told(capsys))
    assert read_csv("o.csv").loc[WEST, "outside_data_share"] > 0.5


def test_gap_areas_are_a_layer_of_their_own():
    assert run("coverage", *FILES, *ON, "--gap-areas", "--out", "o.gpkg") == 0
    areas = gpd.read_file("o.gpkg", layer="gap_areas")
    assert areas["people"].sum() == 2
    assert set(areas["release"]) == {"internal"}


def test_nothing_is_written_when_a_file_fails(monkeypatch, capsys):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo_match.exchange.coverage.write.write_csv", fail)
    more = ("--publish", "--key-file", "key.txt", "--out", "o.gpkg", "--out", "o.csv")
    write_ndjson("h.ndjson", many_households())
    assert run("coverage", *FILES, *ON, *more) == 1
    assert "`o.csv` must be written, got No space left on device" in capsys.readouterr().err
    assert there() == ["c.ndjson", "h.ndjson", "j.ndjson"]


def test_an_answer_says_whose_coverage_it_is_and_of_what():
    assert run("coverage", *FILES, *ON, "--map-approval", "示S(2026)001", "--out", "o.html") == 0
    page = Path("o.html").read_text(encoding="utf-8")
    for words in ("households", "jobs of verified employers", "示S(2026)001"):
        assert words in page
    write_ndjson("s.ndjson", [{"id": "S1", "name": "网点", **WEST_HOME}])
    of_stations = ("--supply-kind", "stations", "--language", "zh", "--out", "o.geojson")
    lists = ("--people", "h.ndjson", "--supply", "s.ndjson", "--communities", "c.ndjson", *WGS84)
    assert run("coverage", *lists, *ON, *of_stations) == 0
    asked = json.loads(Path("o.geojson").read_text(encoding="utf-8"))["asked"]
    assert (asked["统计对象"], asked["供给"]) == ("家庭", "服务网点")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "1 of 5 households belong to no community here, and 1 live in another than",
        ),
        ("zh", "5户家庭中，1户不属于这里的任何社区，1户的位置不在登记的社区"),
    ],
)
def test_people_whose_places_lie_elsewhere_are_told(language, told, capsys):
    away = {"id": "H5", "lon": 117.50, "lat": 32.94, "hukou": "urban", "community": EAST}
    write_ndjson("h.ndjson", [*HOUSEHOLDS, away])
    out = covered(capsys, "--language", language, "--out", "out.csv")
    assert told in out


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "1 row without a number of vacancies count for 1 each"), ("zh", "1行未写明招聘人数")],
)
def test_postings_without_a_number_of_vacancies_are_told(language, told, capsys):
    write_ndjson("j.ndjson", [*VERIFIED, {**VERIFIED[0], "id": "J4", "vacancies": None}])
    out = covered(capsys, "--language", language, "--out", "out.csv")
    assert told in out


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "en",
            (
                "  1 household lives where areas of communities overlap: each is counted once, in "
                f"that of the least code ({EAST} and 340302001003)"
            ),
        ),
        (
            "zh",
            f"  1户家庭住在社区边界重叠处，各计一次，计入代码最小的社区（{EAST}与340302001003）",
        ),
    ],
)
def test_people_where_areas_overlap_are_told(language, line, capsys):
    other = {"code": "340302001003", "name": "重叠社区", "area": square(117.385, 32.935)}
    write_ndjson("c.ndjson", [*COMMUNITIES, other])
    assert line in covered(capsys, "--language", language, "--out", "out.csv").splitlines()
