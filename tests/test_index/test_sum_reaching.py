"""Weights of the origins that reach each point, held to the pairs and to brute force."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError, WeightError
from geo_match.index import PointIndex
from geo_match.index.plain import PlainIndex

LON, LAT, STEP = 117.37, 32.93, 0.012
PLACES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20)
SETTINGS = settings(max_examples=40)


def axes(places):
    lon, lat = np.array(places, dtype=float).reshape(-1, 2).T
    return LON + lon * STEP, LAT + lat * STEP


@SETTINGS
@given(PLACES, PLACES, st.sampled_from([0.0, 1200.0, 3000.0]), st.data())
def test_the_sums_are_those_of_brute_force(points, origins, radius_m, data):
    lon, lat = axes(points)
    query_lon, query_lat = axes(origins)
    limits = st.integers(-(2**40), 2**40)
    n = len(origins)
    weights = np.array(data.draw(st.lists(limits, min_size=n, max_size=n)), dtype=np.int64)
    circles = {"lon": query_lon, "lat": query_lat, "radius_m": radius_m}
    found = PointIndex(lon=lon, lat=lat).sum_reaching(**circles, weights=weights)
    pairs = PlainIndex(lon=lon, lat=lat).within(**circles)
    expected = [0] * len(points)
    for query, point in zip(pairs.query.tolist(), pairs.point.tolist(), strict=True):
        expected[point] += int(weights[query])
    assert found.dtype == np.int64
    assert found.tolist() == expected


def test_a_rim_that_only_the_geodesic_decides_is_weighed_too():
    lon, lat = axes([(0, 0), (2, 2), (1, 2)])
    plain = PlainIndex(lon=lon, lat=lat)
    exact = plain.distances(lon=LON, lat=LAT)[0, 1]
    index = PointIndex(lon=lon, lat=lat)
    for radius_m, reached in ((exact, 7), (np.nextafter(exact, 0.0), 0)):
        found = index.sum_reaching(lon=LON, lat=LAT, radius_m=radius_m, weights=[7])
        assert found.tolist() == [7, reached, 7]


def test_many_origins_over_many_points_are_the_question_turned_round():
    rng = np.random.default_rng(4)
    lon, lat = rng.normal(LON, 0.05, 4000), rng.normal(LAT, 0.05, 4000)
    query_lon, query_lat = rng.normal(LON, 0.05, 600), rng.normal(LAT, 0.05, 600)
    weights = rng.integers(-5, 1000, 600)
    found = PointIndex(lon=lon, lat=lat).sum_reaching(
        lon=query_lon, lat=query_lat, radius_m=3000, weights=weights
    )
    turned = PointIndex(lon=query_lon, lat=query_lat)
    expected = turned.sum_within(lon=lon, lat=lat, radius_m=3000, weights=weights)
    np.testing.assert_array_equal(found, expected)


def test_float_weights_do_not_depend_on_the_order_and_keep_to_the_error_stated():
    rng = np.random.default_rng(5)
    n = 300
    weights = rng.uniform(-1.0, 1.0, n) * 10.0 ** rng.integers(-9, 9, n)
    lon, lat = rng.normal(LON, 0.01, n), rng.normal(LAT, 0.01, n)
    index = PointIndex(lon=[LON], lat=[LAT])
    circles = {"lon": lon, "lat": lat, "radius_m": 3000}
    found = index.sum_reaching(**circles, weights=weights)
    inside = PlainIndex(lon=lon, lat=lat).within(lon=LON, lat=LAT, radius_m=3000).point
    exact = sum(map(Fraction, weights[inside].tolist()))
    error = Fraction(math.ulp(float(exact))) + Fraction(n**3, 2**120) * Fraction(abs(weights).max())
    assert abs(Fraction(float(found[0])) - exact) <= error
    order = rng.permutation(n)
    other = index.sum_reaching(
        lon=lon[order], lat=lat[order], radius_m=3000, weights=weights[order]
    )
    assert other.tolist() == found.tolist()


def test_without_origins_or_points_the_sums_are_nought_or_none():
    none = {"lon": [], "lat": [], "radius_m": 3000, "weights": []}
    assert PointIndex(lon=[LON], lat=[LAT]).sum_reaching(**none).tolist() == [0]
    empty = PointIndex(lon=[], lat=[])
    found = empty.sum_reaching(lon=LON, lat=LAT, radius_m=3000, weights=[1])
    assert found.shape == (0,)


@pytest.mark.parametrize("weights", [3, [1, 2], [[1]], []])
def test_each_origin_must_have_one_weight(weights):
    index = PointIndex(lon=[LON], lat=[LAT])
    with pytest.raises(ArgumentError, match=r"`weights` must have one number a query \(1\), got"):
        index.sum_reaching(lon=[LON], lat=[LAT], radius_m=1, weights=weights)


def test_weights_that_are_no_row_of_numbers_are_named():
    index = PointIndex(lon=[LON], lat=[LAT])
    with pytest.raises(ArgumentError, match="`weights` must be an array of numbers"):
        index.sum_reaching(lon=[LON], lat=[LAT], radius_m=1, weights=[[1], [1, 2]])


@pytest.mark.parametrize(
    ("weights", "told"),
    [([math.nan], "must be finite"), ([2**61, 2**61], "must add up to less than 2\\*\\*62")],
)
def test_weights_that_cannot_be_added_up_are_refused(weights, told):
    index = PointIndex(lon=[LON], lat=[LAT])
    n = len(weights)
    with pytest.raises(WeightError, match=told):
        index.sum_reaching(lon=[LON] * n, lat=[LAT] * n, radius_m=1, weights=weights)


def test_a_weight_that_is_not_finite_is_said_to_be_a_querys():
    index = PointIndex(lon=[LON], lat=[LAT])
    circles = {"lon": [LON, LON], "lat": [LAT, LAT], "radius_m": 1}
    with pytest.raises(WeightError, match=r"position 1: nan.*Leave these queries out"):
        index.sum_reaching(**circles, weights=[1.0, math.nan])
