"""`geo-match payments claim`, `advance`, `draw` and `claims`: an office and its register."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from geo_match.cli.payments.command import payments
from geo_match.cli.stopping import stoppable
from geo_match.errors import GeoMatchError

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
    given = ["--on", "2025-08-01", "--out", str(out)]
    assert "0 claims on 2025-08-01" in office.run("claims", *office.records(), *given).stderr
    told = office.run("claims", *office.records(corrected), *given)
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
    alone = office.step("district_review", "2025-07-02", *DISTRICT)
    assert "`decisions` must have one of EM1 as of 2025-07-02, got none" in str(alone.exception)
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
    assert rows["office.csv"]["check"].tolist() == ["failed", "open", "open"]
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
    assert refused.exit_code == 2
    assert "must not be given with --payee" in " ".join(refused.stderr.replace("│", " ").split())
