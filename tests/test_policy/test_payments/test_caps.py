"""Caps, against every way in which what is unknown may turn out, tried one by one."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.policy.payments.caps import Slot, cap_states
from geo_match.rules import FAIL, PASS, UNKNOWN


def day(text):
    return dt.date.fromisoformat(text)


def too_many(days, limit, mode):
    """Say whether some year has more than the limit, by looking at every few days together."""
    if mode == "once":
        return len(days) > limit
    for several in combinations(sorted(days), limit + 1):
        first, last = several[0], several[-1]
        if mode == "calendar" and first.year == last.year:
            return True
        months_apart = (last.year - first.year) * 12 + last.month - first.month
        if mode == "rolling" and (
            months_apart < 12 or (months_apart == 12 and last.day < first.day)
        ):
            return True
    return False


def brute_force(slots, claimed, limit, mode):
    """Return for each case the set of what comes of it, over all ways the unknown may turn out."""
    unknown = [one.id for one in slots if one.outcome == UNKNOWN]
    told = {one.id: set() for one in slots}
    for truths in product([True, False], repeat=len(unknown)):
        holds = dict(zip(unknown, truths, strict=True))
        taken = [on for on, _ in claimed]
        for one in sorted(slots, key=lambda one: (one.on, one.id)):
            alone = [on for on in taken if on is not None]
            before = too_many_with(alone, one.on, limit, mode)
            told[one.id].add(not before)
            if not before and (one.outcome == PASS or holds.get(one.id)):
                taken.append(one.on)
    return told


def too_many_with(days, on, limit, mode):
    """Say whether one day more makes a year too full that has it."""
    if mode == "once":
        return len(days) + 1 > limit
    return any(too_many([*several, on], limit, mode) for several in combinations(days, limit))


# Days of no month's end: what a year after 29 February is, months' own tests say.
DAYS = st.builds(
    lambda months, extra: dt.date(2023 + months // 12, months % 12 + 1, 1 + extra),
    st.integers(0, 30),
    st.integers(0, 27),
)
SLOTS = st.lists(st.tuples(DAYS, st.sampled_from([PASS, FAIL, UNKNOWN])), min_size=1, max_size=6)


@given(
    SLOTS,
    st.lists(DAYS, max_size=2),
    st.integers(1, 3),
    st.sampled_from(["calendar", "rolling", "once"]),
)
def test_a_case_keeps_the_cap_as_in_every_way_the_unknown_may_turn_out(given_, claims, limit, mode):
    slots = [Slot(f"c{n}", on, outcome) for n, (on, outcome) in enumerate(given_)]
    claimed = [(on, f"paid{n}") for n, on in enumerate(claims)]
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
