"""Coverage of what a store knew at one moment is the same, whatever it was told since."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import box
from test_coverage.towns import LAT, LON, STEP

import geo_match as gm
from geo_match.store import Store, record_schema

CODES = ("340302001001", "340302001002")
POINT = st.tuples(st.integers(0, 7), st.integers(0, 7))
NAMES = ("1", "2", "3", "4")


def put(store, kind, rows):
    """Put records into a store, the later the newer."""
    schema = record_schema(kind)
    names = sorted({name for row in rows for name in row})
    some = pa.schema([schema.field(name).with_nullable(nullable=True) for name in names])
    return store.put(kind, pa.Table.from_pylist(rows, some))[1]


def placed(drawn):
    x, y = drawn
    return {"lon": LON + x * STEP, "lat": LAT + y * STEP, "datum": "wgs84", "located_by": "given"}


def told(store, cursor):
    """Return coverage as of a place in the feed, by community and person by person."""
    kinds = ("households", "stations", "communities")
    homes, stations, areas = (store.read(kind, as_of=cursor) for kind in kinds)
    report = gm.Coverage(stations, areas.rename_columns({"id": "code"})).of(homes)
    return report.by("community"), report.people


EDITS = st.lists(
    st.tuples(st.sampled_from(["households", "stations"]), st.sampled_from(NAMES), POINT),
    min_size=1,
    max_size=6,
)


@given(before=EDITS, after=EDITS)
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_of_twice_gives_the_same(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("as-of")
    with Store.open(folder / "a.db") as store:
        west = [LON + at * 4 * STEP for at in (0, 1)]
        areas = [box(x, LAT, x + 4 * STEP, LAT + 8 * STEP).wkt for x in west]
        communities = [
            {"id": code, "name": code[-1], "area": area}
            for code, area in zip(CODES, areas, strict=True)
        ]
        put(store, "communities", communities)
        for kind, name, point in before:
            cursor = put(store, kind, [_record(kind, name, point)])
        first = told(store, cursor)
        people = {name for kind, name, _ in before if kind == "households"}
        assert first[0]["people"].sum() == len(people)
        for kind, name, point in after:
            put(store, kind, [_record(kind, name, point)])
        for again, once in zip(told(store, cursor), first, strict=True):
            assert_frame_equal(again, once)
    with Store.open(folder / "a.db") as store:  # another process would read the same
        for again, once in zip(told(store, cursor), first, strict=True):
            assert_frame_equal(again, once)


def _record(kind, name, point):
    return {"id": name, **placed(point), **({"name": name} if kind == "stations" else {})}
