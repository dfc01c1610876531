"""`households` suspected, open, help: from a store and lists to lists, refusing what is wrong."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from geo_match.cli.households.command import households
from geo_match.cli.households.headers import CHINESE
from geo_match.cli.stopping import stoppable
from geo_match.errors import GeoMatchError
from geo_match.policy.households import judge_cases, rank_help, suspect
from geo_match.store import AuditLog, Store, record_schema

ON = "2025-06-01"
PLACE = {"lon": 117.38, "lat": 32.93, "located_by": "given"}
MARCH = dt.date(2025, 3, 1)


def put(store, kind, *rows):
    schema = record_schema(kind)
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {
        name: pa.array([row.get(name) for row in rows], schema.field(name).type) for name in names
    }
    store.put(kind, pa.table(columns))


@pytest.fixture(autouse=True)
def stoppable_as_the_program():
    """Give signals back to whoever had them: a command lets them pass once its answer is there."""
    with stoppable():
        yield


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of four households: two without work, one of a trainee, one of a worker."""
    path = tmp_path_factory.mktemp("households") / "city.db"
    status = {"H1": "unemployed", "H2": "registered_unemployed", "H3": "employed", "H4": "employed"}
    with Store.open(path) as opened:
        put(
            opened,
            "households",
            *(
                {
                    "id": home,
                    "hukou": "urban",
                    "member_count": 1,
                    "members": [{"birth_year": 1990, "status": one}],
                }
                for home, one in status.items()
            ),
        )
        put(
            opened,
            "seekers",
            *(
                {
                    "id": home.replace("H", "S"),
                    "household": home,
                    "birth_year": 1990,
                    "sex": "male",
                    "status": one,
                    "occupation": "401" if home == "H1" else "402",
                    "difficulty": "zero_employment",
                    "registered_on": MARCH,
                }
                | PLACE
                for home, one in status.items()
            ),
        )
        put(
            opened,
            "spells",
            {"id": "SP3", "person": "S3", "status": "employed", "start": MARCH},
        )
        put(opened, "employers", {"id": "E", "name": "示例超市", "licence": "verified"})
        job = {"title": "示例岗位", "employer_id": "E", "occupation": "401"} | PLACE
        job |= {"opened_on": MARCH}
        put(
            opened,
            "jobs",
            {"id": "J", "job_type": "ordinary"} | job,
            {"id": "P", "job_type": "public_welfare"} | job,
        )
    return path


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """A list as an office keeps it: Chinese headers and words, days in several forms."""
    path = tmp_path_factory.mktemp("lists") / "台账.csv"
    path.write_text(
        "家庭编号,疑似日期,申请日期,核实日期,清零日期,销号日期,就业人员,销号原因\n"
        "H1,2025/1/2,2025年1月5日,2025-01-31,,,,\n"
        "H2,2025-05-01,,,,,,\n"
        "H3,2025-01-02,2025-01-05,2025-02-10,2025-03-01,2025-03-01,S3,清零\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def employments(tmp_path_factory):
    path = tmp_path_factory.mktemp("lists") / "就业记录.csv"
    path.write_text(
        "人员编号,就业形式,就业日期,就业状态记录编号\nS3,就业见习,2025-03-01,SP3\n",
        encoding="utf-8",
    )
    return path


def run(command, *arguments):
    told = CliRunner().invoke(households, [command, *map(str, arguments)], catch_exceptions=True)
    if isinstance(told.exception, GeoMatchError):
        raise told.exception
    return told


def reading(store):
    return ["--store", store, "--who", "社区-07", "--purpose", "零就业家庭清零"]


def test_suspected_households_are_listed_with_their_reasons(store, employments, tmp_path):
    out = tmp_path / "suspected.csv"
    told = run("suspected", *reading(store), "--on", ON, "--out", out)
    assert "2025-06-01: 4 households, 2 suspected, 2 not, 0 of which too little is known" in (
        told.stderr
    )
    assert pd.read_csv(out)["household"].tolist() == ["H1", "H2"]
    run("suspected", *reading(store), "--on", ON, "--out", out, "--employments", employments)
    listed = pd.read_csv(out)
    assert listed["household"].tolist() == ["H1", "H2", "H3"]
    assert listed["en"].str.contains("had no work and wanted it").all()
    run("suspected", *reading(store), "--on", ON, "--out", out, "--all")
    assert pd.read_csv(out)["outcome"].tolist() == ["pass", "pass", "fail", "fail"]


def test_a_workbook_has_chinese_headers_and_the_reads_are_noted(store, tmp_path):
    out = tmp_path / "疑似.xlsx"
    told = run("suspected", *reading(store), "--on", ON, "--out", out, "--language", "zh")
    assert "疑似零就业2户" in told.stderr
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    assert rows[0][:3] == ("家庭编号 household", "社区代码 community", "是否疑似零就业 outcome")
    assert [row[0] for row in rows[1:]] == ["H1", "H2"]
    with AuditLog.open(store) as audit:
        assert set(audit.read().column("purpose").to_pylist()) == {"零就业家庭清零"}


def test_open_cases_are_listed_most_urgent_first(cases, tmp_path):
    out = tmp_path / "open.csv"
    told = run("open", "--cases", cases, "--on", ON, "--out", out)
    assert "3 cases, 2 open" in told.stderr
    listed = pd.read_csv(out)
    assert listed[["household", "clock", "due_on"]].fillna("").to_numpy().tolist() == [
        ["H1", "overdue", "2025-02-28"],
        ["H2", "not_started", ""],
    ]
    run("open", "--cases", cases, "--on", ON, "--out", out, "--clock-from", "applied", "--all")
    everyone = pd.read_csv(out)
    assert everyone["due_on"].fillna("").tolist() == ["2025-02-05", "", "2025-02-05"]


def test_a_traineeship_clears_nothing_where_hires_and_members_are_given(
    cases, employments, store, tmp_path
):
    out = tmp_path / "open.parquet"
    told = run(
        "open",
        *reading(store),
        "--cases",
        cases,
        "--employments",
        employments,
        "--on",
        ON,
        "--out",
        out,
        "--language",
        "zh",
    )
    assert "以见习或他人就业“清零”而仍未结1件" in told.stderr
    listed = pd.read_parquet(out).set_index("household")
    assert listed.loc["H3", ["stage", "open", "status_now"]].tolist() == [
        "wrongly_cleared",
        True,
        "pass",
    ]


def test_help_is_ranked_for_open_cases_or_suspected_households(store, cases, tmp_path):
    out, jobs = tmp_path / "help.csv", tmp_path / "jobs.ndjson"
    told = run(
        "help", *reading(store), "--cases", cases, "--on", ON, "--out", out, "--jobs-out", jobs
    )
    assert "2 households: 1 have a job of the market in reach, 1 a public-welfare post" in (
        told.stderr
    )
    assert pd.read_csv(out)[["household", "help"]].to_numpy().tolist() == [
        ["H1", "market"],
        ["H2", "public_welfare"],
    ]
    listed = pd.read_json(jobs, lines=True)
    assert listed[["seeker_id", "job_id", "unmet"]].to_numpy().tolist() == [
        ["S1", "J", ""],
        ["S2", "P", "occupation"],
    ]
    told = run("help", *reading(store), "--on", ON, "--out", out, "--language", "zh")
    assert "家庭2户：市场岗位可帮扶1户，公益性岗位托底1户" in told.stderr
    assert pd.read_csv(out)["household"].tolist() == ["H1", "H2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["open", "--out", "o.txt"], "must end in one of"),
        (["open", "--out", "o.csv", "--store", "s.db"], "must be given with the other two"),
        (["open", "--out", "o.csv", "--as-of", "2025-01-01T00:00+08:00"], "without --store"),
        (["open", "--out", "o.csv", "--as-of", "2025-01-01"], "a moment with a zone"),
        (["open", "--out", "o.csv", "--clock-from", "help"], "must be one of verified"),
        (["help", "--out", "o.csv", "--jobs-out", "o.csv"], "must be another file"),
        (["help", "--out", "o.csv", "--decided-by", "walking"], "must be geodesic without"),
        (["help", "--out", "o.csv", "--decided-by", "car"], "must be one of geodesic"),
    ],
)
def test_a_wrong_command_line_is_refused(arguments, message, cases, store):
    command, *others = arguments
    if command == "help":
        others += reading(store)
    told = run(command, "--cases", cases, *others)
    assert told.exit_code == 2
    words = told.stderr.replace("│", " ").split()
    assert message in " ".join(words)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("编号2,疑似日期\nH1,2025-01-01\n", "must have a column household or 家庭编号"),
        (
            "家庭编号,户编号\nH1,H1\n",
            "must have one column of household, got 家庭编号, 户编号",
        ),
        ("家庭编号,疑似日期\nH1,03/04/2025\n", "'03/04/2025' in row 1, column 疑似日期"),
        ("家庭编号,疑似日期\n,2025-01-01\n", r"`cases.household` must not be null"),
    ],
)
def test_a_list_of_cases_that_cannot_be_read_is_refused(text, message, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "o.csv"
    with pytest.raises(GeoMatchError, match=message):
        run("open", "--cases", path, "--on", ON, "--out", out)
    assert not out.exists()


def test_every_column_that_is_written_has_a_chinese_name():
    none = pd.DataFrame({"id": [], "hukou": []})
    members = pd.DataFrame({"household": [], "birth_year": []})
    found = suspect(none, members, on=dt.date(2025, 6, 1)).households
    report = judge_cases(pd.DataFrame({"household": []}), on=dt.date(2025, 6, 1)).cases
    seekers = pd.DataFrame({"id": ["S"], "household": ["H"], "lon": [117.38], "lat": [32.93]})
    job = pd.DataFrame({"id": ["J"], "lon": [117.38], "lat": [32.93]})
    help_ = rank_help(pd.DataFrame({"household": ["H"]}), seekers, job)
    own = {"community", "en", "zh", "status_now", "jobs_walking", "posts_walking"}
    written = own.union(found, report, help_.households, help_.jobs)
    assert written == set(CHINESE)
