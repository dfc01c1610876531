"""`geo-match payments claim`, `advance`, `draw` and `claims`: an office and its register."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from geo_match.cli.payments import asking
from geo_match.cli.payments.command import payments
from geo_match.cli.stopping import stoppable
from geo_match.errors import FileError, GeoMatchError

FIRST, SECOND = (f"stable_employment/{id_}/1" for id_ in ("EM1", "EM2"))
SETTLED = ["--answer", "cap_year=calendar", "--answer", "difficulty_is_key_group=no"]
SETTLED += ["--answer", "registered_unemployed_is_key_group=no"]
SETTLED += ["--answer", "two_payments_for_one_hire=no"]
HIRE = {
    "form": "labour_contract",
    "hired_on": "2024-01-01",
    "contract_known": True,
    "contract_from": "2024-01-01",
    "contract_to": "2024-06-30",
    "claimed_by": "OP1",
    "registered_on": "2024-01-05",
    "filed_on": None,
    "record_origin": "platform_export",
}
SERVICE = {"on": "2023-12-20", "kind": "introduction", "operator_id": "OP1", "result": "willing"}
GROUPS = {"graduate": False, "migrant_worker": True, "veteran": False}
GROUPS |= {"retired_fisherman": False, "difficulty": "none"}
DISTRICT = ["--who", "district-1", "--role", "district"]


@pytest.fixture(autouse=True)
def stoppable_as_the_program():
    """Give signals back to whoever had them: a command lets them pass once its answer is there."""
    with stoppable():
        yield


def write(folder, hires=({}, {}, {}), **changed):
    """Write records of hires that pass: each of another person, if nothing else is said."""
    made, persons, services, insured = [], {}, {}, []
    for n, one in enumerate(hires, start=1):
        own = {"id": f"EM{n}", "person": f"S{n}", "platform_record": f"PR{n}"}
        hire = {**HIRE, **own, **one, **changed}
        person = hire["person"]
        first, last = (pd.Period(hire["hired_on"], "M") + months for months in (0, 5))
        made.append(hire)
        persons[person] = {"id": person, "household": "H1", "birth_year": 1990, **GROUPS}
        services[person] = {**SERVICE, "id": f"SV-{person}", "person": person}
        months = {"first_month": f"{first}-01", "last_month": f"{last}-01"}
        insured.append({"employment": hire["id"], "kind": "social", "verified": True, **months})
    (folder / "history").mkdir(exist_ok=True)
    for name, rows in (
        ("seekers", persons.values()),
        ("history/employments", made),
        ("history/services", services.values()),
        ("history/insurance", insured),
    ):
        pd.DataFrame(list(rows)).to_parquet(folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("records"))


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """The same records after a contract was found to be shorter."""
    return write(tmp_path_factory.mktemp("corrected"), contract_to="2024-03-31")


@pytest.fixture
def office(tmp_path, folder):
    return Office(tmp_path / "claims.jsonl", folder)


class Office:
    """A register, and the commands as they are typed."""

    def __init__(self, register, folder):
        self.register, self.folder = register, folder

    def run(self, command, *arguments):
        given = [command, "--register", str(self.register), *arguments]
        return CliRunner().invoke(payments, given)

    def claim(self, *arguments, on="2025-06-30", who="operator-1"):
        given = ["--folder", str(self.folder), "--payment", "stable_employment", *SETTLED]
        return self.run("claim", *given, "--who", who, "--on", on, *arguments)

    def step(self, step, on, *arguments, ids=(FIRST,)):
        return self.run("advance", *ids, "--step", step, "--on", on, *arguments)

    def records(self, folder=None):
        return ["--folder", str(folder or self.folder), *SETTLED]

    def shaken(self, folder, *arguments, on="2025-08-01"):
        """List what records no longer bear."""
        given = ["--payment", "stable_employment", *self.records(folder), "--on", on, *arguments]
        return self.run("claims", *given)

    def paid(self):
        """Move the first claim on until it is paid."""
        for done in (
            self.claim("--case", "EM1"),
            self.step("street_review", "2025-07-01", "--who", "street-1", "--role", "street"),
            self.step("district_review", "2025-07-02", *DISTRICT, *self.records()),
            self.step("publish", "2025-07-03", *DISTRICT, "--until", "2025-07-10"),
            self.step("pay", "2025-07-11", *DISTRICT, *self.records()),
        ):
            assert done.exit_code == 0, done.output
        return done


def words(refused):
    """Return what a command line that is wrong is told, without the box around it."""
    assert refused.exit_code == 2, refused.output
    return " ".join(refused.stderr.replace("│", " ").split())


def test_what_passes_is_submitted_once_and_its_steps_are_kept(office):
    done = office.claim()
    assert done.exit_code == 0, done.output
    assert "stable_employment on 2025-06-30: 3 submitted" in done.stderr
    lines = [json.loads(text) for text in office.register.read_text().splitlines()]
    assert [line["claim"] for line in lines][:2] == [FIRST, SECOND]
    assert {(line["by"], line["on"], line["step"]) for line in lines} == {
        ("operator-1", "2025-06-30", "submit")
    }
    assert "0 submitted" in office.claim().stderr
    assert len(office.register.read_text().splitlines()) == 3


def test_of_two_cases_on_one_record_the_first_is_submitted_and_the_other_told_of(tmp_path):
    """One service before two hires in two years: it shows one of them."""
    later = {"hired_on": "2025-01-01", "contract_from": "2025-01-01", "contract_to": None}
    again = {"person": "S1", "registered_on": "2025-01-05", **later}
    office = Office(tmp_path / "claims.jsonl", write(tmp_path, hires=[{}, again]))
    done = office.claim(on="2025-12-31")
    assert "1 submitted" in done.stderr
    assert "1 left: each rests on a record of one submitted now" in done.stderr
    assert "0 submitted" in office.claim(on="2025-12-31").stderr
    refused = office.claim("--case", "EM2", on="2025-12-31")
    assert "unknown is never pass, got fail for EM2" in str(refused.exception)


def test_a_claim_is_paid_step_by_step_and_each_step_adds_one_line(office):
    done = office.paid()
    assert f"{FIRST}: paid 拨付" in done.stderr
    lines = [json.loads(text) for text in office.register.read_text().splitlines()]
    assert [(line["step"], line["by"]) for line in lines] == [
        ("submit", "operator-1"),
        ("street_review", "street-1"),
        ("district_review", "district-1"),
        ("publish", "district-1"),
        ("pay", "district-1"),
    ]
    assert all(line["written"].endswith("+00:00") for line in lines)


def test_a_correction_after_payment_is_told_and_recovered(office, corrected, tmp_path):
    office.paid()
    out = tmp_path / "to-do.csv"
    given = ["--out", str(out)]
    assert "0 claims on 2025-08-01" in office.shaken(office.folder, *given).stderr
    told = office.shaken(corrected, *given)
    assert "1 recover" in told.stderr
    (row,) = pd.read_csv(out).to_dict("records")
    assert (row["claim"], row["to_do"], row["payee"]) == (FIRST, "recover", "OP1")
    assert row["zh"].startswith("已拨付但不再符合，应追回：")
    note = ["--note", "已全额退款"]
    done = office.step("recover", "2025-08-20", *DISTRICT, *note)
    assert f"{FIRST}: recovered 追回" in done.stderr


def test_a_correction_stops_a_claim_and_adds_nothing(office, corrected):
    office.claim("--case", "EM1")
    office.step("street_review", "2025-07-01", "--who", "street-1", "--role", "street")
    before = office.register.read_bytes()
    refused = office.step("district_review", "2025-07-02", *DISTRICT, *office.records(corrected))
    assert isinstance(refused.exception, GeoMatchError)
    assert "`decisions` must still pass, got fail for EM1" in str(refused.exception)
    for step in ("district_review", "pay"):
        alone = words(office.step(step, "2025-07-02", *DISTRICT))
        assert f"must be given for {step}: give --folder and the answers that were" in alone
    assert office.register.read_bytes() == before


def test_claims_are_listed_for_the_office_and_for_the_operator(office, tmp_path):
    office.claim("--payee", "OP1")
    seed = tmp_path / "seed"
    seed.write_text("a secret of the office\n")
    given = ["--share", "1", "--seed-file", str(seed), "--who", "checker", "--on", "2025-07-01"]
    drawn = office.run("draw", *given)
    assert drawn.stdout.splitlines() == [f"stable_employment/EM{n}/1" for n in (1, 2, 3)]
    checked = ["--who", "checker", "--role", "supervisor", "--note", "合同不符"]
    assert office.step("check_fail", "2025-07-02", *checked).exit_code == 0
    rows = {}
    for name, payee in (("office.csv", []), ("own.csv", ["--payee", "OP1"])):
        out = tmp_path / name
        told = office.run("claims", *payee, "--on", "2025-07-03", "--out", str(out))
        assert "3 submitted 申报" in told.stderr
        rows[name] = pd.read_csv(out, dtype=str)
    ours = rows["office.csv"]
    assert ours["check"].tolist() == ["failed", "open", "open"]
    assert ours["check_since"].tolist() == ["2025-07-02", "2025-07-01", "2025-07-01"]
    assert ours["check_by"].tolist() == ["checker"] * 3
    assert ours["check_note"].tolist()[0] == "合同不符"
    # The state is that of the submission still: taken without its checks the list tells of none.
    assert ours["since"].tolist() == ["2025-06-30"] * 3
    assert ours["by"].tolist() == ["operator-1"] * 3
    assert ours["note"].isna().all()
    assert "check" not in rows["own.csv"]
    assert "合同不符" not in (tmp_path / "own.csv").read_text()
    assert office.step("release", "2025-07-03", *checked).exit_code == 0
    wrong = office.step("check_pass", "2025-07-04", *DISTRICT, ids=(SECOND,))
    assert "`role` must be supervisor for check_pass, got 'district'" in str(wrong.exception)


def test_an_operator_passes_no_check_of_its_own_claim(office, tmp_path):
    office.claim()
    seed = tmp_path / "seed"
    seed.write_text("a secret of the office")
    given = ["--share", "1", "--seed-file", str(seed), "--who", "Operator-1"]
    refused = office.run("draw", *given, "--on", "2025-07-01")
    assert "another person than made the step submit" in str(refused.exception)


def test_a_register_that_was_tampered_with_is_refused(office):
    office.claim()
    whole = office.register.read_text()
    lines = whole.splitlines(keepends=True)
    for broken, rule in (
        (whole.replace('"payee": "OP1"', '"payee": "OP9"', 1), "another one at line 1"),
        ("".join(lines[1:]), "another one at line 1"),
        (lines[0] + lines[2], "another one at line 2"),
        (whole[:-20], "must end with a whole line, got half a line"),
        (whole + "note\n", "must have a JSON object in each line, got none in line 4"),
    ):
        office.register.write_text(broken)
        for command in (office.run("claims"), office.claim()):
            assert isinstance(command.exception, GeoMatchError)
            assert rule in str(command.exception)
    assert office.register.read_text() == whole + "note\n"


def test_a_register_is_begun_by_a_claim_alone(office):
    for refused in (
        office.run("claims"),
        office.step("publish", "2025-07-03", *DISTRICT, "--until", "2025-07-10"),
    ):
        assert "must be a register of claims, got none there" in str(refused.exception)
    lost = office.claim("--case", "EM9")
    assert "`cases` must be cases of stable_employment" in str(lost.exception)
    assert not office.register.exists()


def test_what_is_to_be_recovered_is_not_listed_for_a_payee(office, folder):
    refused = office.run("claims", "--payee", "OP1", "--folder", str(folder))
    assert "must not be given with --payee" in words(refused)


def test_corrections_are_of_one_payment_by_its_own_amount(office, corrected):
    amount = ["--amount", "500", "--amount-source", "示例目录"]
    office.claim("--case", "EM1", *amount)
    assert "0 claims on" in office.shaken(office.folder, *amount).stderr
    assert "1 return" in office.shaken(corrected, *amount).stderr
    # Those of another payment are not looked at, whatever the amount of that is.
    other = ["--payment", "flexible_employment", "--amount", "300", "--amount-source", "示例目录"]
    told = office.run("claims", *office.records(corrected), *other, "--on", "2025-08-01")
    assert told.stderr.splitlines() == ["0 claims on 2025-08-01"]


def test_a_list_of_corrections_names_its_payment_and_a_plain_list_nothing_that_decides(office):
    office.claim()
    refused = words(office.run("claims", *office.records()))
    assert "Invalid value for --payment: must be given with --folder: one payment" in refused
    for option, value in (
        ("--payment", "stable_employment"),
        ("--answer", "cap_year=calendar"),
        ("--tier", "340302=2"),
        ("--amount", "500"),
        ("--amount-source", "示例目录"),
    ):
        refused = words(office.run("claims", option, value))
        assert f"Invalid value for {option}: must not be given without --folder" in refused


def test_no_step_is_made_on_a_day_to_come(office, tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "day_of", lambda on: dt.date.fromisoformat(on or "2025-07-01"))
    late = "Invalid value for --on: must not lie after today, 2025-07-01, got 2025-07-02."
    assert late in words(office.claim(on="2025-07-02"))
    assert not office.register.exists()
    assert office.claim(on="2025-07-01").exit_code == 0
    before = office.register.read_bytes()
    street = ["--who", "street-1", "--role", "street"]
    assert late in words(office.step("street_review", "2025-07-02", *street))
    seed = tmp_path / "seed"
    seed.write_text("a secret of the office")
    given = ["--share", "1", "--seed-file", str(seed), "--who", "checker"]
    assert late in words(office.run("draw", *given, "--on", "2025-07-02"))
    assert office.register.read_bytes() == before
    assert office.step("street_review", "2025-07-01", *street).exit_code == 0


def test_what_was_returned_is_claimed_again_by_its_name_alone(office):
    office.claim("--case", "EM1")
    given = ["--who", "street-1", "--role", "street", "--note", "材料不全"]
    assert office.step("return", "2025-07-01", *given).exit_code == 0
    told = office.claim(on="2025-07-02").stderr
    assert "2 submitted" in told
    assert "1 left: returned or recovered before; --case claims one again" in told
    again = office.claim("--case", "EM1", on="2025-07-03").stderr
    assert "1 submitted" in again
    assert "stable_employment/EM1/2" in office.register.read_text()
    assert "left" not in office.claim(on="2025-07-04").stderr


def test_what_was_recovered_is_not_claimed_again_by_itself(office):
    office.paid()
    assert office.step("recover", "2025-08-20", *DISTRICT, "--note", "已退款").exit_code == 0
    assert "2 submitted" in office.claim(on="2025-08-21").stderr
    assert "stable_employment/EM1/2" not in office.register.read_text()


def test_a_case_named_for_another_payee_is_refused(office):
    refused = office.claim("--case", "EM1", "--case", "EM2", "--payee", "OP2")
    assert refused.exit_code == 1
    assert str(refused.exception) == (
        "`payee` must be the payee of each case that is named, got OP2, beside OP1 of EM1, "
        "OP1 of EM2. Name the payee's own, or none."
    )
    assert not office.register.exists()
    assert "1 submitted" in office.claim("--case", "EM1", "--payee", "OP1").stderr


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("身份证 110105 19491231 002X 不符", "must not hold an ID-card number, and holds one that"),
        ("\udce9", "must be one line of at most 200 characters."),
        ("合同\n不符", "must be one line of at most 200 characters."),
    ],
)
def test_a_note_is_a_line_that_may_be_kept_for_good(office, note, message):
    office.claim("--case", "EM1")
    before = office.register.read_bytes()
    street = ["--who", "street-1", "--role", "street", "--note", note]
    refused = words(office.step("return", "2025-07-01", *street))
    assert f"Invalid value for '--note': {message}" in refused
    assert "19491231" not in refused
    assert office.register.read_bytes() == before


def test_a_seed_that_is_no_text_is_refused_without_being_shown(office, tmp_path):
    office.claim()
    seed = tmp_path / "seed"
    seed.write_bytes(b"\xff\xfe of the office alone")
    given = ["--share", "1", "--seed-file", str(seed), "--who", "checker", "--on", "2025-07-01"]
    refused = office.run("draw", *given)
    assert isinstance(refused.exception, FileError)
    assert str(refused.exception).endswith(
        "must be a text in UTF-8, got other bytes. Write the seed as a line of text."
    )


def test_the_end_of_a_notice_is_given_with_the_notice_alone(office):
    office.claim("--case", "EM1")
    supervisor = ("--who", "s-1", "--role", "supervisor", "--until", "2025-07-10")
    for step in ("check_pass", "release", "street_review"):
        refused = office.step(step, "2025-07-02", *supervisor)
        assert "`until` must be given with publish alone" in str(refused.exception)
