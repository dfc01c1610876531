"""Records that break a rule do not get into a store, and those of an old one stop nobody."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from sqlalchemy import text

from geo_match.errors import ArgumentError
from geo_match.matching.given.from_store import read_jobs
from geo_match.matching.live.live_matcher import LiveMatcher
from geo_match.store import Store, StoreCorruptError
from geo_match.store import store as store_module
from geo_match.store.reading.sound import BrokenRecordWarning
from geo_match.store.replica import Replica

SITE = {"lon": [117.4], "lat": [32.9]}
JOB = {"title": ["普工"], **SITE}
CARD = "34030219800101001X"
REFUSED = [
    (
        "sites",
        {"lon": [200.0], "lat": [32.9]},
        "`lon` must be between -180 and 180 (position 0, id",
    ),
    ("sites", {"lon": [117.4]}, "`lon` must be given together with `lat`"),
    ("jobs", {**JOB, "vacancies": [-5]}, "`vacancies` must be between 0 and"),
    ("jobs", {**JOB, "wage_unit": ["year"]}, "`wage_unit` must be 'month', 'day' or 'hour'"),
    ("jobs", {**JOB, "job_type": ["nonsense"]}, "`job_type` must be 'ordinary'"),
    ("jobs", {**JOB, "wage_low_cny": [-10]}, "`wage_low_cny` must be between 0 and"),
    ("jobs", {**JOB, "foo": [1]}, "columns that are fields of jobs, got 'foo'"),
    ("jobs", SITE, "each column that jobs need, got none that is named 'title'"),
    ("employers", {"name": pa.nulls(1, pa.string())}, "`name` must be stated"),
]


def written(store, door, kind, records, **options):
    """Send records through one of the doors."""
    if door == "apply":
        return store.apply(kind, records, source="a.csv", **options)
    return getattr(store, door)(kind, records, **options)


@pytest.mark.parametrize("door", ["put", "apply", "compare"])
@pytest.mark.parametrize(("kind", "columns", "said"), REFUSED)
def test_what_breaks_a_rule_is_refused_and_nothing_is_written(store, door, kind, columns, said):
    before = store.head().cursor
    with pytest.raises(ArgumentError, match=re.escape(said)):
        written(store, door, kind, pa.table({"id": ["A1"], **columns}))
    assert store.count(kind) == 0
    assert store.head().cursor == before


def test_an_unknown_column_is_told_beside_the_known_ones(store):
    with pytest.raises(ArgumentError, match=r"name it as one of id, version, .*located_by"):
        store.put("sites", pa.table({"id": ["A1"], "adress": ["示例路"]}))


def test_a_persons_value_is_not_told(store):
    with pytest.raises(ArgumentError, match="`id` must not hold an ID-card") as told:
        store.put("seekers", pa.table({"id": [CARD], "phone": ["13x"]}))
    assert "001X" not in str(told.value)
    assert "13x" not in str(told.value)
    assert "(position 0)" in str(told.value)


def test_the_position_is_that_in_the_whole_list(store, monkeypatch):
    monkeypatch.setattr(store_module, "BLOCK", 2)
    ids = ["A5", "A4", "A3", "A2", "A1"]
    store.put("jobs", pa.table({"id": ids, "title": ["普工"] * 5, "age_min": [30] * 5}))
    younger = pa.table({"id": ids, "age_max": [40, 40, 40, 20, 40]})
    for door in ("apply", "compare", "put"):
        with pytest.raises(ArgumentError, match=r"\(position 3, id 'A2'\)"):
            written(store, door, "jobs", younger, fields=["age_max"])


def test_more_records_than_are_shown_are_counted(store):
    records = pa.table({"id": [f"A{at}" for at in range(5)], "lon": [200.0] * 5, "lat": [1.0] * 5})
    with pytest.raises(ArgumentError, match=r"got 5 records whose `lon` .*'A2'; …\)"):
        store.put("sites", records)


@pytest.mark.parametrize("door", ["put", "apply", "compare"])
def test_some_fields_are_judged_beside_those_that_are_kept(store, door):
    store.put("jobs", pa.table({"id": ["J1"], **JOB, "age_min": [30]}))
    younger = pa.table({"id": ["J1"], "age_max": [20]})
    with pytest.raises(ArgumentError, match="`age_max` must not lie below `age_min`"):
        written(store, door, "jobs", younger, fields=["age_max"])
    older = pa.table({"id": ["J1"], "age_max": [40]})
    written(store, door, "jobs", older, fields=["age_max"])
    assert store.verify().faults == ()


@pytest.mark.parametrize("door", ["put", "apply", "compare"])
def test_a_new_record_needs_what_is_required_also_where_only_some_fields_are_told(store, door):
    records = pa.table({"id": ["E1"], "licence": ["verified"]})
    with pytest.raises(ArgumentError, match="`name` must be stated"):
        written(store, door, "employers", records, fields=["licence"])
    assert store.count("employers") == 0
    store.put("employers", pa.table({"id": ["E1"], "name": ["示例"]}))
    store.put("employers", records, fields=["licence"])
    assert store.read("employers").column("name").to_pylist() == ["示例"]


def broken(store):
    """Fill a store, and break one of its jobs as an older program could have written it."""
    store.put("employers", pa.table({"id": ["E1"], "name": ["示例"], "licence": ["verified"]}))
    jobs = {"id": ["J1", "J2"], "title": ["普工"] * 2, "employer_id": ["E1"] * 2}
    store.put("jobs", pa.table({**jobs, "lon": [117.4, 117.4], "lat": [32.9, 32.9]}))
    sql = "UPDATE jobs SET wage_unit = 'year', lat = NULL WHERE id = 'J1'"
    with store.database.engine.connect() as connection, connection.begin():
        connection.execute(text(sql))


def test_verify_finds_records_that_break_rules(store):
    broken(store)
    told = " ".join(store.verify().faults)
    assert "breaks a rule: `wage_unit` must be 'month', 'day' or 'hour'." in told
    assert "breaks a rule: `lon` must be given together with `lat` or not at all." in told


def change_both(store, sql):
    """Write to the records and to their last images behind the store's back."""
    with store.database.engine.connect() as connection, connection.begin():
        for one in sql:
            connection.execute(text(one))


def test_a_record_that_breaks_a_rule_is_backed_up_and_restored_and_told(store, tmp_path):
    store.put("jobs", pa.table({"id": ["J1"], **JOB, "wage_unit": ["day"]}))
    change_both(
        store,
        [
            "UPDATE jobs SET wage_unit = 'year'",
            "UPDATE changes SET after = replace(after, '\"day\"', '\"year\"')",
        ],
    )
    found = store.verify()
    assert found.damage == ()
    assert not found.is_sound
    (told,) = found.faults
    made = store.backup(tmp_path / "b.db")
    assert made.broken == (told,)
    assert Store.restore(tmp_path / "b.db", tmp_path / "c.db").broken == (told,)
    with Store.open(tmp_path / "c.db") as again:
        assert again.verify().faults == (told,)
    # What is damaged is refused beside it, and the damage is named.
    change_both(store, ["UPDATE feed SET seq = 9"])
    with pytest.raises(StoreCorruptError, match="be sound, got The counter is at 9"):
        store.backup(tmp_path / "d.db")


def test_one_broken_job_does_not_stop_the_others(store):
    broken(store)
    with pytest.warns(BrokenRecordWarning, match=r"1 of jobs \('J1'\) left out, since `wage_unit`"):
        assert read_jobs(store).column("id").to_pylist() == ["J2"]
    with pytest.warns(BrokenRecordWarning, match="'J1'"):
        live = LiveMatcher(store)
    found = live.match({"id": "S1", "lon": 117.4, "lat": 32.9})
    assert found["job_id"].to_list() == ["J2"]


def test_a_point_that_is_no_place_is_none(store):
    broken(store)
    with pytest.warns(BrokenRecordWarning, match="must be a place on earth together"):
        replica = Replica(store, ["jobs"], follow=False)
    with replica:
        assert len(replica.snapshot()["jobs"]) == 1
