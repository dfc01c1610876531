"""Real outlines of districts, in three datums, go in as areas and fall together."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from geo_match.intake.lists.mapping import ColumnMapping
from geo_match.intake.lists.records_file import read_records

pytestmark = pytest.mark.reference

AGREEING = {"340321": "怀远县", "340322": "五河县", "340323": "固镇县"}
"""Districts whose outlines are of one vintage."""
METRES_A_DEGREE = 111_320.0
WEST_OF_METRE = float(np.cos(np.radians(33.2)))


def code_of(adcode):
    return f"{adcode}001001"


def collection(folder, features, **members):
    path = folder / "areas.geojson"
    content = {"type": "FeatureCollection", "features": features, **members}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def feature(code, name, geometry):
    return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry}


def areas(found):
    codes, texts = (found.records.column(name).to_pylist() for name in ("id", "area"))
    return dict(zip(codes, map(shapely.from_wkt, texts), strict=True))


def metres(area):
    """Return an outline on a plane of metres, near enough within a district."""
    return shapely.transform(
        area.boundary, lambda xy: xy * [METRES_A_DEGREE * WEST_OF_METRE, METRES_A_DEGREE]
    )


def share_of_corners_within_3_m(outline, area):
    """Return how many corners lie on the other's border; each was simplified in its own way."""
    corners = shapely.points(shapely.get_coordinates(metres(outline)))
    return np.mean(shapely.distance(corners, metres(area)) <= 3.0)


def wgs84(reference):
    return json.loads((reference / "boundaries" / "bengbu_districts_wgs84.geojson").read_text())


def test_real_districts_go_in_as_areas_and_none_is_changed(reference, tmp_path):
    features = wgs84(reference)["features"]
    path = collection(
        tmp_path,
        [
            feature(
                code_of(one["properties"]["adcode"]), one["properties"]["name"], one["geometry"]
            )
            for one in features
        ],
    )
    found = read_records(path, "communities")
    assert (found.n_read, list(found.rejections)) == (7, [])
    kept = areas(found)
    for one in features:
        area = shapely.from_geojson(json.dumps(one["geometry"]))
        assert kept[code_of(one["properties"]["adcode"])].equals_exact(area, tolerance=1e-8)


def test_real_districts_in_gcj02_come_within_3_m_of_those_in_wgs84(reference, tmp_path):
    known = {one["properties"]["adcode"]: one["geometry"] for one in wgs84(reference)["features"]}
    folder = reference / "boundaries" / "bengbu_gcj02"
    path = collection(
        tmp_path,
        [
            feature(code_of(code), name, json.loads((folder / f"{code}.geojson").read_text()))
            for code, name in AGREEING.items()
        ],
    )
    found = read_records(path, "communities", datum="高德")
    assert (found.n_read, list(found.rejections)) == (3, [])
    as_given = areas(read_records(path, "communities", datum="wgs84"))
    for code, area in areas(found).items():
        outline = shapely.from_geojson(json.dumps(known[code.removesuffix("001001")]))
        assert share_of_corners_within_3_m(outline, area) > 0.9
        assert share_of_corners_within_3_m(outline, as_given[code]) < 0.01


def test_real_districts_in_cgcs2000_say_their_datum_by_their_crs(reference, tmp_path):
    document = json.loads(
        (reference / "boundaries" / "bengbu_districts_cgcs2000.geojson").read_text()
    )
    path = collection(
        tmp_path,
        [
            feature(
                code_of(one["properties"]["gb"].removeprefix("156")),
                one["properties"]["name"],
                one["geometry"],
            )
            for one in document["features"]
        ],
        crs=document["crs"],
    )
    found = read_records(path, "communities")
    assert (found.n_read, list(found.rejections)) == (7, [])
    for one in document["features"]:
        area = shapely.from_geojson(json.dumps(one["geometry"]))
        kept = areas(found)[code_of(one["properties"]["gb"].removeprefix("156"))]
        assert kept.equals_exact(area, tolerance=1e-8)


def test_codes_of_districts_are_no_codes_of_communities(reference):
    mapping = ColumnMapping(columns={"adcode": "id"})
    path = reference / "boundaries" / "bengbu_districts_wgs84.geojson"
    found = read_records(path, "communities", mapping=mapping)
    assert (found.n_read, found.row.tolist()) == (7, [])
    assert {one.field for one in found.rejections} == {"adcode"}
