"""Seekers who are not registered on the day: left out and counted, unless they are asked for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from office_desk import run
from test_cli.test_match.lists import (
    DAY,
    FILES,
    JOB,
    JOBS,
    ON,
    OPTIONS,
    SEEKER,
    SEEKERS,
    read_rows,
    write_ndjson,
)

import geo_match as gm
from geo_match.store import AuditLog, Store


def close(store, day, *ids):
    """Close the registrations of some seekers of a store."""
    with Store.open(store) as opened:
        opened.put(
            "seekers",
            pa.table({"id": list(ids), "closed_on": [day] * len(ids)}),
            fields=["closed_on"],
        )


@pytest.mark.parametrize("way", [(), ("--for-jobs",)])
def test_former_seekers_of_a_store_are_left_out_and_counted(store, capsys, way):
    asked = ("--store", store, "--who", "社区-07", "--purpose", "岗位匹配", *ON, *way)
    run("match", *asked, "--out", "all.ndjson")
    close(store, OPTIONS["on"], "S1", "S3")
    capsys.readouterr()
    assert run("match", *asked, "--out", "o.ndjson") == 0
    err = capsys.readouterr().err
    assert f"  left out: 2 seekers not registered on {DAY}" in err.splitlines()
    assert err.startswith("2 seekers and 3 jobs of s.db")
    assert not {"S1", "S3"} & {row["seeker_id"] for row in read_rows("o.ndjson")}
    with AuditLog.open(store) as audit:
        assert audit.read().column("count").to_pylist() == [4, 2]
    assert run("match", *asked, "--former-too", "--out", "o.ndjson") == 0
    assert read_rows("o.ndjson") == read_rows("all.ndjson")
    assert "left out" not in capsys.readouterr().err


def test_former_seekers_of_a_list_are_left_out_and_counted(capsys):
    rows = [
        SEEKERS[0],
        {**SEEKERS[1], "注销日期": DAY},
        {**SEEKERS[2], "closed_on": "2099-01-01"},
    ]
    write_ndjson("seekers.ndjson", rows[:2], SEEKER)
    assert run("match", *FILES, *ON, "--language", "zh", "--out", "o.ndjson") == 0
    assert {row["seeker_id"] for row in read_rows("o.ndjson")} == {"S1"}
    told = f"  {DAY}尚未登记或已注销、未参与匹配的求职者：1名"
    assert told in capsys.readouterr().err.splitlines()
    write_ndjson("seekers.ndjson", rows[2:], SEEKER)
    assert run("match", *FILES, *ON, "--out", "o.ndjson") == 0
    assert {row["seeker_id"] for row in read_rows("o.ndjson")} == {"S3"}


def test_the_option_and_the_library_say_the_same_of_former_seekers():
    rows = [SEEKERS[0], {**SEEKERS[1], "wage_floor_cny": 0, "closed_on": DAY}]
    write_ndjson("seekers.ndjson", rows, SEEKER)
    assert run("match", *FILES, *ON, "--out", "o.ndjson") == 0
    frame = pd.DataFrame([{**SEEKER, **row} for row in rows])
    frame["closed_on"] = pd.to_datetime(frame["closed_on"])
    matcher = gm.Matcher([{**JOB, **one} for one in JOBS], gm.MatchOptions(**OPTIONS))
    found = matcher.match(frame)
    assert found.reason.tolist()[-1] == "not_registered"
    ids = [row["job_id"] for row in read_rows("o.ndjson")]
    assert ids == found.job_id.tolist()[:-1]
    assert run("match", *FILES, *ON, "--former-too", "--out", "o.ndjson") == 0
    assert {row["seeker_id"] for row in read_rows("o.ndjson") if row["rank"]} == {"S1", "S2"}


def test_if_nobody_is_registered_on_the_day_that_is_said(store, capsys):
    close(store, OPTIONS["on"], "S1", "S2", "S3", "S4")
    asked = ("--store", store, "--who", "社区-07", "--purpose", "岗位匹配")
    assert run("match", *asked, *ON, "--out", "o.ndjson") == 1
    err = capsys.readouterr().err
    assert f"must hold a seeker who is registered on {DAY}, got 4 seekers not registered" in err
    assert "--former-too" in err
    assert not Path("o.ndjson").exists()
    run("match", *asked, *ON, "--former-too", "--out", "rows.ndjson")
    closed = [{**one, "closed_on": DAY} for one in SEEKERS]
    write_ndjson("seekers.ndjson", closed, SEEKER)
    assert run("match", *FILES, *ON, "--out", "o.ndjson") == 1
    assert "registered on" in capsys.readouterr().err
