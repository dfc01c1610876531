"""Heads of the ¥1 base, worked by hand: served, urban, and of working age when served."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest


def heads(sound, person, on, as_of=dt.date(2025, 12, 31)):
    evidence = sound.evidence(persons=[person], services=[{"on": on}])
    (one,) = sound.decide("operation", evidence, as_of=as_of)
    return sound.outcomes(one)


@pytest.mark.parametrize(
    ("born", "sex", "on", "expected"),
    [
        (1965, "male", "2024-12-31", "pass"),  # 60 from 2025 on, by the rule until then
        (1964, "male", "2024-12-31", "fail"),  # the last one turned 60 that day
        (1964, "male", "2024-06-30", "unknown"),
        (1965, "male", "2025-01-01", "pass"),  # a month later by the new rule: from February on
        (1964, "male", "2025-01-01", "fail"),
        (1965, "male", "2025-02-01", "unknown"),
        (1974, "female", "2024-12-31", "unknown"),  # workers retired at 50, cadres at 55
        (1975, "female", "2025-01-01", "pass"),
        (2008, "male", "2024-01-01", "unknown"),
        (2008, "male", "2024-12-31", "pass"),
        (2009, "male", "2024-12-31", "fail"),
        (1990, None, "2024-12-31", "pass"),
        (None, "male", "2024-12-31", "unknown"),
    ],
)
def test_working_age_is_that_of_the_day_of_the_service(sound, born, sex, on, expected):
    assert heads(sound, {"birth_year": born, "sex": sex}, on)["working_age"] == expected


@pytest.mark.parametrize(
    ("hukou", "expected"), [("urban", "pass"), ("rural", "fail"), (None, "unknown")]
)
def test_only_urban_people_are_counted(sound, hukou, expected):
    assert heads(sound, {"hukou": hukou}, "2024-05-01")["urban"] == expected


def test_a_yuan_is_paid_for_each_urban_person_of_working_age_who_was_served(sound):
    persons = [{}, {"id": "S2", "hukou": "rural"}, {"id": "S3"}, {"id": "S4", "birth_year": 1940}]
    services = [{"id": f"SV{n}", "person": f"S{n}"} for n in (1, 2, 3, 4)]
    told = sound.decide("operation", sound.evidence(persons=persons, services=services))
    assert told.counts() == {"pass": 2, "fail": 2, "unknown": 0}
    assert told.total_cny() == Decimal(2)
    supervised = sound.decide("supervision", sound.evidence(persons=persons, services=services))
    assert supervised.total_cny() == Decimal(2)
    assert {one.payee for one in supervised} == {"SU1"}


@pytest.mark.parametrize(
    ("counted", "expected"),
    [("once", ["pass", "fail"]), ("yearly", ["pass", "pass"]), (None, ["pass", "unknown"])],
)
def test_a_head_counts_once_or_yearly(sound, counted, expected):
    services = [{"on": "2023-12-31"}, {"id": "SV2", "on": "2024-01-01"}]
    evidence = sound.evidence(services=services)
    told = sound.decide("operation", evidence, head_counted=counted)
    assert [one.word for one in told] == expected


@pytest.mark.parametrize(
    ("across", "expected"),
    [(True, {"OP1": "pass", "OP2": "fail"}), (False, {"OP1": "pass", "OP2": "pass"})],
)
def test_a_head_counts_for_the_first_operator_or_for_each(sound, across, expected):
    services = [{"on": "2024-03-02", "operator_id": "OP2"}, {"id": "SV2", "on": "2024-03-01"}]
    evidence = sound.evidence(services=services)
    told = sound.decide("operation", evidence, cap_across_operators=across)
    assert {one.payee: one.word for one in told} == expected


@pytest.mark.parametrize("result", ["no_answer", "wrong_number"])
def test_a_call_that_reached_nobody_served_nobody(sound, result):
    evidence = sound.evidence(services=[{"result": result}])
    assert len(sound.decide("operation", evidence)) == 0


REFUSED = {"on": "2024-03-01", "result": "refused"}


def counted_by(sound, services, payment="operation", **answers):
    """Return by payee the outcome of being served, and the services that it rests on."""
    told = sound.decide(payment, sound.evidence(services=services), **answers)
    each = {one.payee: {c.name: c for c in one.conditions}["served"] for one in told}
    return {payee: (one.word, one.evidence) for payee, one in each.items()}


@pytest.mark.parametrize("payment", ["operation", "supervision"])
@pytest.mark.parametrize("result", ["refused", "moved_away"])
@pytest.mark.parametrize(
    ("answer", "expected"), [(True, "pass"), (False, "fail"), (None, "unknown")]
)
def test_whether_who_refused_or_moved_away_was_served_is_an_answer(
    sound, payment, result, answer, expected
):
    evidence = sound.evidence(services=[{"result": result}])
    (one,) = sound.decide(payment, evidence, refusal_shows_service=answer)
    assert (one.word, sound.outcomes(one)["served"]) == (expected, expected)
    missing = ("an answer on refusal_shows_service 被拒绝的服务能否认定",)
    assert one.missing == (missing if answer is None else ())


@pytest.mark.parametrize("answer", [False, None])
@pytest.mark.parametrize("on", ["2024-01-01", "2024-12-31"])
def test_a_service_that_was_taken_counts_before_one_that_was_refused(sound, answer, on):
    services = [REFUSED, {"id": "SV2", "on": on}]
    told = counted_by(sound, services, refusal_shows_service=answer)
    assert told == {"OP1": ("pass", ("SV2",))}
    one = sound.decide("operation", sound.evidence(services=services))[f"OP1/S1/{on[:4]}"]
    assert one.on == dt.date.fromisoformat(on)


def test_a_service_that_was_taken_counts_though_more_is_known_of_the_age_at_a_refused_one(sound):
    """A man of 1965 may have retired from February 2025 on: nothing said of refusals helps."""
    services = [{**REFUSED, "on": "2025-01-01"}, {"id": "SV2", "on": "2025-02-01"}]
    evidence = sound.evidence(persons=[{"birth_year": 1965}], services=services)
    (one,) = sound.decide("operation", evidence, refusal_shows_service=None)
    told = sound.outcomes(one)
    assert (told["served"], told["working_age"]) == ("pass", "unknown")


def test_a_refused_service_at_sixteen_leaves_open_what_a_taken_one_before_does_not_show(sound):
    """Neither is sure: the one was too early, and of the other nobody said whether it counts."""
    services = [{"id": "SV2", "on": "2023-05-01"}, {**REFUSED, "on": "2023-12-31"}]
    evidence = sound.evidence(persons=[{"birth_year": 2007}], services=services)
    told = [
        sound.outcomes(one)["working_age"]
        for answer in (True, None, False)
        for one in sound.decide("operation", evidence, refusal_shows_service=answer)
    ]
    assert told == ["pass", "unknown", "unknown"]


def test_who_refused_one_operator_is_counted_by_the_other(sound):
    services = [REFUSED, {"id": "SV2", "on": "2024-05-01", "operator_id": "OP2"}]
    told = counted_by(sound, services)
    assert told == {"OP1": ("fail", ("SV1",)), "OP2": ("pass", ("SV2",))}
    assert counted_by(sound, services, "supervision") == {"SU1": ("pass", ("SV2",))}
    decided = sound.decide("operation", sound.evidence(services=services))
    assert {one.payee: one.word for one in decided} == {"OP1": "fail", "OP2": "pass"}


def test_a_service_of_nobody_known_leaves_open_what_a_refused_one_does_not_count(sound):
    """Who gave it may be any operator: it is neither lost nor counted."""
    services = [REFUSED, {"id": "SV2", "on": "2024-05-01", "operator_id": None}]
    told = counted_by(sound, services)
    assert told == {"OP1": ("fail", ("SV1",)), None: ("unknown", ("SV2",))}
    told = counted_by(sound, services, "supervision")
    assert told == {"SU1": ("unknown", ("SV1", "SV2"))}
    both = [{**one, "result": "refused"} for one in services]
    assert counted_by(sound, both) == {"OP1": ("fail", ("SV1",))}


def test_a_refused_service_of_which_two_records_differ_leaves_it_open(sound):
    told = counted_by(sound, [REFUSED, {**REFUSED, "kind": "visit"}])
    assert told == {"OP1": ("unknown", ("SV1",))}


def test_whom_somebody_served_that_nobody_noted_is_unknown(sound):
    (one,) = sound.decide("operation", sound.evidence(services=[{"operator_id": None}]))
    assert (one.word, one.payee) == ("unknown", None)


def test_services_before_the_rule_do_not_stand_in_the_way_of_those_after(sound):
    services = [{"on": "2022-03-01"}, {"id": "SV2", "on": "2022-06-01"}]
    (one,) = sound.decide("operation", sound.evidence(services=services))
    assert (one.word, one.on) == ("pass", dt.date(2022, 6, 1))


@pytest.mark.parametrize(
    ("days", "expected", "counted"),
    [
        (["2023-05-01"], "unknown", "SV0"),
        (["2023-05-01", "2023-12-31"], "pass", "SV1"),  # surely sixteen on the last day of the year
        (["2023-12-30", "2023-12-31"], "pass", "SV1"),
        (["2022-12-31", "2023-12-31"], "pass", "SV1"),  # of two years, each with its own head
    ],
)
def test_who_turns_sixteen_between_two_services_is_counted_by_the_second(
    sound, days, expected, counted
):
    services = [{"id": f"SV{n}", "on": day} for n, day in enumerate(days)]
    evidence = sound.evidence(persons=[{"birth_year": 2007}], services=services)
    one = list(sound.decide("operation", evidence))[-1]
    told = {c.name: c for c in one.conditions}
    assert told["working_age"].word == expected
    assert told["served"].evidence == (counted,)


def test_who_may_have_retired_by_the_first_service_and_has_by_the_second_is_unknown(sound):
    services = [{"id": "SV1", "on": "2024-06-30"}, {"id": "SV2", "on": "2024-12-31"}]
    evidence = sound.evidence(persons=[{"birth_year": 1964}], services=services)
    (one,) = sound.decide("operation", evidence)
    told = {c.name: c for c in one.conditions}
    assert (told["working_age"].word, told["served"].evidence) == ("unknown", ("SV1",))


def test_a_service_whose_operator_is_not_known_counts_nobody_beside_one_that_is(sound):
    services = [
        {"id": "SV1", "on": "2023-05-01"},
        {"id": "SV2", "on": "2023-12-31", "operator_id": None},
    ]
    evidence = sound.evidence(persons=[{"birth_year": 2007}], services=services)
    (one,) = sound.decide("operation", evidence)
    assert sound.outcomes(one)["working_age"] == "unknown"
