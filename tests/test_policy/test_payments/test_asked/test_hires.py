"""Hires, worked by hand: each condition at its bound, just under it and just over it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

STABLE, FLEXIBLE, HELP = "stable_employment", "flexible_employment", "employment_assistance"
AGREEMENT = {"form": "service_agreement"}


def told(sound, hire=None, payment=STABLE, *, decide=None, **frames):
    evidence = sound.evidence([hire or {}], **frames)
    return sound.outcomes(sound.decide(payment, evidence, **(decide or {}))["EM1"])


def test_a_sound_case_passes_in_all(sound):
    one = sound.decide(STABLE, sound.evidence([{}]))["EM1"]
    assert one.word == "pass"
    assert {c.word for c in one.conditions} == {"pass"}
    assert set(one.evidence) == {"EM1", "SV1", "PR1", "S1", "EM1:social:2024-01"}
    assert (one.payee, one.on, one.entry.value.version) == ("OP1", dt.date(2024, 1, 1), "2022-1")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"contract_to": "2024-06-29"}, "fail"),
        ({"contract_to": "2024-06-30"}, "pass"),
        ({"contract_to": "2024-07-01"}, "pass"),
        ({"contract_from": "2023-08-31", "contract_to": "2024-02-27"}, "fail"),
        ({"contract_from": "2023-08-31", "contract_to": "2024-02-28"}, "pass"),
        ({"contract_to": None}, "pass"),  # open-ended
        ({"contract_known": False, "contract_to": None}, "unknown"),
        ({"contract_known": None}, "unknown"),
        ({"contract_from": None}, "unknown"),
        ({"contract_to": "2023-12-31"}, "unknown"),  # ends before it begins
    ],
)
def test_a_contract_is_of_six_months(sound, changes, expected):
    assert told(sound, changes)["labour_contract.labour_contract_long"] == expected
    as_agreement = told(sound, {**AGREEMENT, **changes})
    assert as_agreement["service_agreement.service_agreement_long"] == expected


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([{"last_month": "2024-05-01"}], "fail"),
        ([{"last_month": "2024-06-01"}], "pass"),
        ([{"last_month": "2024-07-01"}], "pass"),
        (
            [
                {"last_month": "2024-03-01"},
                {"first_month": "2024-05-01", "last_month": "2024-07-01"},
            ],
            "pass",
        ),
        (
            [
                {"last_month": "2024-03-01"},
                {"first_month": "2024-05-01", "last_month": "2024-06-01"},
            ],
            "fail",
        ),
        ([{}, {"first_month": "2024-02-01", "last_month": "2024-03-01"}], "pass"),  # no month twice
        (
            [
                {"last_month": "2024-05-01"},
                {"first_month": "2024-05-01", "last_month": "2024-05-01"},
            ],
            "fail",
        ),
        ([{"verified": None}], "unknown"),
        (
            [{"last_month": "2024-05-01"}, {"first_month": "2024-06-01", "verified": None}],
            "unknown",
        ),
        ([{"verified": False}], "fail"),
        ([{}, {"first_month": "2024-06-01", "verified": False}], "unknown"),  # two say otherwise
        ([], "fail"),
        ([{"first_month": None}], "fail"),
    ],
)
def test_insurance_is_paid_for_six_months(sound, runs, expected):
    social = told(sound, insured=runs)
    assert social["labour_contract.social_insurance_long"] == expected
    accident = told(sound, AGREEMENT, insured=[{**one, "kind": "accident"} for one in runs])
    assert accident["service_agreement.accident_insurance_long"] == expected


def test_months_of_insurance_count_once_they_are_over(sound):
    for as_of, expected in ((dt.date(2024, 6, 29), "fail"), (dt.date(2024, 6, 30), "pass")):
        outcome = told(sound, decide={"as_of": as_of})
        assert outcome["labour_contract.social_insurance_long"] == expected


def test_each_form_asks_for_its_own_insurance(sound):
    assert told(sound)["one_way"] == "pass"
    assert told(sound, AGREEMENT)["one_way"] == "fail"  # social insurance does not serve there
    assert told(sound, AGREEMENT, insured=[{"kind": "accident"}])["one_way"] == "pass"
    assert told(sound, insured=[{"kind": "accident"}])["one_way"] == "fail"


def test_a_form_that_is_not_known_leaves_both_ways_open(sound):
    assert told(sound, {"form": None})["one_way"] == "unknown"


def test_without_any_records_of_insurance_it_is_unknown(sound):
    assert told(sound, insurance=None)["one_way"] == "unknown"


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ({"on": "2023-12-31"}, "pass"),  # the day before
        ({"on": "2024-01-01"}, "fail"),  # the day itself is not before it
        ({"on": "2024-01-02"}, "fail"),
        ({"on": "2021-01-01"}, "pass"),  # the notice gives no limit
        ({"kind": "guidance"}, "pass"),
        ({"kind": "recommendation"}, "pass"),
        ({"kind": "phone"}, "fail"),
        ({"kind": None}, "unknown"),
        ({"kind": None, "on": "2024-01-01"}, "fail"),  # whatever it was, it came too late
        ({"operator_id": "OP2"}, "fail"),
        ({"operator_id": None}, "unknown"),
        ({"person": "S2"}, "fail"),
        ({"on": None}, "unknown"),
        ({"on": None, "operator_id": "OP2"}, "fail"),
        ({"on": None, "kind": "visit"}, "fail"),
        ({"result": None}, "pass"),
        ({"result": "employed"}, "pass"),
        ({"result": "no_answer"}, "fail"),
        ({"result": "wrong_number"}, "fail"),
        ({"result": "no_answer", "operator_id": None}, "fail"),
    ],
)
def test_the_operator_is_shown_by_its_service_before_the_hire(sound, service, expected):
    assert told(sound, services=[service])["organised_by_operator"] == expected


def test_an_unanswered_call_adds_nothing_to_another_service(sound):
    call = {"id": "SV0", "on": "2023-12-31", "result": "no_answer"}
    one = sound.decide(STABLE, sound.evidence([{}], services=[call, {}]))["EM1"]
    (organised,) = [c for c in one.conditions if c.name == "organised_by_operator"]
    assert (organised.word, organised.evidence) == ("pass", ("SV1",))


def test_what_reached_nobody_can_be_told_otherwise(sound):
    given = {"services": [{"result": "no_answer"}], "decide": {"no_contact_results": ()}}
    assert told(sound, **given)["organised_by_operator"] == "pass"


@pytest.mark.parametrize("result", ["refused", "moved_away"])
def test_whether_a_refused_service_counts_is_an_answer(sound, result):
    evidence = sound.evidence([{}], services=[{"result": result}])
    for answer, expected in ((True, "pass"), (False, "fail"), (None, "unknown")):
        one = sound.decide(STABLE, evidence, refusal_shows_service=answer)["EM1"]
        assert sound.outcomes(one)["organised_by_operator"] == expected
    assert one.missing == ("an answer on refusal_shows_service 被拒绝的服务能否认定",)


def test_two_records_of_one_service_that_differ_leave_it_open(sound):
    twice = [{}, {"operator_id": "OP2"}]
    assert told(sound, services=twice)["organised_by_operator"] == "unknown"


def test_a_limit_on_how_long_before_is_kept_to_the_day(sound):
    for on, expected in (("2023-07-01", "pass"), ("2023-06-30", "fail")):
        frames = {"services": [{"on": on}], "decide": {"service_within_months": 6}}
        assert told(sound, **frames)["organised_by_operator"] == expected


def test_without_operator_or_service_records_who_organised_it_is_unknown(sound):
    one = sound.decide(STABLE, sound.evidence([{"claimed_by": None}]), cases=["EM1"])["EM1"]
    assert sound.outcomes(one)["organised_by_operator"] == "unknown"
    bare = dataclasses.replace(sound.evidence([{}]), services=None)
    assert sound.outcomes(sound.decide(STABLE, bare)["EM1"])["organised_by_operator"] == "unknown"


@pytest.mark.parametrize(
    ("changes", "as_of", "expected"),
    [
        ({}, "2024-06-30", "pass"),
        ({"registered_on": None, "filed_on": "2024-01-09"}, "2024-06-30", "pass"),
        ({"record_origin": "sent_by_us"}, "2024-01-31", "unknown"),  # 30 days are not over
        ({"record_origin": "sent_by_us"}, "2024-02-01", "fail"),
        ({"record_origin": None}, "2024-06-30", "unknown"),
        ({"registered_on": None}, "2024-01-31", "unknown"),
        ({"registered_on": None}, "2024-02-01", "fail"),
        ({"registered_on": "2024-03-01"}, "2024-02-29", "fail"),  # not yet there
        ({"registered_on": "2024-03-01"}, "2024-03-01", "pass"),
    ],
)
def test_only_the_platforms_own_record_is_a_registration(sound, changes, as_of, expected):
    outcome = told(sound, changes, decide={"as_of": dt.date.fromisoformat(as_of)})
    assert outcome["on_platform"] == expected


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        (["registered_on", "filed_on", "record_origin"], "unknown"),
        (["filed_on"], "pass"),  # the registration is enough
        (["registered_on"], "unknown"),
        (["record_origin"], "unknown"),
        (["platform_record"], "pass"),
    ],
)
def test_columns_of_the_platform_that_were_left_out_say_nothing(sound, left_out, expected):
    evidence = sound.evidence([{}])
    bare = evidence.employments.drop(columns=left_out)
    told_of = sound.decide(STABLE, dataclasses.replace(evidence, employments=bare))["EM1"]
    assert sound.outcomes(told_of)["on_platform"] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"form": "part_time", "hours_per_week": 23}, "pass"),
        ({"form": "part_time", "hours_per_week": 24}, "pass"),
        ({"form": "part_time", "hours_per_week": 25}, "fail"),
        ({"form": "part_time", "hours_per_week": None}, "unknown"),
        ({"form": "temporary"}, "pass"),
        ({"form": "gig", "hours_per_week": None}, "pass"),
        ({"form": None}, "unknown"),
        ({"form": "labour_contract"}, "fail"),
    ],
)
def test_flexible_work_is_part_time_temporary_or_flexible(sound, changes, expected):
    evidence = sound.evidence([changes])
    one = sound.decide(FLEXIBLE, evidence, cases=["EM1"])["EM1"]
    assert sound.outcomes(one)["flexible_form"] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("labour_contract", "pass"),
        ("self_employed", "pass"),
        ("traineeship", "fail"),
        (None, "unknown"),
    ],
)
def test_a_traineeship_is_no_employment(sound, changes, expected):
    assert told(sound, {"form": changes}, HELP)["in_work"] == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"left_on": "2023-12-31"},
        {"contract_to": "2023-12-31"},
        {"hired_on": None},
        {"person": "S9", "hired_on": "2024-01-01"},
    ],
)
def test_a_record_that_contradicts_itself_proves_nothing(sound, changes):
    persons = [{}, {"id": "S9", "birth_year": 2025}]
    outcome = told(sound, changes, persons=persons, services=[{}, {"id": "SV9", "person": "S9"}])
    assert outcome["sound_record"] == "unknown"


@pytest.mark.parametrize("born", [2024, 1990])
def test_who_was_born_by_the_year_of_the_hire_may_be_sound(sound, born):
    assert told(sound, persons=[{"birth_year": born}])["sound_record"] == "pass"


def test_two_records_of_one_id_prove_nothing_and_a_repeated_one_is_one(sound):
    twice = sound.evidence([{}, {}])
    assert sound.outcomes(sound.decide(STABLE, twice)["EM1"])["sound_record"] == "pass"
    differing = sound.evidence([{}, {"contract_to": "2025-06-30"}])
    assert sound.outcomes(sound.decide(STABLE, differing)["EM1"])["sound_record"] == "unknown"


@pytest.mark.parametrize(
    ("on", "expected"), [("2022-05-12", "fail"), ("2022-05-13", "pass"), ("2022-05-14", "pass")]
)
def test_before_the_rule_was_in_force_nothing_is_paid(sound, on, expected):
    services = [{"on": "2022-05-01"}]
    assert told(sound, {"hired_on": on}, services=services)["rule_in_force"] == expected


@pytest.mark.parametrize(
    ("by", "on"),
    [
        ("hired_on", dt.date(2024, 1, 1)),
        ("contract_from", dt.date(2024, 1, 15)),
        ("qualified_on", dt.date(2024, 6, 30)),
    ],
)
def test_the_day_that_fixes_the_year_can_be_chosen(sound, by, on):
    evidence = sound.evidence([{"contract_from": "2024-01-15", "contract_to": None}])
    assert sound.decide(STABLE, evidence, year_fixed_by=by)["EM1"].on == on


@pytest.mark.parametrize(
    ("hired_on", "on"),
    [("2024-07-01", "2024-12-31"), ("2024-07-02", "2025-01-01"), ("2023-08-31", "2024-02-28")],
)
def test_half_a_year_decides_the_year_by_its_last_day(sound, hired_on, on):
    evidence = sound.evidence([{"hired_on": hired_on, "contract_from": hired_on}])
    one = sound.decide(STABLE, evidence, year_fixed_by="qualified_on")["EM1"]
    assert one.on == dt.date.fromisoformat(on)


def test_a_payment_that_asks_for_no_months_is_of_the_day_of_the_hire(sound):
    evidence = sound.evidence([{}], persons=[{"difficulty": "older"}])
    one = sound.decide(HELP, evidence, year_fixed_by="qualified_on")["EM1"]
    assert one.on == dt.date(2024, 1, 1)


INSURANCE, SOUND = "labour_contract.social_insurance_long", "sound_record"


@pytest.mark.parametrize(
    ("hire", "run", "insured", "record"),
    [
        ({}, {}, "pass", "pass"),
        ({"hired_on": "2024-01-31"}, {}, "pass", "pass"),  # its month counts, however late in it
        ({"hired_on": "2024-02-01"}, {}, "fail", "unknown"),
        ({"hired_on": "2024-02-01"}, {"last_month": "2024-07-01"}, "pass", "unknown"),
        ({"left_on": "2024-06-01"}, {}, "pass", "pass"),  # so does the month of leaving
        ({"left_on": "2024-05-31"}, {}, "fail", "unknown"),
        ({"left_on": "2024-05-31"}, {"last_month": "2024-05-01"}, "fail", "pass"),
        ({"left_on": "2025-07-01"}, {"last_month": "2025-06-01"}, "pass", "pass"),  # to come
        ({"hired_on": "2024-02-01"}, {"verified": False}, "fail", "pass"),  # says nothing was paid
        ({"hired_on": "2024-02-01"}, {"verified": None}, "fail", "unknown"),
        ({"hired_on": None}, {}, "pass", "unknown"),
        ({"left_on": "2023-12-31"}, {}, "pass", "unknown"),  # its days say nothing
    ],
)
def test_months_of_insurance_outside_the_hire_do_not_count(sound, hire, run, insured, record):
    outcome = told(sound, hire, insured=[run])
    assert (outcome[INSURANCE], outcome[SOUND]) == (insured, record)


def test_a_record_outside_the_hire_is_named(sound):
    evidence = sound.evidence([{"left_on": "2024-05-31"}], insured=[{"id": "I1"}])
    one = sound.decide(STABLE, evidence)["EM1"]
    (record,) = [c for c in one.conditions if c.name == SOUND]
    assert record.evidence == ("EM1", "I1")
    assert record.en == (
        "Insurance or income is recorded for 2024-06, in which the hire did not last."
    )


CORRECTED = [
    {"id": "I1", "known_on": "2024-07-10"},
    {"id": "I1", "first_month": "2024-03-01", "known_on": "2024-08-01"},
]


def test_a_corrected_first_month_takes_months_away(sound):
    for as_of, n, expected in (((2024, 7, 31), 6, "pass"), ((2024, 8, 1), 4, "fail")):
        for runs in (CORRECTED, CORRECTED[::-1]):
            evidence = sound.evidence([{}], insured=runs)
            one = sound.decide(STABLE, evidence, as_of=dt.date(*as_of))["EM1"]
            (way, _) = one.ways
            (_, insured) = way.conditions
            assert (insured.word, insured.evidence) == (expected, ("I1",))
            assert insured.en.startswith(f"{n} months paid are confirmed")


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([{**one, "known_on": None} for one in CORRECTED], "unknown"),  # which of both is right?
        ([{"id": "I1"}, {"id": "I1"}], "pass"),  # the same, twice
        ([{}, {"last_month": "2024-07-01"}], "unknown"),  # one key, two ends
        ([{"id": "I1"}, {"id": "I1", "verified": False}], "unknown"),
        ([{"id": "I1", "verified": False}, {"id": "I1", "verified": None}], "unknown"),
        (
            [
                {"id": "I1", "verified": False},
                {"id": "I1", "verified": False, "last_month": "2024-08-01"},
            ],
            "fail",
        ),
        ([{"id": "I1"}, {"id": "I1", "last_month": "2024-07-01"}, {"id": "I2"}], "pass"),
    ],
)
def test_rows_of_one_run_that_differ_confirm_nothing(sound, runs, expected):
    assert told(sound, insured=runs)[INSURANCE] == expected
