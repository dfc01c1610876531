"""GeoPackage and GeoParquet as geopandas and pyarrow write them."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geo_match.errors import ColumnError, DatumError, FileError, SwappedAxesError
from geo_match.intake import read_places

LON = [117.36, 117.38, 117.40]
LAT = [32.93, 32.94, 32.95]


def frame(crs=4326, **columns):
    columns = columns or {"id": ["A", "B", "C"], "jobs": [1, 2, 3]}
    points = gpd.points_from_xy(LON, LAT, crs="EPSG:4326")
    result = gpd.GeoDataFrame(columns, geometry=points)
    return (
        result.set_crs(crs, allow_override=True)
        if crs in {4326, 4490, None}
        else result.to_crs(crs)
    )


def saved(tmp_path, data, suffix, **options):
    path = tmp_path / f"places.{suffix}"
    if suffix == "gpkg":
        data.to_file(path, **options)
    else:
        data.to_parquet(path, **options)
    return path


@pytest.mark.parametrize("crs", [4326, 4490, 4526, 4548, 3857, 32650])
@pytest.mark.parametrize("suffix", ["gpkg", "parquet", "geoparquet"])
def test_places_come_back_from_every_crs(tmp_path, suffix, crs):
    read = read_places(saved(tmp_path, frame(crs), suffix), numbers=["jobs"])
    assert read.places.id.tolist() == ["A", "B", "C"]
    assert read.places.lon == pytest.approx(LON, abs=1e-9)
    assert read.places.lat == pytest.approx(LAT, abs=1e-9)
    assert read.places.attributes["jobs"].tolist() == [1, 2, 3]
    assert read.rejections == ()


@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
def test_degrees_are_read_to_the_last_bit(tmp_path, suffix):
    read = read_places(saved(tmp_path, frame(), suffix))
    assert read.places.lon.tolist() == LON
    assert read.places.lat.tolist() == LAT


@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
@pytest.mark.parametrize("crs", [4610, 4214, 2382])
def test_old_chinese_datums_are_refused(tmp_path, suffix, crs):
    data = frame(None).set_crs(crs)
    with pytest.raises(DatumError, match="Have the data's provider convert"):
        read_places(saved(tmp_path, data, suffix))


def test_a_crs_that_nobody_knows_is_refused(tmp_path):
    with pytest.raises(DatumError, match="Assign the CRS"):
        read_places(saved(tmp_path, frame(None), "parquet"))


@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
def test_a_file_that_lies_about_its_datum_is_converted_when_this_is_declared(tmp_path, suffix):
    path = saved(tmp_path, frame(3857), suffix)
    read = read_places(path, datum="gcj02")
    assert 400 < np.abs(read.places.lon - LON).max() * 93_000 < 700  # metres a degree at 33° N


@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
def test_shapes_that_are_no_points_are_rejected(tmp_path, suffix):
    shapes = [
        shapely.Point(1, 2),
        None,
        shapely.Point(),
        shapely.box(0, 0, 1, 1),
        shapely.Point(0, 0),
    ]
    data = gpd.GeoDataFrame({"id": list("ABCDE")}, geometry=shapes, crs=4326)
    read = read_places(saved(tmp_path, data, suffix))
    assert read.places.id.tolist() == ["A"]
    assert [(r.row, r.value) for r in read.rejections] == [
        (2, "null"),
        (3, "Point EMPTY"),
        (4, "Polygon"),
        (5, "0, 0"),
    ]


def test_a_stored_origin_of_a_projection_is_an_unknown_place_too(tmp_path):
    data = gpd.GeoDataFrame(
        {"id": ["A", "B"]},
        geometry=[shapely.Point(500_000, 3_640_000), shapely.Point(0, 0)],
        crs=4548,
    )
    assert (
        read_places(saved(tmp_path, data, "gpkg"))
        .rejections[0]
        .rule.startswith("must not be (0, 0)")
    )


def test_exchanged_eastings_and_northings_are_told_as_such(tmp_path):
    data = gpd.GeoDataFrame(
        {"id": ["A", "B"]},
        geometry=[shapely.Point(500_000, 3_640_000), shapely.Point(3_640_000, 500_000)],
        crs=4548,
    )
    (rejection,) = read_places(saved(tmp_path, data, "gpkg")).rejections
    assert (rejection.row, rejection.value) == (2, "3640000, 500000")
    assert "Easting and northing look exchanged" in rejection.remedy
    data = data.iloc[[1]]
    with pytest.raises(SwappedAxesError, match="Exchange x and y"):
        read_places(saved(tmp_path, data, "parquet"))


def test_a_point_beyond_a_projection_is_rejected(tmp_path):
    data = gpd.GeoDataFrame(
        {"id": ["A", "B"]},
        geometry=[shapely.Point(500_000, 3_640_000), shapely.Point(1e30, 1e30)],
        crs=4548,
    )
    (rejection,) = read_places(saved(tmp_path, data, "parquet")).rejections
    assert rejection.rule == "must be a place in the file's CRS"


def test_the_key_of_a_geopackage_serves_where_no_id_is(tmp_path):
    read = read_places(saved(tmp_path, frame(jobs=[1, 2, 3]), "gpkg"))
    assert read.places.id.tolist() == ["1", "2", "3"]
    assert read.warnings == ()


def test_numeric_ids_are_plain_text_gaps_or_not(tmp_path):
    for name, ids in (("whole", [1, 2, 3]), ("gaps", [1.0, np.nan, 3.0]), ("nulls", [1, None, 3])):
        folder = tmp_path / name
        folder.mkdir()
        values = pd.array(ids, dtype="Int64") if name == "nulls" else ids
        read = read_places(saved(folder, frame(id=values), "parquet"))
        assert set(read.places.id) <= {"1", "2", "3"}
        assert (read.n_rejected == 0) == (name == "whole")


def test_weights_of_every_type_are_figures_or_rejected(tmp_path):
    data = frame(
        id=["A", "B", "C"],
        decimal=pd.Series([1, None, 3], dtype=pd.ArrowDtype(pa.decimal128(9, 2))),
        text=["1", "2", "x"],
        flag=[True, False, True],
        whole=pd.array([2**60, 1, 2], dtype="Int64"),
    )
    path = saved(tmp_path, data, "parquet")
    assert [r.row for r in read_places(path, numbers=["decimal"]).rejections] == [2]
    assert [r.row for r in read_places(path, numbers=["text"]).rejections] == [3]
    with pytest.raises(ColumnError, match=r"text such as 'true'.* in: decimal, text, whole"):
        read_places(path, numbers=["flag"])
    assert read_places(path, numbers=["whole"]).places.attributes["whole"].tolist()[0] == 2**60


def test_a_geopackage_needs_exactly_one_layer_of_shapes(tmp_path):
    path = tmp_path / "two.gpkg"
    frame().to_file(path, layer="jobs")
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), path, layer="styles")
    assert len(read_places(path).places) == 3
    frame().to_file(path, layer="stations")
    with pytest.raises(FileError, match="got 2: jobs, stations"):
        read_places(path)
    bare = tmp_path / "bare.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), bare)
    with pytest.raises(FileError, match="one layer with geometry, got 0"):
        read_places(bare)


@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
def test_other_bytes_under_the_suffix_are_refused(tmp_path, suffix):
    path = tmp_path / f"places.{suffix}"
    path.write_text("id,lon,lat\n")
    with pytest.raises(FileError, match=r"GeoPackage|Parquet"):
        read_places(path)


def test_a_damaged_geopackage_is_refused(tmp_path):
    path = tmp_path / "damaged.gpkg"
    frame().to_file(path)
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(FileError, match="readable GeoPackage"):
        read_places(path)


def test_a_plain_parquet_with_coordinates_is_read(tmp_path):
    path = tmp_path / "plain.parquet"
    pd.DataFrame({"编号": [7, 8], "lng": [117.36, None], "lat": [32.9, 32.9]}).to_parquet(path)
    read = read_places(path)
    assert read.places.id.tolist() == ["7"]
    assert [(r.row, r.field) for r in read.rejections] == [(2, "lng")]


def test_a_parquet_without_coordinates_or_with_repeated_columns_is_refused(tmp_path):
    path = tmp_path / "plain.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(ColumnError, match="a geometry or a column of longitudes"):
        read_places(path)
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), path)
    with pytest.raises(ColumnError, match="repeated a"):
        read_places(path)


def test_native_points_and_covering_boxes_are_read(tmp_path):
    path = saved(
        tmp_path, frame(), "parquet", geometry_encoding="geoarrow", write_covering_bbox=True
    )
    read = read_places(path)
    assert read.places.lon.tolist() == LON
    assert list(read.places.attributes) == ["jobs"]


@pytest.mark.parametrize(
    "geo",
    ["no json", "{}", '{"primary_column":"x","columns":{}}', "[]",
     '{"primary_column":"a","columns":{"a":{"encoding":"WKT"}}}'],
)  # fmt: skip
def test_broken_geo_metadata_is_refused(tmp_path, geo):
    path = tmp_path / "broken.parquet"
    pq.write_table(pa.table({"a": ["POINT (1 2)"]}).replace_schema_metadata({"geo": geo}), path)
    with pytest.raises(FileError, match=r"sound GeoParquet metadata|encode its geometry"):
        read_places(path)


def test_metadata_added_when_the_file_was_closed_is_found(tmp_path):
    path = tmp_path / "late.parquet"
    table = pa.table(
        {"id": ["A"], "g": pa.array([shapely.to_wkb(shapely.Point(1, 2))], pa.binary())}
    )
    geo = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}
    with pq.ParquetWriter(path, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(geo)})
    assert read_places(path).places.lon.tolist() == [1]


@pytest.mark.parametrize(
    ("crs", "datum", "warned"),
    [
        (4490, "gcj02", True),
        (4548, "bd09", True),
        (4326, "gcj02", False),
        (3857, "bd09", False),
        (4548, "cgcs2000", False),
        (4548, "wgs84", False),
    ],
)
def test_a_datum_against_the_crs_of_a_survey_is_honoured_with_a_warning(
    *, tmp_path, crs, datum, warned
):
    read = read_places(saved(tmp_path, frame(crs), "gpkg"), datum=datum)
    told = [warning for warning in read.warnings if "states the CRS" in warning]
    assert len(told) == warned
    assert all(f"taken for {datum} all the same" in warning for warning in told)
    assert (abs(read.places.lon[0] - LON[0]) > 1e-3) == (datum in {"gcj02", "bd09"})
