"""`geo-match rank`: candidate places in their order, and whom to invite to one."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
from office_desk import run
from test_cli.test_coverage.town import FILES, ON, WEST_HOME, plain, there, told, write_ndjson

import geo_match as gm
from geo_match.store import Store

EAST_PLACE = {"lon": 117.3901, "lat": 32.9401}
PLACES = [
    {"id": "P1", "title": "东", **EAST_PLACE, "vacancies": 1},
    {"id": "P2", "title": "西", **WEST_HOME, "vacancies": 1},
]
CANDIDATES = ("--candidates", "p.ndjson")
SITES = [
    {"id": "W1", **WEST_HOME},
    {"id": "W2", **EAST_PLACE},
    {"id": "W3"},
]


@pytest.fixture(autouse=True)
def candidates(folder):
    """Add a list of two candidates."""
    write_ndjson("p.ndjson", PLACES)
    write_ndjson("w.ndjson", SITES)
    return folder


def test_the_place_that_adds_most_comes_first(capsys):
    assert run("rank", *FILES, *ON, *CANDIDATES, "--out", "o.csv") == 0
    frame = pd.read_csv("o.csv").set_index("id")
    assert frame.index.tolist() == ["P2", "P1"]
    # In the west two households have nothing; who is located in the east is reached already.
    columns = ["rank", "alone", "added", "reached_total"]
    assert frame.loc["P2", columns].tolist() == [1, 2, 2, 3]
    assert frame.loc["P1", columns].tolist() == [2, 0, 0, 3]
    assert set(frame["release"]) == {"internal"}
    assert told(capsys)[-5:] == [
        "jobs: 2 rows of p.ndjson, 2 used",
        (
            "internal, 2025-12-31: 2 candidate places for jobs, by how many more households each "
            "would serve; 1 of 4 are reached now"
        ),
        "    1. P2: 2 more alone, 2 more after those above, 3 reached then",
        "    2. P1: 0 more alone, 0 more after those above, 3 reached then",
        "written to o.csv: rank",
    ]
    assert "invite" not in " ".join(there())


def test_as_many_are_chosen_as_are_asked_for_and_it_is_told_in_chinese(capsys):
    out = ("--out", "o.gpkg", "--out", "o.xlsx", "--out", "o.geojson")
    assert run("rank", *FILES, *ON, *CANDIDATES, "--choose", 1, "--language", "zh", *out) == 0
    frame = gpd.read_file("o.gpkg", layer="rank").set_index("id")
    assert frame["rank"].isna().to_dict() == {"P2": False, "P1": True}
    assert frame.geometry.x.to_dict() == {"P2": 117.3101, "P1": 117.3901}
    assert pyogrio.list_layers("o.gpkg")[:, 0].tolist() == ["rank", "columns"]
    assert told(capsys)[-5:] == [
        (
            "内部资料（2025-12-31）：2个备选地点（招聘信息），按多服务的家庭数排序；现有4户家庭中1户可达"
        ),
        "    1. P2：单独增加2户，在前列之后增加2户，届时可达3户",
        "已写入o.gpkg：备选地点排序",
        "已写入o.xlsx：备选地点排序",
        "已写入o.geojson：备选地点排序",
    ]


def test_it_ranks_as_the_library_does(shipped_city):
    names = ("households", "stations", "communities")
    people, supply, communities = (shipped_city / f"{name}.parquet" for name in names)
    homes, stations, areas = (gpd.read_parquet(one) for one in (people, supply, communities))
    day = pd.Timestamp("2025-12-31")
    stations = stations[(stations.opened_on <= day) & ~(stations.closed_on <= day)]
    rows = [
        {"id": f"C{n}", "name": "x", "lon": float(one.x), "lat": float(one.y)}
        for n, one in enumerate(homes.geometry.iloc[::2_000])
    ]
    write_ndjson("p.ndjson", rows)
    lists = ("--people", people, "--supply", supply, "--communities", communities)
    asked = ("--supply-kind", "stations", "--candidates-datum", "wgs84", "--choose", 5)
    assert run("rank", *lists, *asked, *ON, *CANDIDATES, "--out", "o.csv") == 0
    options = gm.CoverageOptions(count="places")
    what_if = gm.WhatIf(gm.Coverage(stations, areas, options).of(homes))
    expected = what_if.rank(rows, n=5)
    found = pd.read_csv("o.csv")
    for name in ("id", "alone"):
        assert found[name].tolist() == expected[name].tolist()
    assert found["added"].dropna().tolist() == expected["added"].dropna().tolist()


def test_names_are_written_only_where_they_are_asked_for_with_a_warning(capsys):
    more = (
        "--invite-people",
        "names.csv",
        "--invite-employers",
        "sites.csv",
        "--sites",
        "w.ndjson",
    )
    fair = ("--fair-on", "2026-03-01")
    assert run("rank", *FILES, *ON, *CANDIDATES, *more, *fair, "--out", "o.csv") == 0
    names = pd.read_csv("names.csv")
    assert names["id"].tolist() == ["H2", "H3"]
    assert set(names["reason"]) == {"none_in_circle"}
    assert set(names["on"]) == {"2026-03-01"}
    sites = pd.read_csv("sites.csv")
    assert sites["id"].tolist() == ["W1"]
    for frame in (names, sites):
        columns = ["place_id", "place_name", "on", "release"]
        assert frame.columns[-4:].tolist() == columns
        assert set(frame["place_id"] + frame["place_name"]) == {"P2西"}
    assert told(capsys)[-4:] == [
        "whom to invite to P2 西, within 3,000 m:",
        "  2 households, written to names.csv",
        "  1 site of employers (1 more have no place), written to sites.csv",
        (
            "  warning: these name persons by their ids, with how far they live: personal data, "
            "for those alone who may see it; remove it when the invitations are out"
        ),
    ]


def test_all_may_be_invited_to_a_place_that_is_there_already(capsys):
    more = ("--invite-people", "names.ndjson", "--invite-to", "J1", "--only", "all")
    assert run("rank", *FILES, *ON, *CANDIDATES, *more, "--language", "zh", "--out", "o.csv") == 0
    (line,) = Path("names.ndjson").read_text(encoding="utf-8").splitlines()
    row = json.loads(line)
    # Without a fair it is the day that is asked about; of jobs that are there no name is known.
    assert (row["id"], row["place_id"], row["place_name"]) == ("H1", "J1", None)
    assert row["on"] == "2025-12-31"
    lines = told(capsys)
    assert lines[-3:-1] == [
        "邀请名单（J1，3,000米以内）：",
        "  1户家庭，已写入names.ndjson",
    ]
    assert lines[-1].startswith("  警告：名单含个人编号")
    more = ("--invite-people", "names.csv", "--invite-to", "J8")
    assert run("rank", *FILES, *ON, *CANDIDATES, *more, "--out", "o.csv") == 1
    assert "`place` must be an id of the supply" in capsys.readouterr().err
    assert not Path("names.csv").exists()


def test_the_employers_of_a_store_are_its_sites(store, capsys):
    who = ("--store", store, "--who", "社区-07", "--purpose", "招聘会", "--datum", "wgs84")
    asked = (*CANDIDATES, "--invite-employers", "sites.csv", "--out", "o.csv")
    assert run("rank", *who, *ON, *asked) == 1
    assert "`s.db` must hold sites, got none. Import a list of them first." in (
        capsys.readouterr().err
    )
    with Store.open(store) as opened:
        opened.put("sites", pa.Table.from_pylist(SITES))
    assert run("rank", *who, *ON, *asked) == 0
    expected = pd.read_csv("sites.csv")
    assert expected[["id", "place_id"]].to_numpy().tolist() == [["W1", "P2"]]
    more = ("--sites", "w.ndjson", "--sites-datum", "wgs84")
    assert run("rank", *who, *ON, *asked, *more) == 0
    assert pd.read_csv("sites.csv").equals(expected)


def test_sites_that_are_the_supply_are_those_of_the_employers(capsys):
    rows = [{**one, "name": f"{one['id']}的名称"} for one in SITES]
    write_ndjson("w.ndjson", rows)
    write_ndjson("p.ndjson", [{"id": "N1", **WEST_HOME}])
    files = (*FILES[:2], "--supply", "w.ndjson", *FILES[4:], "--supply-kind", "sites")
    asked = (*CANDIDATES, "--invite-employers", "sites.csv", "--invite-to", "W2")
    assert run("rank", *files, *ON, *asked, "--out", "o.csv") == 0
    found = pd.read_csv("sites.csv")
    assert found[["id", "place_id", "place_name"]].to_numpy().tolist() == [["W2", "W2", "W2的名称"]]
    assert "whom to invite to W2 W2的名称, within 3,000 m:" in told(capsys)


def test_candidates_that_are_not_open_on_the_day_are_left_out_and_counted(capsys):
    later = {**PLACES[1], "opened_on": "2026-03-01"}
    write_ndjson("p.ndjson", [PLACES[0], later])
    assert run("rank", *FILES, *ON, *CANDIDATES, "--out", "o.csv") == 0
    assert pd.read_csv("o.csv")["id"].tolist() == ["P1"]
    lines = told(capsys)
    assert "  not counted: 1 job not open on 2025-12-31" in lines
    (line,) = [one for one in lines if one.startswith("internal, ")]
    assert "1 candidate place for jobs" in line
    write_ndjson("p.ndjson", [later])
    assert run("rank", *FILES, *ON, *CANDIDATES, "--out", "p.csv") == 1
    assert "got 1 row not open then" in capsys.readouterr().err
    assert not Path("p.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fair-on", "2026-03-01"), "--fair-on: must not be given without --invite-people or"),
        (("--sites", "w.ndjson"), "--sites: must not be given without --invite-employers"),
        (("--invite-employers", "x.csv"), "--sites: must be given with --invite-employers"),
        (("--sites-datum", "bd09"), "--sites-datum: must not be given without --invite-employers"),
        (("--invite-people", "x.gpkg"), "--invite-people: must end in one of .csv"),
        (("--only", "some"), "--only: must be one of below, unreached, all, got some"),
        (("--choose", "0"), "--choose: must be a whole number of at least 1"),
    ],
)
def test_a_wrong_command_line_is_named(capsys, arguments, message):
    assert run("rank", *FILES, *CANDIDATES, "--out", "o.csv", *arguments) == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()
