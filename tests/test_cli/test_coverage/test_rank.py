"""`geo-match rank`: candidate places in their order, and whom to invite to one."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from office_desk import run
from test_cli.test_coverage.town import FILES, ON, WEST_HOME, plain, there, told, write_ndjson

import geo_match as gm

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
        "已写入o.gpkg：rank",
        "已写入o.xlsx：rank",
        "已写入o.geojson：rank",
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
    assert pd.read_csv("sites.csv")["id"].tolist() == ["W1"]
    assert told(capsys)[-4:] == [
        "whom to invite to P2, within 3,000 m:",
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
    assert '"id":"H1"' in Path("names.ndjson").read_text().replace(" ", "")
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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fair-on", "2026-03-01"), "--fair-on: must not be given without --invite-people or"),
        (("--sites", "w.ndjson"), "--sites: must not be given without --invite-employers"),
        (("--invite-employers", "x.csv"), "--sites: must be given with --invite-employers"),
        (("--invite-people", "x.gpkg"), "--invite-people: must end in one of .csv"),
        (("--only", "some"), "--only: must be one of below, unreached, all, got some"),
        (("--choose", "0"), "--choose: must be a whole number of at least 1"),
    ],
)
def test_a_wrong_command_line_is_named(capsys, arguments, message):
    assert run("rank", *FILES, *CANDIDATES, "--out", "o.csv", *arguments) == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()
