"""The service plan beside an answer of `geo-match coverage`."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
from office_desk import run
from test_cli.test_coverage.town import (
    EAST,
    HOUSEHOLDS,
    ON,
    SEEKERS,
    WEST,
    WEST_HOME,
    told,
    write_seekers,
)

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
    nobody = "nobody of 2 households that state no members"
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
    assert line == "  服务方案：求职者3，招聘人数3；未提供：entities, people, stations"
