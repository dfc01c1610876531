"""One reason for each person below the standard: the first that applies."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions
from geo_match.coverage.answers.reasons import REASONS, reasons


def first_that_applies(case, standard, *, shared):
    located, coarse, in_reach, measure = case
    if not located:
        return "no_location"
    if measure >= standard:
        return None
    if coarse:
        return "coarse_location"
    if in_reach == 0:
        return "none_in_circle"
    return "over_subscribed" if shared else "too_few"


def test_who_is_eligible_for_nothing_in_the_circle_has_that_reason():
    cases = [  # in reach, eligible: eligible is what is measured
        (0, 0, "none_in_circle"),
        (3, 0, "none_eligible"),
        (3, 1, "too_few"),
        (3, 2, None),
    ]
    in_reach, eligible = (np.array([case[at] for case in cases]) for at in (0, 1))
    for standard, coarse in ((2.0, False), (2.0, True), (0.0, False)):
        found = reasons(
            located=np.ones(4, dtype=bool),
            coarse=np.full(4, coarse),
            in_reach=in_reach,
            measure=eligible,
            standard=standard,
            shared=False,
            eligible=eligible,
        )
        words = [None if code < 0 else REASONS[code] for code in found.tolist()]
        expected = [case[2] for case in cases] if standard else [None] * 4
        assert words == ["coarse_location" if coarse and one else one for one in expected]


def test_who_has_something_straight_and_nothing_on_foot_has_that_reason():
    cases = [  # straight, on foot, eligible: the last is what is measured, where it is asked
        (0, 0, 0, "none_in_circle"),
        (3, 0, 0, "none_on_foot"),
        (3, 1, 0, "none_eligible"),
        (3, 1, 1, "too_few"),
        (3, 2, 2, None),
    ]
    straight, in_reach, eligible = (np.array([case[at] for case in cases]) for at in range(3))
    for asked in (True, False):
        found = reasons(
            located=np.ones(5, dtype=bool),
            coarse=np.zeros(5, dtype=bool),
            in_reach=in_reach,
            measure=eligible if asked else in_reach,
            standard=2.0,
            shared=False,
            eligible=eligible if asked else None,
            straight=straight,
        )
        words = [None if code < 0 else REASONS[code] for code in found.tolist()]
        expected = [case[3] for case in cases]
        assert words == [one if asked or one != "none_eligible" else "too_few" for one in expected]


def test_every_combination_has_the_reason_that_the_words_give():
    for standard, shared in product((0.0, 0.5, 2.0), (False, True)):
        cases = list(product((False, True), (False, True), (0, 1, 2), (0.0, 0.4, 0.5, 2.0)))
        located, coarse, in_reach, measure = (
            np.array(column) for column in zip(*cases, strict=True)
        )
        found = reasons(
            located=located,
            coarse=coarse,
            in_reach=in_reach,
            measure=measure,
            standard=standard,
            shared=shared,
        )
        words = [None if code < 0 else REASONS[code] for code in found.tolist()]
        assert words == [first_that_applies(case, standard, shared=shared) for case in cases]


@pytest.mark.parametrize("n", [49, 98, 103, 107])
def test_whose_shares_add_up_to_the_standard_is_at_it_whatever_floats_lose(n):
    people = [
        {"id": str(at), "lon": 117.37, "lat": 32.93, "weight": w} for at, w in ((0, n - 1), (1, 1))
    ]
    jobs = [{"id": str(at), "lon": 117.37 + at * 1e-5, "lat": 32.93} for at in range(n)]
    report = gm.Coverage(jobs, [], CoverageOptions(competition=Binary())).of(people)
    totals = report.totals()
    assert (totals["below"], totals["reason_over_subscribed"], totals["fgt_share"]) == (0, 0, 0.0)
