"""Figures of groups held to their definitions, group by group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage import plain

from geo_match.coverage.answers.figures import Groups, by_value, ordered

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 20)), max_size=30)
FEW = settings(max_examples=80)


def arrays(rows, *, floats=False):
    of, value, weight = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Groups(of, 5, weight.astype(float) if floats else weight), value


def in_order(groups, value):
    return ordered(groups, value, by_value(value))


@FEW
@given(ROWS, st.sampled_from([0.001, 0.1, 0.3, 0.5, 2 / 3, 0.9, 1.0]), st.booleans())
def test_a_quantile_is_the_least_value_up_to_which_there_is_enough_weight(rows, q, floats):
    groups, value = arrays(rows, floats=floats)
    found = in_order(groups, value).quantile(q)
    for group in range(5):
        pairs = [(v, w) for g, v, w in rows if g == group]
        expected = plain.quantile(pairs, q)
        if expected is None:
            assert np.isnan(found[group])
        elif not floats:
            assert found[group] == expected
        else:  # a part of float weights is rounded, and may fall on either side of a step
            near = {plain.quantile(pairs, max(q - 1e-9, 1e-9)), expected}
            near.add(plain.quantile(pairs, min(q + 1e-9, 1.0)))
            assert found[group] in near


def test_a_tenth_is_a_tenth_and_not_the_float_beside_it():
    # The float 0.1 is a little more than a tenth: by it the second value would be meant.
    groups, value = Groups(np.zeros(10, int), 1, np.ones(10, int)), np.arange(10)
    assert in_order(groups, value).quantile(0.1).tolist() == [0.0]


def test_great_weights_stay_exact():
    weight = np.array([2**51, 2**51, 1])
    groups = Groups(np.zeros(3, int), 1, weight)
    assert in_order(groups, np.array([1, 2, 3])).quantile(0.5).tolist() == [2.0]
    assert groups.total().tolist() == [2**52 + 1]


@FEW
@given(ROWS)
def test_gini_is_that_of_all_pairs(rows):
    groups, value = arrays(rows)
    found = in_order(groups, value).gini()
    for group in range(5):
        expected = plain.gini([(v, w) for g, v, w in rows if g == group])
        if expected is None:
            assert np.isnan(found[group])
        else:
            assert found[group] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@FEW
@given(ROWS, st.sampled_from([0, 0.5, 3, 9, 100]))
def test_the_gap_is_summed_row_by_row(rows, standard):
    groups, value = arrays(rows)
    found = in_order(groups, value).gap(standard)
    for group in range(5):
        mine = [(v, w) for g, v, w in rows if g == group]
        total = sum(w for _, w in mine)
        for power in range(3):
            if not total:
                assert np.isnan(found[power][group])
                continue
            gap = sum(w * ((standard - v) / standard) ** power for v, w in mine if v < standard)
            assert found[power][group] == pytest.approx(gap / total, rel=1e-12)


@FEW
@given(ROWS)
def test_totals_are_of_the_type_of_the_weights_and_add_up(rows):
    groups, value = arrays(rows)
    kinds = value % 4 - 1
    table = groups.totals(kinds, 3)
    assert table.dtype == groups.total().dtype == np.int64
    assert table.sum(axis=1).tolist() == groups.total(kinds >= 0).tolist()
    expected = [sum(w for g, _, w in rows if g == group) for group in range(5)]
    assert groups.total().tolist() == expected
    assert arrays(rows, floats=True)[0].total().dtype == np.float64


def test_more_groups_than_short_keys_hold_are_ordered_alike():
    rng = np.random.default_rng(0)
    few, value, weight = (rng.integers(0, most, 500) for most in (5, 9, 9))
    some = in_order(Groups(few, 5, weight), value)
    # The same five groups, far apart among 40,000.
    places = np.array([0, 3, 32_768, 35_000, 39_999])
    wide = in_order(Groups(places[few], 40_000, weight), value)
    assert wide.total[places].tolist() == some.total.tolist()
    assert wide.total.sum() == weight.sum()
    for q in (0.1, 0.5, 1.0):
        assert wide.quantile(q)[places].tolist() == some.quantile(q).tolist()
    assert wide.gini()[places].tolist() == some.gini().tolist()


def test_gini_of_great_weights_times_great_values_does_not_leave_whole_numbers():
    # One half has a million each, the other nothing; 1e13 times 1e6 is more than int64 holds.
    groups = Groups(np.zeros(2, int), 1, np.array([10**13, 10**13]))
    assert in_order(groups, np.array([0, 1_000_000])).gini().tolist() == [0.5]


@given(
    st.one_of(
        st.lists(st.integers(-3, 3)).map(lambda some: np.array(some, dtype=np.int64)),
        st.lists(st.integers(-(2**40), 2**40)).map(lambda some: np.array(some, dtype=np.int64)),
        st.lists(st.sampled_from([0.0, -0.0, 0.5, 1.0, 2.5e9])).map(np.array),
    )
)
def test_the_order_of_values_is_stable(values):
    rows = sorted(range(len(values)), key=lambda row: (values[row], row))
    assert by_value(values).tolist() == rows


def test_a_small_weight_beside_a_great_one_of_another_group_is_not_lost():
    weight = np.array([4e15, 0.2, 0.1])
    groups = Groups(np.array([0, 1, 1]), 2, weight)
    value = np.array([5.0, 0.0, 4.0])
    told = ordered(groups, value, by_value(value))
    share, depth, _ = told.gap(1.0)
    assert share.tolist() == [0.0, pytest.approx(2 / 3)]
    assert depth.tolist() == [0.0, pytest.approx(2 / 3)]
    assert told.quantile(0.5).tolist() == [5.0, 0.0]
    assert told.quantile(1.0).tolist() == [5.0, 4.0]
    # (0.2·0·… + 0.1·4·(0.3 + 0.2 − 0.3)) / (0.3·0.4)
    assert told.gini().tolist() == [pytest.approx(0.0), pytest.approx(2 / 3)]
    assert told.total.tolist() == [4e15, pytest.approx(0.3)]
