"""Every kind of bad argument is refused with its name, rule, values and remedy."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from geo_match._validate import MAX_RADIUS_M, as_count, as_lonlat, as_numbers, as_radius
from geo_match.errors import ArgumentError, CoordinateError, RadiusError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

PAST_90 = float(np.nextafter(90.0, 91.0))
PAST_180 = float(np.nextafter(180.0, 181.0))


class TestNumbersAccepted:
    @pytest.mark.parametrize(
        "values",
        [
            [1, 2, 3],
            (1.0, 2.0, 3.0),
            range(1, 4),
            np.array([1, 2, 3], dtype=np.int8),
            np.array([1, 2, 3], dtype=np.uint64),
            np.array([1, 2, 3], dtype=np.float32),
            np.array([1, 2, 3], dtype=">f8"),
            np.array([[1, 9], [2, 9], [3, 9]])[:, 0],
            np.ma.array([1.0, 2.0, 3.0]),
            pd.Series([1, 2, 3], index=[9, 8, 7]),
            pd.Series([1, 2, 3], dtype="Int64"),
            pd.Series([1, 2, 3], dtype="Float64"),
            pd.Series([1, 2, 3], dtype="float64[pyarrow]"),
            pd.Series([1, 2, 3], dtype="Sparse[float64]"),
            pd.Index([1, 2, 3]),
            pa.array([1, 2, 3]),
            pa.chunked_array([[1], [2, 3]]),
        ],
        ids=lambda values: f"{type(values).__name__}-{getattr(values, 'dtype', '')}",
    )
    def test_each_container_of_numbers_becomes_the_same_array(self, values: ArrayLike) -> None:
        found = as_numbers(values, "lon")
        assert type(found) is np.ndarray
        assert found.dtype == np.dtype(np.float64)
        assert found.dtype.isnative
        assert found.tolist() == [1.0, 2.0, 3.0]

    @pytest.mark.parametrize("value", [3, 3.0, np.float32(3), np.int64(3), np.array(3.0)])
    def test_a_number_keeps_no_dimension(self, value: ArrayLike) -> None:
        assert as_numbers(value, "lon").shape == ()

    @pytest.mark.parametrize(
        "empty", [[], (), np.empty(0), pd.Series([], dtype=object), pd.Series([], dtype="Float64")]
    )
    def test_no_values_are_an_empty_array_of_floats(self, empty: ArrayLike) -> None:
        found = as_numbers(empty, "lon")
        assert found.shape == (0,)
        assert found.dtype == np.float64

    @pytest.mark.parametrize(
        "values",
        [
            np.ma.array([1.0, 2.0], mask=[False, True]),
            np.ma.array([1, 2], mask=[False, True]),
            pd.Series([1.0, None]),
            pd.Series([1.0, pd.NA], dtype="Float64"),
            pd.Series([1, pd.NA], dtype="Int64"),
            pd.Series([1.0, None], dtype="float64[pyarrow]"),
            pa.array([1.0, None]),
        ],
        ids=lambda values: f"{type(values).__name__}-{getattr(values, 'dtype', '')}",
    )
    def test_a_missing_value_becomes_nan(self, values: ArrayLike) -> None:
        found = as_numbers(values, "lon")
        assert found[0] == 1.0
        assert np.isnan(found[1])

    def test_masked_arrays_are_left_as_they_were(self) -> None:
        masked = np.ma.array([1.0, 2.0], mask=[False, True])
        as_numbers(masked, "lon")
        assert masked.data.tolist() == [1.0, 2.0]


class TestNumbersRefused:
    @pytest.mark.parametrize(
        "values",
        [
            [True, False],
            np.array([True]),
            pd.Series([True, False]),
            pd.Series([True, pd.NA], dtype="boolean"),
            np.ma.array([True, False]),
            ["117.3", "32.9"],
            np.array([b"117.3"]),
            pd.Series(["117.3"]),
            pd.Series(["117.3"], dtype="string"),
            pd.Series(["117.3"], dtype="string[pyarrow]"),
            np.ma.array(["117.3"]),
            [1.0, "2"],
            [1.0, None],
            [Decimal("117.3")],
            [1 + 2j],
            np.array([1.0, 2.0], dtype=object),
            np.ma.array([1.0, 2.0], dtype=object),
            pd.Series(pd.to_datetime(["2024-01-01"])),
            pd.Series(pd.to_datetime(["2024-01-01"], utc=True)),
            np.array([1], dtype="timedelta64[s]"),
            pd.Series(["a"], dtype="category"),
            [{"lon": 117.3}],
            [10**400],
        ],
        ids=lambda values: f"{type(values).__name__}-{getattr(values, 'dtype', values)}"[:40],
    )
    def test_other_things_than_numbers_are_refused(self, values: Any) -> None:
        with pytest.raises(ArgumentError, match=r"`lon` must be real numbers, got an array of d"):
            as_numbers(values, "lon")

    @pytest.mark.parametrize("value", [True, "117.3", None, 1j, {}, {1.0, 2.0}, object()])
    def test_a_single_thing_that_is_no_number_is_shown(self, value: Any) -> None:
        with pytest.raises(ArgumentError, match="`lon` must be real numbers, got ") as caught:
            as_numbers(value, "lon")
        assert caught.value.found == repr(value)

    @pytest.mark.parametrize("values", [[1.5, True], (False, 2), [1.5, np.True_]])
    def test_a_bool_among_numbers_is_refused(self, values: Any) -> None:
        with pytest.raises(ArgumentError, match="`lon` must be real numbers, got a bool among"):
            as_numbers(values, "lon")

    def test_lists_of_unequal_lengths_are_refused(self) -> None:
        with pytest.raises(ArgumentError, match=r"`lon` must be an array of numbers of one length"):
            as_numbers([[1.0], [1.0, 2.0]], "lon")

    def test_the_dtype_is_named_as_the_caller_knows_it(self) -> None:
        with pytest.raises(ArgumentError, match="got an array of dtype boolean"):
            as_numbers(pd.Series([True], dtype="boolean"), "lon")


class TestLonLat:
    def test_a_number_becomes_an_array_of_one(self) -> None:
        lon, lat = as_lonlat(117.3, 32.9)
        assert (lon.shape, lat.shape) == ((1,), (1,))

    def test_the_arrays_are_contiguous(self) -> None:
        table = np.array([[117.3, 32.9], [117.4, 33.0]])
        for axis in as_lonlat(table[:, 0], table[::-1, 1]):
            assert axis.flags.c_contiguous

    def test_no_places_are_allowed(self) -> None:
        lon, lat = as_lonlat([], [])
        assert lon.shape == lat.shape == (0,)

    def test_the_ends_of_the_ranges_and_both_zeros_are_places(self) -> None:
        given_lon, given_lat = [-180.0, 180.0, -0.0, 0.0], [-90.0, 90.0, -0.0, 0.0]
        lon, lat = as_lonlat(given_lon, given_lat)
        assert (lon.tolist(), lat.tolist()) == (given_lon, given_lat)

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, PAST_180, -PAST_180, 1e308])
    def test_a_longitude_that_is_no_place_is_named(self, bad: float) -> None:
        with pytest.raises(
            CoordinateError,
            match=r"`lon` must be finite and between -180 and 180 degrees, got 1 of 3 values "
            rf"that do not \(position 1: {re.escape(repr(bad))}\)\. Leave out or mend",
        ):
            as_lonlat([117.3, bad, 117.3], [32.9, 32.9, 32.9])

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, PAST_90, -PAST_90, 1e308])
    def test_a_latitude_that_is_no_place_is_named(self, bad: float) -> None:
        with pytest.raises(
            CoordinateError,
            match=r"`lat` must be finite and between -90 and 90 degrees, got 1 of 3 values "
            rf"that do not \(position 2: {re.escape(repr(bad))}\)\. Leave out or mend",
        ):
            as_lonlat([117.3, 117.3, 117.3], [32.9, 32.9, bad])

    def test_a_missing_value_is_named_where_it_stands(self) -> None:
        lon = pd.Series([117.3, pd.NA, pd.NA], dtype="Float64", index=list("abc"))
        with pytest.raises(CoordinateError, match=r"got 2 of 3 .*position 1: nan; position 2: nan"):
            as_lonlat(lon, [32.9, 32.9, 32.9])

    def test_a_masked_value_is_named_and_not_used(self) -> None:
        lon = np.ma.array([117.3, 117.4], mask=[True, False])
        with pytest.raises(CoordinateError, match="position 0: nan"):
            as_lonlat(lon, [32.9, 32.9])

    def test_only_the_first_bad_values_are_shown_but_all_are_counted(self) -> None:
        with pytest.raises(
            CoordinateError, match=r"got 1000 of 1000 .*position 4: nan, …"
        ) as caught:
            as_lonlat(np.full(1000, np.nan), np.zeros(1000))
        assert "position 5" not in str(caught.value)

    def test_swapped_axes_are_recognised(self) -> None:
        with pytest.raises(CoordinateError, match="`lon` and `lat` look swapped: exchange them"):
            as_lonlat([32.9, 33.0], [117.3, 117.4])

    @pytest.mark.parametrize(
        ("lon", "lat"),
        [([32.9, 117.3], [117.3, 32.9]), ([32.9, 33.0], [117.3, np.nan]), ([0.0], [181.0])],
        ids=["one row of two", "a missing value", "a value that is neither"],
    )
    def test_axes_are_not_called_swapped_where_that_would_not_mend_all(
        self, lon: list[float], lat: list[float]
    ) -> None:
        with pytest.raises(CoordinateError, match="Leave out or mend"):
            as_lonlat(lon, lat)

    def test_unequal_lengths_are_refused(self) -> None:
        with pytest.raises(
            ArgumentError, match=r"`lat` must have as many values as `lon` \(3\), g"
        ):
            as_lonlat([1.0, 2.0, 3.0], [1.0, 2.0])

    def test_a_number_with_an_array_is_refused(self) -> None:
        with pytest.raises(
            ArgumentError, match=r"`lat` must have as many values as `lon` \(2\), g"
        ):
            as_lonlat([1.0, 2.0], 1.0)

    @pytest.mark.parametrize("name", ["lon", "lat"])
    def test_tables_are_refused(self, name: str) -> None:
        given: dict[str, ArrayLike] = {"lon": [1.0, 2.0], "lat": [1.0, 2.0], name: np.ones((2, 1))}
        with pytest.raises(ArgumentError, match=rf"`{name}` must be one-dimensional, .*\(2, 1\)"):
            as_lonlat(given["lon"], given["lat"])

    def test_other_names_are_used_where_given(self) -> None:
        with pytest.raises(CoordinateError, match="`经度` and `纬度` look swapped"):
            as_lonlat(32.9, 117.3, lon_name="经度", lat_name="纬度")


class TestRadius:
    @pytest.mark.parametrize("radius", [0, 3000, 3000.5, MAX_RADIUS_M, -0.0, np.float32(10)])
    def test_a_number_serves_every_query(self, radius: float) -> None:
        assert as_radius(radius, 3).tolist() == [radius] * 3

    def test_one_a_query_is_kept(self) -> None:
        assert as_radius([0, 3000, 200_000], 3).tolist() == [0.0, 3000.0, 200_000.0]

    def test_no_queries_need_no_radius(self) -> None:
        assert as_radius([], 0).shape == (0,)
        assert as_radius(3000, 0).shape == (0,)

    def test_the_result_is_contiguous(self) -> None:
        assert as_radius(3000, 5).flags.c_contiguous

    @pytest.mark.parametrize(
        "bad", [-1.0, -5e-324, np.nan, np.inf, -np.inf, float(np.nextafter(MAX_RADIUS_M, 1e9))]
    )
    def test_a_radius_that_is_none_is_shown(self, bad: float) -> None:
        rule = "`radius_m` must be between 0 and 200,000 metres, got"
        with pytest.raises(RadiusError, match=rf"{rule} {bad!r}\. Is it in metres"):
            as_radius(bad, 3)
        with pytest.raises(RadiusError, match=rf"{rule} 1 of 2 .*position 1: {bad!r}\)"):
            as_radius([3000.0, bad], 2)

    def test_a_bad_radius_is_refused_even_without_queries(self) -> None:
        with pytest.raises(RadiusError, match=r"got -1.0"):
            as_radius(-1.0, 0)

    @pytest.mark.parametrize("radius", [[1.0, 2.0], [1.0], [[1.0], [2.0], [3.0]], []])
    def test_another_number_of_radii_is_refused(self, radius: ArrayLike) -> None:
        rule = r"`radius_m` must be one number or have one value a query \(3\), got shape"
        with pytest.raises(ArgumentError, match=rule):
            as_radius(radius, 3)

    @pytest.mark.parametrize("radius", [True, "3000", None, [True, 3000.0, 1.0]])
    def test_a_radius_that_is_no_number_is_refused(self, radius: Any) -> None:
        with pytest.raises(ArgumentError, match=r"`radius_m` must be real numbers"):
            as_radius(radius, 3)

    def test_a_missing_radius_is_refused(self) -> None:
        with pytest.raises(RadiusError, match="position 1: nan"):
            as_radius(pd.Series([3000.0, pd.NA], dtype="Float64"), 2)


class TestCount:
    @pytest.mark.parametrize("value", [1, 20, np.int64(3), np.uint8(3)])
    def test_whole_numbers_are_taken(self, value: int) -> None:
        found = as_count(value, "k", least=1)
        assert type(found) is int
        assert found == value

    @pytest.mark.parametrize("bad", [0, -1, 1.0, np.float64(2), True, np.True_, "3", None, [1]])
    def test_anything_else_is_refused(self, bad: Any) -> None:
        with pytest.raises(ArgumentError, match="`k` must be a whole number of at least 1, got"):
            as_count(bad, "k", least=1)
