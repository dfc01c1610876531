"""`geo-match import city`: what it says, what it refuses, and what a stop leaves."""

from __future__ import annotations

import os
import signal

import pyarrow.parquet as pq
import pytest
from little_city import write_little_city

from geo_match.cli import main
from geo_match.demo.importing import LISTS
from geo_match.intake import importing
from geo_match.store import Store


@pytest.fixture
def run(capsys):
    """Run the command as a process would, signals put back as they were; give status and words."""

    def run(*arguments):
        try:
            main(["import", "city", *map(str, arguments)])
        except SystemExit as end:
            return end.code or 0, capsys.readouterr().err
        return 0, capsys.readouterr().err

    return run


@pytest.fixture
def city(shipped_city, tmp_path):
    """A folder with the first rows of each list."""
    folder = tmp_path / "city"
    write_little_city(shipped_city, folder, rows=20)
    return folder


def test_each_list_is_told_with_what_became_of_its_rows(run, city, tmp_path):
    status, words = run(city, "--store", tmp_path / "city.db")
    assert status == 0
    lines = [line for line in words.splitlines() if " rows of " in line]
    assert [line.split(" rows of ")[1].split(":")[0] for line in lines] == [
        f"{city / one.table}.parquet" for one in LISTS
    ]
    assert lines[1] == (
        f"20 rows of {city / 'stations.parquet'}: 20 accepted, 0 unchanged, 0 stale, "
        "0 duplicate, 0 rejected"
    )
    status, words = run(city, "--store", tmp_path / "city.db")
    assert status == 0
    assert f"20 rows of {city / 'stations.parquet'}: 0 accepted, 20 unchanged" in words


def test_a_list_with_a_bad_row_is_told_with_the_reason(run, city, tmp_path):
    path = city / "employers.parquet"
    rows = pq.read_table(path)
    names = rows.column("credit_code").to_pylist()
    column = rows.schema.get_field_index("credit_code")
    bad = rows.set_column(column, "credit_code", [["no code", *names[1:]]])
    pq.write_table(bad, path)
    status, words = run(city, "--store", tmp_path / "city.db", "--language", "en")
    assert status == 3
    assert "19 accepted, 0 unchanged, 0 stale, 0 duplicate, 1 rejected" in words
    assert "credit_code: " in words
    with Store.open(tmp_path / "city.db") as store:
        assert store.count("services") == 20  # the lists after it are taken all the same


@pytest.mark.parametrize(
    "option",
    [
        ["--datum", "gcj02"],
        ["--mapping", "m.toml"],
        ["--service-area", "116,32,118,34"],
        ["--accept-suspicions"],
        ["--dry-run"],
    ],
    ids=lambda option: option[0],
)
def test_an_option_that_means_nothing_for_a_city_is_refused(run, city, tmp_path, option):
    status, words = run(city, "--store", tmp_path / "city.db", *option)
    assert status == 2
    assert "must not be given with a city" in " ".join(words.replace("│", " ").split())
    assert not (tmp_path / "city.db").exists()


def test_what_is_no_city_is_refused_before_a_store_is_made(run, tmp_path, city):
    status, words = run(tmp_path, "--store", tmp_path / "city.db")
    assert status == 1
    assert "must hold a city" in words
    status, words = run(city, city, "--store", tmp_path / "city.db")
    assert status == 2
    assert "must be one folder, got 2" in " ".join(words.replace("│", " ").split())
    assert not (tmp_path / "city.db").exists()


def test_a_stop_on_the_way_says_that_a_part_is_there_and_the_next_run_goes_on(
    run, city, tmp_path, monkeypatch
):
    judge = importing.judge_file

    def stopped(path, *given, **named):
        if path.name == "sites.parquet":
            os.kill(os.getpid(), signal.SIGTERM)
        return judge(path, *given, **named)

    monkeypatch.setattr(importing, "judge_file", stopped)
    status, words = run(city, "--store", tmp_path / "city.db")
    assert status == 128 + signal.SIGTERM
    assert words.splitlines()[-1].startswith("stopped: a part of ")
    assert "nothing was written" not in words
    monkeypatch.undo()
    status, words = run(city, "--store", tmp_path / "city.db")
    assert status == 0
    assert f"20 rows of {city / 'stations.parquet'}: 0 accepted, 20 unchanged" in words
    assert f"20 rows of {city / 'sites.parquet'}: 20 accepted, 0 unchanged" in words


def test_a_city_is_told_and_refused_in_the_language_that_is_asked_for(run, city, tmp_path):
    store = tmp_path / "city.db"
    status, words = run(city, "--store", store, "--language", "zh")
    assert status == 0
    assert f"{city / 'stations.parquet'}：读入20行，其中采纳20行" in words
    assert " rows of " not in words
    (city / "sites.parquet").write_bytes(b"PAR1")
    status, words = run(city, "--store", store, "--language", "zh")
    assert status == 1
    assert "”：" in words.splitlines()[-1]
