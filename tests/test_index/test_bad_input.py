"""What every question refuses, and how it says so: the argument, where, what, and the remedy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from geo_match.errors import ArgumentError, CoordinateError, GeoMatchError, RadiusError
from geo_match.index import PointIndex
from geo_match.index.plain import PlainIndex

if TYPE_CHECKING:
    from collections.abc import Callable

INDEX = PointIndex(lon=[117.36, 117.38, 117.50], lat=[32.93, 32.94, 32.90])
PAST_180, PAST_90 = np.nextafter(180.0, 200.0), np.nextafter(90.0, 200.0)


def _sum(**arguments: object) -> object:
    return INDEX.sum_within(**arguments, weights=[1, 2, 3])


def _sum_reaching(**arguments: object) -> object:
    lon = arguments["lon"]
    n = len(lon) if hasattr(lon, "__len__") and np.ndim(lon[0]) == 0 else 1
    return INDEX.sum_reaching(**arguments, weights=[1] * n)


CIRCLES: dict[str, Callable[..., object]] = {
    "within": INDEX.within,
    "iter_within": INDEX.iter_within,
    "count_within": INDEX.count_within,
    "sum_within": _sum,
    "count_reaching": INDEX.count_reaching,
    "sum_reaching": _sum_reaching,
}


def _nearest(**arguments: object) -> object:
    arguments.pop("radius_m", None)
    return INDEX.nearest(**arguments)


def _build(**arguments: object) -> object:
    arguments.pop("radius_m", None)
    return PointIndex(**arguments)


PLACES = {**CIRCLES, "nearest": _nearest, "PointIndex": _build}

BAD_PLACES = [
    ({"lon": math.nan, "lat": 1.0}, CoordinateError, r"`lon` must be finite.*got 1 of 1.*nan"),
    ({"lon": 1.0, "lat": math.nan}, CoordinateError, r"`lat` must be finite.*got 1 of 1.*nan"),
    ({"lon": math.inf, "lat": 1.0}, CoordinateError, r"`lon` must be finite.*: inf"),
    ({"lon": 1.0, "lat": -math.inf}, CoordinateError, r"`lat` must be finite.*: -inf"),
    ({"lon": PAST_180, "lat": 1.0}, CoordinateError, r"`lon` must be .*: 180\.00000000000003"),
    ({"lon": -PAST_180, "lat": 1.0}, CoordinateError, r"`lon` must be .*: -180\.00000000000003"),
    ({"lon": 1.0, "lat": PAST_90}, CoordinateError, r"`lat` must be .*: 90\.00000000000001"),
    ({"lon": 1.0, "lat": -PAST_90}, CoordinateError, r"`lat` must be .*: -90\.00000000000001"),
    (
        {"lon": [1.0, 500.0, math.nan, 2.0, -181.0], "lat": [1.0] * 5},
        CoordinateError,
        r"`lon` .*got 3 of 5 .*position 1: 500\.0; position 2: nan; position 4: -181\.0\)\. Leave",
    ),
    (
        {"lon": [1.0] * 9, "lat": [91.0] * 8 + [0.0]},
        CoordinateError,
        r"`lat` must be .*got 8 of 9 .*position 4: 91\.0, …\).*look swapped: exchange them",
    ),
    (
        {"lon": [32.93], "lat": [117.36]},
        CoordinateError,
        "`lon` and `lat` look swapped: exchange them",
    ),
    ({"lon": [1.0, 2.0], "lat": [1.0]}, ArgumentError, r"`lat` must have as many .*\(2\), got 1"),
    ({"lon": 1.0, "lat": [1.0, 2.0]}, ArgumentError, r"`lat` must have as many .*\(1\), got 2"),
    ({"lon": [[1.0, 2.0]], "lat": [[1.0, 2.0]]}, ArgumentError, r"`lon` must be one-dim.*\(1, 2\)"),
    ({"lon": [1.0], "lat": [[1.0]]}, ArgumentError, r"`lat` must be one-dimensional.*ravel"),
    ({"lon": True, "lat": 1.0}, ArgumentError, "`lon` must be real numbers, got True"),
    ({"lon": [1.0, True], "lat": [1.0, 1.0]}, ArgumentError, "`lon` must be real numbers"),
    ({"lon": "117.4", "lat": 1.0}, ArgumentError, "`lon` must be real numbers, got '117.4'"),
    ({"lon": 1.0, "lat": ["1", "2"]}, ArgumentError, "`lat` must be real numbers"),
    ({"lon": None, "lat": 1.0}, ArgumentError, "`lon` must be real numbers, got None"),
    ({"lon": 1.0 + 1j, "lat": 1.0}, ArgumentError, "`lon` must be real numbers"),
    ({"lon": [[1.0], [1.0, 2.0]], "lat": 1.0}, ArgumentError, "`lon` must be an array of numbers"),
    (
        {"lon": pd.Series([1.0, None], dtype="Float64"), "lat": [1.0, 1.0]},
        CoordinateError,
        r"`lon` must be finite.*position 1: nan",
    ),
    (
        {"lon": np.ma.masked_array([1.0, 2.0], [True, False]), "lat": [1.0, 1.0]},
        CoordinateError,
        r"`lon` must be finite.*position 0: nan",
    ),
]


@pytest.mark.parametrize("method", PLACES)
@pytest.mark.parametrize(("places", "error", "match"), BAD_PLACES)
def test_a_place_that_is_none_is_named(
    method: str, places: dict[str, object], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match) as caught:
        PLACES[method](**places, radius_m=1.0)
    assert isinstance(caught.value, GeoMatchError)
    assert isinstance(caught.value, ValueError)


BAD_RADII = [
    (-1.0, RadiusError, r"`radius_m` must be between 0 and 200,000 metres, got -1\.0"),
    (-5e-324, RadiusError, r"`radius_m` must be between 0 .*got -5e-324"),
    (math.nan, RadiusError, r"`radius_m` must be between 0 .*got nan"),
    (math.inf, RadiusError, r"`radius_m` must be between 0 .*got inf"),
    (-math.inf, RadiusError, r"`radius_m` must be between 0 .*got -inf"),
    (np.nextafter(2e5, 3e5), RadiusError, r"got 200000\.00000000003\. Is it in metres\?"),
    ([1.0, -2.0], RadiusError, r"`radius_m` must be .*got 1 of 2 .*position 1: -2\.0"),
    ([1.0, 1.0, 1.0], ArgumentError, r"one value a query \(2\), got shape \(3,\)"),
    ([1.0], ArgumentError, r"one value a query \(2\), got shape \(1,\)"),
    ([], ArgumentError, r"one value a query \(2\), got shape \(0,\)"),
    ([[1.0, 1.0]], ArgumentError, r"one value a query \(2\), got shape \(1, 2\)"),
    (True, ArgumentError, "`radius_m` must be real numbers, got True"),
    ("3000", ArgumentError, "`radius_m` must be real numbers, got '3000'"),
    (None, ArgumentError, "`radius_m` must be real numbers, got None"),
]


@pytest.mark.parametrize("method", CIRCLES)
@pytest.mark.parametrize(("radius", "error", "match"), BAD_RADII)
def test_a_radius_that_is_none_is_named(
    method: str, radius: object, error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        CIRCLES[method](lon=[117.37, 117.38], lat=[32.93, 32.93], radius_m=radius)


@pytest.mark.parametrize("method", CIRCLES)
def test_the_largest_radius_and_zero_of_either_sign_are_answered(method: str) -> None:
    for radius in (200_000.0, 0.0, -0.0, 0, np.float32(3), np.int8(3)):
        CIRCLES[method](lon=117.37, lat=32.93, radius_m=radius)


@pytest.mark.parametrize(
    ("k", "shown"),
    [
        (0, "0"),
        (-1, "-1"),
        (True, "True"),
        (2.5, r"2\.5"),
        (1.0, r"1\.0"),
        ("3", "'3'"),
        (None, "None"),
    ],
)
def test_a_number_of_nearest_that_is_none_is_named(k: object, shown: str) -> None:
    with pytest.raises(
        ArgumentError, match=rf"`k` must be a whole number of at least 1, got {shown}"
    ):
        INDEX.nearest(lon=1.0, lat=1.0, k=k)


def test_whole_numbers_of_numpy_are_numbers_of_nearest_and_pairs() -> None:
    assert len(INDEX.nearest(lon=1.0, lat=1.0, k=np.int32(2))) == 2
    list(INDEX.iter_within(lon=1.0, lat=1.0, radius_m=1.0, max_pairs=np.uint8(2)))


@pytest.mark.parametrize(
    ("most", "shown"),
    [
        (-1.0, r"-1\.0"),
        (-1e-300, "-1e-300"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        ([1.0, 2.0], r"shape \(2,\)"),
        ([1.0], r"shape \(1,\)"),
    ],
)
def test_a_greatest_distance_that_is_none_is_named(most: object, shown: str) -> None:
    rule = rf"`max_distance_m` must be one number of at least 0 metres, or None, got {shown}"
    with pytest.raises(RadiusError, match=rule):
        INDEX.nearest(lon=1.0, lat=1.0, max_distance_m=most)


@pytest.mark.parametrize("most", [True, "3000"])
def test_a_greatest_distance_that_is_no_number_is_named(most: object) -> None:
    with pytest.raises(ArgumentError, match="`max_distance_m` must be real numbers"):
        INDEX.nearest(lon=1.0, lat=1.0, max_distance_m=most)


@pytest.mark.parametrize("max_pairs", [0, -5, True, 2.5, None, "9"])
def test_a_block_size_that_is_none_is_named(max_pairs: object) -> None:
    with pytest.raises(
        ArgumentError, match="`max_pairs` must be a whole number of at least 1, got"
    ):
        INDEX.iter_within(lon=1.0, lat=1.0, radius_m=1.0, max_pairs=max_pairs)


@pytest.mark.parametrize("method", PLACES)
def test_coordinates_are_given_by_name(method: str) -> None:
    with pytest.raises(TypeError, match=r"positional argument|takes \d"):
        PLACES[method](117.37, 32.93)


def test_the_plain_twin_refuses_the_same() -> None:
    for places, error, match in BAD_PLACES:
        with pytest.raises(error, match=match):
            PlainIndex(**places)
    plain = PlainIndex(lon=[1.0], lat=[1.0])
    for radius, error, match in BAD_RADII:
        with pytest.raises(error, match=match):
            plain.count_within(lon=[1.0, 2.0], lat=[1.0, 2.0], radius_m=radius)


def test_a_refused_question_leaves_the_index_as_it_was() -> None:
    before = INDEX.within(lon=117.37, lat=32.93, radius_m=3000.0)
    for places, error, match in BAD_PLACES:
        with pytest.raises(error, match=match):
            INDEX.within(**places, radius_m=1.0)
    assert INDEX.within(lon=117.37, lat=32.93, radius_m=3000.0) == before
