"""`geo-match payments` as an office meets it: what it says, what it writes, what it refuses."""

from __future__ import annotations

from io import StringIO

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from geo_match.cli.payments.command import payments
from geo_match.errors import FileError, GeoMatchError

AS_OF = "2025-12-31"
KEPT = 40


@pytest.fixture(scope="module")
def folder(shipped_city, tmp_path_factory):
    """A folder of the records of a few of the shipped city's people."""
    made = tmp_path_factory.mktemp("office")
    (made / "history").mkdir()
    hires = pd.read_parquet(shipped_city / "history/employments.parquet")
    few = hires[hires["claimed_by"].notna()].iloc[::60].head(KEPT)
    people, ids = set(few["person"]), set(few["id"])
    homes = {f"H{one[1:].rsplit('-', 1)[0]}" for one in people}
    for name, columns, wanted in (
        ("jobs", ["id", "community"], set(few["job_id"])),
        ("sites", ["id", "community"], set(few["site_id"])),
        ("households", ["id", "hukou"], homes),
        ("communities", ["code", "lies_in"], None),
        ("operators", ["id", "role", "districts"], None),
    ):
        source = pd.read_parquet(shipped_city / f"{name}.parquet", columns=columns)
        own = source if wanted is None else source[source["id"].isin(wanted)]
        own.to_parquet(made / f"{name}.parquet")
    for name, column, wanted in (
        ("employments", "id", ids),
        ("services", "person", people),
        ("spells", "person", people),
        ("insurance", "employment", ids),
        ("incomes", "employment", ids),
        ("former_seekers", "id", people),
    ):
        source = pd.read_parquet(shipped_city / "history" / f"{name}.parquet")
        own = source[source[column].isin(wanted)].drop(columns="geometry", errors="ignore")
        own.to_parquet(made / "history" / f"{name}.parquet")
    seekers = pd.read_parquet(shipped_city / "seekers.parquet").drop(columns="geometry")
    seekers[seekers["id"].isin(people)].to_parquet(made / "seekers.parquet")
    return made


@pytest.fixture
def run(folder):
    def call(command, *arguments, payment="stable_employment"):
        given = ["--folder", str(folder), "--payment", payment, "--as-of", AS_OF]
        return CliRunner().invoke(payments, [command, *arguments, *given])

    return call


def test_decisions_are_written_as_a_list_and_told_in_numbers(run, tmp_path):
    out = tmp_path / "stable.csv"
    done = run("decide", "--answer", "cap_year=calendar", "--tier", "340302=2", "--out", str(out))
    assert done.exit_code == 0
    rows = pd.read_csv(out)
    assert f"{len(rows)} rows written to {out}" in done.stderr
    assert f"stable_employment as of {AS_OF}: {len(rows)} cases: " in done.stderr
    assert set(rows["outcome"]) <= {"pass", "fail", "unknown"}
    assert rows["answers"].str.contains("cap_year=calendar").all()
    assert rows["source"].str.contains("蚌人社发〔2022〕5号").all()


def test_a_workbook_has_the_rows_of_the_list(run, tmp_path):
    for name in ("a.csv", "a.xlsx"):
        assert run("decide", "--out", str(tmp_path / name)).exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["stable_employment"]
    header, *rows = sheet.iter_rows(values_only=True)
    told = pd.read_csv(tmp_path / "a.csv", dtype=str)
    assert list(header) == list(told.columns)
    at = header.index("zh")
    assert [row[at] for row in rows] == told["zh"].tolist()


def test_conditions_are_written_one_a_row(run, tmp_path):
    out = tmp_path / "conditions.ndjson"
    assert run("decide", "--conditions", "--out", str(out)).exit_code == 0
    rows = pd.read_json(StringIO(out.read_text(encoding="utf-8")), lines=True)
    assert {"key_group", "on_platform", "one_way", "cap"} <= set(rows["condition"])
    assert set(rows["way"].dropna()) == {"", "labour_contract", "service_agreement"}


def test_an_amount_is_stated_with_its_source_alone(run, tmp_path):
    out = tmp_path / "amounts.csv"
    given = ["--amount", "300", "--amount-source", "示例目录", "--out", str(out)]
    options = ["--answer", "difficulty_is_key_group=yes"]
    assert run("decide", *given, *options).exit_code == 0
    rows = pd.read_csv(out)
    passing = rows["outcome"] == "pass"
    assert passing.any()
    assert (rows.loc[passing, "amount_cny"] == 300).all()
    assert rows.loc[~passing, "amount_cny"].isna().all()


def test_a_case_is_explained_in_both_languages_with_what_is_missing(run, tmp_path):
    out = tmp_path / "all.parquet"
    assert run("decide", "--out", str(out)).exit_code == 0
    rows = pd.read_parquet(out)
    unknown = rows[rows["outcome"] == "unknown"].iloc[0]
    told = run("explain", unknown["case"])
    assert told.exit_code == 0
    first, *lines = told.stdout.splitlines()
    assert first == f"stable_employment 稳定就业服务补助 · {unknown['case']}: unknown"
    assert any(line.strip().startswith("missing 缺: ") for line in lines)
    assert any(line.startswith("? ") for line in lines)
    assert "rule payments.stable_employment version 2022-1 from 2022-05-13" in lines
    assert lines[-1] == f"as of {AS_OF}"


@pytest.mark.parametrize("payment", ["flexible_employment", "employment_assistance", "operation"])
def test_other_payments_are_decided_on_the_same_folder(run, payment):
    done = run("decide", payment=payment)
    assert done.exit_code == 0
    assert done.stderr.startswith(f"{payment} as of {AS_OF}: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--answer", "cap_year=fiscal"], "`cap_year` must be one of 'calendar', 'rolling', None"),
        (["--answer", "colour=red"], "must be NAME=VALUE, with a name of cap_year, "),
        (["--answer", "stable_income_ratio=much"], "must have a number for stable_income_ratio"),
        (["--tier", "bengbu=2"], "must be CODE=N, such as 340302=2, got 'bengbu=2'"),
        (["--tier", "340302=9"], "`wage_tiers` must have tiers from 1 to 4"),
        (["--amount", "300"], "must be given together with --amount-source"),
        (["--amount", "-3", "--amount-source", "x"], "must be an amount above 0, got '-3'"),
        (["--conditions"], "must be given with --out"),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_command_line(run, arguments, message):
    refused = run("decide", *arguments)
    assert refused.exit_code == 2
    told = " ".join(refused.stderr.replace("│", " ").split())
    assert message in told


def test_another_payment_is_refused(run):
    refused = run("decide", payment="bonus")
    assert refused.exit_code == 2
    assert "must be one of survey_registration" in refused.stderr


def test_a_folder_without_records_and_a_case_without_one_are_refused(run, tmp_path):
    given = ["--payment", "operation", "--as-of", AS_OF]
    for folder, rule in ((tmp_path / "none", "be a folder of records"), (tmp_path, "hold records")):
        refused = CliRunner().invoke(payments, ["decide", "--folder", str(folder), *given])
        assert isinstance(refused.exception, FileError)
        assert rule in str(refused.exception)
    lost = run("explain", "EM-NOBODY")
    assert isinstance(lost.exception, GeoMatchError)
    assert "`cases` must be cases of stable_employment that are known on 2025-12-31" in str(
        lost.exception
    )


def test_a_file_that_is_no_parquet_and_one_without_its_column_are_refused(tmp_path):
    (tmp_path / "seekers.parquet").write_text("no")
    given = ["--folder", str(tmp_path), "--payment", "operation", "--as-of", AS_OF]
    refused = CliRunner().invoke(payments, ["decide", *given])
    assert "must be a Parquet file that can be read" in str(refused.exception)
    pd.DataFrame({"code": ["1"]}).to_parquet(tmp_path / "communities.parquet")
    refused = CliRunner().invoke(payments, ["decide", *given])
    assert "`communities` must have the column lies_in, got code" in str(refused.exception)
    assert not isinstance(refused.exception, SystemExit)
