"""Caps, against every way in which what is unknown may turn out, tried one by one."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.policy.payments.caps import Slot, cap_states
from geo_match.rules import FAIL, PASS, UNKNOWN


def day(text):
    return dt.date.fromisoformat(text)


def a_year_after(first):
    """Return the day on which a year from a day is over, by the calendar's own names of days."""
    try:
        return first.replace(year=first.year + 1)
    except ValueError:  # the next year has no 29 February
        return dt.date(first.year + 1, 2, 28)


def too_many(places, limit, mode):
    """Say whether some year has more than the limit, by looking at every few cases together."""
    for several in combinations(sorted(places), limit + 1):
        if len({id_ for _, id_ in several}) <= limit:
            continue
        first, last = several[0][0], several[-1][0]
        in_one_year = {
            "once": True,
            "calendar": first.year == last.year,
            "rolling": last < a_year_after(first),
        }
        if in_one_year[mode]:
            return True
    return False


def brute_force(slots, claimed, limit, mode):
    """Return for each case the set of what comes of it, over all ways the unknown may turn out."""
    has_claim = {id_ for _, id_ in claimed}
    moved = [(one.on, one.id) for one in slots if one.id in has_claim]
    unknown = [one.id for one in slots if one.outcome == UNKNOWN]
    told = {one.id: set() for one in slots}
    for truths in product([True, False], repeat=len(unknown)):
        holds = dict(zip(unknown, truths, strict=True))
        taken = [*claimed, *moved]
        for one in sorted(slots, key=lambda one: (one.on, one.id)):
            beside = [place for place in taken if place[1] != one.id]
            fits = not too_many_with(beside, (one.on, one.id), limit, mode)
            told[one.id].add(fits)
            if fits and one.id not in has_claim and (one.outcome == PASS or holds.get(one.id)):
                taken.append((one.on, one.id))
    return told


def too_many_with(places, new, limit, mode):
    """Say whether one place more makes a year too full that has it."""
    return any(too_many([*few, new], limit, mode) for few in combinations(places, limit))


# Every day of a month, and the days about which a year of 365 or 366 may be miscounted.
EDGES = ["2024-02-28", "2024-02-29", "2024-03-01", "2025-02-27", "2025-02-28", "2025-03-01"]
EDGES += ["2023-02-28", "2023-03-01", "2024-12-31", "2025-01-01", "2024-08-30", "2024-08-31"]
DAYS = st.one_of(
    st.dates(dt.date(2023, 1, 1), dt.date(2025, 7, 31)), st.sampled_from([*map(day, EDGES)])
)
SLOTS = st.lists(st.tuples(DAYS, st.sampled_from([PASS, FAIL, UNKNOWN])), min_size=1, max_size=6)


@settings(max_examples=50)
@given(
    SLOTS,
    st.lists(DAYS, max_size=2),
    st.lists(st.tuples(st.integers(0, 5), DAYS), max_size=2, unique_by=lambda two: two[0]),
    st.integers(1, 3),
    st.sampled_from(["calendar", "rolling", "once"]),
)
def test_a_case_keeps_the_cap_as_in_every_way_the_unknown_may_turn_out(
    given_, others, moved, limit, mode
):
    slots = [Slot(f"c{n}", on, outcome) for n, (on, outcome) in enumerate(given_)]
    claimed = [(on, f"paid{n}") for n, on in enumerate(others)]
    claimed += [(on, f"c{n}") for n, on in moved if n < len(slots)]
    states = cap_states(reversed(slots), claimed, limit=limit, mode=mode)
    for id_, ways in brute_force(slots, claimed, limit, mode).items():
        expected = UNKNOWN if len(ways) > 1 else PASS if ways == {True} else FAIL
        assert states[id_].outcome == expected, (id_, states)


@pytest.mark.parametrize(
    ("second", "calendar", "rolling"),
    [
        ("2024-12-31", FAIL, FAIL),  # same year
        ("2025-01-01", PASS, FAIL),  # next year, within twelve months
        ("2025-05-31", PASS, FAIL),  # the last day of the twelve months
        ("2025-06-01", PASS, PASS),  # a year after
    ],
)
def test_a_year_ends_with_december_or_after_twelve_months(second, calendar, rolling):
    slots = [Slot("a", day("2024-06-01"), PASS), Slot("b", day(second), PASS)]
    for mode, expected in (("calendar", calendar), ("rolling", rolling)):
        state = cap_states(slots, [], limit=1, mode=mode)["b"]
        assert state.outcome == expected
        assert (state.taken == ("a",)) == (
            expected == FAIL or (mode == "rolling" and rolling == FAIL)
        )


def test_a_year_from_a_leap_day_is_over_on_28_february():
    slots = [Slot("a", day("2024-02-29"), PASS)]
    for second, expected in (("2025-02-27", FAIL), ("2025-02-28", PASS)):
        two = [*slots, Slot("b", day(second), PASS)]
        assert cap_states(two, [], limit=1, mode="rolling")["b"].outcome == expected


def test_the_third_has_a_place_and_the_fourth_has_none():
    slots = [Slot(f"c{n}", dt.date(2024, n, 1), PASS) for n in range(1, 5)]
    states = cap_states(slots, [], limit=3, mode="calendar")
    assert [states[one.id].outcome for one in slots] == [PASS, PASS, PASS, FAIL]
    assert states["c4"].taken == ("c1", "c2", "c3")


def test_a_case_that_fails_takes_no_place_and_one_that_is_unknown_may():
    first = day("2024-03-01"), day("2024-04-01")
    for outcome, expected in ((FAIL, PASS), (UNKNOWN, UNKNOWN), (PASS, FAIL)):
        slots = [Slot("a", first[0], outcome), Slot("b", first[1], PASS)]
        assert cap_states(slots, [], limit=1, mode="calendar")["b"].outcome == expected


def test_an_unknown_one_may_free_the_place_that_another_would_take():
    """If a is paid, b has no place within the year and c has; if not, b has it and c none."""
    slots = [
        Slot("a", day("2022-01-10"), UNKNOWN),
        Slot("b", day("2022-11-10"), PASS),
        Slot("c", day("2023-09-10"), PASS),
    ]
    states = cap_states(slots, [], limit=1, mode="rolling")
    assert [states[id_].outcome for id_ in "abc"] == [PASS, UNKNOWN, UNKNOWN]
    assert states["c"].perhaps == ("b",)


def test_a_claim_has_its_place_even_where_it_comes_later():
    slots = [Slot("a", day("2024-03-01"), PASS)]
    for claim, expected in (("2024-11-01", FAIL), ("2025-02-28", FAIL), ("2025-03-01", PASS)):
        claimed = [(day(claim), "paid")]
        assert cap_states(slots, claimed, limit=1, mode="rolling")["a"].outcome == expected


def test_claims_before_and_after_are_in_one_year_until_the_day_a_year_after():
    slots = [Slot("a", day("2024-06-01"), PASS)]
    for last, expected in (("2024-12-31", FAIL), ("2025-01-01", PASS)):
        claimed = [(day("2024-01-01"), "first"), (day(last), "last")]
        assert cap_states(slots, claimed, limit=2, mode="rolling")["a"].outcome == expected


def test_a_case_is_not_in_its_own_way_once_it_is_claimed():
    slots = [Slot("a", day("2024-03-01"), PASS), Slot("b", day("2024-05-01"), PASS)]
    states = cap_states(slots, [(day("2024-03-01"), "a")], limit=1, mode="calendar")
    assert [states[id_].outcome for id_ in "ab"] == [PASS, FAIL]


def test_a_claim_whose_day_was_corrected_has_its_place_on_both_days():
    corrected = Slot("a", day("2025-01-01"), PASS)
    for on, expected in (
        ("2023-12-31", PASS),
        ("2024-01-01", FAIL),  # in the year for which it was claimed
        ("2025-12-31", FAIL),  # in that to which it was corrected
        ("2026-01-01", PASS),
    ):
        slots = [corrected, Slot("b", day(on), PASS)]
        state = cap_states(slots, [(day("2024-12-31"), "a")], limit=1, mode="calendar")["b"]
        assert (state.outcome, state.taken) == (expected, ("a",) if expected == FAIL else ())


@pytest.mark.parametrize("mode", ["calendar", "rolling", "once"])
def test_a_claim_on_two_days_of_a_year_takes_one_place_of_it(mode):
    slots = [Slot("a", day("2024-03-01"), PASS), Slot("b", day("2024-05-01"), PASS)]
    for limit, expected in ((1, FAIL), (2, PASS)):
        states = cap_states(slots, [(day("2024-04-01"), "a")], limit=limit, mode=mode)
        assert states["b"].outcome == expected
        assert states["a"].outcome == PASS


def test_a_case_without_a_day_is_unknown_and_may_be_in_any_year():
    slots = [Slot("a", None, PASS), Slot("b", day("2024-05-01"), PASS)]
    states = cap_states(slots, [], limit=1, mode="calendar")
    assert [states[id_].outcome for id_ in "ab"] == [UNKNOWN, UNKNOWN]
    slots = [Slot("a", None, FAIL), Slot("b", day("2024-05-01"), PASS)]
    assert cap_states(slots, [], limit=1, mode="calendar")["b"].outcome == PASS


def test_a_state_says_itself_shortly():
    slots = [Slot("a", day("2024-03-01"), PASS), Slot("b", day("2024-05-01"), PASS)]
    state = cap_states(slots, [], limit=1, mode="calendar", across_operators=False)["b"]
    assert str(state) == "fail: 1 per person, calendar, one operator; taken 1, perhaps 0"
