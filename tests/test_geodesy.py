"""Geodesics against PROJ and arcs known in closed form; the chord bound against the geodesic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geo_match import geodesy
from geo_match._validate import MAX_RADIUS_M
from geo_match.errors import ArgumentError, CoordinateError
from geo_match.geodesy import (
    chord_bounds,
    chord_to_distance,
    geodesic_distance,
    karney,
    lonlat_to_ecef,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")
QUADRANT_M = 10_001_965.729  # pole to equator along a meridian of WGS-84
EQUATOR_DEGREE_M = np.pi / 180.0 * 6_378_137.0

any_lon, any_lat = st.floats(-180, 180), st.floats(-90, 90)


def places_everywhere(seed: int, n: int) -> tuple[Floats, Floats]:
    """Return places spread evenly over the globe, a fifth of them where formulas tend to break."""
    random = np.random.default_rng(seed)
    lon = random.uniform(-180.0, 180.0, n)
    lat = np.degrees(np.arcsin(random.uniform(-1.0, 1.0, n)))
    fifth = n // 5
    lon[:fifth] = random.choice([-180.0, 180.0, -179.9999999, 0.0, 90.0, -90.0, 117.3], fifth)
    lat[: 2 * fifth : 2] = random.choice([-90.0, 90.0, 89.999999, 0.0, -1e-9, 45.0, 32.9], fifth)
    return lon, lat


def pairs_apart(seed: int, n: int, least_m: float, most_m: float) -> tuple[Floats, ...]:
    """Return lon1, lat1, lon2, lat2 of pairs with distances drawn evenly between the two."""
    random = np.random.default_rng(seed)
    lon1, lat1 = places_everywhere(seed + 1, n)
    azimuth = random.uniform(0.0, 360.0, n)
    azimuth[::7] = random.choice([0.0, 90.0, 180.0, 270.0], len(azimuth[::7]))
    lon2, lat2, _ = GEOD.fwd(lon1, lat1, azimuth, random.uniform(least_m, most_m, n))
    return lon1, lat1, np.asarray(lon2), np.clip(lat2, -90.0, 90.0)


def chord_m(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    ends = zip(lonlat_to_ecef(lon1, lat1), lonlat_to_ecef(lon2, lat2), strict=True)
    return np.sqrt(sum((a - b) ** 2 for a, b in ends))


def inv_m(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    return np.asarray(GEOD.inv(lon1, lat1, lon2, lat2)[2])


class TestGeodesicDistance:
    def test_it_is_what_proj_computes(self) -> None:
        lon1, lat1 = places_everywhere(1, 50_000)
        lon2, lat2 = places_everywhere(2, 50_000)
        np.testing.assert_array_equal(
            geodesic_distance(lon1=lon1, lat1=lat1, lon2=lon2, lat2=lat2),
            inv_m(lon1, lat1, lon2, lat2),
        )

    @pytest.mark.parametrize("degrees", [1e-9, 1e-5, 1.0, 33.3, 90.0, 179.0])
    @pytest.mark.parametrize("start", [-180.0, -90.0, 0.0, 170.0])
    def test_an_arc_of_the_equator_is_its_angle_times_the_radius(
        self, degrees: float, start: float
    ) -> None:
        end = start + degrees
        end = end - 360.0 if end > 180.0 else end
        exact = EQUATOR_DEGREE_M * ((end - start) % 360.0)
        found = geodesic_distance(lon1=start, lat1=0, lon2=end, lat2=0)
        assert found == pytest.approx(exact, abs=2e-8, rel=1e-14)

    @pytest.mark.parametrize("lon", [-180.0, 0.0, 117.3, 180.0])
    @pytest.mark.parametrize("pole", [-90.0, 90.0])
    def test_a_meridian_from_equator_to_pole_is_the_published_quadrant(
        self, lon: float, pole: float
    ) -> None:
        found = geodesic_distance(lon1=lon, lat1=0, lon2=-lon / 3, lat2=pole)
        assert found == pytest.approx(QUADRANT_M, abs=6e-4)

    def test_a_short_meridian_arc_is_its_integral(self) -> None:
        axis, flat = 6_378_137.0, 1.0 / 298.257223563
        squared = flat * (2.0 - flat)
        nodes, weights = np.polynomial.legendre.leggauss(20)
        south, north = np.radians([32.9, 33.4])
        phi = (north + south) / 2 + (north - south) / 2 * nodes
        curvature = axis * (1 - squared) / (1 - squared * np.sin(phi) ** 2) ** 1.5
        exact = (north - south) / 2 * (weights @ curvature)
        found = geodesic_distance(lon1=117.3, lat1=32.9, lon2=117.3, lat2=33.4)
        assert found == pytest.approx(exact, abs=2e-8)

    def test_opposite_places_are_half_a_meridian_apart(self) -> None:
        equator = geodesic_distance(lon1=20, lat1=0, lon2=-160, lat2=0)
        poles = geodesic_distance(lon1=20, lat1=90, lon2=0, lat2=-90)
        assert [equator, poles] == pytest.approx([2 * QUADRANT_M] * 2, abs=1.2e-3)

    @given(lon1=any_lon, lat1=any_lat, lon2=any_lon, lat2=any_lat)
    @example(lon1=180.0, lat1=10.0, lon2=-180.0, lat2=10.0)
    def test_both_directions_are_equally_long(
        self, lon1: float, lat1: float, lon2: float, lat2: float
    ) -> None:
        there = geodesic_distance(lon1=lon1, lat1=lat1, lon2=lon2, lat2=lat2)
        back = geodesic_distance(lon1=lon2, lat1=lat2, lon2=lon1, lat2=lat1)
        assert there == pytest.approx(back, abs=2e-8)

    @given(lat=any_lat)
    def test_the_antimeridian_is_one_line(self, lat: float) -> None:
        assert geodesic_distance(lon1=180, lat1=lat, lon2=-180, lat2=lat) == 0.0

    @given(lon1=any_lon, lon2=any_lon, pole=st.sampled_from([-90.0, 90.0]))
    def test_a_pole_is_one_place_at_every_longitude(
        self, lon1: float, lon2: float, pole: float
    ) -> None:
        assert geodesic_distance(lon1=lon1, lat1=pole, lon2=lon2, lat2=pole) < 2e-8


class TestBroadcasting:
    def test_numbers_give_an_array_without_dimension(self) -> None:
        found = geodesic_distance(lon1=117, lat1=32, lon2=117, lat2=33)
        assert isinstance(found, np.ndarray)
        assert found.shape == ()
        assert found.dtype == np.float64

    def test_a_column_against_a_row_gives_a_table(self) -> None:
        lon1, lat1 = places_everywhere(3, 5)
        lon2, lat2 = places_everywhere(4, 7)
        table = geodesic_distance(lon1=lon1[:, None], lat1=lat1[:, None], lon2=lon2, lat2=lat2)
        assert table.shape == (5, 7)
        for i in range(5):
            for j in range(7):
                assert table[i, j] == GEOD.inv(lon1[i], lat1[i], lon2[j], lat2[j])[2]

    def test_one_latitude_serves_many_longitudes(self) -> None:
        found = geodesic_distance(lon1=0, lat1=0, lon2=[1, 2, 3], lat2=0)
        np.testing.assert_allclose(found, EQUATOR_DEGREE_M * np.array([1, 2, 3]), rtol=1e-14)

    @pytest.mark.parametrize("shape", [(0,), (1,), (3, 0), (1, 1)])
    def test_small_and_empty_shapes_are_kept(self, shape: tuple[int, ...]) -> None:
        ones = np.ones(shape)
        assert geodesic_distance(lon1=ones, lat1=ones, lon2=2, lat2=ones).shape == shape

    def test_karney_keeps_one_and_no_pairs(self) -> None:
        one, none = np.array([1.0]), np.empty(0)
        assert karney(one, one, one, one).tolist() == [0.0]
        assert karney(none, none, none, none).shape == (0,)

    def test_series_are_taken_by_position(self) -> None:
        lon = pd.Series([117.0, 118.0], index=["a", "b"])
        other = pd.Series([118.0, 118.0], index=["b", "a"])
        found = geodesic_distance(lon1=lon, lat1=0, lon2=other, lat2=0)
        np.testing.assert_allclose(found, [EQUATOR_DEGREE_M, 0.0], atol=1e-8)

    def test_shapes_that_do_not_broadcast_are_refused(self) -> None:
        with pytest.raises(ArgumentError, match=r"must broadcast, got shapes lon1 \(2,\).*lat2"):
            geodesic_distance(lon1=[1, 2], lat1=[1, 2], lon2=[1, 2, 3], lat2=[1, 2, 3])

    @pytest.mark.parametrize("name", ["lon1", "lat1", "lon2", "lat2"])
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 180.1, -1e300])
    def test_an_error_names_the_argument(self, name: str, bad: float) -> None:
        given = {"lon1": [1.0, 1.0], "lat1": [1.0, 1.0], "lon2": [1.0, 1.0], "lat2": [1.0, 1.0]}
        given[name] = [1.0, bad]
        with pytest.raises(CoordinateError, match=f"`{name}` must be finite.*position 1: "):
            geodesic_distance(**given)

    def test_text_is_refused(self) -> None:
        with pytest.raises(ArgumentError, match="`lat2` must be real numbers, got '33'"):
            geodesic_distance(lon1=1, lat1=1, lon2=1, lat2="33")


class TestEcef:
    def test_it_is_what_proj_computes(self) -> None:
        lon, lat = places_everywhere(5, 100_000)
        proj = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
        expected = proj.transform(lon, lat, np.zeros_like(lon))
        np.testing.assert_allclose(lonlat_to_ecef(lon, lat), expected, rtol=0, atol=1e-8)

    @pytest.mark.parametrize(
        ("lon", "lat", "expected"),
        [
            (0.0, 0.0, (6_378_137.0, 0.0, 0.0)),
            (90.0, 0.0, (0.0, 6_378_137.0, 0.0)),
            (-180.0, 0.0, (-6_378_137.0, 0.0, 0.0)),
            (40.0, 90.0, (0.0, 0.0, 6_356_752.314245)),
            (40.0, -90.0, (0.0, 0.0, -6_356_752.314245)),
        ],
    )
    def test_the_axes_are_where_they_belong(
        self, lon: float, lat: float, expected: tuple[float, float, float]
    ) -> None:
        found = lonlat_to_ecef(np.array([lon]), np.array([lat]))
        np.testing.assert_allclose(np.ravel(found), expected, rtol=0, atol=1e-6)

    @pytest.mark.skipif(
        np.finfo(np.longdouble).nmant <= np.finfo(np.float64).nmant,
        reason="numpy has no wider float here. Remedy: run this test on x86-64 Linux",
    )
    def test_rounding_stays_below_what_the_proof_allows(self) -> None:
        lon, lat = places_everywhere(6, 200_000)
        wide = np.longdouble
        degree = wide("3.14159265358979323846264338327950288") / 180
        flat = 1 / wide("298.257223563")
        squared = flat * (2 - flat)
        lam, phi = lon.astype(wide) * degree, lat.astype(wide) * degree
        vertical = wide(6_378_137) / np.sqrt(1 - squared * np.sin(phi) ** 2)
        exact = (
            vertical * np.cos(phi) * np.cos(lam),
            vertical * np.cos(phi) * np.sin(lam),
            vertical * (1 - squared) * np.sin(phi),
        )
        for found, true in zip(lonlat_to_ecef(lon, lat), exact, strict=True):
            assert np.abs(found - true).max() < 4e-9


class TestChordBound:
    """c ≤ inside proves s ≤ r, c > outside proves s > r, for s as `Geod.inv` gives it."""

    @staticmethod
    def check(pairs: tuple[Floats, ...], radius_m: Floats) -> Floats:
        """Check the two proofs for each pair; return which pairs they leave open."""
        chord, distance = chord_m(*pairs), inv_m(*pairs)
        inside, outside = chord_bounds(radius_m)
        assert np.all(distance[chord <= inside] <= radius_m[chord <= inside])
        assert np.all(distance[chord > outside] > radius_m[chord > outside])
        return (chord > inside) & (chord <= outside)

    @pytest.mark.parametrize(
        ("least_m", "most_m"),
        [(0.0, 1e-6), (0.0, 10.0), (0.0, 6_000.0), (0.0, 200_000.0), (199_999.0, 200_001.0)],
    )
    def test_it_holds_for_any_radius(self, least_m: float, most_m: float) -> None:
        pairs = pairs_apart(7, 100_000, least_m, most_m)
        radius = np.random.default_rng(8).uniform(0.0, min(most_m, MAX_RADIUS_M), 100_000)
        self.check(pairs, radius)

    @pytest.mark.parametrize("most_m", [1e-6, 1.0, 6_000.0, 200_000.0])
    def test_it_leaves_open_a_radius_that_is_the_distance(self, most_m: float) -> None:
        pairs = pairs_apart(9, 100_000, 0.0, most_m)
        radius = np.minimum(inv_m(*pairs), MAX_RADIUS_M)
        assert self.check(pairs, radius).all()

    @pytest.mark.parametrize("most_m", [1e-6, 1.0, 6_000.0, 200_000.0])
    @pytest.mark.parametrize("towards", [0.0, np.inf])
    def test_it_leaves_open_a_radius_one_ulp_from_the_distance(
        self, most_m: float, towards: float
    ) -> None:
        pairs = pairs_apart(10, 100_000, 0.0, most_m)
        radius = np.minimum(np.nextafter(inv_m(*pairs), towards), MAX_RADIUS_M)
        assert self.check(pairs, radius).all()

    @pytest.mark.parametrize("shift_m", [-1e-3, -1e-5, -1e-6, -1e-7, 1e-7, 1e-6, 1e-5, 1e-3])
    def test_it_holds_close_to_the_rim(self, shift_m: float) -> None:
        pairs = pairs_apart(11, 50_000, 0.0, 200_000.0)
        self.check(pairs, np.clip(inv_m(*pairs) + shift_m, 0.0, MAX_RADIUS_M))

    def test_it_holds_between_places_anywhere_on_the_globe(self) -> None:
        pairs = (*places_everywhere(12, 200_000), *places_everywhere(13, 200_000))
        radius = np.random.default_rng(14).uniform(0.0, MAX_RADIUS_M, 200_000)
        radius[::3] = MAX_RADIUS_M
        self.check(pairs, radius)

    def test_it_holds_for_opposite_places(self) -> None:
        lon, lat = places_everywhere(15, 20_000)
        nudge = np.random.default_rng(16).normal(0.0, 0.1, 20_000)
        other_lon = np.where(lon > 0, lon - 180.0, lon + 180.0)
        other_lat = np.clip(-lat + nudge, -90.0, 90.0)
        left_open = self.check((lon, lat, other_lon, other_lat), np.full(20_000, MAX_RADIUS_M))
        assert not left_open.any()

    def test_it_holds_for_one_ulp_nudges(self) -> None:
        lon, lat = places_everywhere(17, 50_000)
        up = np.minimum(np.nextafter(lat, 90.0), 90.0)
        pairs = (lon, lat, np.nextafter(lon, 0.0), up)
        for radius in (0.0, 1e-9, 2e-9, 1e-8, 1e-7):
            self.check(pairs, np.full(len(lon), radius))

    @given(
        lon=any_lon,
        lat=any_lat,
        azimuth=st.floats(0, 360),
        distance=st.floats(0, MAX_RADIUS_M),
        radius=st.floats(0, MAX_RADIUS_M),
    )
    def test_it_holds_for_any_pair(
        self, lon: float, lat: float, azimuth: float, distance: float, radius: float
    ) -> None:
        other_lon, other_lat, _ = GEOD.fwd(lon, lat, azimuth, distance)
        pair = tuple(np.array([value]) for value in (lon, lat, other_lon, other_lat))
        self.check(pair, np.array([radius]))
        self.check(pair, np.minimum(inv_m(*pair), MAX_RADIUS_M))

    def test_no_chord_proves_radius_zero(self) -> None:
        inside, outside = chord_bounds(np.array([0.0]))
        assert inside.tolist() == [-1.0]
        assert outside.tolist() == [geodesy.ROUNDING_M]

    @pytest.mark.parametrize(
        ("radius_m", "width_m"), [(1_000.0, 1.04e-6), (3_000.0, 28.03e-6), (10_000.0, 1.038e-3)]
    )
    def test_the_ring_left_to_the_geodesic_is_as_thin_as_stated(
        self, radius_m: float, width_m: float
    ) -> None:
        inside, outside = chord_bounds(np.array([radius_m]))
        widened = width_m + 2 * geodesy.ROUNDING_M
        assert (outside - inside)[0] == pytest.approx(widened, rel=2e-3)

    def test_the_bounds_grow_with_the_radius(self) -> None:
        inside, outside = chord_bounds(np.linspace(0.0, MAX_RADIUS_M, 100_001))
        assert np.all(np.diff(inside) > 0)
        assert np.all(np.diff(outside) > 0)
        assert np.all(inside < outside)


class TestChordToDistance:
    @pytest.mark.parametrize("most_m", [1e-3, 100.0, 3_000.0, 4_000.0])
    def test_it_is_within_a_micrometre_to_four_kilometres(self, most_m: float) -> None:
        pairs = pairs_apart(18, 200_000, 0.0, most_m)
        assert np.abs(chord_to_distance(chord_m(*pairs)) - inv_m(*pairs)).max() < 1e-6

    @pytest.mark.parametrize(
        ("least_m", "most_m"), [(4_000.0, 10_000.0), (10_000.0, 200_000.0), (199_000.0, 200_000.0)]
    )
    def test_it_is_within_a_millionth_to_two_hundred_kilometres(
        self, least_m: float, most_m: float
    ) -> None:
        pairs = pairs_apart(19, 200_000, least_m, most_m)
        distance = inv_m(*pairs)
        assert np.all(np.abs(chord_to_distance(chord_m(*pairs)) - distance) < 1e-6 * distance)

    def test_it_keeps_its_promise_where_the_earth_curves_most_and_least(self) -> None:
        # b²/a is the curvature radius along the meridian at the equator, a²/b that at the poles.
        along_equator = (np.array([0.0]), np.array([-0.0179]), np.array([0.0]), np.array([0.0179]))
        over_pole = (np.array([0.0]), np.array([89.9821]), np.array([180.0]), np.array([89.9821]))
        for pair in (along_equator, over_pole):
            assert 3_900 < inv_m(*pair)[0] < 4_100
            assert abs(chord_to_distance(chord_m(*pair)) - inv_m(*pair))[0] < 1e-6

    def test_no_chord_is_no_distance(self) -> None:
        assert chord_to_distance(np.array([0.0])).tolist() == [0.0]
