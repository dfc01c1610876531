"""`geo-match match` of lists: what it writes, what it tells, and what it refuses."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from office_desk import run
from test_cli.test_match.lists import (
    FILES,
    JOB,
    ON,
    OPTIONS,
    SEEKER,
    SEEKERS,
    frame_of,
    of_city,
    read_rows,
    write_ndjson,
)

import geo_match as gm
from geo_match.cli import match as matching


def test_each_seeker_has_matches_or_a_reason(capsys):
    assert run("match", *FILES, *ON, "--out", "o.csv") == 0
    rows = read_rows("o.csv")
    assert [(row["seeker_id"], row["job_id"], row["rank"], row["reason"]) for row in rows] == [
        ("S1", "J2", "1", None),
        ("S1", "J1", "2", None),
        ("S2", None, None, "none_eligible"),
        ("S3", None, None, "none_in_circle"),
        ("S4", None, None, "no_location"),
    ]
    noted = (
        "  notes, which keep no row out:",
        (
            "    lon, lat: must hold a place's coordinates for it to be located: 1 row. It was "
            "kept, but has no place here; `geo-match import` into a store locates it by its "
            "address or community."
        ),
    )
    assert capsys.readouterr().err.splitlines() == [
        "seekers: 4 rows of seekers.ndjson, 4 used",
        *noted,
        "jobs: 3 rows of jobs.ndjson, 3 used",
        *noted,
        (
            "1 of 4 seekers matched within 3,000 m on 2025-12-31: 2 pairs, at most 20 each, "
            "written to o.csv"
        ),
        (
            "  not matched: 1 with no job in the circle, 1 with none there that fits, "
            "1 without a place"
        ),
        "  jobs without a place, which no seeker is matched with: 1 of 3",
        "  what keeps those without a match from jobs in the circle that fit otherwise:",
        "    1 seeker fails on wage alone, 1 on it for some job",
    ]
    assert sorted(path.name for path in Path().iterdir()) == [
        "jobs.ndjson",
        "o.csv",
        "seekers.ndjson",
    ]


@pytest.mark.parametrize("least", [10, 4_096])
def test_parquet_reads_back_as_the_library_answers_however_it_is_cut(city, monkeypatch, least):
    monkeypatch.setattr(matching, "_LEAST_AT_ONCE", least)
    seekers, jobs = map(gpd.read_parquet, city)
    assert run("match", *of_city(city), "--out", "out.parquet") == 0
    expected = gm.match(seekers, jobs, gm.MatchOptions(**OPTIONS))
    found = frame_of("out.parquet")
    for name in ("basis", "certainty", "failed", "unknown", "reason"):
        found[name], expected[name] = found[name].astype(object), expected[name].astype(object)
    pd.testing.assert_frame_equal(found, expected)
    assert found["rank"].notna().sum() > 100


def test_the_options_are_those_of_the_library(city):
    seekers, jobs = map(gpd.read_parquet, city)
    options = gm.MatchOptions(
        **OPTIONS,
        radius_m=1_500,
        limit=3,
        conditions=["open", "employer", "occupation", "wage"],
        unknown_fails=["wage"],
        occupation_level="major",
        default_accuracy_m=200,
        threads=2,
    )
    expected = gm.match(seekers, jobs, options)
    asked = ("--condition", "open", "--condition", "employer", "--condition", "occupation")
    asked += ("--condition", "wage")
    more = ("--radius-m", 1500, "--limit", 3, "--unknown-fails", "wage", "--accuracy-m", 200)
    last = ("--occupation-level", "major", "--threads", 2, "--out", "out.ndjson")
    assert run("match", *of_city(city), *asked, *more, *last) == 0
    found = read_rows("out.ndjson")
    assert len(found) == len(expected)
    for name in ("seeker_id", "job_id", "rank", "distance_m", "score", "certainty", "unknown"):
        values = expected[name].astype(object)
        assert [row[name] for row in found] == values.where(values.notna(), None).tolist()


def test_limit_all_and_without_give_more(capsys):
    run("match", *FILES, *ON, "--limit", "1", "--out", "one.ndjson")
    assert "1 pair, at most 1 each" in capsys.readouterr().err
    run("match", *FILES, *ON, "--limit", "all", "--without", "wage", "--out", "all.ndjson")
    assert (
        "2 of 4 seekers matched within 3,000 m on 2025-12-31: 4 pairs, written to all.ndjson"
        in (capsys.readouterr().err)
    )


def test_for_jobs_gives_each_job_its_seekers(city, capsys):
    seekers, jobs = map(gpd.read_parquet, city)
    assert run("match", *of_city(city), "--for-jobs", "--limit", 2, "--out", "out.parquet") == 0
    expected = gm.match_jobs(jobs, seekers, gm.MatchOptions(**OPTIONS, limit=2))
    found = frame_of("out.parquet")
    assert list(found) == list(expected)
    names = ["job_id", "seeker_id", "rank", "score"]
    pd.testing.assert_frame_equal(found[names], expected[names])
    err = capsys.readouterr().err
    matched = expected.loc[expected.seeker_id.notna(), "job_id"].nunique()
    assert f"{matched:,} of 7,695 jobs matched within 3,000 m" in err
    assert "with no seeker in the circle" in err
    assert "seekers without a place, which no job is matched with: 0 of 122" in err


@pytest.mark.parametrize("one", ["seeker", "job"])
def test_shortfall_tells_of_each_one_what_stands_in_the_way(city, capsys, monkeypatch, one):
    monkeypatch.setattr(matching, "_LEAST_AT_ONCE", 40 if one == "seeker" else 2_000)
    monkeypatch.setattr(matching, "_STEPS", 1_000)
    seekers, jobs = map(gpd.read_parquet, city)
    asked = ("match", *of_city(city), *(["--for-jobs"] if one == "job" else []))
    assert run(*asked, "--out", "o.csv", "--shortfall", "why.parquet") == 0
    with_file = capsys.readouterr().err
    options = gm.MatchOptions(**OPTIONS)
    if one == "job":
        expected = gm.ReverseMatcher(seekers, options).shortfall(jobs)
        centres, other = expected.jobs, "seeker"
    else:
        expected = gm.Matcher(jobs, options).shortfall(seekers)
        centres, other = expected.seekers, "job"
    found = frame_of("why.parquet")
    assert list(found) == list(dict.fromkeys([*centres, *expected.near_misses]))
    assert list(dict.fromkeys(found[f"{one}_id"])) == centres[f"{one}_id"].tolist()
    misses = found[found.condition.notna()]
    assert (found.loc[found.condition.isna(), f"{other}s"] == 0).all()
    for name in expected.near_misses:
        assert misses[name].tolist() == expected.near_misses[name].tolist()
    once = found.drop_duplicates(f"{one}_id")
    for name in centres:
        mine, theirs = once[name].astype(object), centres[name].astype(object)
        assert (
            mine.where(mine.notna(), None).tolist() == theirs.where(theirs.notna(), None).tolist()
        )
    assert f"what stands in the way of each {one}: written to why.parquet" in with_file
    assert expected.conditions.alone.any()
    for name, some, alone in expected.conditions.itertuples(index=False):
        words = rf"([\d,]+) {one}s? fails? on {name} alone, ([\d,]+) on it for some {other}"
        said = re.search(words, with_file)
        told = None if said is None else [int(n.replace(",", "")) for n in said.groups()]
        assert told == ([alone, some] if some else None)
    run(*asked, "--out", "o.csv")
    lines = with_file.splitlines()
    assert capsys.readouterr().err.splitlines() == [one for one in lines if "why" not in one]


def test_the_totals_add_up_and_name_what_does_most_first(city, capsys):
    run("match", *of_city(city), "--out", "o.csv")
    err = capsys.readouterr().err
    matched, n = map(int, re.search(r"(\d+) of (\d+) seekers matched", err).groups())
    reasons = re.search(r"(\d+) with no job.*, (\d+) with none.*, (\d+) without a place", err)
    assert matched + sum(map(int, reasons.groups())) == n
    alone = [int(one) for one in re.findall(r"(\d+) seekers? fails? on", err)]
    assert alone == sorted(alone, reverse=True)
    assert alone[0] > 0


def test_employers_say_whose_licence_is_verified(capsys):
    jobs = [{"id": "J1", "employer_id": "E1"}, {"id": "J2", "employer_id": "E2"}]
    own = {name: value for name, value in JOB.items() if name != "employer_licence"}
    write_ndjson("jobs.ndjson", jobs, own)
    write_ndjson("employers.ndjson", [{"id": "E1", "name": "甲", "licence": "verified"}], {})
    assert run("match", *FILES, *ON, "--out", "o.csv") == 1
    err = capsys.readouterr().err
    assert "`jobs.ndjson` must have the column `employer_licence` or 营业执照核验" in err
    assert "--employers" in err
    assert not Path("o.csv").exists()
    assert run("match", *FILES, *ON, "--employers", "employers.ndjson", "--out", "o.csv") == 0
    assert [row["job_id"] for row in read_rows("o.csv") if row["rank"]] == ["J1"]
    assert "employers: 1 row of employers.ndjson, 1 used" in capsys.readouterr().err
    assert run("match", *FILES, *ON, "--without", "employer", "--out", "o.csv") == 0
    assert [row["job_id"] for row in read_rows("o.csv") if row["rank"]] == ["J1", "J2"]


def test_words_that_nothing_knows_are_named_with_their_rows(capsys):
    write_ndjson("jobs.ndjson", [{"id": "J1"}, {"id": "J2", "employer_licence": "good"}], JOB)
    assert run("match", *FILES, "--out", "o.csv") == 1
    err = capsys.readouterr().err
    assert "`jobs`, column `employer_licence` must be one of" in err
    assert "position 1, id 'J2': 'good'" in err
    assert not Path("o.csv").exists()


def test_an_offices_list_is_read_as_an_import_reads_it_and_told_in_its_language(capsys):
    with Path("求职.csv").open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(
            [
                ["求职编号", "经度", "纬度", "职业", "性别", "出生年份", "最低月薪"],
                ["甲1", "117.371", "32.931", "401", "男", "1990", "2500"],
                ["甲2", "117.371", "32.931", "401", "男", "1990", "五千"],
            ]
        )
    assert run("match", "--seekers", "求职.csv", *FILES[2:], *ON, "--out", "o.csv") == 3
    assert {row["seeker_id"] for row in read_rows("o.csv")} == {"甲1"}
    err = capsys.readouterr().err
    assert "求职者：求职.csv，读入2行，采用1行，退回1行" in err
    assert "退回原因（表头下第一行为第1行数据）：" in err
    assert (
        "1名求职者中1名有匹配（2025-12-31，3,000米以内，每名至多20个），共2对，已写入o.csv" in err
    )
    assert "没有位置、不参与匹配的岗位：3个中1个" in err
    listed = pd.read_csv("o.csv.rejected.csv", keep_default_na=False)
    assert listed[["input", "row", "value"]].to_numpy().tolist() == [["seekers", 2, "五千"]]
    assert run("match", "--seekers", "求职.csv", *FILES[2:], *ON, "--out", "o.csv",
               "--language", "en") == 3  # fmt: skip
    err = capsys.readouterr().err
    assert "seekers: 2 rows of 求职.csv, 1 used, 1 rejected" in err
    assert "1 fault listed in o.csv.rejected.csv" in err


def test_what_keeps_seekers_from_jobs_is_told_in_chinese_too(capsys):
    run("match", *FILES, *ON, "--out", "o.csv", "--language", "zh")
    err = capsys.readouterr().err
    assert "4名求职者中1名有匹配" in err
    assert "已保留，但此处没有位置；用 geo-match import 导入数据库，可按地址或社区定位。" in err
    assert "暂无位置" not in err
    assert "放宽“薪资”：1名，其中1名放宽别的任何一项都没有" in err


def test_what_keeps_jobs_from_seekers_is_told_in_chinese_too(capsys):
    write_ndjson("seekers.ndjson", SEEKERS[1:], SEEKER)
    asked = ("--for-jobs", "--out", "o.csv", "--shortfall", "差距.csv", "--language", "zh")
    assert run("match", *FILES, *ON, *asked) == 0
    err = capsys.readouterr().err
    assert "没有匹配的招聘信息中，只放宽一项条件，范围内就有求职者符合的：" in err
    assert "放宽“薪资”：2条，其中2条放宽别的任何一项都没有" in err
    assert "每条招聘信息差在哪里，已写入差距.csv" in err
    told = [(row["job_id"], row["condition"], row["seekers"]) for row in read_rows("差距.csv")]
    assert told == [("J1", "wage", "1"), ("J2", "wage", "1"), ("J3", None, "0")]


def test_a_list_without_a_usable_row_is_refused(capsys):
    Path("none.csv").write_text("id,lon,lat\nS1,x,y\n")
    assert run("match", "--seekers", "none.csv", "--jobs", "jobs.ndjson", "--out", "o.csv") == 1
    assert "`none.csv` must have a row that can be used, got 1 row read" in capsys.readouterr().err


def test_ids_that_a_spreadsheet_would_run_are_neutralised():
    write_ndjson("seekers.ndjson", [{"id": "=1+1"}], SEEKER)
    run("match", *FILES, *ON, "--out", "o.csv")
    assert {row["seeker_id"] for row in read_rows("o.csv")} == {"'=1+1"}


def test_each_list_may_have_a_datum_of_its_own():
    write_ndjson("seekers.ndjson", SEEKERS[:1], SEEKER)
    for name, more in (
        ("same", ()),
        ("both", ("--datum", "gcj02")),
        ("one", ("--jobs-datum", "gcj02")),
    ):
        run("match", *FILES, *ON, *more, "--out", f"{name}.ndjson")
    same, both, one = (
        {row["job_id"]: row["distance_m"] for row in read_rows(f"{name}.ndjson")}
        for name in ("same", "both", "one")
    )
    assert both == pytest.approx(same, abs=5)
    assert abs(one["J1"] - same["J1"]) > 100
