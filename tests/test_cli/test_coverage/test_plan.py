"""The service plan beside an answer of `geo-match coverage`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
from office_desk import run
from test_cli.test_coverage.town import (
    COMMUNITIES,
    EAST,
    EMPLOYERS,
    FILES,
    HOUSEHOLDS,
    JOBS,
    ON,
    SEEKERS,
    VERIFIED,
    WEST,
    WEST_HOME,
    plain,
    told,
    write_ndjson,
    write_seekers,
)

import geo_match as gm
from geo_match.store import AuditLog, Store


def test_a_plan_of_a_store_has_all_that_is_in_it(store, capsys):
    members = [{"birth_year": 1990, "status": None}, {"birth_year": 2020, "status": None}]
    with Store.open(store) as opened:
        opened.put("seekers", pa.Table.from_pylist(SEEKERS))
        homes = [
            {**HOUSEHOLDS[0], "members": members, "member_count": 3},
            {**HOUSEHOLDS[1], "members": None, "member_count": 2},
        ]
        schema = pa.Table.from_pylist(homes[:1]).schema
        opened.put("households", pa.Table.from_pylist(homes, schema=schema))
        opened.put("sites", pa.Table.from_pylist([{"id": "W1", **WEST_HOME}]))
    who = ("--store", store, "--who", "社区-07", "--purpose", "服务方案", "--plan")
    out = ("--out", "o.gpkg", "--out", "o.xlsx", "--out", "o.html")
    assert run("coverage", *who, *ON, *out) == 0
    plan = gpd.read_file("o.gpkg", layer="plan").set_index("code")
    names = ["people", "working_age", "working_age_unknown", "seekers", "vacancies", "entities"]
    assert plan.loc[EAST, names].tolist() == [3, 1, 1, 2, 3, 0]
    # Of nobody in the west the year of birth is known.
    assert pd.isna(plan.loc[WEST, "working_age"])
    names.remove("working_age")
    assert plan.loc[WEST, names].tolist() == [2, 2, 1, 0, 1]
    assert plan.loc[EAST, "not_given"] == "stations"
    layers = pyogrio.list_layers("o.gpkg")[:, 0].tolist()
    assert layers[-4:] == [
        "plan",
        "plan by occupation",
        "plan city by occupation",
        "columns",
    ]
    lines = told(capsys)
    assert lines[:2] == [
        lines[0],
        "  the read of the households and seekers is noted in s.db.audit",
    ]
    assert lines[0].startswith("4 households and 3 seekers of s.db as of cursor ")
    (plan_line,) = [line for line in lines if line.startswith("  service plan: ")]
    nobody = "2 households state no members, so none of theirs are counted"
    assert plan_line.endswith(f"; not given: stations; {nobody}")
    with AuditLog.open(store) as audit:
        assert audit.read().column("count").to_pylist() == [4, 3]
    assert "社区服务方案" not in Path("o.html").read_text(encoding="utf-8")
    assert "Service plans" in Path("o.html").read_text(encoding="utf-8")


def test_a_plan_of_lists_has_what_they_have(capsys):
    files = write_seekers()
    more = ("--of", "seekers", "--plan", "--language", "zh", "--out", "o.gpkg")
    assert run("coverage", *files, *ON, *more) == 0
    plan = gpd.read_file("o.gpkg", layer="plan").set_index("code")
    assert plan.loc[EAST, ["seekers", "vacancies", "seekers_reached"]].tolist() == [2, 3, 2]
    assert plan.loc[EAST, "people"] is None or pd.isna(plan.loc[EAST, "people"])
    (line,) = [line for line in told(capsys) if line.startswith("  服务方案：")]
    assert line == "  服务方案：求职者3，招聘人数3；未提供：经营实体、人口、服务网点"


def test_where_no_household_states_members_the_people_of_a_plan_are_null_and_told_of(capsys):
    assert run("coverage", *FILES, *ON, "--plan", "--out", "o.gpkg") == 0
    plan = gpd.read_file("o.gpkg", layer="plan").set_index("code")
    names = ["people", "people_located", "working_age", "working_age_unknown"]
    assert plan[[*names, "people_near_station", "entities_in_reach"]].isna().all(axis=None)
    assert plan.loc[EAST, "vacancies"] == 3
    assert set(plan["not_given"]) == {"entities, people, seekers, stations"}
    (line,) = [line for line in told(capsys) if line.startswith("  service plan: ")]
    assert line == (
        "  service plan: 3 vacancies; not given: entities, people, seekers, stations; "
        "4 households state no members, so none of theirs are counted"
    )


MEMBERS = "household,number,birth_year\nH1,1,1990\nH1,2,2020\nH2,1,1930\nH2,2,1990\nH9,1,1980\n"


def write_plan_lists():
    """Write what a plan is made of beside households and jobs; return the options."""
    Path("m.csv").write_text(MEMBERS, encoding="utf-8")
    write_ndjson("e.ndjson", [{"id": "W1", **WEST_HOME}, {"id": "W2", **WEST_HOME}])
    write_ndjson(
        "s.ndjson",
        [
            {"id": "S1", "name": "网点", **WEST_HOME},
            {"id": "S2", "name": "旧网点", **WEST_HOME, "closed_on": "2025-10-01"},
        ],
    )
    rows = [{**SEEKERS[0], "groups": ["veteran"]}, *SEEKERS[1:]]
    rows[1] = {**rows[1], "closed_on": "2025-10-01"}
    write_ndjson("p.ndjson", rows)
    return (
        *("--plan", "--members", "m.csv", "--entities", "e.ndjson"),
        *("--stations", "s.ndjson", "--seekers", "p.ndjson"),
    )


def test_a_plan_of_lists_takes_more_lists_and_is_that_of_the_library(capsys):
    more = write_plan_lists()
    assert run("coverage", *FILES, *ON, *more, "--out", "o.gpkg") == 0
    found = gpd.read_file("o.gpkg", layer="plan").set_index("code")
    people = [
        {"household": home, "birth_year": year}
        for home, year in (("H1", 1990), ("H1", 2020), ("H2", 1930), ("H2", 1990))
    ]
    wanted = gm.service_plan(
        COMMUNITIES,
        gm.PlanOptions(on=dt.date(2025, 12, 31)),
        people=people,
        households=HOUSEHOLDS,
        entities=[{"id": "W1", **WEST_HOME}, {"id": "W2", **WEST_HOME}],
        seekers=[{**SEEKERS[0], "groups": ["veteran"]}, {**SEEKERS[2], "groups": None}],
        jobs=[{**VERIFIED[0], "vacancies": 5, "filled": 2}],
        stations=[{"id": "S1", **WEST_HOME}],
    ).by("community")
    wanted = wanted.set_index("code")
    names = ["people", "working_age", "entities", "seekers", "seekers_veteran", "vacancies"]
    names += ["stations", "people_near_station", "entities_in_reach", "seekers_reached"]
    for code in (EAST, WEST):
        assert found.loc[code, names].tolist() == wanted.loc[code, names].tolist()
    assert found.loc[WEST, "people"] == 2
    assert found["not_given"].isna().all()
    lines = told(capsys)
    assert [one for one in lines if one.startswith("stations: 2 rows of s.ndjson")]
    at = lines.index("households: 5 rows of m.csv, 5 used")
    assert lines[at + 1 : at + 3] == [
        "  a row a member (家庭成员): 5 rows of 3 households",
        "sites: 2 rows of e.ndjson, 2 used",
    ]
    unknown = "members of 1 household that the list of households does not have"
    assert f"in the service plan not counted: {unknown}" in lines
    (line,) = [line for line in lines if line.startswith("  service plan: ")]
    assert "not given" not in line
    left_out = "1 seeker not registered on 2025-12-31 left out"
    assert line.endswith(
        f"; {left_out}; 2 households state no members, so none of theirs are counted"
    )
    tables = "community, street, district, city, plan, plan by occupation, plan city by occupation"
    assert f"written to o.gpkg: {tables}" in lines


def test_a_plan_of_seekers_takes_households_and_jobs_of_their_own(capsys):
    write_plan_lists()
    lists = ("--people", "p.ndjson", "--supply", "s.ndjson", *FILES[4:], "--of", "seekers")
    stations = ("--supply-kind", "stations", "--plan", "--language", "zh")
    more = ("--households", "h.ndjson", "--members", "m.csv", "--jobs", "j.ndjson")
    assert run("coverage", *lists, *ON, *stations, *more, "--out", "o.gpkg") == 0
    plan = gpd.read_file("o.gpkg", layer="plan").set_index("code")
    names = ["people", "seekers", "vacancies", "stations"]
    assert plan.loc[EAST, names].tolist() == [2, 1, 3, 0]
    assert plan.loc[WEST, names].tolist() == [2, 1, 0, 1]
    lines = told(capsys)
    assert "服务方案未计入：成员名单中有1户不在家庭名单中" in lines
    assert "  未计入：2025-12-31尚未登记或已注销的1名求职者" in lines
    tables = "社区、街道、区县、全市、服务方案、服务方案分职业、全市供求分职业"
    assert f"已写入o.gpkg：{tables}" in lines


@pytest.mark.parametrize("source", ["lists", "store"])
@pytest.mark.parametrize(("former_too", "n"), [((), 1), (("--former-too",), 2)])
def test_both_parts_of_an_answer_count_the_same_seekers(store, source, former_too, n):
    rows = [SEEKERS[0], {**SEEKERS[1], "closed_on": dt.date(2025, 10, 1)}]
    with Store.open(store) as opened:
        opened.put("seekers", pa.Table.from_pylist([{**rows[0], "closed_on": None}, rows[1]]))
    write_ndjson("p.ndjson", [rows[0], {**rows[1], "closed_on": "2025-10-01"}])
    given = {
        "lists": ("--people", "p.ndjson", *FILES[2:]),
        "store": ("--store", store, "--who", "社区-07", "--purpose", "服务方案"),
    }[source]
    asked = ("--of", "seekers", "--plan", *former_too)
    assert run("coverage", *given, *ON, *asked, "--out", "o.gpkg") == 0
    for layer, name in (("community", "people"), ("plan", "seekers")):
        frame = gpd.read_file("o.gpkg", layer=layer).set_index("code")
        assert frame.loc[EAST, name] == n, layer


def test_lists_of_a_plan_hold_for_both_days_of_a_difference():
    more = write_plan_lists()
    before = ("--before", "2025-06-30", "--out", "o.gpkg")
    assert run("difference", *FILES, *ON, *more, *before) == 0
    row = gpd.read_file("o.gpkg", layer="plan").set_index("code").loc[WEST]
    assert row[["stations_before", "stations_after"]].tolist() == [2, 1]
    assert row[["entities_before", "entities_after"]].tolist() == [2, 2]
    row = gpd.read_file("o.gpkg", layer="plan").set_index("code").loc[EAST]
    assert row[["seekers_before", "seekers_after"]].tolist() == [2, 1]


def test_jobs_of_a_plan_count_only_of_verified_employers(capsys):
    write_plan_lists()
    write_ndjson("j.ndjson", [{**one, "employer_id": "E2"} for one in JOBS])
    write_ndjson("e.ndjson", EMPLOYERS)
    lists = ("--people", "h.ndjson", "--supply", "s.ndjson", *FILES[4:])
    asked = ("--supply-kind", "stations", "--plan", "--jobs", "j.ndjson", "--out", "o.gpkg")
    assert run("coverage", *lists, *ON, *asked) == 1
    assert "must have the column `employer_licence`" in capsys.readouterr().err
    assert run("coverage", *lists, *ON, *asked, "--employers", "e.ndjson") == 0
    assert gpd.read_file("o.gpkg", layer="plan")["vacancies"].sum() == 0
    said = "in the service plan not counted on 2025-12-31: 2 open jobs of employers not known"
    assert [line for line in told(capsys) if line.startswith(said)]
    assert run("coverage", *lists, *ON, *asked, "--without", "employer") == 0
    assert gpd.read_file("o.gpkg", layer="plan")["vacancies"].sum() == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--members", "m.csv"), "--members: must not be given without --plan."),
        (
            ("--plan", "--households", "h.ndjson"),
            "--households: must not be given with households in --people",
        ),
        (("--plan", "--jobs", "j.ndjson"), "--jobs: must not be given with jobs in --supply"),
        (
            ("--plan", "--of", "seekers", "--members", "m.csv"),
            "--members: must not be given without households, whose members they are",
        ),
    ],
)
def test_a_list_that_means_nothing_for_a_plan_is_named(capsys, arguments, message):
    assert run("coverage", *FILES, *ON, *arguments, "--out", "o.gpkg") == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.gpkg").exists()


def test_a_store_has_all_lists_of_a_plan(store, capsys):
    who = ("--store", store, "--who", "a", "--purpose", "b", "--plan", "--members", "m.csv")
    assert run("coverage", *who, *ON, "--out", "o.gpkg") == 2
    assert "--members: must not be given with --store" in plain(capsys.readouterr().err)
