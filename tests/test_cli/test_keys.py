"""`geo-match keys` as a user meets it: the key is shown once, and nothing shows it again."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pyarrow as pa
import pytest
from test_store.faults import make_older

from geo_match.cli import main
from geo_match.records.clock import CHINA
from geo_match.store import Store

OF_OPERATOR = ("--role", "operator", "--label", "示例运营公司")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command beside a store with a community; give status, messages and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    with Store.open("a.db") as store:
        store.put("communities", pa.table({"id": ["340302001001"], "name": ["示例社区"]}))

    def call(*arguments, store="a.db"):
        with pytest.raises(SystemExit, match=r"\d") as stop:
            main(["keys", *arguments, "--store", store])
        output = capsys.readouterr()
        return stop.value.code, output.err, output.out

    return call


def find(secret):
    with Store.open("a.db") as store:
        return store.api_keys.find(secret)


def test_a_key_is_the_only_line_of_output_and_is_told_of_beside(run):
    status, err, out = run("create", *OF_OPERATOR)
    assert status == 0
    secret = out.removesuffix("\n")
    key = find(secret)
    assert (key.role, key.label) == ("operator", "示例运营公司")
    last = dt.datetime.now(CHINA).date() + dt.timedelta(days=365)
    told, word = err.splitlines()
    assert told == f"key {key.id} made for 示例运营公司: operator, valid to the end of {last}"
    assert "shown this once" in word
    assert secret not in err


def test_a_key_lasts_to_the_end_of_its_last_day_in_china(run):
    out = run("create", *OF_OPERATOR, "--expires", "2999-03-31")[2]
    assert find(out.strip()).expires_at == dt.datetime(2999, 4, 1, tzinfo=CHINA)
    _, err, out = run("create", *OF_OPERATOR, "--expires", "never")
    assert find(out.strip()).expires_at is None
    assert "operator, which does not expire" in err


def test_a_communitys_key_has_its_area(run):
    area = ("--role", "community", "--label", "示例社区居委会", "--community", "340302001001")
    _, err, out = run("create", *area)
    assert find(out.strip()).community == "340302001001"
    assert "示例社区居委会: community in 340302001001, valid" in err


def test_the_list_shows_neither_keys_nor_hashes(run):
    assert run("list") == (0, "a.db has no key: `geo-match keys create` makes one\n", "")
    made = [run("create", *OF_OPERATOR, "--expires", "2999-03-31")[2].strip() for _ in range(2)]
    area = ("--role", "community", "--label", "某社区", "--community", "340302")
    made.append(run("create", *area, "--expires", "never")[2].strip())
    ids = [find(secret).id for secret in made]
    assert run("revoke", ids[1])[0] == 0
    status, err, out = run("list")
    assert (status, err) == (0, "")
    today = dt.datetime.now(CHINA).date()
    made_on = f"made {today}  last"
    office = "示例运营公司"
    assert out.splitlines() == [
        f"{ids[0]}  operator       -             {made_on} 2999-03-31  valid    {office}",
        f"{ids[1]}  operator       -             {made_on} 2999-03-31  revoked  {office}",
        f"{ids[2]}  community      340302        {made_on} never       valid    某社区",
    ]
    for secret in made:
        assert secret not in out
        assert secret.rpartition("_")[2] not in out
    assert not re.search(r"[0-9a-f]{64}", out)


def test_a_store_without_keys_is_told_of_without_the_password_of_its_url(run):
    url = "sqlite://office:geheim@/a.db"
    assert run("list", store=url) == (0, "a.db has no key: `geo-match keys create` makes one\n", "")


def test_a_key_that_has_expired_is_listed_as_such(run):
    with Store.open("a.db", clock=lambda: dt.datetime(2020, 1, 1)) as store:  # noqa: DTZ001 - a store's
        end = dt.datetime(2020, 6, 1, tzinfo=CHINA)
        store.api_keys.issue(role="planner", label="规划处", expires_at=end)
    assert "last 2020-05-31  expired  规划处" in run("list")[2]


def test_a_revoked_key_opens_nothing_and_a_second_time_says_since_when(run):
    secret = run("create", *OF_OPERATOR)[2].strip()
    id_ = find(secret).id
    status, err, out = run("revoke", id_)
    assert (status, out) == (0, "")
    assert re.fullmatch(
        rf"key {id_} of 示例运营公司 revoked, as of \d{{4}}-.* UTC: it opens nothing, and its "
        r"sessions have ended\n",
        err,
    )
    assert find(secret) is None
    assert run("revoke", id_)[1] == err


@pytest.mark.parametrize(
    ("words", "option", "said"),
    [
        (("--role", "boss", "--label", "x"), "--role", "must be one of integration, employer"),
        (("--role", "planner", "--label", " "), "--label", "must be a text that is not blank"),
        (("--role", "community", "--label", "x"), "--community", "must be 12 digits"),
        (
            ("--role", "community", "--label", "x", "--community", "340399"),
            "--community",
            "got '340399'. Is it right? Import the",
        ),
        ((*OF_OPERATOR, "--community", "340302"), "--community", "for the role community alone"),
        ((*OF_OPERATOR, "--expires", "soon"), "--expires", "must be a day such as 2027-03-31"),
        ((*OF_OPERATOR, "--expires", "2020-01-01"), "--expires", "must lie ahead"),
        ((*OF_OPERATOR, "--expires", "9999-12-31"), "--expires", "a day that has one after it"),
    ],
)
def test_what_breaks_a_rule_is_named_by_its_option_and_makes_no_key(run, words, option, said):
    status, err, out = run("create", *words)
    assert (status, out) == (2, "")
    assert option in err
    assert said in " ".join(err.replace("│", " ").split())
    assert run("list")[2] == ""


def test_an_id_that_no_key_has_is_named_and_no_secret_repeated(run):
    secret = run("create", *OF_OPERATOR)[2].strip()
    status, err, _ = run("revoke", secret)
    assert status == 2
    told = " ".join(err.replace("│", " ").split())
    assert "must be that of a key in the store, got 'gmk_…'" in told
    assert secret.rpartition("_")[2] not in told
    assert find(secret) is not None


@pytest.mark.parametrize("words", [("create", *OF_OPERATOR), ("list",), ("revoke", "x")])
def test_no_command_makes_a_store_or_changes_its_form(run, words):
    status, err, out = run(*words, store="no.db")
    assert (status, out) == (1, "")
    assert "`no.db` must be a store, got nothing there" in err
    assert not Path("no.db").exists()
    make_older(Path("a.db"))
    before = Path("a.db").read_bytes()
    status, err, out = run(*words)
    assert (status, out) == (1, "")
    assert "must have tables of today's form" in err
    assert Path("a.db").read_bytes() == before


def test_a_restore_tells_what_became_of_the_keys(run, capsys):
    kept, gone = (find(run("create", *OF_OPERATOR)[2].strip()).id for _ in range(2))

    def store(*words):
        with pytest.raises(SystemExit, match="0"):
            main(["store", *words])
        return capsys.readouterr().err.splitlines()

    store("backup", "b.db", "--store", "a.db")
    assert run("revoke", gone)[0] == 0
    known = "of the backup not revoked: `geo-match keys list` tells whose"
    said = store("restore", "b.db", "--store", "c.db")
    assert f"2 keys {known}; what was revoked since the backup is not known here" in said
    said = store("restore", "b.db", "--store", "a.db", "--replace")
    assert said[-3:-1] == ["1 key revoked since the backup, revoked again", f"1 key {known}"]
    states = {line.split()[0]: line.split()[-2] for line in run("list")[2].splitlines()}
    assert states == {kept: "valid", gone: "revoked"}
