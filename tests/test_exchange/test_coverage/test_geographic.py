"""GeoParquet, GeoPackage and GeoJSON: what is read back is what the report says, with outlines."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from test_exchange.test_coverage.written import GAPS, PLAN, SUPPLY, assert_like, there

import geo_match as gm
from geo_match.errors import FileError
from geo_match.exchange.coverage import SUFFIXES, geographic, write_coverage


def test_geoparquet_has_the_first_table_with_its_outlines(report):
    assert write_coverage(report, "o.parquet", date="2025-12-31") == ["community"]
    found = gpd.read_parquet("o.parquet")
    assert found.crs.to_epsg() == 4326
    assert_like(found, report.by("community"), digits=17)
    assert found.geometry.geom_equals(report.by("community").geometry).tolist() == [
        True,
        True,
        True,
        False,
        False,
    ]
    metadata = pq.read_schema("o.parquet").metadata
    assert metadata[b"release"] == b"internal"
    about = json.loads(metadata[b"geo_match"])
    assert (about["release"], about["date"]) == ("internal", "2025-12-31")
    assert about["asked"]["半径"] == "3,000米"


def test_a_geopackage_has_a_layer_a_table_and_says_what_it_is(report):
    told = write_coverage(
        report, "o.gpkg", by=("street", "city by hukou"), gap_areas=GAPS, plan=PLAN, language="en"
    )
    assert told == ["street", "city by hukou"]
    layers = dict(pyogrio.list_layers("o.gpkg").tolist())
    assert layers == {
        "street": "MultiPolygon",
        "city by hukou": "MultiPolygon",
        "gap_areas": "MultiPolygon",
        "supply": "Point",
        "plan": None,
        "columns": None,
    }
    assert_like(gpd.read_file("o.gpkg", layer="street"), report.by("street"))
    assert_like(gpd.read_file("o.gpkg", layer="city by hukou"), report.by("city", "hukou"))
    supply = gpd.read_file("o.gpkg", layer="supply")
    assert list(supply.columns) == ["amount", "release", "geometry"]
    assert supply.amount.sum() == sum(row["vacancies"] for row in SUPPLY)
    assert gpd.read_file("o.gpkg", layer="gap_areas").communities.tolist() == ["A; B"]
    for name in layers:
        info = pyogrio.read_info("o.gpkg", layer=name)
        assert info["layer_metadata"]["release"] == "internal"
        assert info["dataset_metadata"]["release"] == "internal"
        assert json.loads(info["layer_metadata"]["asked"])["radius"] == "3,000 m"
        frame = pyogrio.read_dataframe("o.gpkg", layer=name)
        assert set(frame["release"]) == {"internal"}
    columns = pyogrio.read_dataframe("o.gpkg", layer="columns").set_index("column")
    assert columns.loc["reached", "chinese"] == "可达"


def test_geojson_says_what_it_is_and_turns_outer_rings_left(report):
    assert write_coverage(report, "o.geojson") == ["community"]
    found = json.loads(Path("o.geojson").read_text(encoding="utf-8"))
    assert (found["type"], found["release"]) == ("FeatureCollection", "internal")
    assert "crs" not in found
    assert found["features"][3]["geometry"] is None
    assert found["features"][3]["properties"]["reached_share"] is None
    assert found["features"][0]["properties"]["name"] == "东风社区"
    assert_like(gpd.read_file("o.geojson"), report.by("community"))
    assert all(one.exterior.is_ccw for one in gpd.read_file("o.geojson").geometry if one)


def test_a_layer_that_gdal_refuses_leaves_nothing(report, monkeypatch):
    def refuse(_, path, **__):
        Path(path).write_bytes(b"half")
        message = f"could not write {path}"
        raise pyogrio.errors.DataLayerError(message)

    monkeypatch.setattr(geographic.pyogrio, "write_dataframe", refuse)
    with pytest.raises(FileError, match=r"o\.gpkg` must be written by GDAL, got its error: could"):
        write_coverage(report, "o.gpkg")
    assert there() == []


@pytest.mark.parametrize("suffix", [one for one in SUFFIXES if one != ".html"])
def test_communities_without_any_outline_are_written_too(suffix):
    communities = pd.DataFrame({"code": ["a", "b"]})
    report = gm.Coverage([], communities).of([])
    path = Path(f"o{suffix}")
    assert write_coverage(report, path) == ["community"]  # such codes say no levels above
    if suffix in {".gpkg", ".geojson"}:
        layer = "community" if suffix == ".gpkg" else None
        assert len(pyogrio.read_dataframe(path, layer=layer)) == 3
    if suffix in {".parquet", ".geoparquet"}:
        assert gpd.read_parquet(path).geometry.isna().all()
