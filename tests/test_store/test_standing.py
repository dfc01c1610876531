"""How a site stands goes by its id, through removals and up to the horizon, on both databases."""

from __future__ import annotations

import pyarrow as pa

from geo_match.store.reading.standing import standing_of

HERE, THERE = (117.38, 32.92), (117.39, 32.92)


def put(store, place, *, seen):
    lon, lat = place
    row = {"id": ["W"], "lon": [lon], "lat": [lat], "verified": [seen]}
    store.put("sites", pa.table(row))


def standing(store):
    return standing_of(store.life("sites", "W"))


def test_a_site_that_is_removed_and_put_elsewhere_has_moved_and_is_not_seen_there(store):
    put(store, HERE, seen=True)
    assert standing(store).is_verified
    store.remove("sites", ["W"])
    assert standing(store) == (None, False, ())
    put(store, THERE, seen=True)
    there, is_verified, moves = standing(store)
    assert (there, is_verified, len(moves)) == (THERE, False, 1)
    put(store, THERE, seen=False)
    put(store, THERE, seen=True)
    assert standing(store).is_verified
    for place in (HERE, THERE):
        store.remove("sites", ["W"])
        put(store, place, seen=False)
        put(store, place, seen=True)
    assert len(standing(store).moves) == 3
    assert len(store.life("sites", "W").versions) == len(store.history("sites", "W"))


def test_a_site_that_comes_back_to_its_place_has_not_moved_and_is_to_be_seen_anew(store):
    for seen in (False, True):
        put(store, HERE, seen=seen)
        store.remove("sites", ["W"])
    put(store, HERE, seen=True)
    assert standing(store) == (HERE, False, ())


def test_another_site_that_was_removed_says_nothing_of_one(store):
    row = {"id": ["V"], "lon": [HERE[0]], "lat": [HERE[1]], "verified": [True]}
    store.put("sites", pa.table(row))
    store.remove("sites", ["V"])
    put(store, THERE, seen=True)
    assert standing(store) == (THERE, True, ())


def test_what_the_first_version_says_is_not_believed_before_the_horizon(store):
    put(store, HERE, seen=True)
    put(store, THERE, seen=True)  # moved: what it goes on saying was said of the other place
    assert not standing(store).is_verified
    store.forget_before(store.cursor())
    assert len(store.life("sites", "W").versions) == 1
    assert standing(store) == (THERE, False, ())
    put(store, THERE, seen=False)
    put(store, THERE, seen=True)
    assert standing(store).is_verified


def test_a_record_that_is_there_is_told_of_persons_alone(store):
    store.put("seekers", pa.table({"id": ["P"], "name": ["王"]}))
    store.remove("seekers", ["P"])
    store.put("seekers", pa.table({"id": ["P"], "name": ["李"]}))
    (version,) = store.life("seekers", "P").versions
    assert version.record["name"] == "李"
