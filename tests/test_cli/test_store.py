"""`geo-match store` as a user meets it: what it says, its exit statuses, and what it leaves."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from test_store.faults import make_older

from geo_match.cli import main
from geo_match.store import Store
from geo_match.store.database.driver import sqlite_module


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder of its own; give status, messages and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments):
        with pytest.raises(SystemExit, match=r"\d") as stop:
            main(["store", *arguments])
        output = capsys.readouterr()
        return stop.value.code, output.err, output.out

    return call


WORDS = {
    "backup": ["b.db"],
    "history": ["seekers", "A", "--who", "me", "--purpose", "R-1"],
    "erase": ["seekers", "A", "--reason", "R-1", "--yes"],
}
"""What a command takes beside the store."""


def fill(path="a.db"):
    with Store.open(path) as store:
        store.apply("seekers", pa.table({"id": ["A", "B"], "name": ["王", "李"]}), source="a.csv")


def lying():
    return sorted(one.name for one in Path().iterdir() if not one.name.endswith("-turn"))


def test_init_makes_a_store_and_says_what_it_is(run):
    status, err, out = run("init", "--store", "a.db")
    assert (status, out) == (0, "")
    assert re.fullmatch(r"a\.db: SQLite 3\.\d+\.\d+, form \d{4}, epoch \w{32}\n", err)
    assert run("init", "--store", "a.db")[1] == err  # which changes nothing


@pytest.mark.postgis
def test_init_says_whether_a_server_has_postgis(run, postgis):
    with psycopg.connect(postgis, autocommit=True) as connection:
        connection.execute("CREATE DATABASE store_init")
        home = connection.info.host
    with psycopg.connect(f"host={home} dbname=store_init user=geo_match") as connection:
        connection.execute("CREATE EXTENSION postgis")
    url = f"postgresql+psycopg://geo_match@/store_init?host={home}"
    status, err, _ = run("init", "--store", url)
    assert status == 0
    assert re.search(r"PostgreSQL \d+\.\d+.* with PostGIS \d\.\d.*, form \d{4}, epoch \w{32}", err)
    status, _, out = run("status", "--store", url)
    assert status == 0
    assert "seekers      0" in out


def test_status_tells_records_the_last_change_the_horizon_and_unfinished_imports(run):
    fill()
    with Store.open("a.db") as store:

        def stop(_):
            raise KeyboardInterrupt("stop")

        with pytest.raises(KeyboardInterrupt, match="stop"):
            store.apply("jobs", pa.table({"id": ["J"], "title": ["x"]}), source="b.csv", watch=stop)
    status, err, out = run("status", "--store", "a.db")
    assert (status, err) == (0, "")
    told = {line.split(maxsplit=1)[0]: line for line in out.splitlines()}
    assert told["seekers"] == "seekers      2"
    assert told["jobs"] == "jobs         1"
    assert re.search(r"KiB$", told["size"])
    assert re.fullmatch(r"last change  3, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", told["last"])
    assert told["horizon"] == "horizon      none: all changes are known"
    assert re.fullmatch(
        r"unfinished   import 2, jobs, b\.csv, begun \d{4}.* UTC, 1 taken", told["unfinished"]
    )
    with Store.open("a.db") as store:
        store.forget_before(3)
    out = run("status", "--store", "a.db")[2]
    assert re.search(r"horizon      3, .* UTC: what was known earlier is gone", out)


@pytest.mark.parametrize("command", ["status", "verify", "backup", "history", "erase"])
def test_no_command_but_init_makes_a_store(run, command):
    out = WORDS.get(command, [])
    status, err, _ = run(command, *out, "--store", "no.db")
    assert status == 1
    assert err == (
        "geo-match: `no.db` must be a store, got nothing there. `geo-match store init` makes one.\n"
    )
    assert lying() == []


@pytest.mark.parametrize("command", ["status", "verify", "backup", "history", "erase"])
def test_no_command_but_init_changes_an_older_stores_form(run, command):
    fill()
    make_older(Path("a.db"))
    before = Path("a.db").read_bytes()
    out = WORDS.get(command, [])
    status, err, _ = run(command, *out, "--store", "a.db")
    assert status == 1
    assert re.fullmatch(
        r"geo-match: `a\.db` must have tables of today's form \d{4}, got form 0001\. It is as it "
        r"was: `geo-match store init` brings it to today's form\.\n",
        err,
    )
    assert Path("a.db").read_bytes() == before
    assert lying() == ["a.db"]
    assert run("init", "--store", "a.db")[0] == 0
    assert run(command, *out, "--store", "a.db")[0] == 0


def test_a_backup_is_told_and_restored(run):
    fill()
    status, err, out = run("backup", "b.db", "--store", "a.db")
    assert (status, out) == (0, "")
    assert err == (
        "2 records and 2 changes of a.db backed up to b.db, verified; the store has no audit\n"
    )
    status, err, out = run("restore", "b.db", "--store", "c.db")
    assert (status, out) == (0, "")
    restored, erased, epoch = err.splitlines()
    assert restored == (
        "2 records and 2 changes of b.db restored to c.db, verified; it has no audit yet"
    )
    assert erased == (
        "erasures made since the backup are not known here: make them again, or restore with "
        "--erased and the store that has them"
    )
    assert epoch == "cursors from before are of another epoch: what follows the store starts anew"
    assert lying() == ["a.db", "b.db", "c.db"]


def test_a_store_is_replaced_when_asked_and_the_erased_stay_erased(run):
    fill()
    run("backup", "b.db", "--store", "a.db")
    with Store.open("a.db") as store:
        store.erase("seekers", "A", reason="R-1")
    status, err, _ = run("restore", "b.db", "--store", "a.db")
    assert status == 1
    assert "`a.db` must be new, got a file that is there" in err
    assert run("restore", "b.db", "--store", "c.db", "--erased", "a.db")[0] == 0
    with Store.open("a.db") as store:
        later = store.cursor().seq - 2
    status, err, _ = run("restore", "b.db", "--store", "a.db", "--replace")
    assert status == 0
    aside = re.search(r"the store that was there is (a\.db\.before-\S+):", err)[1]
    assert f"{later} change" in err
    assert f" made after the backup: kept in {aside}, of which a.db has the erasures only\n" in err
    assert "1 record erased since the backup, erased again" in err
    assert lying() == ["a.db", aside, "b.db", "c.db"]
    for name in ("a.db", "c.db"):
        with Store.open(name) as store:
            assert list(store.keys("seekers", ["A", "B"])) == ["B"]


def test_a_refused_backup_leaves_nothing(run):
    fill()
    Path("b.db").write_text("mine")
    status, err, _ = run("backup", "b.db", "--store", "a.db")
    assert status == 1
    assert err == "geo-match: `b.db` must be a new file, got one that is there. Name another.\n"
    assert Path("b.db").read_text() == "mine"
    status, err, _ = run("restore", "b.db", "--store", "c.db")
    assert status == 1
    assert "`b.db` must be a SQLite database" in err
    assert lying() == ["a.db", "b.db"]


def test_verify_tells_that_a_store_is_sound_or_what_is_wrong(run):
    fill()
    assert run("verify", "--store", "a.db") == (
        0,
        "",
        "a.db is sound: 2 records and 2 changes\n",
    )
    with closing(sqlite_module().connect("a.db")) as connection, connection:
        connection.execute("DELETE FROM changes WHERE seq = 1")
    status, err, out = run("verify", "--store", "a.db")
    assert status == 3
    assert out.splitlines()[0] == "The changes from 0 to 2, both left out, are missing."
    assert err == "a.db is not sound: restore a backup, and keep this store to look into\n"


def test_records_that_break_a_rule_are_named_and_stop_no_backup(run):
    with Store.open("a.db") as store:
        store.put("jobs", pa.table({"id": ["J"], "title": ["店员"], "wage_unit": ["day"]}))
    with closing(sqlite_module().connect("a.db")) as connection, connection:
        connection.execute("UPDATE jobs SET wage_unit = 'year'")
        connection.execute("""UPDATE changes SET after = replace(after, '"day"', '"year"')""")
    status, err, out = run("verify", "--store", "a.db")
    assert status == 3
    assert "breaks a rule: `wage_unit` must be 'month', 'day' or 'hour'." in out
    assert err == "a.db is whole, but not all its records keep the rules: mend these\n"
    for command in (["backup", "b.db", "--store", "a.db"], ["restore", "b.db", "--store", "c.db"]):
        status, err, _ = run(*command)
        assert status == 0
        assert "breaks a rule: `wage_unit` must be 'month', 'day' or 'hour'\n" in err
        assert "these records are in it as they were: mend them in the store that is used" in err


@pytest.mark.parametrize(
    "command", ["init", "status", "backup", "restore", "verify", "history", "erase"]
)
def test_each_command_tells_its_help_without_opening_anything(run, command):
    status, _, out = run(command, "--help")
    assert status == 0
    assert "--store" in out
    assert "Exit status: 0 done, or sound" in out
