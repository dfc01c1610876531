"""An import that is stopped, or that finds the store busy, leaves nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from office_desk import BAD, GOOD, HEADER, names, run, write_csv

from geo_match.cli import importing, main
from geo_match.store import Store
from geo_match.store.database.driver import sqlite_module
from geo_match.store.writing import applying


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_busy_store_is_told_and_no_list_to_mend_is_left(capsys, monkeypatch):
    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    Store.open("s.db").close()
    opened = Store.open
    monkeypatch.setattr(Store, "open", lambda path: opened(path, busy_timeout_s=0.05))
    with closing(sqlite_module().connect("s.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert run("import", "seekers", "a.csv", "--store", "s.db") == 1
    assert "`s.db` must be free for writing" in capsys.readouterr().err
    assert not Path("a.mend.csv").exists()
    assert names() == {}


def stopping(monkeypatch, stop, *, at):
    """Let a signal come after a number of lists were judged, before the last of them is written."""
    judge, judged = importing.judge_file, []

    def stopped(*arguments, **options):
        judged.append(judge(*arguments, **options))
        if len(judged) == at:
            os.kill(os.getpid(), stop)
        return judged[-1]

    monkeypatch.setattr(importing, "judge_file", stopped)


@pytest.mark.parametrize("stop", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_a_file_goes_in_leaves_it_out(capsys, monkeypatch, folder, stop):
    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    stopping(monkeypatch, stop, at=1)
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 128 + stop
    assert "geo-match: stopped; nothing was written" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["a.csv"]


def test_a_signal_while_a_file_goes_in_leaves_a_part_and_the_same_import_goes_on(
    capsys, monkeypatch, folder
):
    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    monkeypatch.setattr(applying, "AT_MOST", 1)
    monkeypatch.setattr(
        importing, "progress", lambda *_: nullcontext(lambda _: os.kill(os.getpid(), signal.SIGINT))
    )
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 130
    told = capsys.readouterr().err
    assert "stopped: a part of a.csv is in the store; importing it again goes on there" in told
    assert "nothing was written" not in told
    assert "not imported" not in told
    assert list(Path().glob("*mend*")) == []
    assert set(names()) == {"A"}
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 3
    assert "2 rejected" in capsys.readouterr().err
    assert set(names()) == {"A", "B"}
    assert Path("a.mend.csv").exists()


def test_a_stop_within_the_first_of_two_files_names_the_second_alone_as_not_imported(
    capsys, monkeypatch
):
    write_csv("a.csv", [HEADER, *GOOD])
    write_csv("b.csv", [HEADER, *GOOD])
    monkeypatch.setattr(applying, "AT_MOST", 1)
    monkeypatch.setattr(
        importing, "progress", lambda *_: nullcontext(lambda _: os.kill(os.getpid(), signal.SIGINT))
    )
    assert run("import", "seekers", "a.csv", "b.csv", "--store", "s.db") == 130
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "stopped: a part of a.csv is in the store; importing it again goes on there",
        "not imported: b.csv",
    ]


KILLED = """
import os, signal, sys
from geo_match.cli import importing, main

written = importing.write_mending

def killed(*arguments, **options):
    written(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)

importing.write_mending = killed
main(["import", "seekers", "a.csv", "--store", "s.db"])
"""


def test_a_kill_before_the_rejected_rows_are_told_leaves_the_import_unfinished(capsys):
    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    done = subprocess.run([sys.executable, "-c", KILLED], check=False)  # noqa: S603 - this interpreter, on our own program
    assert done.returncode == -signal.SIGKILL
    assert set(names()) == {"A", "B"}
    assert len(list(Path().glob(".a.mend.*.part.csv"))) == 1
    assert run("store", "status", "--store", "s.db") == 0
    assert "a.csv, begun" in capsys.readouterr().out
    # The next import tells of it, writes what is to be mended, and removes what was half-written.
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 3
    told = capsys.readouterr().err
    assert "an import of this list, begun" in told
    assert "the rejected rows stand in a.mend.csv" in told
    assert list(Path().glob(".*.part.*")) == []
    assert run("store", "status", "--store", "s.db") == 0
    assert "unfinished   none" in capsys.readouterr().out


def test_a_signal_in_the_second_file_leaves_the_first_one_in(capsys, monkeypatch):
    write_csv("a.csv", [HEADER, GOOD[0]])
    write_csv("b.csv", [HEADER, GOOD[1], *BAD])
    stopping(monkeypatch, signal.SIGTERM, at=2)
    assert run("import", "seekers", "a.csv", "b.csv", "--store", "s.db") == 143
    told = capsys.readouterr().err
    assert "not imported: b.csv" in told
    assert "nothing was written" not in told
    assert names() == {"A": "王秀英"}


def test_a_signal_while_the_rejected_rows_are_written_does_not_keep_them_back(capsys, monkeypatch):
    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    written = importing.write_mending

    def stopped(*arguments, **options):
        os.kill(os.getpid(), signal.SIGTERM)
        written(*arguments, **options)

    monkeypatch.setattr(importing, "write_mending", stopped)
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 3
    assert "the rejected rows stand in a.mend.csv" in capsys.readouterr().err
    assert set(names()) == {"A", "B"}


def test_a_signal_once_a_file_is_in_does_not_keep_it_from_being_told(capsys, monkeypatch):
    write_csv("a.csv", [HEADER, *GOOD])
    told = importing.tell

    def tell(*arguments, **options):
        os.kill(os.getpid(), signal.SIGTERM)
        told(*arguments, **options)

    monkeypatch.setattr(importing, "tell", tell)
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 0
    assert "2 accepted" in capsys.readouterr().err
    assert set(names()) == {"A", "B"}


def test_a_stop_is_told_in_the_language_of_the_list_that_it_meets(capsys, monkeypatch):
    write_csv("a.csv", [HEADER, GOOD[0]])
    write_csv("b.csv", [HEADER, GOOD[1]])
    stopping(monkeypatch, signal.SIGTERM, at=2)
    with pytest.raises(SystemExit, match="143"):
        main(["import", "seekers", "a.csv", "b.csv", "--store", "s.db"])
    told = capsys.readouterr().err
    assert "未导入：b.csv" in told
    assert "not imported" not in told
