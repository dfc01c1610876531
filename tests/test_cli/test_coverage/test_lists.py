"""What `geo-match coverage` makes of lists that are not as they should be, and says of them."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from office_desk import run
from test_cli.test_coverage.town import (
    COMMUNITIES,
    EAST,
    FILES,
    HOUSEHOLDS,
    ON,
    SEEKERS,
    VERIFIED,
    WEST,
    plain,
    read_csv,
    told,
    write_ndjson,
)

import geo_match as gm
from geo_match.cli.list_doubts import doubts
from geo_match.records import RECORDS

LISTS = FILES[:6]
KINK = (
    "POLYGON ((117.38 32.93, 117.40 32.93, 117.40 32.95, 117.3999 32.9501, 117.4001 32.9501, "
    "117.38 32.95, 117.38 32.93))"
)
"""The east's outline, which crosses itself by some metres in a corner."""
EIGHT = "POLYGON ((117.30 32.93, 117.32 32.95, 117.32 32.93, 117.30 32.95, 117.30 32.93))"


def test_lists_that_do_not_say_their_datum_are_refused_with_the_remedy(capsys):
    assert run("coverage", *LISTS, *ON, "--out", "o.csv") == 1
    err = capsys.readouterr().err
    assert "h.ndjson: `datum` must be given for a list whose coordinates do not say theirs" in err
    assert "gcj02 (高德, 腾讯)" in err
    assert not Path("o.csv").exists()
    own = ("--people-datum", "wgs84", "--supply-datum", "wgs84", "--communities-datum", "wgs84")
    assert run("coverage", *LISTS, *ON, *own, "--out", "o.csv") == 0


def test_shapes_with_a_crs_say_their_datum_themselves():
    homes = gpd.GeoDataFrame(
        HOUSEHOLDS[:3], geometry=gpd.points_from_xy([117.3901, 117.3101, 117.3151], [32.94] * 3)
    )
    homes.drop(columns=["lon", "lat"]).set_crs(4490).to_parquet("h.parquet")
    areas = gpd.GeoDataFrame(
        [{"code": one["code"], "name": one["name"]} for one in COMMUNITIES],
        geometry=[shapely.from_wkt(one["area"]) for one in COMMUNITIES],
        crs=4326,
    )
    areas.to_file("c.geojson")
    files = ("--people", "h.parquet", "--supply", "j.ndjson", "--communities", "c.geojson")
    assert run("coverage", *files, "--supply-datum", "wgs84", *ON, "--out", "o.csv") == 0
    assert read_csv("o.csv").loc[WEST, "located"] == 2


def test_a_column_that_looks_like_a_field_is_named_once(capsys):
    rows = [{"id": f"H{n}", "longitud": 117.3901, "latitude": 32.9401} for n in range(3)]
    write_ndjson("h.ndjson", rows)
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 1
    err = capsys.readouterr().err
    hint = "The column 'longitud' is not used, but looks like lon (经度): rename it if it is that."
    assert err.count(hint) == 1
    write_ndjson("h.ndjson", [{"id": "H1", "lon": 117.39, "lat": 32.94, "comunity": EAST}])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    assert (
        "  warning: the column 'comunity' is not used, but looks like community (社区代码): "
        "rename it if it is that" in told(capsys)
    )


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "  warning: it has {its} columns of seekers and {own} of households: is it the"),
        ("zh", "  注意：有{its}列属于求职者，属于家庭的只有{own}列：请核对是否用错了名单"),
    ],
)
def test_a_list_of_another_kind_is_told(shipped_city, capsys, language, line):
    frame = gpd.read_parquet(shipped_city / "seekers.parquet").iloc[:50]
    frame.to_parquet("h.parquet")
    files = ("--people", "h.parquet", *FILES[2:], "--of", "households", "--language", language)
    # The squares of the town are none of the city's communities: the refusal says it, too.
    assert run("coverage", *files, *ON, "--out", "o.csv") == 1
    asked = {"en": "is it the right list?", "zh": "请核对是否用错了名单。"}[language]
    assert capsys.readouterr().err.rstrip().endswith(f"{asked}{'.' if language == 'en' else ''}")
    areas = ("--communities", shipped_city / "communities.parquet")
    files = (*files[:4], *areas, *files[6:])
    assert run("coverage", *files, *ON, "--out", "o.csv") == 0
    fields = {name: set(RECORDS[name].model_fields) for name in ("seekers", "households")}
    flags = {column for one in RECORDS["seekers"].flags.values() for column in one.values()}
    headers = set(frame.columns)
    its, own = len(headers & (fields["seekers"] | flags)), len(headers & fields["households"])
    assert its > own
    (found,) = [one for one in told(capsys) if one.startswith(line.format(its=its, own=own))]
    assert found


@pytest.mark.parametrize("name", ["households", "seekers", "jobs", "stations", "communities"])
def test_no_list_of_the_city_is_taken_for_another(shipped_city, name):
    frame = gpd.read_parquet(shipped_city / f"{name}.parquet")
    assert list(doubts(list(frame.columns), name, language="en")) == []


def test_people_of_communities_that_are_not_used_are_counted(capsys):
    write_ndjson("c.ndjson", [COMMUNITIES[0], {**COMMUNITIES[1], "area": EIGHT}])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 3
    line = (
        "  of those who belong to none, 2 are recorded in 1 community that is not among those "
        "used: not in the list, or rejected"
    )
    assert line in told(capsys)
    frame = pd.read_csv("o.csv")
    assert frame.loc[frame["kind"] == "outside", "people"].tolist() == [2]
    assert run("coverage", *FILES, *ON, "--language", "zh", "--out", "o.csv") == 3
    line = "  不属于任何社区的，其中2户登记的1个社区不在采用之列（名单中没有，或已退回）"
    assert line in told(capsys)


def test_rows_that_are_there_twice_are_counted_as_duplicates(capsys):
    write_ndjson("h.ndjson", [*HOUSEHOLDS, HOUSEHOLDS[0]])
    write_ndjson("j.ndjson", [*VERIFIED, VERIFIED[0]])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    lines = told(capsys)
    assert "households: 5 rows of h.ndjson, 4 used, 1 duplicate" in lines
    assert "jobs: 4 rows of j.ndjson, 3 used, 1 duplicate" in lines
    frame = read_csv("o.csv")
    assert frame.loc[EAST, ["people", "in_reach_median"]].tolist() == [2, 3]


@pytest.mark.parametrize("more", [(), ("--eligible",), ("--competition", "binary")])
def test_a_list_without_jobs_leaves_everybody_without_one_as_the_library_says(capsys, more):
    Path("none.csv").write_text("id,title,lon,lat,employer_licence\n", encoding="utf-8")
    people = "h.ndjson"
    if more == ("--eligible",):
        people = "p.ndjson"
        write_ndjson(people, SEEKERS)
    files = ("--people", people, "--supply", "none.csv", *FILES[4:])
    assert run("coverage", *files, *ON, *more, "--out", "o.csv") == 0
    warning = "warning: none.csv has headers and no jobs: nobody can reach any"
    assert warning in told(capsys)
    frame = read_csv("o.csv")
    assert frame["reached"].sum() == 0
    expected = gm.Coverage([], COMMUNITIES).of(HOUSEHOLDS).by("community")
    if not more:
        assert frame["below"].tolist() == expected["below"].tolist()
        assert frame["reason_none_in_circle"].sum() == expected["reason_none_in_circle"].sum() == 3


def test_a_list_without_jobs_is_told_in_chinese_too(capsys):
    Path("none.csv").write_text("id,title,lon,lat,employer_licence\n", encoding="utf-8")
    files = ("--people", "h.ndjson", "--supply", "none.csv", *FILES[4:])
    assert run("coverage", *files, *ON, "--language", "zh", "--out", "o.csv") == 0
    assert "注意：none.csv只有表头，没有招聘信息，任何人都不可达" in told(capsys)


@pytest.mark.parametrize("repair", [(), ("--repair",)])
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "warning: none.csv has headers and no communities: everybody counts as outside"),
        ("zh", "注意：none.csv只有表头，没有社区，所有人都计为不在任何社区"),
    ],
)
def test_without_communities_everybody_is_outside_as_the_library_says(
    capsys, language, line, repair
):
    Path("none.csv").write_text("code,name,area\n", encoding="utf-8")
    out = ("--out", "o.csv", "--out", "o.gpkg", "--out", "o.xlsx", "--out", "o.html")
    files = (*FILES[:5], "none.csv", *FILES[6:], "--language", language)
    assert run("coverage", *files, *ON, *repair, *out) == 0
    assert [one for one in told(capsys) if one.startswith(line)]
    frame = read_csv("o.csv")
    expected = gm.Coverage(VERIFIED[:1], []).of(HOUSEHOLDS).by("community")
    assert frame["kind"].tolist() == expected["kind"].tolist() == ["outside"]
    for name in ("people", "located", "reached", "below"):
        assert frame[name].tolist() == expected[name].tolist(), name


def test_communities_without_areas_have_those_who_are_recorded_there():
    bare = [{"code": one["code"], "name": one["name"]} for one in COMMUNITIES]
    write_ndjson("c.ndjson", bare)
    assert run("coverage", *FILES, *ON, "--out", "o.csv", "--out", "o.html") == 0
    frame = read_csv("o.csv")
    expected = gm.Coverage(VERIFIED[:1], bare).of(HOUSEHOLDS).by("community")
    assert frame["kind"].tolist() == expected["kind"].tolist()
    for name in ("people", "located", "reached", "below"):
        assert frame[name].tolist() == expected[name].tolist(), name


def test_columns_that_are_not_used_are_told_of_each_list(capsys):
    for name, rows in (("h", HOUSEHOLDS), ("j", VERIFIED), ("c", COMMUNITIES)):
        write_ndjson(f"{name}.ndjson", [{**one, "foo": 1, "bar": 2} for one in rows])
    write_ndjson("add.ndjson", [{**VERIFIED[0], "id": "N1", "foo": 1, "bar": 2}])
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", "--out", "o.csv") == 0
    assert told(capsys).count("  warning: not used: foo, bar") == 4


def test_a_list_of_members_is_told_to_be_one_with_its_rows_and_households(capsys):
    header = "家庭编号,成员序号,出生年份"
    rows = ["H1,1,1980", "H1,2,2010", "H2,1,1990", "H2,1,1991", "H3,1,x"]
    Path("m.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    files = ("--people", "m.csv", *FILES[2:])
    assert run("coverage", *files, *ON, "--language", "en", "--out", "o.csv") == 3
    lines = told(capsys)
    assert lines[:2] == [
        "households: 5 rows of m.csv, 2 used, 3 rejected",
        "  a row a member (家庭成员): 2 rows of 1 household",
    ]
    said = "warning: m.csv is a list of members (家庭成员): it says neither where households are"
    assert [one for one in lines if one.startswith(said)]
    assert run("coverage", *files, *ON, "--out", "o.csv") == 3
    lines = told(capsys)
    assert [one for one in lines if one.startswith("注意：m.csv是家庭成员名单，没有住户的位置")]
    assert lines[:2] == [
        "家庭：m.csv，读入5行，采用2行，退回3行",
        "  家庭成员名单，每人一行：2行属于1户",
    ]


def test_lists_without_people_are_refused(capsys):
    Path("none.csv").write_text("id,lon,lat\n", encoding="utf-8")
    files = ("--people", "none.csv", *FILES[2:])
    assert run("coverage", *files, *ON, "--out", "o.csv") == 1
    assert "`none.csv` must hold at least one row" in capsys.readouterr().err
    Path("none.csv").write_text("", encoding="utf-8")
    assert run("coverage", *FILES[:3], "none.csv", *FILES[4:], *ON, "--out", "o.csv") == 1
    assert "got an empty file" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["text", "shapes"])
def test_outlines_that_cross_themselves_are_repaired_only_where_it_is_asked(capsys, form):
    rows = [{**COMMUNITIES[0], "area": KINK}, COMMUNITIES[1]]
    files = FILES
    if form == "text":
        write_ndjson("c.ndjson", rows)
    else:
        frame = gpd.GeoDataFrame(
            [{"code": one["code"], "name": one["name"]} for one in rows],
            geometry=[shapely.from_wkt(one["area"]) for one in rows],
            crs=4326,
        )
        frame.to_parquet("c.parquet")
        files = (*FILES[:5], "c.parquet", *FILES[6:])
    assert run("coverage", *files, *ON, "--out", "o.csv") == 3
    assert EAST not in read_csv("o.csv").index
    capsys.readouterr()
    assert run("coverage", *files, *ON, "--repair", "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    assert frame.loc[EAST, ["people", "located", "reached"]].tolist() == [2, 1, 1]
    name = Path(files[5]).name
    lines = told(capsys)
    assert f"communities: 2 rows of {name}, 2 used" in lines
    (line,) = [one for one in lines if "repaired" in one]
    start = f"  repaired the outline of {EAST} (Self-intersection[117.39990"
    assert line.startswith(start)
    assert line.endswith("): 4.158782 km² became 4.158783 km², less than 0.01% of it in doubt")


def test_a_repair_moves_outlines_of_another_datum_as_the_rest():
    lon, lat = gm.from_wgs84(
        lon=[117.38, 117.40, 117.40, 117.3999, 117.4001, 117.38],
        lat=[32.93, 32.93, 32.95, 32.9501, 32.9501, 32.95],
        datum="gcj02",
    )
    ring = [*zip(lon, lat, strict=True), (lon[0], lat[0])]
    area = f"POLYGON (({', '.join(f'{x} {y}' for x, y in ring)}))"
    write_ndjson("c.ndjson", [{**COMMUNITIES[0], "area": area}])
    own = ("--communities-datum", "gcj02", "--repair")
    assert run("coverage", *FILES, *ON, *own, "--out", "o.geojson") == 0
    (feature,) = [
        one
        for one in json.loads(Path("o.geojson").read_text(encoding="utf-8"))["features"]
        if one["properties"]["code"] == EAST
    ]
    found = shapely.geometry.shape(feature["geometry"])
    assert found.bounds == pytest.approx(shapely.from_wkt(KINK).bounds, abs=1e-6)


def test_a_repair_that_would_have_to_guess_is_refused(capsys):
    write_ndjson("c.ndjson", [COMMUNITIES[0], {**COMMUNITIES[1], "area": EIGHT}])
    assert run("coverage", *FILES, *ON, "--repair", "--out", "o.csv") == 1
    err = capsys.readouterr().err
    assert "or become one by changing at most 1% of its area" in err
    assert WEST in err
    assert not Path("o.csv").exists()


def test_a_repair_keeps_rows_with_other_faults_out():
    faulty = {**COMMUNITIES[0], "area": KINK, "code": "34030200100"}
    write_ndjson("c.ndjson", [faulty, COMMUNITIES[1], {**COMMUNITIES[1], "area": KINK}])
    assert run("coverage", *FILES, *ON, "--repair", "--out", "o.csv") == 3
    assert read_csv("o.csv").loc[WEST, "people"] == 2
    listed = pd.read_csv("o.csv.rejected.csv")
    assert set(listed["row"]) == {1, 3}


def test_communities_without_people_are_told_apart(capsys):
    empty = {"code": "340302001003", "name": "空", "area": COMMUNITIES[0]["area"]}
    empty["area"] = empty["area"].replace("32.9", "32.8")
    write_ndjson("c.ndjson", [*COMMUNITIES, empty])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    line = (
        "internal, 2025-12-31: 2 of 2 communities (1 more has no households) have households "
        "below the standard of 1 vacancy within 3,000 m, the most in"
    )
    assert line in told(capsys)
    assert run("coverage", *FILES, *ON, "--language", "zh", "--out", "o.csv") == 0
    line = (
        "内部资料（2025-12-31）：2个社区（另有1个没有家庭）中，2个有家庭未达标准"
        "（3,000米内1个岗位），最多的是："
    )
    assert line in told(capsys)


def test_communities_without_an_outline_are_told_apart_and_who_is_recorded_in_them(capsys):
    empty = {"code": "340302001003", "name": "空", "area": COMMUNITIES[0]["area"]}
    empty["area"] = empty["area"].replace("32.9", "32.8")
    write_ndjson("c.ndjson", [COMMUNITIES[0], {**COMMUNITIES[1], "area": None}, empty])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    lines = told(capsys)
    told_of = "1 of 1 community (1 more has no households, 1 more has no outline here) have"
    assert any(told_of in line for line in lines)
    recorded = "2 are recorded in 1 community that has no outline here"
    assert f"  of those who belong to none, {recorded}" in lines
    assert run("coverage", *FILES, *ON, "--language", "zh", "--out", "o.csv") == 0
    lines = told(capsys)
    assert any("：1个社区（另有1个没有家庭，1个在此没有边界）中，1个" in line for line in lines)
    assert "  不属于任何社区的，其中2户登记在没有边界的1个社区" in lines


def test_where_no_community_has_an_outline_it_is_not_said_that_nobody_lives_there(capsys):
    write_ndjson("c.ndjson", [{**one, "area": None} for one in COMMUNITIES])
    write_ndjson("h.ndjson", HOUSEHOLDS[:3])  # the fourth has no place: its record says where it is
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    lines = told(capsys)
    assert any("0 of 0 communities (2 more have no outline here) have" in line for line in lines)
    recorded = "3 are recorded in 2 communities that have no outline here"
    assert f"  of those who belong to none, {recorded}" in lines


def test_seekers_who_are_not_registered_on_the_day_are_left_out_and_counted(capsys):
    rows = [
        SEEKERS[0],
        {**SEEKERS[1], "closed_on": "2025-12-31"},
        {**SEEKERS[2], "closed_on": "2026-01-01"},
    ]
    write_ndjson("p.ndjson", rows)
    files = ("--people", "p.ndjson", *FILES[2:], "--of", "seekers")
    assert run("coverage", *files, *ON, "--out", "o.csv") == 0
    assert read_csv("o.csv")["people"].sum() == 2
    assert "  left out: 1 seeker not registered on 2025-12-31" in told(capsys)
    assert run("coverage", *files, *ON, "--former-too", "--out", "o.csv") == 0
    assert read_csv("o.csv")["people"].sum() == 3
    assert run("coverage", *FILES, *ON, "--former-too", "--out", "o.csv") == 2
    assert "--former-too: must not be given with households" in plain(capsys.readouterr().err)
