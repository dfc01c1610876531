"""What a CRS says of whoever made a list, against the names that PROJ has."""

from __future__ import annotations

import pyproj
import pytest

from geo_match.intake.crs import no_web_map

ESRI_CGCS2000 = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84", "EPSG:4979", "EPSG:3857", "ESRI:102100"])
def test_web_maps_are_saved_in_wgs_84_or_web_mercator(crs):
    assert no_web_map(crs, source="test") is None


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4548", "EPSG:32650", ESRI_CGCS2000])
def test_no_web_map_is_saved_in_a_surveyors_crs(crs):
    assert no_web_map(crs, source="test") == pyproj.CRS(crs).name
