"""`geo-match store erase` as a user meets it: what it asks, says and leaves."""

from __future__ import annotations

import datetime as dt
import io

import pyarrow as pa
import pytest

from geo_match.cli import main
from geo_match.store import Store
from geo_match.store.forgetting import forgetting

LATER = dt.date(2999, 1, 1)
LAST = (
    "rows with this id in later lists are rejected\n"
    "nothing of it is left in the files of a.db; backups made before still have it\n"
)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder of its own; give status, messages and output."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments, answer=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        with pytest.raises(SystemExit, match=r"\d") as stop:
            main(["store", "erase", *arguments, "--store", "a.db"])
        output = capsys.readouterr()
        return stop.value.code, output.err, output.out

    return call


def fill():
    with Store.open("a.db") as store:
        store.put("households", pa.table({"id": ["H1"], "head_name": ["王"], "member_count": [2]}))
        people = {"id": ["P1", "P2"], "name": ["王", "李"], "household": ["H1", "H1"]}
        store.put("seekers", pa.table(people))
        day = pa.array(["2024-01-01"] * 2).cast(pa.date32())
        spells = {"id": ["L1", "L2"], "person": ["P1", "P2"], "status": ["employed"] * 2}
        store.put("spells", pa.table(spells | {"start": day}))


def there(kind="seekers"):
    with Store.open("a.db") as store:
        return store.read(kind).column("id").to_pylist()


def test_a_person_is_erased_and_told_is_what_that_was(run):
    fill()
    with Store.open("a.db") as store:
        store.hold("spells", ["L1"], until=LATER, reason="claim 7")
    status, err, out = run("seekers", "P1", "--reason", "R-1", "--actor", "desk-3", "--yes")
    assert (status, out) == (0, "")
    home = "1 record of others lost what was said of them there: 1 of households\n"
    unmatched = "in 1 household it could not be told which member it was: see whether the members "
    assert err.startswith(
        "2 records erased from a.db, with all the past: 1 of seekers, 1 of spells\n"
        "1 record of these kept out of sight as evidence, until the day that was set: "
        f"1 of spells\n{home}{unmatched}"
    )
    assert err.endswith(LAST)
    assert (there(), there("spells")) == (["P2"], ["L2"])
    with Store.open("a.db") as store:
        assert {one.actor for one in store.changes() if one.op == "erase"} == {"desk-3"}
        assert store.are_erased("seekers", pa.table({"id": ["P1"]})).tolist() == [True]
    # To ask twice does no harm.
    status, err, _ = run("seekers", "P1", "--reason", "R-1", "--yes")
    assert (status, err) == (0, f"a.db has nothing of this id to erase\n{LAST}")


def test_a_household_is_erased_and_leaves_its_seekers(run):
    fill()
    status, err, _ = run("households", "H1", "--reason", "R-1", "--yes")
    assert status == 0
    assert err == (
        "1 record erased from a.db, with all the past: 1 of households\n"
        "2 records of others lost what was said of them there: 2 of seekers\n" + LAST
    )
    assert there("households") == []


@pytest.mark.parametrize(("answer", "erased"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_nobody_is_erased_before_it_was_asked_once_more(run, answer, erased):
    fill()
    status, err, out = run("seekers", "P1", "--reason", "R-1", answer=answer)
    assert out.strip() == ""
    assert err.startswith("Erase this person from a.db, with all the past? It cannot be undone")
    assert (status == 0) == erased
    assert ("nothing was erased" in err) != erased
    assert there() == (["P2"] if erased else ["P1", "P2"])


def test_where_nobody_answers_nobody_is_erased(run):
    fill()
    status, err, _ = run("households", "H1", "--reason", "R-1")
    assert status == 1
    assert "Erase this household" in err
    assert there("households") == ["H1"]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("jobs", "J1", "--reason", "R-1"), 2, "must be one of seekers, households, got 'jobs'"),
        (("seekers", "P1"), 2, "--reason"),
        (("seekers", "P1", "--reason", "call 13812345678", "--yes"), 1, "a phone number"),
        (("seekers", "P1", "--reason", "P1 王", "--yes"), 1, "say nothing personal"),
        (("seekers", "P1", "--reason", " ", "--yes"), 1, "be a text that is not blank"),
    ],
)
def test_what_is_no_erasure_is_refused(run, words, status, told):
    fill()
    done, err, _ = run(*words)
    assert done == status
    assert told in " ".join(err.split())
    assert there() == ["P1", "P2"]


def is_barred(one, kind="seekers"):
    with Store.open("a.db") as store:
        return store.are_erased(kind, pa.table({"id": [one]})).tolist() == [True]


def test_an_id_that_nothing_is_known_of_is_not_barred_by_mistake(run):
    fill()
    unsure = ("seekers", "NOPE", "--reason", "R-1")
    status, err, _ = run(*unsure, "--yes")
    assert status == 2
    assert "nothing is known of this id in a.db: is it right? Nothing was done" in " ".join(
        err.replace("│", " ").split()
    )
    assert not is_barred("NOPE")
    status, err, _ = run(*unsure, answer="n\n")
    assert status == 1
    assert err.startswith("Nothing is known of this id in a.db. Bar it all the same")
    assert not is_barred("NOPE")
    assert run(*unsure, answer="y\n")[0] == 0
    assert is_barred("NOPE")
    assert run("households", "NOPE", "--reason", "R-1", "--yes")[0] == 2  # an id of another kind


@pytest.mark.parametrize("more", [("--yes",), ()])
def test_an_id_that_nothing_is_known_of_is_barred_where_that_is_said(run, more):
    fill()
    status, err, _ = run("seekers", "NOPE", "--reason", "R-1", "--even-if-unknown", *more)
    assert (status, err) == (0, f"a.db has nothing of this id to erase\n{LAST}")
    assert is_barred("NOPE")
    # Whom something is known of is asked about all the same.
    status, err, _ = run("seekers", "P1", "--reason", "R-1", "--even-if-unknown", answer="n\n")
    assert (status, there()) == (1, ["P1", "P2"])
    assert err.startswith("Erase this person")


def test_whoever_is_known_by_what_others_say_can_be_erased(run):
    with Store.open("a.db") as store:
        day = pa.array(["2024-01-01"]).cast(pa.date32())
        spell = {"id": ["L1"], "person": ["P1"], "status": ["employed"], "start": day}
        store.put("spells", pa.table(spell))
        store.put("seekers", pa.table({"id": ["P2"], "household": ["H1"]}))
        store.put("seekers", pa.table({"id": ["P3"]}))
        store.remove("seekers", ["P3"])
    for kind, one in (("seekers", "P1"), ("households", "H1"), ("seekers", "P3")):
        assert run(kind, one, "--reason", "R-1", "--yes")[0] == 0
        assert is_barred(one, kind)


def test_a_store_that_is_not_there_is_not_made(run, tmp_path):
    status, err, _ = run("seekers", "P1", "--reason", "R-1", "--yes")
    assert status == 1
    assert "`a.db` must be a store, got nothing there" in err
    assert list(tmp_path.iterdir()) == []


def test_that_bytes_may_be_left_is_told(run, monkeypatch):
    fill()
    monkeypatch.setattr(forgetting, "scrub", lambda _: False)
    _, err, _ = run("seekers", "P1", "--reason", "R-1", "--yes")
    assert err.endswith(
        "bytes of it may be left in the files of a.db, as when somebody is using it: give the same "
        "command once more\n"
    )
