"""Holdings of a post: which rows stand, of those that correct and contradict each other."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.policy.payments.holdings import standing
from geo_match.policy.payments.rows import Post

FIRST = dt.date(2024, 1, 1)


def day(number):
    return FIRST + dt.timedelta(number)


def post(first, last, known, *, id_=None, holder="S1"):
    """Return a row of a holding from the day of one number to that of another."""
    return Post(
        id=id_,
        job_id="J1",
        employer_id="E1",
        division="340302",
        developed_on=None,
        led_by=None,
        holder=holder,
        held_from=day(first),
        held_to=day(last),
        known_on=None if known is None else day(known),
    )


def kept(rows):
    """Return what stands: the first and last day of each, and whether it is contradicted."""
    return {((one.held_from - FIRST).days, one.conflicts) for one in standing(rows)}


def test_a_row_that_was_corrected_itself_removes_none_that_stands():
    """January to March, then March to June, which May to December corrects."""
    rows = [post(0, 90, 0), post(60, 181, 91), post(121, 365, 152)]
    for given_ in permutations(rows):
        assert kept(given_) == {(0, False), (121, False)}


def test_a_row_that_was_corrected_itself_contradicts_none_that_stands():
    """Of two known alike that overlap, a later row corrects the second."""
    rows = [post(0, 90, 0), post(60, 181, 0), post(121, 365, 152)]
    for given_ in permutations(rows):
        assert kept(given_) == {(0, False), (121, False)}
    assert kept(rows[:2]) == {(0, True), (60, True)}


@pytest.mark.parametrize("ids", [("A", "B"), ("A", None), (None, "B")])
def test_rows_with_ids_of_their_own_contradict_each_other_whenever_known(ids):
    rows = [post(0, 90, 0, id_=ids[0]), post(90, 181, 152, id_=ids[1])]
    assert kept(rows) == {(0, True), (90, True)}
    assert kept([rows[0], post(91, 181, 152, id_=ids[1])]) == {(0, False), (91, False)}


def test_nobody_holds_an_open_post_so_that_nothing_of_it_overlaps():
    assert len(list(standing([post(0, 90, 0, holder=None), post(0, 91, 1, holder=None)]))) == 2


def by_days(rows):
    """Judge on sets of days: go from what is known last to what is known first."""
    spans = {at: set(range(first, last + 1)) for at, (first, last, _) in enumerate(rows)}
    stand = set()
    for known in sorted({known for *_, known in rows}, reverse=True):
        taken = set().union(*(spans[at] for at in stand))
        stand |= {at for at, row in enumerate(rows) if row[2] == known and not spans[at] & taken}
    return {(at, any(spans[at] & spans[two] for two in stand if two != at)) for at in stand}


ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(0, 3)), min_size=1, max_size=6
)


@settings(max_examples=50)
@given(ROWS, st.randoms(use_true_random=False))
def test_what_stands_is_as_judged_by_days_in_whatever_order_rows_come(drawn, order):
    rows = [(first, first + days, known) for first, days, known in drawn]
    order.shuffle(rows)
    made = [post(*row) for row in rows]
    expected = sorted((*rows[at], clashes) for at, clashes in by_days(rows))
    found = sorted(
        (
            (one.held_from - FIRST).days,
            (one.held_to - FIRST).days,
            (one.known_on - FIRST).days,
            one.conflicts,
        )
        for one in standing(made)
    )
    assert found == expected
