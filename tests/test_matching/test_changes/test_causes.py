"""The causes for which pairs enter and leave, worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from test_matching import stores
from test_matching.pairs import ON
from test_matching.stores import employer, job, put, seeker
from test_matching.told_changes import FAR, NEAR, OPTIONS, changes, row, rows_of

import geo_match as gm
from geo_match.taxonomy import Occupations

BY_HAND = {
    "a job is closed": (
        [("jobs", job(id="J1", closed_on=ON))],
        ("left", "job_closed", "open"),
    ),
    "a job is filled": (
        [("jobs", job(id="J1", filled=3))],
        ("left", "job_closed", "vacancies"),
    ),
    "a job is gone": ([("jobs", "J1")], ("left", "job_closed", "")),
    "a job moves away": ([("jobs", job(id="J1", **FAR))], ("left", "job_moved", "distance")),
    "a job loses its place": (
        [("jobs", job(id="J1", lon=None, lat=None))],
        ("left", "job_moved", "distance"),
    ),
    "a job is no longer for the seeker": (
        [("jobs", job(id="J1", shift="night", wage_low_cny=None, wage_high_cny=100.0))],
        ("left", "job_changed", "wage,shift"),
    ),
    "a job is closed and pays less": (
        [("jobs", job(id="J1", closed_on=ON, wage_low_cny=None, wage_high_cny=100.0))],
        ("left", "job_closed,job_changed", "open,wage"),
    ),
    "a job goes to an employer who is not verified": (
        [("jobs", job(id="J1", employer_id="E2"))],
        ("left", "job_changed", "employer"),
    ),
    "an employer loses the licence": (
        [("employers", employer("expired"))],
        ("left", "employer_changed", "employer"),
    ),
    "an employer is gone": ([("employers", "E1")], ("left", "employer_changed", "employer")),
    "a seeker leaves": ([("seekers", "S1")], ("left", "seeker_left", "")),
    "both are gone": (
        [("jobs", "J1"), ("seekers", "S1")],
        ("left", "job_closed,seeker_left", ""),
    ),
    "a seeker's registration ends": (
        [("seekers", seeker(id="S1", closed_on=ON))],
        ("left", "seeker_left", "registered"),
    ),
    "a seeker's registration begins later": (
        [("seekers", seeker(id="S1", registered_on=ON + dt.timedelta(1)))],
        ("left", "seeker_left", "registered"),
    ),
    "a seeker's registration ends, who moves away and wants more": (
        [("seekers", seeker(id="S1", closed_on=ON, wage_floor_cny=9000, **FAR))],
        ("left", "seeker_left,seeker_moved,seeker_changed", "distance,wage,registered"),
    ),
    "a job is gone and a seeker's registration ends": (
        [("jobs", "J1"), ("seekers", seeker(id="S1", closed_on=ON))],
        ("left", "job_closed", ""),
    ),
    "a seeker moves": (
        [("seekers", seeker(id="S1", **FAR))],
        ("left", "seeker_moved", "distance"),
    ),
    "a seeker wants to go less far": (
        [("seekers", seeker(id="S1", radius_m=100.0))],
        ("left", "seeker_changed", "distance"),
    ),
    "a seeker wants more": (
        [("seekers", seeker(id="S1", wage_floor_cny=9000))],
        ("left", "seeker_changed", "wage"),
    ),
    "each of the two moves away": (
        [("seekers", seeker(id="S1", **FAR)), ("jobs", job(id="J1", lon=117.2))],
        ("left", "job_moved,seeker_moved", "distance"),
    ),
    "only both together are too much": (
        [
            ("seekers", seeker(id="S1", wage_floor_cny=3900)),
            ("jobs", job(id="J1", wage_high_cny=3800.0)),
        ],
        ("left", "job_changed,seeker_changed", "wage"),
    ),
    "a seeker moves along and a job pays less": (
        [("seekers", seeker(id="S1", **NEAR)), ("jobs", job(id="J1", shift="night"))],
        ("left", "job_changed", "shift"),
    ),
}
"""Edits by which the pair leaves, and why; taken back, it enters."""

ENTERED = {"job_closed": "job_opened", "seeker_left": "seeker_came"}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_pair_leaves_by_the_cause_worked_out_by_hand_and_enters_by_its_opposite(store, name):
    edits, (change, causes, conditions) = BY_HAND[name]
    since = store.cursor()
    for kind, what in edits:
        stores.apply(store, (kind, what if isinstance(what, str) else [what]))
    left = changes(store, since)
    assert rows_of(left) == [row(change, causes, conditions)]
    put(store, "employers", employer())
    put(store, "seekers", seeker(id="S1"))
    put(store, "jobs", job(id="J1"))
    entered = changes(store, left.cursor)
    opposite = ",".join(ENTERED.get(one, one) for one in causes.split(","))
    assert rows_of(entered) == [row("entered", opposite, conditions)]
    assert rows_of(changes(store, since)) == []


@pytest.mark.parametrize(
    ("before", "conditions"),
    [
        ({"radius_m": 500.0}, "distance"),
        ({"conditions": ("education", "hours"), "radius_m": 500.0}, "distance"),
    ],
)
def test_another_rule_is_the_cause_where_nothing_else_differs(store, before, conditions):
    since = store.cursor()
    found = changes(store, since, options_before=gm.MatchOptions(on=ON, **before))
    assert found.is_anew
    assert rows_of(found) == [row("entered", "rule_changed", conditions)]
    assert found.cursor == since


def test_a_registration_that_ends_on_the_day_is_a_cause_of_the_day(store):
    put(store, "seekers", seeker(id="S1", closed_on=ON))
    day_before = gm.MatchOptions(on=ON - dt.timedelta(1))
    found = changes(store, store.cursor(), OPTIONS, options_before=day_before)
    assert rows_of(found) == [row("left", "day_changed", "registered")]
    back = changes(store, store.cursor(), day_before, options_before=OPTIONS)
    assert rows_of(back) == [row("entered", "day_changed", "registered")]


def test_former_seekers_who_are_asked_for_now_are_another_rule(store):
    put(store, "seekers", seeker(id="S1", closed_on=ON))
    former_too = gm.MatchOptions(on=ON, former_too=True)
    found = changes(store, store.cursor(), former_too, options_before=OPTIONS)
    assert rows_of(found) == [row("entered", "rule_changed", "registered")]
    assert rows_of(changes(store, store.cursor(), former_too)) == []


def test_what_a_former_seeker_says_changes_nothing(store):
    put(store, "seekers", seeker(id="S1", closed_on=ON))
    since = store.cursor()
    put(store, "seekers", seeker(id="S1", closed_on=ON, wage_floor_cny=9000))
    put(store, "jobs", job(id="J9"))
    assert rows_of(changes(store, since)) == []


def test_a_condition_that_is_asked_now_is_another_rule(store):
    put(store, "jobs", job(id="J1", shift=None))
    strict = gm.MatchOptions(on=ON, unknown_fails=("shift",))
    found = changes(store, store.cursor(), strict, options_before=OPTIONS)
    assert rows_of(found) == [row("left", "rule_changed", "shift")]


def test_a_table_of_occupations_that_is_read_again_is_no_other_rule(store):
    mine, again = (store.occupations() for _ in range(2))
    assert mine is not again
    tables = (gm.MatchOptions(on=ON, occupations=one) for one in (mine, again))
    found = changes(store, store.cursor(), next(tables), options_before=next(tables))
    assert not found.is_anew
    other = gm.MatchOptions(on=ON, occupations=Occupations({}, version="职业分类大典2022"))
    assert changes(store, store.cursor(), other, options_before=OPTIONS).is_anew


def test_what_ranks_and_is_shown_decides_nothing(store):
    other = gm.MatchOptions(
        on=ON,
        limit=1,
        weights=gm.Weights(wage=3.0),
        half_distance_m=1.0,
        half_life_days=1.0,
        default_accuracy_m=9.0,
        conditions=gm.MatchOptions().asked,
    )
    found = changes(store, store.cursor(), other, options_before=OPTIONS)
    assert not found.is_anew
    assert len(found) == found.n_judged == 0


@pytest.mark.parametrize(
    ("edit", "change", "conditions"),
    [
        (("jobs", job(id="J1", closed_on=ON)), "left", "open"),
        (("jobs", job(id="J1", opened_on=ON)), "entered", "open"),
    ],
)
def test_a_day_that_turns_opens_and_closes_by_date(store, edit, change, conditions):
    kind, record = edit
    put(store, kind, record)
    yesterday = gm.MatchOptions(on=ON - dt.timedelta(1))
    found = changes(store, store.cursor(), options_before=yesterday)
    assert found.is_anew
    assert rows_of(found) == [row(change, "day_changed", conditions)]


def test_an_age_is_reached_by_the_day(store):
    put(store, "jobs", job(id="J1", age_min=39, age_max=40))
    new_year = gm.MatchOptions(on=dt.date(2026, 1, 1), unknown_fails=())
    put(store, "seekers", seeker(id="S1", birth_year=1984))
    found = changes(
        store, store.cursor(), gm.MatchOptions(on=dt.date(2027, 1, 1)), options_before=new_year
    )
    # On the first day of 2026 they are 41 or 42: too old on both; and so it stays.
    assert rows_of(found) == []
    earlier = gm.MatchOptions(on=dt.date(2025, 1, 1))
    found = changes(store, store.cursor(), new_year, options_before=earlier)
    assert rows_of(found) == [row("left", "day_changed", "age")]
