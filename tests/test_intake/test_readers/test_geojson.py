"""GeoJSON: every feature is accounted for, whatever stands in it."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest

from geo_match.errors import ColumnError, DatumError, FileError
from geo_match.intake import ColumnNames, read_places
from geo_match.intake.readers import geojson

POINT = {"type": "Point", "coordinates": [117.36, 32.93]}


def feature(properties=None, geometry=POINT, **members):
    return {"type": "Feature", "properties": properties, "geometry": geometry, **members}


def written(tmp_path, content):
    path = tmp_path / "places.geojson"
    if isinstance(content, list):
        content = json.dumps({"type": "FeatureCollection", "features": content})
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_features_become_places_with_their_properties(tmp_path):
    features = [feature({"id": "A", "jobs": 3}), feature({"id": "B", "name": "淮"})]
    read = read_places(written(tmp_path, features))
    assert read.places.id.tolist() == ["A", "B"]
    assert read.places.lon.tolist() == [117.36, 117.36]
    assert read.places.attributes["jobs"].tolist()[0] == 3
    assert str(read.places.attributes["jobs"].dtype) == "Int64"
    assert read.places.attributes["name"].isna().tolist() == [True, False]


@pytest.mark.parametrize("ids", [["a", "b"], [7, 3], [0, 1], [7, "x"]])
def test_a_features_own_id_is_its_id(tmp_path, ids):
    read = read_places(written(tmp_path, [feature(id=one) for one in ids]))
    assert read.places.id.tolist() == [str(one) for one in ids]
    assert list(read.places.attributes) == []
    assert read.warnings == ()


def test_repeated_ids_of_features_are_rejected_not_renumbered(tmp_path):
    read = read_places(written(tmp_path, [feature(id=7), feature(id=7), feature()]))
    assert read.places.id.tolist() == ["7"]
    assert [(r.row, r.value) for r in read.rejections] == [(2, "7"), (3, "")]


def test_a_property_is_preferred_to_a_features_own_id(tmp_path):
    read = read_places(written(tmp_path, [feature({"编号": "P1"}, id="0")]))
    assert read.places.id.tolist() == ["P1"]
    assert list(read.places.attributes) == []


@pytest.mark.parametrize(
    ("geometry", "value"),
    [
        (None, "null"),
        ({"type": "Point", "coordinates": []}, "Point EMPTY"),
        ({"type": "Point", "coordinates": ["117", "32"]}, "Point with coordinates ['117', '32']"),
        ({"type": "Point", "coordinates": [117]}, "Point with coordinates [117]"),
        ({"type": "Point", "coordinates": [True, False]}, "Point with coordinates [True, False]"),
        ({"type": "Point", "coordinates": [None, 1]}, "Point with coordinates [None, 1]"),
        ({"type": "Point"}, "Point with coordinates "),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}, "Polygon"),
        ({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}, "MultiPoint"),
        ({"type": "GeometryCollection", "geometries": [POINT]}, "GeometryCollection"),
        ({"coordinates": [1, 2]}, "an object without `type`"),
        ("here", "here"),
        ({"type": "Point", "coordinates": [1e999, 2]}, "inf, 2"),
        ({"type": "Point", "coordinates": [10**400, 2]}, "inf, inf"),
    ],
)
def test_a_shape_that_is_no_point_is_rejected_with_what_it_is(tmp_path, geometry, value):
    read = read_places(written(tmp_path, [feature({"id": 1}), feature({"id": 2}, geometry)]))
    (rejection,) = read.rejections
    assert (rejection.row, rejection.field, rejection.value) == (2, "geometry", value)
    assert read.places.id.tolist() == ["1"]


def test_areas_are_told_to_use_representative_points(tmp_path):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    read = read_places(written(tmp_path, [feature({"id": 1}), feature({"id": 2}, square)]))
    assert "representative points" in read.rejections[0].remedy


def test_one_point_in_a_multipoint_and_heights_are_taken(tmp_path):
    shapes = [
        {"type": "MultiPoint", "coordinates": [[1, 2]]},
        {"type": "Point", "coordinates": [3, 4, 99]},
    ]
    read = read_places(written(tmp_path, [feature(geometry=shape) for shape in shapes]))
    assert read.places.lon.tolist() == [1, 3]
    assert read.places.id.tolist() == ["1", "2"]
    assert "row numbers are the ids" in read.warnings[0]


def test_what_is_no_feature_is_rejected_and_the_rest_keeps_its_numbers(tmp_path):
    features = [feature(), 5, {"type": "Point"}, feature(properties=[1]), feature()]
    read = read_places(written(tmp_path, features))
    assert read.row.tolist() == [1, 5]
    assert [r.row for r in read.rejections] == [2, 3, 4]
    assert read.n_read == 5


def test_a_single_feature_and_members_in_any_order_are_read(tmp_path):
    assert len(read_places(written(tmp_path, json.dumps(feature()))).places) == 1
    text = json.dumps({"features": [feature()], "name": "x", "type": "FeatureCollection"})
    assert len(read_places(written(tmp_path, "\ufeff\n " + text + " \n")).places) == 1


def test_values_of_several_types_are_kept_as_text(tmp_path):
    values = [1, "01", None, True, [1, "a"], 2**70]
    read = read_places(written(tmp_path, [feature({"v": value}) for value in values]))
    texts = read.places.attributes["v"]
    assert texts.dropna().tolist() == ["1", "01", "true", '[1, "a"]', str(2**70)]


def test_a_geojson_of_gdal_reads_as_gdal_reads_it(tmp_path):
    rng = np.random.default_rng(1)
    frame = gpd.GeoDataFrame(
        {"id": [f"n{i}" for i in range(50)], "w": rng.random(50)},
        geometry=gpd.points_from_xy(rng.uniform(-180, 180, 50), rng.uniform(-90, 90, 50)),
        crs=4326,
    )
    path = tmp_path / "gdal.geojson"
    frame.to_file(path, driver="GeoJSON")
    read, expected = read_places(path).places, gpd.read_file(path)
    assert read.id.tolist() == expected["id"].tolist()
    assert read.lon.tolist() == expected.geometry.x.tolist()
    assert read.lat.tolist() == expected.geometry.y.tolist()
    assert read.attributes["w"].tolist() == expected["w"].tolist()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "be JSON"),
        ("[]", "be JSON"),
        ("not json", "be JSON"),
        (json.dumps({"type": "FeatureCollection", "features": [feature()]})[:-1], "be JSON"),
        (json.dumps({"type": "FeatureCollection", "features": [feature()]}) + "x", "behind"),
        ('{"type":"FeatureCollection","features":[{"a":1} {"b":2}]}', "be JSON"),
        ('{"hello":1}', "without `type`"),
        ('{"type":"Topology"}', "'Topology'"),
        (json.dumps(POINT), "'Point'"),
        ('{"type":"FeatureCollection","features":[]}', "no feature"),
        (b'{"type":"\xff"}', "UTF-8"),
        ('{"type":"FeatureCollection","features":[' + "9" * 5000 + "]}", "be JSON"),
        (
            json.dumps({"type": "FeatureCollection", "features": [feature({"a": "\ud800"})]}),
            "UTF-8",
        ),
    ],
)
def test_text_that_is_no_geojson_is_refused_with_a_reason(tmp_path, content, message):
    with pytest.raises(FileError, match=message):
        read_places(written(tmp_path, content))


@pytest.mark.parametrize(
    "opening", ["[", '{"a":', '{"type":"GeometryCollection","geometries":['], ids=len
)
def test_hostile_nesting_is_refused_without_a_crash(tmp_path, opening):
    inside = opening * 100_000
    shape = f'{{"type":"Feature","properties":null,"geometry":{inside}'
    with pytest.raises(FileError, match="nested too deeply"):
        read_places(written(tmp_path, f'{{"type":"FeatureCollection","features":[{shape}'))
    with pytest.raises(FileError, match="nested too deeply"):
        read_places(written(tmp_path, f'{{"x":{inside}'))


def test_a_text_beyond_the_limit_is_refused_unread(tmp_path, monkeypatch):
    path = written(tmp_path, [feature()])
    monkeypatch.setattr(geojson, "MAX_BYTES", 10)
    with pytest.raises(FileError, match="GeoPackage or GeoParquet"):
        read_places(path)


def test_names_without_end_are_refused(tmp_path):
    features = [feature({f"p{i}": 1}) for i in range(4097)]
    with pytest.raises(FileError, match="at most 4,096 properties"):
        read_places(written(tmp_path, features))


def crs_of(name):
    return {"type": "name", "properties": {"name": name}}


def collection(crs, geometry=POINT):
    return json.dumps(
        {"type": "FeatureCollection", "crs": crs, "features": [feature(None, geometry)]}
    )


def test_a_declared_crs_is_honoured(tmp_path):
    read = read_places(written(tmp_path, collection(crs_of("urn:ogc:def:crs:EPSG::4490"))))
    assert read.places.lon.tolist() == [117.36]
    metres = {"type": "Point", "coordinates": [500_000.0, 0.0]}
    read = read_places(written(tmp_path, collection(crs_of("EPSG:32650"), metres)))
    assert read.places.lon.tolist() == pytest.approx([117.0], abs=1e-12)


def test_an_unknown_crs_is_refused(tmp_path):
    with pytest.raises(DatumError, match="Xian 1980"):
        read_places(written(tmp_path, collection(crs_of("EPSG:4610"))))
    with pytest.raises(DatumError, match="PROJ does not know"):
        read_places(written(tmp_path, collection(crs_of("EPSG:999999"))))
    with pytest.raises(FileError, match="name its CRS"):
        read_places(written(tmp_path, collection({"type": "link"})))


def test_columns_cannot_be_chosen_for_a_file_with_shapes(tmp_path):
    with pytest.raises(ColumnError, match="by its geometry"):
        read_places(written(tmp_path, [feature({"x": 1})]), columns=ColumnNames(lon="x"))
