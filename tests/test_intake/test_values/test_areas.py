"""Areas are kept rounded, and judged as they are kept, from whatever file they come."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from office_lists import communities, write

from geo_match.datums import DATUMS, from_wgs84, to_wgs84
from geo_match.index import area_faults
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.values.areas import kept_area, move_areas
from geo_match.intake.values.cells import RefusedError

SPIKE = [
    (117.0, 32.0),
    (118.0, 32.0),
    (118.0, 33.0),
    (117.500000002, 33.0),
    (117.5, 33.5),
    (117.5, 33.0),
    (117.0, 33.0),
]
"""Valid, until the ninth decimal is rounded away and its two sides fall together."""
SQUARE = [(117.0, 32.0), (118.0, 32.0), (118.0, 33.0), (117.0, 33.0)]


def test_an_area_that_crosses_itself_once_it_is_rounded_is_refused():
    assert shapely.is_valid(shapely.Polygon(SPIKE))
    with pytest.raises(RefusedError, match="must be a valid polygon"):
        kept_area(shapely.Polygon(SPIKE))


@pytest.mark.parametrize("datum", DATUMS)
def test_a_column_of_areas_is_judged_after_it_was_moved_and_rounded(datum):
    texts = [shapely.Polygon(ring).wkt for ring in (SQUARE, SPIKE)]
    parsed = move_areas(pa.chunked_array([texts]), datum)
    kept, spike = parsed.value.to_pylist()
    expected = np.column_stack(
        to_wgs84(lon=[x for x, _ in SQUARE], lat=[y for _, y in SQUARE], datum=datum)
    )
    assert np.abs(shapely.get_coordinates(shapely.from_wkt(kept))[:-1] - expected).max() <= 5.1e-9
    for text in filter(None, (kept, spike)):
        assert area_faults([shapely.from_wkt(text)]) == [None]
    if datum in {"wgs84", "cgcs2000"}:
        assert [one.at.tolist() for one in parsed.faults] == [[1]]


def test_axes_that_were_exchanged_are_told_as_what_they_are(tmp_path):
    turned = shapely.Polygon([(y, x) for x, y in SQUARE])
    metres = shapely.Polygon([(x * 1e5, y * 1e5) for x, y in SQUARE])
    rows = [["340302001001", "甲", turned.wkt], ["340302001002", "乙", metres.wkt]]
    text = write(tmp_path / "a.csv", "社区代码,社区名称,社区范围", rows)
    shapes = communities(tmp_path / "b.geojson", [turned, metres])
    for path in (text, shapes):
        remedies = [
            one.remedy for one in read_records(path, "communities", datum="wgs84").rejections
        ]
        assert remedies == [
            "Longitude and latitude look exchanged here: write them the other way round.",
            "Are its coordinates metres?",
        ]


def test_an_area_loses_its_heights_in_whatever_datum_it_is_given():
    text = "POLYGON ((117 32 5, 118 32 5, 118 33 5, 117 32 5))"
    for datum in DATUMS:
        assert "Z" not in move_areas(pa.chunked_array([[text]]), datum).value[0].as_py()


@given(
    ring=st.lists(
        st.tuples(st.floats(117.0, 117.1), st.floats(32.8, 32.9)), min_size=3, max_size=6
    ),
    datum=st.sampled_from(DATUMS),
)
def test_an_area_is_the_same_as_text_and_as_a_shape(tmp_path_factory, ring, datum):
    lon, lat = from_wgs84(lon=[x for x, _ in ring], lat=[y for _, y in ring], datum=datum)
    area = shapely.Polygon(np.column_stack([lon, lat]))
    folder = tmp_path_factory.mktemp("areas")
    text = folder / "list.csv"
    text.write_text(f'社区代码,社区名称,社区范围\n340302001001,甲,"{area.wkt}"\n', encoding="utf-8")
    shape = folder / "list.geojson"
    feature = {
        "type": "Feature",
        "properties": {"code": "340302001001", "name": "甲"},
        "geometry": json.loads(shapely.to_geojson(shapely.from_wkt(area.wkt))),
    }
    shape.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    one, other = (read_records(path, "communities", datum=datum) for path in (text, shape))
    assert one.records.column("area").to_pylist() == other.records.column("area").to_pylist()
    assert [found.rule for found in one.rejections] == [found.rule for found in other.rejections]
