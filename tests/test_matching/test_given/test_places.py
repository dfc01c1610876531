"""Places of frames: columns, and geometries of any CRS."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyproj
import pytest
import shapely

from geo_match.errors import DatumError
from geo_match.matching.given.faults import FrameError
from geo_match.matching.given.frames import jobs_table, origins_table, seekers_table

LON = np.array([117.0, 117.36, 117.9])

LAT = np.array([32.7, 32.93, 33.2])


def located(crs, lon=LON, lat=LAT):
    """Return a frame in a CRS, its coordinates made by a bare projection without a datum shift."""
    horizontal = pyproj.CRS(crs).to_2d()
    if horizontal.is_projected:
        lon, lat = pyproj.Proj(horizontal)(lon, lat)
    points = gpd.points_from_xy(lon, lat)
    return gpd.GeoDataFrame({"id": [str(i) for i in range(len(lon))]}, geometry=points, crs=crs)


@pytest.mark.parametrize(
    "crs",
    ["EPSG:4326", "OGC:CRS84", "EPSG:4490", "EPSG:4526", "EPSG:4548", "EPSG:3857", "EPSG:32650"],
)
def test_a_crs_on_wgs_84_or_cgcs2000_is_undone_as_pyproj_does_it(crs):
    table = origins_table(located(crs))
    assert table.column("lon").to_pylist() == pytest.approx(LON, abs=1e-9)
    assert table.column("lat").to_pylist() == pytest.approx(LAT, abs=1e-9)


def test_the_frames_own_change_of_crs_is_found_again():
    frame = located("EPSG:4326")
    table = origins_table(frame.to_crs("EPSG:32650"))
    assert table.column("lon").to_pylist() == pytest.approx(LON, abs=1e-9)


@pytest.mark.parametrize(
    ("crs", "found"),
    [
        ("EPSG:4610", "Xian 1980"),
        ("EPSG:2382", "Xian 1980"),
        ("EPSG:4214", "Beijing 1954"),
        ("EPSG:2436", "Beijing 1954"),
        ("EPSG:4555", "New Beijing"),
        ("EPSG:4258", "ETRS89"),
    ],
)
def test_a_crs_on_another_datum_is_refused_with_advice(crs, found):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(117, 33)], crs=crs)
    with pytest.raises(
        DatumError, match=rf"`CRS of jobs` must be .*{found}.*convert it to CGCS2000"
    ):
        jobs_table(frame)


def test_points_of_no_crs_are_refused_with_advice():
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(117, 33)])
    with pytest.raises(DatumError, match=r"`CRS of seekers` must be .* got none\. Assign the CRS"):
        seekers_table(frame)


def test_null_empty_and_nan_points_are_not_located():
    shapes = [None, shapely.Point(), shapely.Point(math.nan, math.nan), shapely.Point(117, 33, 5)]
    frame = gpd.GeoDataFrame({"id": list("abcd")}, geometry=shapes, crs="EPSG:4326")
    assert origins_table(frame).column("lon").to_pylist() == [None, None, None, 117.0]
    projected = frame.to_crs("EPSG:4548")
    assert origins_table(projected).column("lat").to_pylist()[:3] == [None, None, None]
    assert origins_table(projected).column("lat").to_pylist()[3] == pytest.approx(33.0)


def test_the_geometry_counts_before_lon_and_lat_whatever_it_is_called():
    frame = located("EPSG:4326").rename_geometry("home").assign(lon=0.0, lat=0.0)
    assert origins_table(frame).column("lon").to_pylist() == LON.tolist()


def test_a_geodataframe_without_a_geometry_has_lon_and_lat():
    frame = gpd.GeoDataFrame({"id": ["a"], "lon": [1.0], "lat": [2.0]})
    assert origins_table(frame).column("lat").to_pylist() == [2.0]


def test_an_arrow_table_of_geoarrow_points_is_placed_by_them():
    frame = located("EPSG:4548")
    table = pa.table(frame.to_arrow(index=False))
    assert origins_table(table).equals(origins_table(frame))
    with_columns = table.append_column("lon", pa.array([1.0] * 3))
    with_columns = with_columns.append_column("lat", pa.array([2.0] * 3))
    assert origins_table(with_columns).column("lon").to_pylist() == [1.0] * 3


def test_other_shapes_are_named_by_row():
    shapes = [shapely.Point(117, 33), shapely.box(117, 33, 118, 34)]
    frame = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs="EPSG:4326")
    message = r"`geometry` must hold points, got 1 of 2 .*position 1, id 'b': 'Polygon'.*point of"
    with pytest.raises(FrameError, match=message):
        origins_table(frame)


def test_a_point_that_its_crs_does_not_have_is_named():
    shapes = [shapely.Point(500_000, 3_600_000), shapely.Point(1e30, 1e30)]
    frame = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs="EPSG:4548")
    with pytest.raises(FrameError, match=r"be a place in its CRS, got 1 of 2 .*id 'b': 'POINT"):
        origins_table(frame)


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (180.1, 0.0, r"`lon` must lie between -180 and 180 degrees of longitude.*\(180\.1, 0\.0\)"),
        (math.inf, 0.0, r"`lon` must lie between -180 and 180 degrees of longitude"),
        (0.0, -90.5, r"`lat` must lie between -90 and 90 degrees of latitude"),
        (32.9, 117.4, r"`lat` must lie between .*look swapped: exchange them"),
        (117.4, None, r"`lon, lat` must be given together or not at all.*\(117\.4, None\)"),
        (None, 32.9, r"`lon, lat` must be given together or not at all"),
        ("117.4", 32.9, r"`lon` must be numbers.*string.*pandas\.to_numeric"),
        (True, 32.9, r"`lon` must be numbers.*a column of bool"),
    ],
)
def test_half_places_and_places_not_on_earth_are_named(lon, lat, message):
    with pytest.raises(FrameError, match=message):
        origins_table({"id": "a", "lon": lon, "lat": lat})


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (200.0, 0.0, r"`geometry` must lie between -180 and 180 degrees of longitude"),
        (32.9, 117.4, r"`geometry` must lie between -90 and 90 degrees of latitude.*swapped"),
        (117.4, math.nan, r"`geometry` must be given together or not at all.*'POINT \(117\.4 NaN"),
    ],
)
def test_points_are_checked_like_columns(x, y, message):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=gpd.points_from_xy([x], [y]), crs="EPSG:4326")
    with pytest.raises(FrameError, match=message):
        origins_table(frame)


@pytest.mark.parametrize(("lon", "lat"), [(180.0, 90.0), (-180.0, -90.0), (0.0, 0.0)])
def test_the_ends_of_the_earth_are_on_it(lon, lat):
    row = origins_table({"id": "a", "lon": lon, "lat": lat}).to_pylist()[0]
    assert (row["lon"], row["lat"]) == (lon, lat)
