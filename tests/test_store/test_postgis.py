"""PostGIS shows a store's places and areas as they are; without it a store does the same."""

from __future__ import annotations

import traceback

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import create_engine, text

from geo_match.index import PointIndex
from geo_match.store import Store, StoreError
from geo_match.store.schema.postgis import SHAPES
from geo_match.store.writing import planning

pytestmark = pytest.mark.postgis

A, B, C, D = (f"34030200100{number}" for number in range(1, 5))
SQUARE = "POLYGON((117.3 32.9,117.4 32.9,117.4 33,117.3 33,117.3 32.9))"
BOW_TIE = "POLYGON((117.3 32.9,117.4 33,117.4 32.9,117.3 33,117.3 32.9))"


@pytest.fixture
def url(server, store_template):
    return server.database(store_template)


def asked(url, statement, **values):
    """Return the rows of a statement, asked by SQL alone."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            found = connection.execute(text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        engine.dispose()


def stations(ids, lon, lat):
    return pa.table({"id": ids, "lon": pa.array(lon, pa.float64()), "lat": pa.array(lat)})


def communities(*rows):
    ids, areas = zip(*rows, strict=True)
    return pa.table({"id": ids, "name": list(ids), "area": pa.array(areas, pa.string())})


def columns(url):
    return asked(
        url,
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated "
        "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE c.relkind = 'r' AND a.attname IN ('geog', 'geom') AND NOT a.attisdropped "
        "ORDER BY 1, 2",
    )


def gist(url):
    return asked(
        url,
        "SELECT tablename, indexname FROM pg_indexes WHERE indexdef LIKE '%USING gist%' "
        "ORDER BY 1, 2",
    )


def test_each_table_with_places_has_a_generated_and_indexed_point(url):
    types = {"geog": "geography(Point,4326)", "geom": "geometry(MultiPolygon,4326)"}
    assert columns(url) == sorted((name, shape, types[shape], "s") for name, shape in SHAPES)
    assert gist(url) == sorted((name, f"{name}_{shape}") for name, shape in SHAPES)
    assert {name for name, shape in SHAPES if shape == "geog"} == {
        *("households", "seekers", "sites", "jobs", "stations", "communities", "gazetteer")
    }


def test_postgis_finds_within_three_kilometres_what_the_index_finds(url):
    random = np.random.default_rng(7)
    n = 400
    lon, lat = random.uniform(117.3, 117.45, n), random.uniform(32.85, 33.0, n)
    ids = [f"S{at:03}" for at in range(n)]
    with Store.open(url) as store:
        store.put("stations", stations(ids, lon, lat))
    index = PointIndex(lon=lon, lat=lat)
    x, y = random.uniform(117.3, 117.45, 20), random.uniform(32.85, 33.0, 20)
    found = asked(
        url,
        "SELECT origin.at - 1, s.id FROM stations s JOIN "
        "unnest(CAST(:x AS float8[]), CAST(:y AS float8[])) WITH ORDINALITY origin (x, y, at) "
        "ON ST_DWithin(s.geog, ST_SetSRID(ST_MakePoint(x, y), 4326)::geography, 3000)",
        x=x.tolist(),
        y=y.tolist(),
    )
    pairs = index.within(lon=x, lat=y, radius_m=3000)
    expected = [(at, ids[point]) for at, point in zip(pairs.query, pairs.point, strict=True)]
    assert sorted(found) == sorted(expected)
    assert len(found) > 100


def test_a_shape_follows_its_record_and_is_null_without_a_place(url):
    def points():
        return asked(url, "SELECT id, ST_X(geog::geometry), ST_Y(geog::geometry) FROM stations")

    with Store.open(url) as store:
        store.put("stations", stations(["A"], [117.3], [32.9]))
        assert points() == [("A", 117.3, 32.9)]
        store.put("stations", stations(["A"], [117.4], [33.0]))
        assert points() == [("A", 117.4, 33.0)]
        store.put("stations", stations(["A"], [None], pa.nulls(1, pa.float64())))
        assert points() == [("A", None, None)]
        asked(url, "UPDATE stations SET lon = 'infinity', lat = 0")  # as older programs could
        assert points() == [("A", None, None)]


def test_an_area_is_a_multipolygon_even_if_its_ring_crosses_itself(url):
    both = f"MULTIPOLYGON({SQUARE.removeprefix('POLYGON')},((0 0,1 0,1 1,0 0)))"
    with Store.open(url) as store:
        store.put("communities", communities((A, SQUARE), (B, None), (C, BOW_TIE), (D, both)))
    assert asked(
        url, "SELECT id, ST_NumGeometries(geom), ST_IsValid(geom) FROM communities ORDER BY id"
    ) == [(A, 1, True), (B, None, None), (C, 1, False), (D, 2, True)]


@pytest.mark.parametrize(
    "area", ["POLYGON((1 1", "no shape", "", "POINT(117 33)", "POLYGON((0 0,1 1))"]
)
def test_an_area_that_is_no_polygon_is_refused_by_name_and_nothing_is_written(url, area):
    with Store.open(url) as store:
        with pytest.raises(
            StoreError, match=rf"must be given areas as WKT of polygons.*\({B}, "
        ) as caught:
            store.put("communities", communities((A, SQUARE), (B, area)))
        assert type(caught.value) is StoreError
        assert store.count("communities") == 0
        assert store.head().seq == 0


def test_a_row_of_a_person_that_only_the_server_refuses_is_shown_nowhere(url, monkeypatch):
    monkeypatch.setattr(planning, "check_records", lambda *_: None)
    spell = pa.table({"id": ["A"], "remark": ["秘密"], "status": ["employed"]})
    with (
        Store.open(url) as store,
        pytest.raises(StoreError, match=r"null value in column") as caught,
    ):
        store.put("spells", spell)
    assert "秘密" not in "".join(traceback.format_exception(caught.value))


def without_postgis(server):
    """Return a store that was made where PostGIS was not."""
    url = server.database()
    Store.open(url).close()
    asked(url, "DROP EXTENSION postgis CASCADE")
    asked(url, "ALTER TABLE communities DROP CONSTRAINT IF EXISTS communities_area_is_wkt")
    return url


def test_a_store_without_postgis_works_and_gets_its_shapes_once_it_comes(server):
    url = without_postgis(server)
    with Store.open(url) as store:
        store.put("stations", stations(["A"], [117.3], [32.9]))
        store.put("communities", communities((A, SQUARE), (B, "no shape")))
        assert columns(url) == []
    asked(url, "CREATE SCHEMA elsewhere")
    asked(url, "CREATE EXTENSION postgis SCHEMA elsewhere")
    for _ in range(2):
        with Store.open(url) as store:
            assert store.count("communities") == 2
    assert asked(url, "SELECT geog IS NULL FROM stations") == [(False,)]
    assert asked(url, "SELECT id, geom IS NULL FROM communities ORDER BY id") == [
        (A, False),
        (B, True),
    ]
    assert len(gist(url)) == len(SHAPES)


def test_who_does_not_own_the_tables_may_open_a_store_that_lacks_shapes(server):
    url = without_postgis(server)
    asked(url, "CREATE EXTENSION postgis")
    role = f"guest_{url.partition('store_')[2][:8]}"
    server.execute(f"CREATE ROLE {role} LOGIN")
    asked(url, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    with Store.open(url.replace("geo_match@", f"{role}@")) as store:
        assert store.count("stations") == 0
        with pytest.raises(StoreError, match=r"must grant what is asked, got permission denied"):
            store.put("stations", stations(["A"], [117.3], [32.9]))
    assert columns(url) == []


def test_a_role_that_may_not_bring_postgis_makes_a_store_without_it(server):
    url = server.database()
    role = f"owner_{url.partition('store_')[2][:8]}"
    server.execute(f"CREATE ROLE {role} LOGIN")
    asked(url, f"GRANT CREATE ON SCHEMA public TO {role}")
    with Store.open(url.replace("geo_match@", f"{role}@")) as store:
        store.put("stations", stations(["A"], [117.3], [32.9]))
        assert store.count("stations") == 1
    assert columns(url) == []
