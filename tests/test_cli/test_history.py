"""`geo-match store history` as a user meets it: what it prints, and what it notes in the audit."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from geo_match.cli import main
from geo_match.store import AuditLog, Store

NOTED = ("--who", "desk-3", "--purpose", "核对")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder of its own; give status, messages and output."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        with pytest.raises(SystemExit, match=r"\d") as stop:
            main(["store", "history", *arguments, "--store", "a.db"])
        output = capsys.readouterr()
        return stop.value.code, output.err, output.out

    return call


def test_no_text_that_is_kept_reaches_the_terminal_as_a_command_of_it(run):
    with Store.open("a.db") as store:
        site = pa.table({"id": ["S1"], "name": ["甲\x1b[1m"]})
        store.put("sites", site, cause="visit\x1b[2J\nno line", actor="desk\r\x07" + "3" * 300)
    status, _, out = run("sites", "S1")
    assert status == 0
    assert out.replace("\n", "").isprintable()
    first, *others = without_moments(out).splitlines()
    assert first == rf"1  WHEN  put  'visit\x1b[2J\nno line'  'desk\r\x07{'3' * 188}…"
    assert others == ["  id: S1", r"  name: '甲\x1b[1m'"]


def audited():
    if not Path("a.db.audit").exists():
        return []
    with AuditLog.open("a.db") as audit:
        return audit.read().select(["who", "purpose", "scope", "count"]).to_pylist()


def without_moments(out):
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "WHEN", out)


def fill():
    with Store.open("a.db") as store:
        site = pa.table({"id": ["S1"], "lon": [117.3], "lat": [32.9]})
        store.put("sites", site, cause="visit", actor="desk 3")
        store.put("sites", site.set_column(1, "lon", [[117.5]]), cause="call")
        store.remove("sites", ["S1"])
        home = {"id": "H1", "head_name": "王", "address": "解放路\n一号"}
        store.put("households", pa.Table.from_pylist([home]))
        store.put("seekers", pa.table({"id": ["P1"], "name": ["王"], "household": ["H1"]}))


def test_what_a_public_record_was_is_told_change_by_change(run):
    fill()
    status, err, out = run("sites", "S1")
    assert (status, err) == (0, "")
    assert without_moments(out) == (
        "1  WHEN  put  visit  desk 3\n"
        "  id: S1\n"
        "  lon: 117.3\n"
        "  lat: 32.9\n"
        "2  WHEN  put  call\n"
        "  lon: 117.3 → 117.5\n"
        "3  WHEN  remove  remove\n"
    )
    assert audited() == []


def test_a_persons_past_is_told_once_the_read_is_noted(run):
    fill()
    status, err, out = run("seekers", "P1", *NOTED)
    assert (status, err) == (0, "")
    assert without_moments(out).splitlines()[0] == "5  WHEN  put  put"
    assert "  name: 王\n" in out
    noted = {"who": "desk-3", "purpose": "核对", "scope": "persons:read", "count": 1}
    assert audited() == [noted]
    assert run("seekers", "P2", *NOTED)[0] == 1
    assert audited() == [noted, noted | {"count": 0}]


def test_no_persons_past_is_told_if_the_read_cannot_be_noted(run):
    fill()
    Path("a.db.audit").write_text("no audit")
    status, err, out = run("seekers", "P1", *NOTED)
    assert (status, out) == (1, "")
    assert "a.db.audit" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("seekers", "P1"), "must be given for seekers: reads of persons are noted"),
        (("spells", "P1", "--who", "me"), "--purpose: must be given for spells"),
        (("sites", "S1", "--who", "me"), "--who: must not be given for sites"),
        (("people", "P1"), "must be one of households"),
    ],
)
def test_who_reads_and_why_is_said_of_persons_and_only_of_these(run, words, told):
    fill()
    status, err, out = run(*words)
    assert (status, out) == (2, "")
    assert told in re.sub(r"[│\s]+", " ", err)
    assert audited() == []


def test_what_is_erased_is_told_as_far_as_others_are_concerned(run):
    fill()
    with Store.open("a.db") as store:
        store.put("spells", spell("P1"))
        store.put("spells", spell("P9"))
        store.erase("seekers", "P1", reason="R-1")
    status, _, out = run("households", "H1", *NOTED)
    assert status == 0
    assert without_moments(out).splitlines() == [
        "4  WHEN  put  put",
        "  id: H1",
        "  address: '解放路\\n一号'",
        "  other fields were erased since",
        "8  WHEN  put  erasure: R-1",
    ]
    out = run("spells", "L1", *NOTED)[2]
    assert "  erased since: it was of somebody else then\n" in out
    status, err, out = run("seekers", "P1", *NOTED)
    assert (status, out) == (1, "")
    assert err == (
        "geo-match: `a.db` must know a record of seekers by this id, now or in the past, got none. "
        "Is the id right? Of one that was erased nothing is left.\n"
    )


def spell(person):
    one = {"id": "L1", "person": person, "status": "employed"}
    start = pa.array(["2024-01-01"]).cast(pa.date32())
    return pa.Table.from_pylist([one]).append_column("start", start)


def test_another_life_of_an_id_the_horizon_and_long_texts_are_told(run):
    fill()
    with Store.open("a.db") as store:
        store.put("sites", pa.table({"id": ["S1"], "name": ["甲" * 300]}))
        store.forget_before(2)
    status, err, out = run("sites", "S1")
    assert status == 0
    assert "another record, to which the id was given later:\n6  " in out
    assert f"  name: {'甲' * 199}…\n" in out
    assert re.fullmatch(
        r"what was known before .* UTC is gone: of earlier changes only the last is there\n", err
    )
