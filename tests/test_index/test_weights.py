"""Sums of weights: whole numbers exactly, floats within what the docstring states."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from test_index.worlds import city, questions

from geo_match.errors import ArgumentError, WeightError
from geo_match.index import PointIndex
from geo_match.index._weights import split_floats, unsplit_floats

HERE = {"lon": 10.0, "lat": 10.0, "radius_m": 1.0}
INT64_MOST = 2**63 - 1


def allowed(exact: Fraction, weights: np.ndarray) -> Fraction:
    """Return the error that `sum_within` states: an ulp, and m³·2⁻¹²⁰ of the greatest weight."""
    m = len(weights)
    greatest = Fraction(float(np.abs(weights).max())) if m else Fraction(0)
    return Fraction(math.ulp(float(exact))) + m**3 * greatest / 2**120


def assert_close(result: float, inside: np.ndarray, weights: np.ndarray) -> None:
    exact = sum((Fraction(float(weight)) for weight in inside), Fraction(0))
    assert abs(Fraction(float(result)) - exact) <= allowed(exact, weights)


def many_at_one_place(m: int) -> PointIndex:
    """Return an index whose last half lies elsewhere."""
    lon = np.full(m, 10.0)
    lon[m - m // 2 :] = 50.0
    return PointIndex(lon=lon, lat=np.full(m, 10.0))


@pytest.mark.parametrize("k", range(8))
@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.int8, np.uint16, np.uint64, np.bool_])
def test_integers_of_any_type_and_width_are_summed_exactly(dtype: type, k: int) -> None:
    rng = np.random.default_rng(k)
    scene = city(rng)
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    question = questions(rng, scene)[1]
    low, high = (
        (0, 2) if dtype is np.bool_ else (0, 255) if np.dtype(dtype).kind == "u" else (-99, 99)
    )
    weights = rng.integers(low, high, (len(scene.lon), k)).astype(dtype)
    sums = index.sum_within(
        lon=question.lon, lat=question.lat, radius_m=question.radius_m, weights=weights
    )
    assert sums.shape == (len(question.lon), k)
    assert sums.dtype == np.int64
    np.testing.assert_array_equal(sums, question.inside.astype(np.int64) @ weights.astype(np.int64))


def test_one_column_of_weights_may_have_one_dimension_or_two() -> None:
    index = PointIndex(lon=[10.0, 10.0, 20.0], lat=[10.0] * 3)
    assert index.sum_within(**HERE, weights=[1, 2, 4]).tolist() == [3]
    assert index.sum_within(**HERE, weights=[[1], [2], [4]]).tolist() == [[3]]
    assert index.sum_within(**HERE, weights=[1.0, 2.0, 4.0]).tolist() == [3.0]
    assert index.sum_within(**HERE, weights=[[1.5], [2.0], [4.0]]).tolist() == [[3.5]]
    assert index.sum_within(**HERE, weights=[True, True, False]).tolist() == [2]


def test_large_integers_that_a_float_would_round_are_exact() -> None:
    weights = np.array([2**61 - 1, -(2**60), 2**53 + 1, 1], dtype=np.int64)
    index = PointIndex(lon=[10.0, 20.0, 10.0, 10.0], lat=[10.0] * 4)
    assert index.sum_within(**HERE, weights=weights).tolist() == [2**61 + 2**53 + 1]


@pytest.mark.parametrize(
    "weights",
    [
        np.array([2**62, 2**62], dtype=np.int64),
        np.array([-(2**62), 2**62], dtype=np.int64),
        np.array([-(2**63), 0], dtype=np.int64),
        np.array([2**64 - 1, 0], dtype=np.uint64),
        np.array([[1, INT64_MOST], [1, INT64_MOST]]),
    ],
)
def test_integers_that_together_might_overflow_are_refused(weights: np.ndarray) -> None:
    index = many_at_one_place(2)
    with pytest.raises(WeightError, match=r"`weights` must add up to less than 2\*\*62.*float64"):
        index.sum_within(**HERE, weights=weights)


def test_floats_that_together_might_overflow_are_refused() -> None:
    with pytest.raises(WeightError, match=r"`weights` must add up to less than 2\*\*1023"):
        many_at_one_place(2).sum_within(**HERE, weights=[1.7e308, 1.7e308])


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_weights_that_are_not_finite_are_named_with_their_positions(bad: float) -> None:
    index = PointIndex(lon=np.zeros(9), lat=np.zeros(9))
    weights = np.ones(9)
    weights[[3, 7]] = bad
    found = rf"`weights` must be finite, got 2 of 9 .*position 3: {bad!r}; position 7: {bad!r}"
    with pytest.raises(WeightError, match=found):
        index.sum_within(**HERE, weights=weights)


@pytest.mark.parametrize(
    ("weights", "match"),
    [
        ([1, 2, 3], r"`weights` must have the shape \(2,\) or \(2, k\), .*got shape \(3,\)"),
        ([[1, 2]], r"`weights` must have the shape \(2,\) or \(2, k\), .*got shape \(1, 2\)"),
        (7, r"`weights` must have the shape .*got shape \(\)"),
        (np.zeros((2, 2, 2)), r"`weights` must have the shape .*got shape \(2, 2, 2\)"),
        (["1", "2"], "`weights` must be real numbers"),
        ([None, 1], "`weights` must be real numbers"),
        ([1j, 2j], "`weights` must be real numbers"),
        ([[1], [1, 2]], "`weights` must be an array of numbers of one length"),
    ],
)
def test_weights_that_are_no_numbers_or_not_one_a_point_are_refused(
    weights: object, match: str
) -> None:
    index = PointIndex(lon=[1.0, 2.0], lat=[1.0, 2.0])
    with pytest.raises(ArgumentError, match=match):
        index.sum_within(**HERE, weights=weights)


def float_weights(rng: np.random.Generator, m: int) -> dict[str, np.ndarray]:
    """Return weights that sums of floats get wrong."""
    return {
        "even": rng.random(m),
        "signed": rng.normal(0.0, 1.0, m),
        "of all sizes": rng.lognormal(0.0, 20.0, m),
        "huge and tiny": rng.choice([1e300, 1e-300, -1e300, 1.0], m),
        "subnormal": rng.choice([5e-324, -1e-310, 2.5e-308], m),
        "tenths": np.full(m, 0.1),
        "zeros": np.zeros(m),
        "small beside a great one elsewhere": np.append(np.full(m - 1, 2.0**-40), 1.0),
        "lost beside a great one elsewhere": np.append(np.full(m - 1, 2.0**-91), 1.0),
        "cancelling": np.where(np.arange(m) % 2, -1e16, 1e16) + rng.random(m),
        "cancelling parts": rng.choice([0.6, -0.4, -0.2 + 2.0**-50, 2.0**57], m) * 2.0**-57,
    }


@pytest.mark.parametrize("m", [1, 2, 5, 40, 1000, 100_000])
@pytest.mark.parametrize("kind", float_weights(np.random.default_rng(0), 1))
def test_float_sums_are_as_near_as_stated(kind: str, m: int) -> None:
    values = float_weights(np.random.default_rng(m), m)[kind]
    index = many_at_one_place(m)
    result = index.sum_within(**HERE, weights=values)
    assert result.dtype == np.float64
    assert_close(result[0], values[: m - m // 2], values)
    elsewhere = index.sum_within(lon=50.0, lat=10.0, radius_m=1.0, weights=values)
    assert_close(elsewhere[0], values[m - m // 2 :], values)


def test_common_float_sums_are_those_of_math_fsum() -> None:
    rng = np.random.default_rng(0)
    scene = city(rng)
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    question = questions(rng, scene)[1]
    weights = np.stack((rng.random(300), rng.normal(0, 1e6, 300), rng.lognormal(0, 3, 300)), axis=1)
    sums = index.sum_within(
        lon=question.lon, lat=question.lat, radius_m=question.radius_m, weights=weights
    )
    for row, inside in zip(sums, question.inside, strict=True):
        for column in range(3):
            exact = math.fsum(weights[inside, column])
            assert abs(row[column] - exact) <= math.ulp(exact)


def test_float_sums_do_not_depend_on_the_order_of_the_points() -> None:
    rng = np.random.default_rng(0)
    scene = city(rng)
    weights = rng.lognormal(0.0, 5.0, 300) * rng.choice([-1.0, 1.0], 300)
    asked = {"lon": scene.query_lon, "lat": scene.query_lat, "radius_m": 4000.0}
    sums = PointIndex(lon=scene.lon, lat=scene.lat).sum_within(**asked, weights=weights)
    for _ in range(5):
        order = rng.permutation(300)
        index = PointIndex(lon=scene.lon[order], lat=scene.lat[order])
        again = index.sum_within(**asked, weights=weights[order])
        assert again.tolist() == sums.tolist()


def test_a_gap_among_weights_is_named_and_not_read_as_the_number_behind_it() -> None:
    index = PointIndex(lon=[10.0, 10.0], lat=[10.0, 10.0])
    for gap in (np.ma.masked_array([1, 99], [False, True]), pd.Series([1, None], dtype="Int64")):
        with pytest.raises(WeightError, match=r"`weights` must be finite, got 1 of 2 .*position 1"):
            index.sum_within(**HERE, weights=gap)


def test_integers_of_pandas_stay_exact() -> None:
    index = PointIndex(lon=[10.0, 10.0], lat=[10.0, 10.0])
    for dtype in ("int64", "Int64", "uint8", "boolean"):
        weights = pd.Series([1, 0], dtype=dtype)
        assert index.sum_within(**HERE, weights=weights).dtype == np.int64
    large = pd.Series([2**53, 1], dtype="Int64")
    assert index.sum_within(**HERE, weights=large).tolist() == [2**53 + 1]


def test_float32_weights_are_taken_as_their_values() -> None:
    weights = np.array([0.1, 0.2], dtype=np.float32)
    index = PointIndex(lon=[10.0, 10.0], lat=[10.0, 10.0])
    exact = float(weights[0]) + float(weights[1])
    assert index.sum_within(**HERE, weights=weights).tolist() == [exact]


columns = hnp.arrays(
    np.float64,
    st.tuples(st.integers(0, 40), st.integers(0, 3)),
    elements=st.one_of(
        st.floats(-1e306, 1e306),
        st.floats(-1.0, 1.0),
        st.floats(-(2.0**-55), 2.0**-55),
        st.sampled_from([0.0, -0.0, 1e300, -1e300, 5e-324, 1e-300, 1.0, 0.5, 2.0**-53]),
    ),
)


@given(columns, st.data())
def test_the_parts_of_any_floats_add_up_to_their_sum(
    weights: np.ndarray, data: st.DataObject
) -> None:
    whole, exponents = split_floats(weights)
    m, k = weights.shape
    assert whole.shape == (m, 2 * k)
    chosen = data.draw(hnp.arrays(np.bool_, m))
    back = unsplit_floats(whole[chosen].sum(axis=0, keepdims=True), exponents)
    assert back.shape == (1, k)
    for column in range(k):
        assert_close(back[0, column], weights[chosen, column], weights[:, column])


@given(columns)
def test_one_weight_alone_comes_back_as_it_was(weights: np.ndarray) -> None:
    whole, exponents = split_floats(weights)
    back = unsplit_floats(whole, exponents)
    for value, was, greatest in zip(
        back.ravel(),
        weights.ravel(),
        np.broadcast_to(np.abs(weights).max(axis=0, initial=0), weights.shape).ravel(),
        strict=True,
    ):
        if abs(was) >= greatest * 2.0**-40:
            assert value == was


@given(columns)
def test_sums_of_the_parts_never_leave_int64(weights: np.ndarray) -> None:
    whole, _ = split_floats(weights)
    sums = [sum(abs(int(part)) for part in column) for column in whole.T]
    assert all(total <= 2**61 for total in sums)


@pytest.mark.parametrize("m", [1, 2, 3, 7, 8, 1023, 1024])
def test_the_greatest_weights_fill_but_do_not_overflow(m: int) -> None:
    below_two = np.nextafter(2.0, 0.0)
    for weight in (1.0, below_two, -below_two, 2.0**-1074, 2.0**1000):
        weights = np.full((m, 1), weight)
        whole, exponents = split_floats(weights)
        total = np.array([[sum(int(v) for v in column) for column in whole.T]])
        assert np.abs(total).max() <= 2**61
        exact = float(m * Fraction(weight))
        assert unsplit_floats(total.astype(np.int64), exponents)[0, 0] == exact


@pytest.mark.parametrize("kind", [np.int64, np.float64])
def test_prepared_weights_add_up_like_the_weights_themselves(kind):
    rng = np.random.default_rng(5)
    index = PointIndex(lon=rng.uniform(117.3, 117.4, 900), lat=rng.uniform(32.9, 33.0, 900))
    weights = rng.integers(-9, 90, (900, 4)).astype(kind)
    prepared = index.prepare(weights)
    before = weights.copy()
    weights[:] = 0  # they were copied
    circles = {"lon": rng.uniform(117.3, 117.4, 300), "lat": np.full(300, 32.95), "radius_m": 2_000}
    summed = index.sum_within(**circles, weights=prepared)
    np.testing.assert_array_equal(summed, index.sum_within(**circles, weights=before))
    assert summed.dtype == kind


def test_weights_prepared_by_another_index_are_refused():
    place = {"lon": [117.36], "lat": [32.93]}
    prepared = PointIndex(**place).prepare([1])
    with pytest.raises(ArgumentError, match="`weights` must be prepared by this index"):
        PointIndex(**place).sum_within(lon=117.36, lat=32.93, radius_m=1, weights=prepared)
