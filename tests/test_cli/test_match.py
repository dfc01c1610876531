"""`geo-match match` as a user meets it: what it writes, what it tells, and what it refuses."""

from __future__ import annotations

import csv
import datetime as dt
import gc
import json
import os
import re
import signal
import subprocess
import sys
import weakref
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from office_desk import run
from test_store.conftest import Server

import geo_match as gm
from geo_match.cli import match as matching
from geo_match.store import AuditLog, Store

DAY = "2025-12-31"
ON = ("--on", DAY)
OPTIONS = {"on": dt.date(2025, 12, 31)}
JOB = {
    "title": "保洁员",
    "employer_licence": "verified",
    "lon": 117.381,
    "lat": 32.931,
    "occupation": "401",
    "job_type": "ordinary",
    "wage_low_cny": 3000,
    "wage_high_cny": 4000,
    "wage_unit": "month",
    "vacancies": 2,
    "shift": "any",
}
SEEKER = {
    "lon": 117.371,
    "lat": 32.931,
    "occupation": "401",
    "birth_year": 1990,
    "sex": "male",
    "accepts": ["ordinary"],
    "shift": "day",
}
SEEKERS = [
    {"id": "S1"},
    {"id": "S2", "wage_floor_cny": 5000},
    {"id": "S3", "lon": 118.201},
    {"id": "S4", "lon": None, "lat": None},
]
JOBS = [{"id": "J1"}, {"id": "J2", "lon": 117.375}, {"id": "J3", "lon": None, "lat": None}]
FILES = ("--seekers", "seekers.ndjson", "--jobs", "jobs.ndjson", "--datum", "wgs84")


def write_ndjson(path, rows, common):
    Path(path).write_text("".join(json.dumps(common | row) + "\n" for row in rows))


def read_rows(path):
    """Return what a file has, the empty cells of CSV as None."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        if str(path).endswith("csv"):
            return [{k: v or None for k, v in row.items()} for row in csv.DictReader(stream)]
        return [json.loads(line) for line in stream]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder with two small lists."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_ndjson("seekers.ndjson", SEEKERS, SEEKER)
    write_ndjson("jobs.ndjson", JOBS, JOB)
    return tmp_path


@pytest.fixture(scope="module")
def city(shipped_city, tmp_path_factory):
    """Write some of the city's seekers; give their file and that of the jobs."""
    path = tmp_path_factory.mktemp("few") / "seekers.parquet"
    gpd.read_parquet(shipped_city / "seekers.parquet").iloc[::25].to_parquet(path)
    return path, shipped_city / "jobs.parquet"


def of_city(city):
    return ("--seekers", city[0], "--jobs", city[1], *ON)


def frame_of(path):
    """Return what a Parquet file has, as `match` gives its frames."""
    return pq.read_table(path).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)


def plain(text):
    return " ".join(re.sub(r"[│╭╮╰╯─*]", " ", text).split())


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
    assert "`jobs.ndjson` must have the column `employer_licence`, got no such column" in err
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


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("suffix", ["csv", "ndjson", "parquet"])
def test_stopped_in_the_middle_it_leaves_no_file(folder, monkeypatch, capsys, suffix, stop):
    monkeypatch.setattr(matching, "_LEAST_AT_ONCE", 1)
    before = sorted(folder.iterdir())
    asked, iter_match = [], gm.Matcher.iter_match

    def stopping(matcher, *arguments, **options):
        asked.append(arguments)
        if len(asked) == 3:
            os.kill(os.getpid(), stop)
        return iter_match(matcher, *arguments, **options)

    monkeypatch.setattr(gm.Matcher, "iter_match", stopping)
    more = ("--out", f"o.{suffix}", "--shortfall", f"s.{suffix}")
    assert run("match", *FILES, *ON, *more) == 128 + stop
    assert "stopped; nothing was written" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before


def test_each_block_is_written_and_forgotten_before_the_next(city, monkeypatch):
    monkeypatch.setattr(matching, "_LEAST_AT_ONCE", 1)
    blocks, most = [], []
    iter_match = gm.Matcher.iter_match

    def watched(*arguments, **options):
        gc.collect()
        most.append(sum(block() is not None for block in blocks))
        for block in iter_match(*arguments, **options):
            blocks.append(weakref.ref(block))
            yield block

    monkeypatch.setattr(gm.Matcher, "iter_match", watched)
    run("match", *of_city(city), "--out", "o.csv")
    assert len(blocks) == 8
    assert max(most) == 1  # the one that the last turn of the loop still names


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


def test_a_full_disk_leaves_the_files_as_they_were(folder, monkeypatch, capsys):
    Path("o.csv").write_text("before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo_match.exchange.tables._bytes", full)
    assert run("match", *FILES, *ON, "--out", "o.csv", "--shortfall", "s.parquet") == 1
    assert "`o.csv` must be written, got No space left on device" in capsys.readouterr().err
    assert Path("o.csv").read_text() == "before"
    assert len(list(folder.iterdir())) == 3


def test_the_bar_moves_in_steps(city, monkeypatch):
    monkeypatch.setattr(matching, "_LEAST_AT_ONCE", 1)
    steps = []

    @contextmanager
    def watched(doing, total=None, *, compiles):
        assert (total, compiles) == (122 if doing == "matching" else None, "en")
        yield steps.append

    monkeypatch.setattr(matching, "progress", watched)
    run("match", *of_city(city), "--out", "o.csv")
    assert sum(steps) == 122
    assert len(steps) == 8


# A store.


def table(rows):
    """Return rows that need not have the same members."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def fill(store):
    """Put the two lists into a store."""
    with Store.open(store) as opened:
        employer = {"id": "E1", "name": "甲", "licence": "verified"}
        opened.put("employers", table([employer]))
        own = {name: value for name, value in JOB.items() if name != "employer_licence"}
        jobs = [own | {"employer_id": "E1"} | job for job in JOBS]
        opened.put("jobs", table(jobs))
        opened.put("seekers", table([SEEKER | one for one in SEEKERS]))


@pytest.fixture
def store():
    """Give the path of a store with the two lists in it."""
    fill("s.db")
    return "s.db"


def test_a_store_gives_the_answer_of_its_lists_and_the_read_is_noted(store, capsys):
    run("match", *FILES, *ON, "--out", "files.ndjson")
    capsys.readouterr()
    asked = ("--store", store, "--who", "社区-07", "--purpose", "岗位匹配")
    assert run("match", *asked, *ON, "--out", "store.ndjson") == 0
    assert read_rows("store.ndjson") == read_rows("files.ndjson")
    err = capsys.readouterr().err
    with Store.open(store) as opened:
        cursor = opened.cursor()
    assert err.splitlines()[:2] == [
        f"4 seekers and 3 jobs of s.db as of cursor {cursor}",
        "  the read of the seekers is noted in s.db.audit",
    ]
    assert "1 of 4 seekers matched" in err
    with AuditLog.open(store) as audit:
        noted = audit.read().select(["who", "purpose", "scope", "count"]).to_pylist()
    assert noted == [{"who": "社区-07", "purpose": "岗位匹配", "scope": "persons:read", "count": 4}]


@pytest.fixture
def server(postgis):
    """Give a private PostgreSQL, and drop the databases that were made there."""
    server = Server(postgis)
    yield server
    server.drop_made()


@pytest.mark.postgis
@pytest.mark.parametrize("suffix", ["ndjson", "csv"])
def test_a_store_on_a_server_gives_the_answer_of_its_lists_and_the_read_is_noted(server, suffix):
    url = server.database()
    fill(url)
    run("match", *FILES, *ON, "--out", f"files.{suffix}", "--shortfall", f"f.{suffix}")
    asked = ("--store", url, "--who", "社区-07", "--purpose", "岗位匹配")
    assert run("match", *asked, *ON, "--out", f"o.{suffix}", "--shortfall", f"s.{suffix}") == 0
    assert read_rows(f"o.{suffix}") == read_rows(f"files.{suffix}")
    assert read_rows(f"s.{suffix}") == read_rows(f"f.{suffix}")
    with AuditLog.open(url) as audit:
        assert audit.read().column("count").to_pylist() == [4]


def test_a_store_is_read_as_of_one_moment_whoever_writes_meanwhile(store, capsys, monkeypatch):
    read_jobs = matching.read_jobs

    def read_and_write(opened):
        found = read_jobs(opened)
        opened.put("seekers", table([SEEKER | {"id": "S9"}]))
        opened.put("jobs", table([{"id": "J9", "title": "后来"}]))
        opened.remove("seekers", ["S1"])
        return found

    with Store.open(store) as opened:
        before = opened.cursor()
    monkeypatch.setattr(matching, "read_jobs", read_and_write)
    asked = ("--store", store, "--who", "社区-07", "--purpose", "岗位匹配")
    assert run("match", *asked, *ON, "--out", "o.ndjson") == 0
    assert {row["seeker_id"] for row in read_rows("o.ndjson")} == {"S1", "S2", "S3", "S4"}
    assert f"3 jobs of s.db as of cursor {before}" in capsys.readouterr().err


def test_a_read_that_cannot_be_noted_is_not_answered(store, capsys):
    Path("s.db.audit").write_text("not an audit")
    asked = ("--store", store, "--who", "社区-07", "--purpose", "岗位匹配")
    assert run("match", *asked, "--out", "o.csv") == 1
    assert "s.db.audit" in capsys.readouterr().err
    assert not Path("o.csv").exists()


def test_who_reads_is_never_an_id_card_number(store, capsys):
    asked = ("--store", store, "--who", "11010519491231002X", "--purpose", "岗位匹配")
    assert run("match", *asked, "--out", "o.csv") == 1
    assert "`who` must hold no ID-card number" in capsys.readouterr().err


def test_a_store_that_is_not_there_is_not_made(folder, capsys):
    asked = ("--store", "none.db", "--who", "a", "--purpose", "b")
    assert run("match", *asked, "--out", "o.csv") == 1
    assert "none.db" in capsys.readouterr().err
    assert not list(folder.glob("none.db*"))


def test_a_store_without_seekers_is_told(capsys):
    Store.open("s.db").close()
    asked = ("--store", "s.db", "--who", "a", "--purpose", "b")
    assert run("match", *asked, "--out", "o.csv") == 1
    assert "`s.db` must hold seekers, got none. Import a list of them" in capsys.readouterr().err


# The command line.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*FILES,), "Missing option '--out'"),
        (("--jobs", "jobs.ndjson", "--out", "o.csv"), "--seekers: must be given"),
        (("--seekers", "seekers.ndjson", "--out", "o.csv"), "--jobs: must be given"),
        ((*FILES, "--out", "o.xlsx"), "--out: must end in one of .csv, .ndjson, .jsonl, .parquet"),
        ((*FILES, "--out", "o.csv", "--shortfall", "s.gpkg"), "--shortfall: must end in one of"),
        ((*FILES, "--out", "o.csv", "--shortfall", "./o.csv"), "another file than --out"),
        ((*FILES, "--out", "o.csv", "--limit", "0"), "must be a whole number, 1 or more, or all"),
        ((*FILES, "--out", "o.csv", "--on", "31.12.2025"), "must be a day such as 2025-03-01"),
        ((*FILES, "--out", "o.csv", "--condition", "pay"), "must be one of distance, open,"),
        ((*FILES, "--out", "o.csv", "--unknown-fails", "x"), "must be one of distance, open,"),
        ((*FILES, "--out", "o.csv", "--occupation-level", "x"), "one of minor, middle, major"),
        ((*FILES, "--out", "o.csv", "--accuracy-m", "-1"), "a number of metres of at least 0"),
        ((*FILES, "--out", "o.csv", "--threads", "0"), "a whole number from 1 to 256, got '0'."),
        ((*FILES, "--out", "o.csv", "--threads", "257"), "from 1 to 256, got '257'."),
        ((*FILES, "--out", "o.csv", "--threads", "9" * 5_000), "from 1 to 256, got"),
        (
            (*FILES, "--out", "o.csv", "--condition", "wage", "--without", "age"),
            "--without: must not be given with --condition",
        ),
        (
            (*FILES, "--out", "o.csv", "--without", "age", "--without", "distance"),
            "--without: must not be distance, which is always asked: give a larger --radius-m.",
        ),
        ((*FILES, "--out", "o.csv", "--who", "a"), "--who: must not be given without --store"),
        (("--store", "s.db", "--out", "o.csv", "--who", "a"), "--purpose: must be given with"),
        (("--store", "s.db", "--out", "o.csv", "--jobs", "j.csv"), "--jobs: must not be given"),
        (("--store", "s.db", "--out", "o.csv", "--datum", "bd09"), "--datum: must not be given"),
    ],
)
def test_a_wrong_command_line_exits_with_2(capsys, arguments, message):
    assert run("match", *arguments) == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--out", "none/o.csv"), "a folder that exists"),
        (("--out", "seekers.ndjson"), "not be an input"),
        (("--out", "o.csv", "--shortfall", "jobs.ndjson"), "not be an input"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_work(capsys, monkeypatch, more, message):
    monkeypatch.setattr(matching, "read_doubted", None)
    assert run("match", *FILES, *more) == 1
    assert message in capsys.readouterr().err


def test_help_names_every_option_and_imports_none_of_the_heavy_libraries():
    program = (
        "import sys\n"
        "from geo_match.cli import main\n"
        "try:\n"
        "    main(['match', '--help'])\n"
        "except SystemExit as stop:\n"
        "    assert stop.code == 0\n"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'numba', 'pyproj'} & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for option in (
        *("--seekers", "--jobs", "--employers", "--datum", "--seekers-datum", "--jobs-datum"),
        *("--store", "--who", "--purpose", "--out", "--shortfall", "--rejects", "--language"),
        *("--for-jobs", "--radius-m", "--limit", "--on", "--condition", "--without"),
        *("--unknown-fails", "--occupation-level", "--accuracy-m", "--threads"),
    ):
        assert option in done.stdout


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
