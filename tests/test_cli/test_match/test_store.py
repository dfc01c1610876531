"""`geo-match match` of a store: the answer of its lists, and the read of persons noted."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_desk import run
from test_cli.test_match.lists import FILES, ON, SEEKER, fill, read_rows, table
from test_store.conftest import Server

from geo_match.cli import match as matching
from geo_match.store import AuditLog, Store


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
