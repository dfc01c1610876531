"""`geo-match what-if`: what would change, by hand in a town of two communities."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from office_desk import run
from test_cli.test_coverage.town import (
    EAST,
    FILES,
    HOUSEHOLDS,
    ON,
    VERIFIED,
    WEST,
    WEST_HOME,
    plain,
    there,
    told,
    write_ndjson,
)

import geo_match as gm
from geo_match.store import AuditLog

NEW = {"id": "N1", "title": "新岗位", **WEST_HOME, "vacancies": 4}


def read_rows(path):
    frame = pd.read_csv(path, dtype={"code": str})
    return frame.set_index("code")


def test_an_added_place_reaches_those_around_it(capsys):
    write_ndjson("add.ndjson", [NEW])
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", "--out", "o.csv") == 0
    rows = read_rows("o.csv")
    # The two households of the west had nothing; the east had its job, and is not told of.
    assert rows.index.tolist() == [WEST]
    names = ["reached_before", "reached_after", "reached_change", "below_change"]
    assert rows.loc[WEST, names].tolist() == [0, 2, 2, -2]
    assert rows.loc[WEST, "reason_none_in_circle_change"] == -2
    assert set(rows["release"]) == {"internal"}
    assert told(capsys)[-8:] == [
        "jobs: 1 row of add.ndjson, 1 used",
        "internal, 2025-12-31: with 1 added",
        "  households reached: 3 (2 more than the 1 now)",
        "  households below the standard: 1 (2 fewer than the 3 now)",
        "  more or fewer reached in 1 community, the most in",
        f"    {WEST} 西山社区: 2 (2 more than the 0 now)",
        "  counted anew: 2 households whose circles it touches",
        "written to o.csv: community",
    ]
    assert there() == ["add.ndjson", "c.ndjson", "h.ndjson", "j.ndjson", "o.csv"]


def test_it_is_told_in_chinese(capsys):
    write_ndjson("add.ndjson", [NEW])
    more = ("--close", "J1", "--language", "zh", "--out", "o.csv")
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", *more) == 0
    assert told(capsys)[-9:] == [
        "招聘信息：add.ndjson，读入1行，采用1行",
        "内部资料（2025-12-31）：如果新增1，关闭1",
        "  可达的家庭：现1户，届时2户，增加1户",
        "  未达标准的家庭：现3户，届时2户，减少1户",
        "  2个社区可达的家庭数有变化，变化最大的是：",
        f"    {WEST} 西山社区：现0户，届时2户，增加2户",
        f"    {EAST} 东风社区：现1户，届时0户，减少1户",
        "  重新统计了3户家庭",
        "已写入o.csv：社区",
    ]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "  more or fewer reached outside all communities only:",
                "    outside all communities: 1 (1 more than the 0 now)",
            ],
        ),
        (
            "zh",
            [
                "  只有不在任何社区的家庭，可达数有变化：",
                "    不在任何社区：现0户，届时1户，增加1户",
            ],
        ),
    ],
)
def test_a_change_outside_all_communities_alone_is_told_as_that(capsys, language, lines):
    write_ndjson("h.ndjson", [HOUSEHOLDS[0], {"id": "H5", "lon": 117.2990, "lat": 32.9401}])
    write_ndjson("add.ndjson", [NEW])
    asked = (*FILES, *ON, "--add", "add.ndjson", "--radius-m", "2000", "--language", language)
    assert run("what-if", *asked, "--out", "o.csv") == 0
    assert told(capsys)[-4:-2] == lines


def test_moving_closing_and_another_radius_give_what_the_library_gives(shipped_city):
    names = ("households", "stations", "communities")
    people, supply, communities = (shipped_city / f"{name}.parquet" for name in names)
    homes, stations, areas = (gpd.read_parquet(one) for one in (people, supply, communities))
    day = pd.Timestamp("2025-12-31")
    stations = stations[(stations.opened_on <= day) & ~(stations.closed_on <= day)]
    moved, closed = stations["id"].iloc[0], stations["id"].iloc[1]
    place = stations.geometry.iloc[40]
    row = {"id": moved, "name": "x", "lon": place.x, "lat": place.y}
    write_ndjson("move.ndjson", [row])
    lists = ("--people", people, "--supply", supply, "--communities", communities)
    asked = ("--supply-kind", "stations", "--radius-m", 1_000, "--at-least", 2)
    edits = ("--move", "move.ndjson", "--move-datum", "wgs84", "--close", closed)
    edits += ("--new-radius-m", 1_200)
    by = ("--by", "district", "--by", "hukou", "--by", "h3")
    out = ("--out", "o.gpkg", "--people-out", "p.ndjson")
    assert run("what-if", *lists, *asked, *ON, *edits, *by, *out) == 0
    options = gm.CoverageOptions(radius_m=1_000, at_least=2, count="places")
    expected = gm.WhatIf(gm.Coverage(stations, areas, options).of(homes)).change(
        move=[row], close=[closed], radius_m=1_200
    )
    for name in ("district", "hukou", "h3"):
        frame = expected.by(name)
        found = gpd.read_file("o.gpkg", layer=name)
        assert len(frame) == len(found) > 1
        for column in ("reached_before", "reached_after", "below_change"):
            assert found[column].tolist() == frame[column].tolist(), (name, column)
    lines = Path("p.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == expected.people["id"].tolist()


def test_it_is_asked_of_a_store_too_and_the_read_is_noted(store):
    write_ndjson("add.ndjson", [NEW])
    add = ("--add", "add.ndjson", "--datum", "wgs84")
    run("what-if", *FILES, *ON, "--add", "add.ndjson", "--out", "files.csv")
    who = ("--store", store, "--who", "社区-07", "--purpose", "选址")
    assert run("what-if", *who, *ON, *add, "--out", "o.csv") == 0
    assert Path("o.csv").read_bytes() == Path("files.csv").read_bytes()
    with AuditLog.open(store) as audit:
        assert audit.read().column("count").to_pylist() == [len(HOUSEHOLDS)]


def test_a_rejected_row_of_what_is_added_is_listed(capsys):
    write_ndjson("add.ndjson", [NEW, {**NEW, "id": "N2", "vacancies": -1}])
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", "--out", "o.csv") == 3
    assert "1 fault listed in o.csv.rejected.csv" in told(capsys)
    assert "added,add.ndjson,2,vacancies,-1," in Path("o.csv.rejected.csv").read_text("utf-8-sig")


def test_what_cannot_be_is_refused_and_nothing_is_written(capsys):
    write_ndjson("add.ndjson", [{"id": "N1", "title": "x"}])
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", "--out", "o.csv") == 1
    err = capsys.readouterr().err
    assert "`add.ndjson` must have a place in each row, got 1 of 1 without" in err
    write_ndjson("add.ndjson", [{**NEW, "id": VERIFIED[0]["id"]}])
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", "--out", "o.csv") == 1
    assert "differ from all ids of the supply" in capsys.readouterr().err
    assert run("what-if", *FILES, *ON, "--close", "J9", "--out", "o.csv") == 1
    assert "`close` must hold ids of the supply" in capsys.readouterr().err
    assert not Path("o.csv").exists()


LATER = {"opened_on": "2026-03-01"}
CLOSED = {"closed_on": "2025-12-31"}


def test_rows_that_are_not_open_on_the_day_are_left_out_and_counted(capsys):
    rows = [NEW, {**NEW, "id": "N2", **LATER}, {**NEW, "id": "N3", **CLOSED}]
    write_ndjson("add.ndjson", rows)
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", "--out", "o.csv") == 0
    lines = told(capsys)
    at = lines.index("jobs: 3 rows of add.ndjson, 3 used")
    assert lines[at + 1 : at + 3] == [
        "  not counted: 2 jobs not open on 2025-12-31",
        "internal, 2025-12-31: with 1 added",
    ]
    more = ("--language", "zh", "--out", "o.csv")
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", *more) == 0
    assert "  未计入：2025-12-31尚未开始或已关闭的2条招聘信息" in told(capsys)
    write_ndjson("add.ndjson", rows[1:])
    assert run("what-if", *FILES, *ON, "--add", "add.ndjson", "--out", "p.csv") == 1
    err = capsys.readouterr().err
    said = "`add.ndjson` must have a row that counts on 2025-12-31, got 2 rows not open then. Give"
    assert said in err
    assert (
        run("what-if", *FILES, "--on", "2026-03-01", "--add", "add.ndjson", "--out", "p.csv") == 0
    )
    assert "  not counted: 1 job not open on 2026-03-01" in told(capsys)


def test_a_station_counts_on_the_days_on_which_it_is_open_whether_it_is_there_or_added(capsys):
    station = {"id": "S1", "name": "一", **WEST_HOME}
    write_ndjson("s.ndjson", [{**station, **LATER}, {**station, "id": "S2", "lon": 117.5}])
    added = [{**station, "id": "S3", **LATER}, {**station, "id": "S4", "lon": 117.6}]
    write_ndjson("add.ndjson", added)
    files = (*FILES[:2], "--supply", "s.ndjson", *FILES[4:], "--supply-kind", "stations")
    asked = (*files, "--add", "add.ndjson", "--out", "o.csv")
    assert run("what-if", *asked, *ON) == 0
    lines = told(capsys)
    assert "  not counted: 1 station not open on 2025-12-31" in lines
    assert "  households reached: 0 (no more than the 0 now)" in lines
    assert run("what-if", *asked, "--on", "2026-03-01") == 0
    assert "  households reached: 2 (no more than the 2 now)" in told(capsys)


def test_jobs_with_nothing_left_are_no_places_that_would_be_added(capsys):
    write_ndjson("add.ndjson", [NEW, {**NEW, "id": "N2", "vacancies": 2, "filled": 2}])
    asked = ("--add", "add.ndjson", "--count", "places", "--out", "o.csv")
    assert run("what-if", *FILES, *ON, *asked) == 0
    assert "  not counted: 1 job with nothing left" in told(capsys)
    assert run("what-if", *FILES, *ON, *asked, "--language", "zh") == 0
    assert "  未计入：名额已满的1条招聘信息" in told(capsys)


def test_each_list_has_its_own_datum_else_that_of_the_supply_else_that_of_all(capsys):
    lon, lat = gm.from_wgs84(lon=[117.3101], lat=[32.9401], datum="bd09")
    write_ndjson("add.ndjson", [{**NEW, "lon": float(lon[0]), "lat": float(lat[0])}])
    asked = ("--add", "add.ndjson", "--radius-m", 500, "--out", "o.csv")
    # H2 is where the place is; as WGS-84 a kilometre away. J1 is 120 m from H1, too.
    for own, said in (
        (("--add-datum", "bd09"), "2 (1 more than the 1 now)"),
        (("--supply-datum", "bd09"), "1 (1 more than the 0 now)"),
        ((), "1 (no more than the 1 now)"),
    ):
        assert run("what-if", *FILES, *ON, *asked, *own) == 0
        assert f"  households reached: {said}" in told(capsys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--add: must be given, or another of --add, --move, --close, --new-radius-m"),
        (("--close", "J1", "--add-datum", "wgs84"), "--add-datum: must not be given without --add"),
        (("--close", "J1", "--move-datum", "wgs84"), "--move-datum: must not be given without"),
        (("--close", "J1", "--by", "community by hukou"), "--by: must be a level or a column"),
        (("--close", "J1", "--out", "o.html"), "--out: must not end in .html"),
        (("--close", "J1", "--out", "o.txt"), "--out: must end in one of .parquet"),
        (("--close", "J1", "--people-out", "o.csv"), "--people-out: must be another file than"),
    ],
)
def test_a_wrong_command_line_is_named(capsys, arguments, message):
    assert run("what-if", *FILES, "--out", "o.csv", *arguments) == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()


def test_it_says_what_it_does(capsys):
    assert run("what-if", "--help") == 0
    text = plain(capsys.readouterr().out)
    for words in ("--add", "--move", "--close", "--new-radius-m", "--store", "Exit status: 0"):
        assert words in text
