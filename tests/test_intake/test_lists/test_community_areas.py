"""Areas of communities, as text and as shapes."""

from __future__ import annotations

import json
import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import shapely.affinity

from geo_match.datums import to_wgs84
from geo_match.errors import DatumError
from geo_match.intake.lists.records_file import read_records


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_areas_as_text_become_wgs84_and_need_a_datum(tmp_path, suffix):
    area = "POLYGON ((117 32, 118 32, 118 33, 117 32))"
    rows = pd.DataFrame(
        {"社区代码": ["340302001001", "340302001002"], "社区名称": ["甲", "乙"], "area": [area, ""]}
    )
    path = tmp_path / f"list.{suffix}"
    if suffix == "csv":
        rows.to_csv(path, index=False)
    else:
        rows.to_excel(path, index=False)
    with pytest.raises(DatumError, match="`datum` must be given"):
        read_records(path, "communities")
    kept = read_records(path, "communities", datum="wgs84").records.column("area")
    assert kept.to_pylist() == [area, None]
    moved = read_records(path, "communities", datum="bd09").records.column("area")[0].as_py()
    corners = shapely.get_coordinates(shapely.from_wkt(area)).T
    expected = np.column_stack(to_wgs84(lon=corners[0], lat=corners[1], datum="bd09"))
    assert np.allclose(
        shapely.get_coordinates(shapely.from_wkt(moved)), expected, rtol=0.0, atol=1e-8
    )


def test_areas_of_communities_are_kept_and_what_is_no_area_is_rejected(tmp_path):
    square = [[[117, 32], [118, 32], [118, 33], [117, 32]]]
    bow_tie = [[[117, 32], [118, 33], [118, 32], [117, 33], [117, 32]]]
    shapes = [
        {"type": "Polygon", "coordinates": square},
        {"type": "Polygon", "coordinates": bow_tie},
        {"type": "Point", "coordinates": [117.5, 32.5]},
        {"type": "LineString", "coordinates": square[0]},
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"34030200100{at}", "name": "甲"},
            "geometry": shape,
        }
        for at, shape in enumerate(shapes)
    ]
    path = tmp_path / "communities.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_records(path, "communities")
    assert found.row.tolist() == [1, 3]
    assert found.records.column("area")[0].as_py() == ("POLYGON ((117 32, 118 32, 118 33, 117 32))")
    assert found.records.column("lon").to_pylist() == [None, 117.5]
    assert [one.row for one in found.rejections] == [2, 4]


def geoparquet(path, shapes):
    about = {"encoding": "WKB", "geometry_types": []}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about}}
    codes = [f"34030200100{at}" for at in range(len(shapes))]
    table = pa.table({"code": codes, "name": codes, "geometry": pa.array(shapes, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def test_shapes_nested_to_any_depth_never_reach_a_parser(tmp_path):
    square = shapely.Polygon([(117, 32), (118, 32), (118, 33)])
    collection = struct.pack("<BII", 1, 7, 1)
    shapes = [
        square.wkb,
        shapely.to_wkb(shapely.MultiPolygon([square, shapely.affinity.translate(square, 1)])),
        shapely.to_wkb(shapely.force_3d(square)),
        shapely.to_wkb(shapely.set_srid(square, 4326), include_srid=True, byte_order=0),
        struct.pack("<BII", 1, 6, 1) + collection * 200_000,
        square.wkb[:-4],
        struct.pack("<BIII", 1, 3, 1, 2**32 - 1),
    ]
    found = read_records(geoparquet(tmp_path / "areas.parquet", shapes), "communities")
    assert found.row.tolist() == [1, 2, 3, 4]
    assert [one.rule for one in found.rejections] == ["must be a polygon, or several"] * 3


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_a_community_without_a_shape_is_noted_to_have_no_outline(tmp_path, suffix):
    square = shapely.box(117, 32, 118, 33)
    frame = gpd.GeoDataFrame(
        {"code": ["340302001001", "340302001002"], "name": ["甲", "乙"]},
        geometry=[square, None],
        crs=4326,
    )
    path = tmp_path / f"c.{suffix}"
    frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path)
    found = read_records(path, "communities")
    assert found.records.column("area").is_null().to_pylist() == [False, True]
    assert [(one.row, one.rule, one.remedy) for one in found.notes] == [
        (
            2,
            "must hold the outline of a community for people to be found in it by their place",
            "It was kept; who has no place still belongs to it by the record.",
        )
    ]
