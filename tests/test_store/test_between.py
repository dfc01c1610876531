"""What differs between two places in the feed, against records as they were known at each."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.geodesy import geodesic_distance
from geo_match.store import CursorError, EpochError, HorizonError, Store
from geo_match.store.reading.between import Between, Near
from geo_match.store.reading.feed import Cursor

FIELDS = ["id", "lon", "lat", "radius_m", "wage_floor_cny"]
STEP = st.one_of(
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 2), min_size=1, max_size=4),  # puts
    st.lists(st.sampled_from("ABCDE"), unique=True, min_size=1, max_size=3),  # removes
)


def put(store, floors):
    rows = {"id": list(floors), "wage_floor_cny": pa.array(floors.values(), pa.int64())}
    return store.put("seekers", pa.table(rows))[1]


def take(store, step):
    if isinstance(step, dict):
        put(store, step)
    else:
        store.remove("seekers", step)
    return store.cursor()


def between(store, since, until=None):
    """Return what is asked within one reading transaction: changed, and the others."""
    with store.database.reading() as connection:
        asked = Between(connection, store.name, since=since, until=until)
        return asked.changed("seekers", FIELDS), asked.others("seekers", FIELDS)


def rows_of(table):
    return {row["id"]: row for row in table.to_pylist()}


@settings(max_examples=10)
@given(st.lists(STEP, min_size=1, max_size=8), st.data())
def test_changed_and_others_are_what_was_known_then_and_later(new_url, steps, data):
    with Store.open(new_url()) as store:
        places = [store.cursor(), *(take(store, step) for step in steps)]
        first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(steps))] * 2)))
        since, until = places[first], places[second]
        changed, others = between(store, since, until)
        touched = {change.key for change in store.changes(after=since)}
        keys = store.keys("seekers", list("ABCDE"))
        before, after, now = (
            rows_of(store.read("seekers", fields=FIELDS, as_of=at)) for at in (since, until, None)
        )
    assert changed.before.column("id").to_pylist() == sorted(rows_of(changed.before))
    assert rows_of(others) == {id_: row for id_, row in now.items() if keys[id_] not in touched}
    # Whoever was not touched is the same at both; nobody is in both answers.
    assert rows_of(changed.before) == {k: v for k, v in before.items() if k not in rows_of(others)}
    assert rows_of(changed.after) == {k: v for k, v in after.items() if k not in rows_of(others)}
    assert changed.missing == 0


ANYWHERE = st.tuples(
    st.sampled_from([-180.0, 180.0, 0.0, 117.38]) | st.floats(-180.0, 180.0),
    st.sampled_from([-90.0, 90.0, 88.0, 0.0, 32.93]) | st.floats(-90.0, 90.0),
)
RADII_M = st.sampled_from([0.0, 3000.0, 200_000.0])
BESIDE = st.tuples(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0)) | st.just((0.0, 0.0))


@settings(max_examples=25)
@given(ANYWHERE, st.lists(st.tuples(BESIDE, st.none() | RADII_M), min_size=1, max_size=6), RADII_M)
@example((180.0, 10.0), [((0.01, 0.0), None)], 3000.0)
@example((0.0, 89.999), [((2.0, 0.0005), 3000.0)], 0.0)
def test_near_leaves_out_nobody_who_lies_in_the_circle(new_url, middle, others, radius_m):
    lon, lat = middle
    places = []
    for (east, north), own in others:
        x = (lon + east + 180.0) % 360.0 - 180.0
        places.append((x, min(max(lat + north, -90.0), 90.0), own))
    with Store.open(new_url()) as store:
        x, y, own = (list(column) for column in zip(*places, strict=True))
        ids = [str(number) for number in range(len(places))]
        radii = pa.array(own, pa.float64())
        store.put("seekers", pa.table({"id": ids, "lon": x, "lat": y, "radius_m": radii}))
        with store.database.reading() as connection:
            asked = Between(connection, store.name, since=store.cursor())
            found = asked.others("seekers", FIELDS, near=[Near(lon, lat, radius_m)])
            nobody = asked.others("seekers", FIELDS, near=[])
    inside = {
        id_
        for id_, x, y, own in zip(ids, x, y, own, strict=True)
        if geodesic_distance(lon1=lon, lat1=lat, lon2=x, lat2=y)
        <= (radius_m if own is None else own)
    }
    assert inside <= set(found.column("id").to_pylist())
    assert len(nobody) == 0


def test_near_leaves_out_those_who_lie_far_away(store):
    rows = {"id": ["A", "B", "C"], "lon": [117.38, 117.45, None], "lat": [32.93, 32.93, None]}
    store.put("seekers", pa.table(rows))
    with store.database.reading() as connection:
        asked = Between(connection, store.name, since=store.cursor())
        found = asked.others("seekers", ["id"], near=[Near(117.38, 32.93, 3000.0)])
    assert found.column("id").to_pylist() == ["A"]


def test_records_of_some_owners_are_found(store):
    store.put("jobs", pa.table({"id": list("ABC"), "title": ["x"] * 3, "employer_id": list("123")}))
    with store.database.reading() as connection:
        asked = Between(connection, store.name, since=store.cursor())
        found = asked.others("jobs", ["id"], of=("employer_id", {"3", "1", "9"}))
        nothing = asked.others("jobs", ["id"], of=("employer_id", []))
    assert found.column("id").to_pylist() == ["A", "C"]
    assert len(nothing) == 0


def test_whoever_was_erased_is_counted(store):
    since = put(store, {"A": 1, "B": 2})
    until = put(store, {"A": 3})
    store.erase("seekers", "A", reason="R-1")
    changed, others = between(store, since, until)
    assert (changed.missing, len(changed.before), len(changed.after)) == (1, 0, 0)
    assert list(rows_of(others)) == ["B"]


def test_what_is_no_place_is_refused(store):
    put(store, {"A": 1})
    first = store.cursor()
    put(store, {"A": 2})
    with pytest.raises(ArgumentError, match="`until` must not lie before `since`, 2, got 1"):
        between(store, store.cursor(), first)
    with pytest.raises(CursorError, match="from 0 to 2"):
        between(store, 1, 3)
    with pytest.raises(EpochError, match="epoch"):
        between(store, Cursor("e" * 32, 1))
    store.forget_before(store.cursor())
    with pytest.raises(HorizonError, match="earlier ones are gone"):
        between(store, first)
