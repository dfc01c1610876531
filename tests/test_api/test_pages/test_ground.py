"""The ground under the map: files of outlines as one GeoJSON, each a layer."""

from __future__ import annotations

import json
import re

import geopandas as gpd
import pytest
import shapely

from api.app import create_app
from api.pages.ground import read_ground
from api.settings import Settings
from geo_match.errors import DatumError, FileError

RIVER = shapely.box(117.3, 32.9, 117.4, 32.95)


@pytest.fixture
def river(tmp_path):
    """A river on CGCS2000 in metres, and another that is not drawn yet."""
    path = tmp_path / "river.parquet"
    frame = gpd.GeoDataFrame({"name": ["示例河", None]}, geometry=[RIVER, None], crs=4326)
    frame.to_crs(4548).to_parquet(path)
    return path


@pytest.fixture
def districts(tmp_path):
    """Two districts, one without a name, by a number for a code."""
    path = tmp_path / "districts.gpkg"
    frame = gpd.GeoDataFrame(
        {"code": [340302, 340303], "name": ["示例区", None], "people": [1, 2]},
        geometry=[RIVER, shapely.box(117.4, 32.9, 117.5, 33)],
        crs=4326,
    )
    frame.to_file(path)
    return path


def features(*paths):
    told = json.loads(read_ground(paths))
    assert told.keys() == {"type", "features"}
    return told["features"]


def test_without_files_it_is_empty():
    assert features() == []


def test_each_file_is_a_layer_in_wgs84_and_tells_what_it_has(districts, river):
    told = features(districts, river)
    assert [one["properties"] for one in told] == [
        {"layer": "districts", "code": "340302", "name": "示例区"},
        {"layer": "districts", "code": "340303", "name": None},
        {"layer": "river", "code": None, "name": "示例河"},
    ]
    for one in (told[0], told[2]):
        drawn = shapely.geometry.shape(one["geometry"])
        assert shapely.hausdorff_distance(drawn, RIVER) < 2e-6  # a grid of 1e-6, and its diagonal


def test_coordinates_have_six_digits_at_most(river):
    numbers = re.findall(rb"\d+\.\d+", read_ground([river]))
    assert len(numbers) == 10
    assert all(len(number.partition(b".")[2]) <= 6 for number in numbers)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.parquet", "must be a file, got nothing there"),
        ("", "must be a file, got a folder"),
        ("broken.parquet", "must be GeoParquet, or what GDAL reads, with outlines, got its error"),
        ("broken.gpkg", "must be GeoParquet, or what GDAL reads, with outlines, got its error"),
        ("list.csv", "must be GeoParquet, or what GDAL reads, with outlines, got its error"),
    ],
)
def test_what_is_no_file_of_outlines_is_refused_by_name(tmp_path, name, said):
    for broken in ("broken.parquet", "broken.gpkg"):
        (tmp_path / broken).write_bytes(b"nothing")
    (tmp_path / "list.csv").write_text("name\n示例河\n", encoding="utf-8")
    with pytest.raises(FileError, match=said):
        read_ground([tmp_path / name])


def test_coordinates_of_an_unknown_datum_are_refused(tmp_path):
    path = tmp_path / "river.parquet"
    gpd.GeoDataFrame(geometry=[RIVER]).to_parquet(path)
    with pytest.raises(DatumError, match=r"CRS of .*river\.parquet"):
        read_ground([path])


def test_a_server_serves_the_ground_of_its_settings(sites, asker, river):
    settings = Settings(sites=sites, sites_datum="wgs84", ground=(river,))
    answer = asker(create_app(settings))("/ground.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.content == read_ground([river])


def test_a_ground_that_is_not_there_ends_the_start(sites, tmp_path):
    settings = Settings(sites=sites, sites_datum="wgs84", ground=(tmp_path / "no.gpkg",))
    with pytest.raises(FileError, match=r"no\.gpkg"):
        create_app(settings)
