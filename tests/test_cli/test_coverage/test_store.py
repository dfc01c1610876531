"""`geo-match coverage` of a store: the same answer, and each read of persons noted."""

from __future__ import annotations

import re
from pathlib import Path

from office_desk import run
from test_cli.test_coverage.town import FILES, ON, there, told

from geo_match.store import AuditLog


def test_a_store_gives_the_same_and_notes_who_read_it(store, capsys):
    run("coverage", *FILES, *ON, "--by", "community by hukou", "--out", "files.csv")
    expected = told(capsys)[-9:-1]
    expected.append("  not counted on 2025-12-31: 1 open job of employers not known to be verified")
    who = ("--store", store, "--who", "社区-07", "--purpose", "缺口分析")
    assert run("coverage", *who, *ON, "--by", "community by hukou", "--out", "o.csv") == 0
    assert Path("o.csv").read_bytes() == Path("files.csv").read_bytes()
    lines = told(capsys)
    assert re.fullmatch(r"4 households of s\.db as of cursor \S+", lines[0])
    assert lines[1] == "  the read of the households is noted in s.db.audit"
    assert lines[-10:-1] == expected
    with AuditLog.open(store) as audit:
        entries = audit.read().select(["who", "purpose", "scope", "count"]).to_pylist()
    assert entries == [
        {"who": "社区-07", "purpose": "缺口分析", "scope": "persons:read", "count": 4}
    ]


def test_a_store_is_told_in_chinese_where_it_is_asked(store, capsys):
    who = ("--store", store, "--who", "社区-07", "--purpose", "缺口分析", "--language", "zh")
    assert run("coverage", *who, *ON, "--out", "o.csv") == 0
    lines = told(capsys)
    assert lines[0].startswith("s.db：4户家庭，截至变更位置 ")
    assert lines[1] == "  本次读取已记入 s.db.audit"


def test_a_store_without_what_is_asked_is_refused_before_anybody_is_read(store, capsys):
    who = ("--store", store, "--who", "a", "--purpose", "b", "--supply-kind", "stations")
    assert run("coverage", *who, *ON, "--out", "o.csv") == 1
    assert "`s.db` must hold stations, got none. Import a list of them first." in (
        capsys.readouterr().err
    )
    with AuditLog.open(store) as audit:
        assert len(audit.read()) == 0
    assert not Path("o.csv").exists()


def test_a_read_that_cannot_be_noted_is_not_answered(store, capsys):
    Path("s.db.audit").write_text("not an audit", encoding="utf-8")
    who = ("--store", store, "--who", "a", "--purpose", "b")
    assert run("coverage", *who, *ON, "--out", "o.csv") == 1
    assert "s.db.audit" in capsys.readouterr().err
    assert not Path("o.csv").exists()


def test_a_store_that_is_not_there_is_not_made(capsys):
    who = ("--store", "none.db", "--who", "a", "--purpose", "b")
    assert run("coverage", *who, "--out", "o.csv") == 1
    assert "`none.db` must be a store" in capsys.readouterr().err
    assert "none.db" not in there()
