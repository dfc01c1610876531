"""A dry run says what an import would do, file after file, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_desk import BAD, GOOD, HEADER, run, write_csv

from geo_match.cli.rehearsal import copy_store
from geo_match.store import Store, StoreError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_dry_run_writes_nothing_at_all(capsys, folder):
    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    assert run("import", "seekers", "a.csv", "--store", "s.db", "--dry-run") == 3
    assert "dry run, nothing written: 4 rows of a.csv: 2 accepted" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["a.csv"]
    assert run("import", "seekers", "a.csv", "--store", "s.db", "--report", "m.csv") == 3
    capsys.readouterr()
    assert run("import", "seekers", "a.csv", "--store", "s.db", "--dry-run") == 3
    assert "0 accepted, 2 unchanged" in capsys.readouterr().err
    assert {path.name for path in folder.glob("[am]*")} == {"a.csv", "m.csv"}


def test_a_dry_run_of_several_files_meets_each_with_those_before_it(capsys, folder):
    write_csv("a.csv", [HEADER, *GOOD])
    write_csv("b.csv", [HEADER, [*GOOD[0][:6], "2025-02-01"], *GOOD[1:]])
    command = ("import", "seekers", "a.csv", "b.csv", "--store", "s.db")

    def became():
        return [line.partition(": ")[2] for line in told.splitlines() if "accepted" in line]

    assert run(*command, "--dry-run") == 0
    told = capsys.readouterr().err.replace("dry run, nothing written: ", "")
    foreseen = became()
    assert [line[:24] for line in foreseen] == [
        "2 accepted, 0 unchanged,",
        "0 accepted, 1 unchanged,",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.csv"]
    # The same on a store that is there; it stays as it is.
    write_csv("c.csv", [HEADER, [*BAD[1][:6], ""], ["E", *GOOD[0][1:]]])
    assert run("import", "seekers", "c.csv", "--store", "s.db") == 3
    before = Path("s.db").read_bytes()
    capsys.readouterr()
    assert run(*command, "--dry-run") == 0
    told = capsys.readouterr().err.replace("dry run, nothing written: ", "")
    assert became() == foreseen
    assert Path("s.db").read_bytes() == before
    assert run(*command) == 0
    told = capsys.readouterr().err
    assert became() == foreseen


def test_a_store_that_cannot_be_copied_is_named(folder):
    Store.open("s.db").close()
    with pytest.raises(StoreError, match=r"`s\.db` must be copied for a dry run of several files"):
        copy_store("s.db", folder / "no" / "copy.db")
