"""Features as GDAL reads them: that of pyogrio, and Debian's programs."""

from __future__ import annotations

import json
import os
import subprocess

import pyogrio
import pytest
import shapely
from system_parts import GDAL
from test_api.running import free_port, lines_until, read_on, started
from test_api.test_features.conftest import LAT, LON, NAMES, shape


@pytest.fixture(scope="module")
def served(land):
    """The town, served by a process of its own: where it is, and with which key."""
    port = free_port()
    with started("api", "--port", str(port), GEO_MATCH_STORE=str(land.path)) as process:
        lines_until(process, "Listening on")
        read_on(process)
        yield f"OAPIF:http://localhost:{port}/ogc"


def keyed(land, *command):
    """Run a program of GDAL's with the key: older ones take it as a header, newer ones as it is."""
    if not GDAL.found():
        pytest.skip(f"no {GDAL.name}. Remedy: {GDAL.remedy}")
    done = subprocess.run(  # noqa: S603 - a program of the system and the test's own words
        command,
        env={
            **os.environ,
            "GDAL_HTTP_HEADERS": f"Authorization: Bearer {land.key}",
            "GDAL_HTTP_AUTH": "BEARER",
            "GDAL_HTTP_BEARER": land.key,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr
    return done.stdout


def places(features):
    """Return where features are by their ids."""
    return {one["id"]: None if one["geometry"] is None else shape(one).wkt for one in features}


def as_told(column):
    """Return what pandas has of a property as GeoJSON has it: a day as text, nothing as None."""
    if column.name == "on":
        column = column.dt.strftime("%Y-%m-%d")
    return [
        None if is_none else value for value, is_none in zip(column, column.isna(), strict=True)
    ]


@pytest.fixture
def with_key(land):
    """Let GDAL in this process use the key."""
    options = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": land.key}
    pyogrio.set_gdal_config_options(options)
    yield
    pyogrio.set_gdal_config_options(dict.fromkeys(options))


@pytest.mark.usefixtures("with_key")
def test_pyogrio_reads_every_feature_page_by_page(land, served):
    assert pyogrio.list_layers(served)[:, 0].tolist() == list(NAMES)
    for name in NAMES:
        frame = pyogrio.read_dataframe(served, layer=name, PAGE_SIZE=4)
        kept = land.items(name)["features"]
        assert frame["id"].tolist() == [one["id"] for one in kept]
        for area, one in zip(frame.geometry, kept, strict=True):
            expected = shape(one)
            assert area is expected if expected is None else area.equals(expected)
        for column in set(frame.columns) - {"id", "geometry"}:
            told = [one["properties"][column] for one in kept]
            assert as_told(frame[column]) in (told, [one and str(one) for one in told])


@pytest.mark.usefixtures("with_key")
def test_pyogrio_reads_what_is_in_a_box(land, served):
    box = (LON, LAT, LON + 0.012, LAT + 0.02)
    frame = pyogrio.read_dataframe(served, layer="stations", bbox=box)
    assert frame["id"].tolist() == land.ids("stations", bbox=",".join(map(str, box)))


def test_debians_ogrinfo_tells_of_every_collection(land, served):
    said = keyed(land, "ogrinfo", "-ro", "-so", "-al", served)
    for name in NAMES:
        _, _, its = said.partition(f"Layer name: {name}\n")
        assert f"Feature Count: {land.items(name)['numberMatched']}\n" in its.split("Layer name")[0]


@pytest.mark.parametrize("name", ["stations", "communities"])
def test_debians_ogr2ogr_copies_a_collection(land, served, tmp_path, name):
    target = tmp_path / "copy.geojson"
    keyed(land, "ogr2ogr", "-oo", "PAGE_SIZE=3", "-lco", "COORDINATE_PRECISION=17",
          target, served, name)  # fmt: skip
    copied = json.loads(target.read_text(encoding="utf-8"))["features"]
    for one in copied:
        one["id"] = one["properties"]["id"]
    kept = places(land.items(name)["features"])
    read = places(copied)
    assert read.keys() == kept.keys()
    for key, wkt in kept.items():
        same = wkt is None if read[key] is None else shapely.from_wkt(wkt).equals_exact(
            shapely.from_wkt(read[key]), 1e-12
        )  # fmt: skip
        assert same
