"""The id under which a line's result is recorded: one a person, day and number."""

from __future__ import annotations

import datetime as dt

from geo_match import codes
from geo_match.policy.due import service_id

ON = dt.date(2025, 12, 31)


def test_it_differs_by_person_day_and_number_and_is_else_the_same():
    ids = {
        service_id(person, on, number)
        for person in ("S1", "S2")
        for on in (ON, ON + dt.timedelta(days=1))
        for number in (1, 2)
    }
    assert len(ids) == 8
    assert service_id("S1", ON, 1) == "S1-D251231-1"


def test_a_long_id_gives_one_that_a_record_can_have():
    one, other = ("S" * 63 + end for end in "AB")
    told = {service_id(person, ON, 1) for person in (one, other)}
    assert len(told) == 2
    assert all(len(each) <= 64 for each in told)


def test_it_is_never_taken_for_an_id_card_number():
    assert codes.check_no_id_card(service_id("S340302001001-00023-1", ON, 1))
