"""Datums against published pairs, an independent implementation, and the same districts in two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import prcoords
import pytest
import shapely
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pyproj import CRS, Geod

from geo_match.datums import DATUMS, WORDS, as_datum, from_wgs84, to_wgs84
from geo_match.errors import ArgumentError, CoordinateError, DatumError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    from geo_match.datums import Datum

    Floats = NDArray[np.float64]
    Convert = Callable[..., tuple[Floats, Floats]]
    Inverse = Callable[[tuple[float, float]], tuple[float, float]]

GEOD = Geod(ellps="WGS84")
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
DISPLACING = ("gcj02", "bd09")
ONE_CM = 0.01

box_lon = st.floats(WEST, EAST)
box_lat = st.floats(SOUTH, NORTH)


def apart_m(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    return np.asarray(GEOD.inv(*np.broadcast_arrays(lon1, lat1, lon2, lat2))[2])


def random_places(
    seed: int, n: int, box: tuple[float, float, float, float] = (WEST, EAST, SOUTH, NORTH)
) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    return random.uniform(box[0], box[1], n), random.uniform(box[2], box[3], n)


def unbounded_image(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    """Return what the published formula gives without asking whether the place is in the box."""
    image = prcoords.wgs_gcj((lat, lon), check_china=False)
    image = prcoords.gcj_bd(image) if datum == "bd09" else image
    return image.lon, image.lat


class TestPublishedValues:
    @pytest.mark.parametrize(
        ("wgs_lat", "wgs_lon", "gcj_lat", "gcj_lon"),
        [
            (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
            (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
            (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
        ],
    )
    def test_gcj02_gives_the_published_pairs_both_ways(
        self, wgs_lat: float, wgs_lon: float, gcj_lat: float, gcj_lon: float
    ) -> None:
        assert from_wgs84(lon=wgs_lon, lat=wgs_lat, datum="gcj02") == pytest.approx(
            (gcj_lon, gcj_lat), abs=1e-12
        )
        assert to_wgs84(lon=gcj_lon, lat=gcj_lat, datum="gcj02") == pytest.approx(
            (wgs_lon, wgs_lat), abs=1e-10
        )

    def test_bd09_gives_the_published_pair_both_ways(self) -> None:
        gcj_lon, gcj_lat = 116.404, 39.915
        bd_lon, bd_lat = 116.41036949371029, 39.92133699351021
        wgs_lon, wgs_lat = to_wgs84(lon=gcj_lon, lat=gcj_lat, datum="gcj02")
        assert from_wgs84(lon=wgs_lon, lat=wgs_lat, datum="bd09") == pytest.approx(
            (bd_lon, bd_lat), abs=1e-10
        )
        assert to_wgs84(lon=bd_lon, lat=bd_lat, datum="bd09") == pytest.approx(
            (float(wgs_lon), float(wgs_lat)), abs=1e-10
        )

    def test_displacements_around_bengbu_are_those_observed(self) -> None:
        lon, lat = random_places(1, 20_000, (116.73, 118.07, 32.72, 33.51))
        gcj = from_wgs84(lon=lon, lat=lat, datum="gcj02")
        bd = from_wgs84(lon=lon, lat=lat, datum="bd09")
        first, second = apart_m(lon, lat, *gcj), apart_m(*gcj, *bd)
        assert 520 < first.min() < first.max() < 585
        assert 870 < second.min() < second.max() < 930

    @pytest.mark.parametrize(("datum", "least", "most"), [("gcj02", 0, 740), ("bd09", 680, 1530)])
    def test_displacements_in_the_box_are_those_documented(
        self, datum: Datum, least: float, most: float
    ) -> None:
        lon, lat = random_places(2, 100_000)
        moved = apart_m(lon, lat, *from_wgs84(lon=lon, lat=lat, datum=datum))
        assert least < moved.min()
        assert most - 40 < moved.max() < most


class TestAgainstAnIndependentImplementation:
    @pytest.mark.parametrize("datum", DISPLACING)
    def test_the_forward_formula_agrees_to_the_last_digits(self, datum: Datum) -> None:
        lon, lat = random_places(3, 3_000)
        expected = [unbounded_image(x, y, datum) for x, y in zip(lon, lat, strict=True)]
        np.testing.assert_allclose(
            np.transpose(from_wgs84(lon=lon, lat=lat, datum=datum)), expected, rtol=0, atol=1e-12
        )

    @pytest.mark.parametrize(
        ("datum", "inverse"),
        [("gcj02", prcoords.gcj_wgs_bored), ("bd09", prcoords.bd_wgs_bored)],
    )
    def test_the_inverse_agrees_within_the_others_own_tolerance(
        self, datum: Datum, inverse: Inverse
    ) -> None:
        lon, lat = random_places(4, 1_000, (WEST + 0.1, EAST - 0.1, SOUTH + 0.1, NORTH - 0.1))
        expected = np.array([inverse((y, x)) for x, y in zip(lon, lat, strict=True)])
        found = to_wgs84(lon=lon, lat=lat, datum=datum)
        assert apart_m(*found, expected[:, 1], expected[:, 0]).max() < 0.1


class TestRoundTrips:
    @pytest.mark.parametrize("datum", DISPLACING)
    @given(lon=box_lon, lat=box_lat)
    @example(lon=WEST, lat=SOUTH)
    @example(lon=WEST, lat=NORTH)
    @example(lon=EAST, lat=SOUTH)
    @example(lon=EAST, lat=NORTH)
    @example(lon=105.0, lat=35.0)
    @example(lon=float(np.nextafter(105.0, 200.0)), lat=35.0)
    @example(lon=105.0 - 1e-12, lat=NORTH)
    def test_every_place_in_the_box_comes_back(self, datum: Datum, lon: float, lat: float) -> None:
        image = from_wgs84(lon=lon, lat=lat, datum=datum)
        back = to_wgs84(lon=image[0], lat=image[1], datum=datum)
        assert apart_m(lon, lat, *back) < ONE_CM

    @pytest.mark.parametrize("datum", DISPLACING)
    @given(
        lon=st.floats(WEST + 0.05, EAST - 0.05) | st.floats(104.999999, 105.000001),
        lat=st.floats(SOUTH + 0.05, NORTH - 0.05),
    )
    def test_every_image_in_the_box_comes_back(self, datum: Datum, lon: float, lat: float) -> None:
        place = to_wgs84(lon=lon, lat=lat, datum=datum)
        again = from_wgs84(lon=place[0], lat=place[1], datum=datum)
        assert apart_m(lon, lat, *again) < ONE_CM

    @pytest.mark.parametrize("datum", DISPLACING)
    def test_the_inverse_is_within_a_micrometre_of_the_formula(self, datum: Datum) -> None:
        lon, lat = random_places(5, 200_000)
        lon[:50_000] = 105.0 + np.random.default_rng(6).normal(0.0, 1e-9, 50_000)
        image = from_wgs84(lon=lon, lat=lat, datum=datum)
        back = to_wgs84(lon=image[0], lat=image[1], datum=datum)
        again = from_wgs84(lon=back[0], lat=back[1], datum=datum)
        assert apart_m(*again, *image).max() < 1e-6
        assert max(np.abs(back[0] - lon).max(), np.abs(back[1] - lat).max()) < 1e-10

    @pytest.mark.parametrize("datum", DISPLACING)
    def test_places_on_every_edge_are_displaced_and_come_back(self, datum: Datum) -> None:
        along_lon, along_lat = np.linspace(WEST, EAST, 2_001), np.linspace(SOUTH, NORTH, 2_001)
        for edge_lon, edge_lat in (
            (np.full_like(along_lat, WEST), along_lat),
            (np.full_like(along_lat, EAST), along_lat),
            (along_lon, np.full_like(along_lon, SOUTH)),
            (along_lon, np.full_like(along_lon, NORTH)),
        ):
            image = from_wgs84(lon=edge_lon, lat=edge_lat, datum=datum)
            assert apart_m(edge_lon, edge_lat, *image).min() > 1
            back = to_wgs84(lon=image[0], lat=image[1], datum=datum)
            assert apart_m(edge_lon, edge_lat, *back).max() < ONE_CM
            again = from_wgs84(lon=back[0], lat=back[1], datum=datum)
            assert apart_m(*again, *image).max() < ONE_CM


class TestOutsideChina:
    @pytest.mark.parametrize("datum", DATUMS)
    @given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
    @example(lon=180.0, lat=0.0)
    @example(lon=-180.0, lat=0.0)
    @example(lon=180.0, lat=90.0)
    @example(lon=0.0, lat=-90.0)
    @example(lon=-0.0, lat=-0.0)
    @example(lon=float(np.nextafter(WEST, 0)), lat=30.0)
    @example(lon=float(np.nextafter(EAST, 180)), lat=30.0)
    @example(lon=110.0, lat=float(np.nextafter(SOUTH, 0)))
    @example(lon=110.0, lat=float(np.nextafter(NORTH, 90)))
    def test_places_outside_pass_unchanged(self, datum: Datum, lon: float, lat: float) -> None:
        assume(not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH))
        assert from_wgs84(lon=lon, lat=lat, datum=datum) == (lon, lat)

    @pytest.mark.parametrize("datum", DATUMS)
    @given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
    @example(lon=180.0, lat=0.0)
    @example(lon=-180.0, lat=89.0)
    @example(lon=105.0, lat=-90.0)
    def test_coordinates_clear_of_the_box_pass_unchanged(
        self, datum: Datum, lon: float, lat: float
    ) -> None:
        rim = 0.02  # degrees, more than any displacement
        assume(not (WEST - rim <= lon <= EAST + rim and SOUTH - rim <= lat <= NORTH + rim))
        assert to_wgs84(lon=lon, lat=lat, datum=datum) == (lon, lat)

    @pytest.mark.parametrize("datum", DISPLACING)
    @pytest.mark.parametrize(
        ("lon", "lat"),
        [
            (WEST - 1e-6, 30.0),
            (WEST - 1e-3, 45.0),
            (EAST + 1e-6, 30.0),
            (EAST + 1e-3, 10.0),
            (110.0, SOUTH - 1e-6),
            (90.0, SOUTH - 1e-3),
            (110.0, NORTH + 1e-6),
            (80.0, NORTH + 1e-3),
        ],
    )
    def test_a_coordinate_whose_pre_image_lies_outside_the_box_is_unchanged(
        self, datum: Datum, lon: float, lat: float
    ) -> None:
        image = unbounded_image(lon, lat, datum)
        assert to_wgs84(lon=image[0], lat=image[1], datum=datum) == image

    @pytest.mark.parametrize("datum", DISPLACING)
    def test_an_image_just_outside_the_box_is_taken_back_inside(self, datum: Datum) -> None:
        lon, lat = EAST - 1e-6, 30.0
        image = from_wgs84(lon=lon, lat=lat, datum=datum)
        assert image[0] > EAST
        assert to_wgs84(lon=image[0], lat=image[1], datum=datum) == pytest.approx(
            (lon, lat), abs=1e-10
        )


class TestCgcs2000:
    @given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
    def test_it_passes_unchanged_both_ways(self, lon: float, lat: float) -> None:
        assert to_wgs84(lon=lon, lat=lat, datum="cgcs2000") == (lon, lat)
        assert from_wgs84(lon=lon, lat=lat, datum="cgcs2000") == (lon, lat)

    def test_its_ellipsoid_differs_by_a_tenth_of_a_millimetre(self) -> None:
        ours, theirs = (CRS.from_epsg(code).ellipsoid for code in (4326, 4490))
        assert ours.semi_major_metre == theirs.semi_major_metre
        assert abs(ours.semi_minor_metre - theirs.semi_minor_metre) < 1.1e-4


@pytest.mark.parametrize("convert", [to_wgs84, from_wgs84])
@pytest.mark.parametrize("datum", DATUMS)
class TestArrays:
    def test_numbers_give_arrays_without_dimension(self, convert: Convert, datum: Datum) -> None:
        for axis in convert(lon=117.3, lat=32.9, datum=datum):
            assert isinstance(axis, np.ndarray)
            assert axis.shape == ()
            assert axis.dtype == np.float64

    @pytest.mark.parametrize("shape", [(0,), (1,), (7,), (2, 3), (2, 0, 3)])
    def test_the_shape_is_kept(
        self, convert: Convert, datum: Datum, shape: tuple[int, ...]
    ) -> None:
        for axis in convert(lon=np.full(shape, 117.3), lat=np.full(shape, 32.9), datum=datum):
            assert axis.shape == shape

    def test_a_place_does_not_depend_on_its_neighbours(
        self, convert: Convert, datum: Datum
    ) -> None:
        lon, lat = random_places(7, 501, (-180.0, 180.0, -90.0, 90.0))
        lon[::2], lat[::2] = random_places(8, 251)
        together = np.transpose(convert(lon=lon, lat=lat, datum=datum))
        alone = [convert(lon=x, lat=y, datum=datum) for x, y in zip(lon, lat, strict=True)]
        np.testing.assert_allclose(together, alone, rtol=0, atol=1e-13)

    def test_results_stay_on_earth(self, convert: Convert, datum: Datum) -> None:
        lon, lat = random_places(9, 50_000, (-180.0, 180.0, -90.0, 90.0))
        lon[:4], lat[:4] = (180.0, -180.0, 180.0, 137.8347), (90.0, -90.0, 0.0, 55.8271)
        found_lon, found_lat = convert(lon=lon, lat=lat, datum=datum)
        assert np.abs(found_lon).max() <= 180
        assert np.abs(found_lat).max() <= 90

    def test_the_input_is_neither_changed_nor_shared(self, convert: Convert, datum: Datum) -> None:
        lon, lat = np.array([117.3, 2.0]), np.array([32.9, 48.0])
        found = convert(lon=lon, lat=lat, datum=datum)
        found[0][:], found[1][:] = 0.0, 0.0
        assert lon.tolist() == [117.3, 2.0]
        assert lat.tolist() == [32.9, 48.0]

    def test_lists_and_series_are_taken(self, convert: Convert, datum: Datum) -> None:
        listed = convert(lon=[117.3, 117.4], lat=[32.9, 33.0], datum=datum)
        frame = pd.DataFrame({"lon": [117.3, 117.4], "lat": [32.9, 33.0]}, index=[9, 8])
        series = convert(lon=frame["lon"], lat=frame["lat"], datum=datum)
        np.testing.assert_array_equal(listed, series)

    def test_missing_coordinates_are_refused(self, convert: Convert, datum: Datum) -> None:
        with pytest.raises(CoordinateError, match=r"`lon` must be finite.*position 1: nan"):
            convert(lon=[117.3, np.nan], lat=[32.9, 32.9], datum=datum)

    def test_swapped_axes_are_recognised(self, convert: Convert, datum: Datum) -> None:
        with pytest.raises(CoordinateError, match="look swapped"):
            convert(lon=32.9, lat=117.3, datum=datum)

    def test_different_shapes_are_refused(self, convert: Convert, datum: Datum) -> None:
        with pytest.raises(ArgumentError, match=r"`lat` must have the shape of `lon` \(2,\)"):
            convert(lon=[117.3, 117.4], lat=32.9, datum=datum)


@pytest.mark.parametrize("convert", [to_wgs84, from_wgs84])
class TestOtherDatums:
    @pytest.mark.parametrize(
        "name",
        [
            "Xian 1980",
            "xian80",
            "西安80",
            "Beijing 1954",
            "beijing54",
            "BJ-54",
            "北京1954",
            "New Beijing",
            "新1954年北京坐标系",
            "EPSG:4214",
            "EPSG:4555",
            "epsg:4610",
        ],
    )
    def test_datums_without_public_parameters_are_refused_with_advice(
        self, convert: Convert, name: object
    ) -> None:
        with pytest.raises(DatumError, match=r"provider convert it to CGCS2000.*guesswork"):
            convert(lon=117.3, lat=32.9, datum=name)

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            *[(word, "wgs84") for word in ("WGS84", "WGS-84坐标系", "ＧＰＳ", "大疆", "84坐标")],
            *[(word, "wgs84") for word in ("EPSG:4326", "谷歌地球", "gps 坐标", "wgs_1984")],
            *[(word, "cgcs2000") for word in ("国家2000", "2000国家大地坐标系", "天地图", "北斗")],
            *[(word, "cgcs2000") for word in ("CGCS 2000", "国家大地坐标系2000", "2000坐标系")],
            *[(word, "gcj02") for word in ("GCJ-02", "高德", "高德地图坐标", "腾讯地图", "谷歌")],
            *[(word, "gcj02") for word in ("国测局坐标", "火星坐标系", "AMap")],
            *[(word, "bd09") for word in ("bd_09", "百度", "百度地图", "百度经纬度", "bd09ll")],
        ],
    )
    def test_the_words_of_an_office_are_understood(
        self, convert: Convert, name: Datum, meant: Datum
    ) -> None:
        assert as_datum(name) == meant
        place = {"lon": 117.3, "lat": 32.9}
        assert convert(**place, datum=name) == convert(**place, datum=meant)

    @pytest.mark.parametrize("name", ["", "nad83", None, 4326, ["gcj02"]])
    def test_an_unknown_datum_is_refused_with_the_known_ones(
        self, convert: Convert, name: object
    ) -> None:
        with pytest.raises(DatumError, match="one of 'wgs84', 'cgcs2000', 'gcj02', 'bd09', got"):
            convert(lon=117.3, lat=32.9, datum=name)


@pytest.mark.parametrize("name", ["nad83", "百度墨卡托", "bd09mc", "天", "地图", "坐标"])
def test_what_is_not_understood_is_refused_with_the_words_that_are(name: str) -> None:
    with pytest.raises(DatumError, match="国测局") as raised:
        as_datum(name)
    for words in WORDS.values():
        assert all(word in str(raised.value) for word in words.split())


def test_as_datum_returns_every_known_name() -> None:
    assert [as_datum(name) for name in DATUMS] == ["wgs84", "cgcs2000", "gcj02", "bd09"]


@pytest.mark.reference
class TestRealDistricts:
    """The same outlines published in GCJ-02 and in WGS-84, each generalised in its own way.

    Both come from one map by way of the published formula, so this checks signs, axes, constants
    and files, not the noise of the official algorithm.
    """

    @pytest.fixture(params=["340323", "340321", "340322"], ids=["固镇", "怀远", "五河"])
    def outlines(
        self, request: pytest.FixtureRequest, reference: Path
    ) -> tuple[shapely.Geometry, shapely.Geometry]:
        folder = reference / "boundaries"
        districts = geopandas.read_file(folder / "bengbu_districts_wgs84.geojson")
        in_wgs84 = districts[districts["adcode"].astype(str) == request.param].union_all()
        in_gcj02 = geopandas.read_file(folder / "bengbu_gcj02" / f"{request.param}.geojson")
        return in_gcj02.union_all(), in_wgs84

    @staticmethod
    def difference(ours: shapely.Geometry, theirs: shapely.Geometry) -> tuple[float, float]:
        """Return the median distance of our corners to their outline, and the share of area."""
        ours, theirs = geopandas.GeoSeries([ours, theirs], crs=4326).to_crs(32650)
        corners = shapely.points(shapely.get_coordinates(ours))
        odd = ours.symmetric_difference(theirs).area / theirs.area
        return float(np.median([theirs.boundary.distance(corner) for corner in corners])), odd

    def test_converted_outlines_fall_together(
        self, outlines: tuple[shapely.Geometry, shapely.Geometry]
    ) -> None:
        in_gcj02, in_wgs84 = outlines

        def convert(corners: Floats) -> Floats:
            return np.transpose(to_wgs84(lon=corners[:, 0], lat=corners[:, 1], datum="gcj02"))

        off_before, odd_before = self.difference(in_gcj02, in_wgs84)
        off_after, odd_after = self.difference(shapely.transform(in_gcj02, convert), in_wgs84)
        assert off_before > 300
        assert off_after < 1
        assert odd_before > 0.03
        assert odd_after < 0.004
