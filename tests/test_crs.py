"""Projected coordinates against PROJ's own answer, and datums that are refused."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from geo_match.crs import crs_to_lonlat
from geo_match.errors import DatumError

LON = np.array([117.0, 117.36, 117.9])
LAT = np.array([32.7, 32.93, 33.2])
ESRI_CGCS2000 = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize(
    "crs",
    ["EPSG:4526", "EPSG:4548", "EPSG:3857", "EPSG:32650", "EPSG:32650+5773", ESRI_CGCS2000],
)
def test_a_projection_is_undone_within_its_own_datum(crs):
    horizontal = pyproj.CRS(crs).to_2d()
    if horizontal.is_compound:
        horizontal = horizontal.sub_crs_list[0]
    forward = pyproj.Proj(horizontal)
    lon, lat = crs_to_lonlat(*forward(LON, LAT), crs, source="test")
    assert lon == pytest.approx(LON, abs=1e-9)
    assert lat == pytest.approx(LAT, abs=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84", "EPSG:4490", "EPSG:4979", "EPSG:9057"])
def test_degrees_pass_untouched_whatever_axis_order_is_declared(crs):
    lon, lat = crs_to_lonlat(LON, LAT, crs, source="test")
    assert np.array_equal(lon, LON)
    assert np.array_equal(lat, LAT)


@pytest.mark.parametrize(
    ("crs", "found"),
    [
        ("EPSG:4610", "Xian 1980"),
        ("EPSG:2382", "Xian 1980"),
        ("EPSG:4214", "Beijing 1954"),
        ("EPSG:2436", "Beijing 1954"),
        ("EPSG:4555", "New Beijing"),
        ("EPSG:4258", "ETRS89"),
        ("EPSG:4978", "World Geodetic System"),  # earth-centred: no longitudes at all
        ("+proj=longlat +ellps=krass +towgs84=15,-154,-82", "datum"),
        ("+proj=tmerc +lon_0=117 +ellps=GRS80", "GRS 1980"),
        ('LOCAL_CS["site"]', "unknown"),
        ("nonsense", "PROJ does not know"),
        (None, "none"),
    ],
)
def test_any_other_datum_is_refused_with_advice(crs, found):
    with pytest.raises(DatumError, match=rf"`CRS of test` must be .*{found}"):
        crs_to_lonlat(LON, LAT, crs, source="test")


def test_a_bound_shift_is_ignored_since_the_datum_is_known():
    bound = pyproj.CRS("+proj=utm +zone=50 +datum=WGS84 +towgs84=100,0,0 +type=crs")
    forward = pyproj.Proj("EPSG:32650")
    lon, _ = crs_to_lonlat(*forward(LON, LAT), bound, source="test")
    assert lon == pytest.approx(LON, abs=1e-9)


def test_a_rotated_pole_is_not_taken_for_plain_degrees():
    rotated = pyproj.CRS(
        "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=40 +lon_0=10 +datum=WGS84 +type=crs"
    )
    lon, _ = crs_to_lonlat(np.array([0.0]), np.array([0.0]), rotated, source="test")
    assert lon == pytest.approx([10.0])


def test_degrees_from_another_meridian_are_refused():
    paris = pyproj.CRS.from_wkt(
        'GEOGCS["x",DATUM["World Geodetic System 1984",SPHEROID["WGS 84",6378137,298.257223563]],'
        'PRIMEM["Paris",2.33722917],UNIT["degree",0.0174532925199433]]'
    )
    with pytest.raises(DatumError, match="Greenwich"):
        crs_to_lonlat(LON, LAT, paris, source="test")


def test_no_points_are_no_trouble():
    lon, lat = crs_to_lonlat(np.empty(0), np.empty(0), "EPSG:4548", source="test")
    assert (lon.shape, lat.shape) == ((0,), (0,))
