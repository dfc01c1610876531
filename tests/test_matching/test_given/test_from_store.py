"""The tables that are matched, from a store, against those of the frames that went in."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest

from geo_match.errors import ArgumentError
from geo_match.matching.given.columns import JOBS, SEEKERS
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.matching.given.from_store import left_out_of, read_jobs, read_seekers
from geo_match.store import AuditError, AuditLog, Cursor, Store, audited

JOB = {"id": "J1", "title": "普工", "lon": 117.38, "lat": 32.93, "employer_id": "E1"}


@pytest.fixture
def store(new_store):
    """Give an empty store."""
    with new_store() as opened:
        yield opened


@pytest.fixture
def audit(tmp_path):
    """Give the audit beside it."""
    with AuditLog.open(tmp_path / "store.db") as opened:
        yield opened


def plain(read):
    """Answer without an audit, for tests of what is read."""
    return read()


def put(store, kind, *rows):
    store.put(kind, pa.Table.from_pylist(list(rows)))


def employer(licence, name="E1"):
    return {"id": name, "name": "示例", "licence": licence}


def in_order(table):
    return table.sort_by("id")


def test_the_citys_seekers_are_those_of_its_files(city_store, shipped_city):
    files = ("seekers", "history/former_seekers")
    frames = [gpd.read_parquet(shipped_city / f"{name}.parquet") for name in files]
    expected = pa.concat_tables([seekers_table(frame) for frame in frames])
    with Store.open(city_store) as store:
        seen = read_seekers(store, audited=plain)
    assert seen.schema.equals(SEEKERS)
    # How well a place is known is not said by the files, nor made up by the import.
    assert seen.equals(in_order(expected))


def test_the_citys_jobs_are_those_of_its_files(city_store, shipped_city):
    files = ("jobs", "history/closed_jobs")
    frames = [gpd.read_parquet(shipped_city / f"{name}.parquet") for name in files]
    employers = pd.read_parquet(shipped_city / "employers.parquet")
    expected = pa.concat_tables([jobs_table(frame, employers=employers) for frame in frames])
    with Store.open(city_store) as store:
        seen = read_jobs(store)
    assert seen.schema.equals(JOBS)
    assert seen.equals(in_order(expected))


def test_an_empty_store_gives_empty_tables(store):
    assert read_jobs(store).equals(JOBS.empty_table())
    assert read_seekers(store, audited=plain).equals(SEEKERS.empty_table())


def test_every_field_of_a_seeker_comes_through(store):
    row = {
        "id": "S1",
        "lon": 117.38,
        "lat": 32.93,
        "location_accuracy_m": 50.0,
        "radius_m": 2500.0,
        "registered_on": dt.date(2025, 3, 1),
        "closed_on": dt.date(2026, 3, 1),
        "birth_year": 2003,
        "sex": "female",
        "education": "college",
        "status": "unemployed",
        "groups": ["graduate"],
        "difficulty": "none",
        "occupation": "401",
        "occupation_version": "大典2022",
        "wage_floor_cny": 3000,
        "shift": "any",
        "accepts": ["ordinary", "traineeship"],
        "certificates": ["电工证"],
        "hours_max_per_week": 40.0,
        "graduation_year": 2025,
    }
    put(store, "seekers", row)
    assert read_seekers(store, audited=plain).to_pylist() == [row]
    assert list(row) == SEEKERS.names


def test_former_seekers_are_left_out_on_a_day_and_counted_or_read_with_all(store, audit):
    day = dt.date(2025, 12, 31)
    put(store, "seekers", {"id": "S1"})
    put(store, "seekers", {"id": "S2", "closed_on": day})
    put(store, "seekers", {"id": "S3", "registered_on": day + dt.timedelta(1)})
    noted = audited(audit, who="社区-07", purpose="岗位匹配", scope="persons:read")
    found = read_seekers(store, audited=noted, on=day)
    assert (found.column("id").to_pylist(), left_out_of(found)) == (["S1"], 2)
    before = read_seekers(store, audited=noted, on=day - dt.timedelta(1))
    assert (before.column("id").to_pylist(), left_out_of(before)) == (["S1", "S2"], 1)
    everybody = read_seekers(store, audited=noted)
    assert (everybody.column("id").to_pylist(), left_out_of(everybody)) == (["S1", "S2", "S3"], 0)
    assert audit.read().column("count").to_pylist() == [1, 2, 3]


def test_a_read_of_seekers_is_noted_with_their_number(store, audit):
    put(store, "seekers", {"id": "S1"}, {"id": "S2"})
    noted = audited(audit, who="社区-07", purpose="岗位匹配", scope="persons:read")
    assert read_seekers(store, audited=noted).column("id").to_pylist() == ["S1", "S2"]
    entries = audit.read().select(["who", "purpose", "scope", "count"]).to_pylist()
    assert entries == [
        {"who": "社区-07", "purpose": "岗位匹配", "scope": "persons:read", "count": 2}
    ]


def test_a_read_that_cannot_be_noted_has_no_answer(store, audit):
    noted = audited(audit, who="社区-07", purpose="岗位匹配", scope="persons:read")
    audit.close()
    with pytest.raises(AuditError, match="audit"):
        read_seekers(store, audited=noted)


def test_a_read_that_nothing_notes_is_refused(store):
    with pytest.raises(ArgumentError, match="`audited` must be what notes a read of persons"):
        read_seekers(store, audited=None)


def test_a_job_without_a_known_employer_has_no_licence(store):
    put(store, "employers", employer("verified"))
    put(store, "jobs", JOB, JOB | {"id": "J2", "employer_id": "E9"}, JOB | {"id": "J3"})
    put(store, "jobs", {"id": "J4", "title": "普工"})
    licences = read_jobs(store).column("employer_licence").to_pylist()
    assert licences == ["verified", None, "verified", None]


def test_what_was_known_then_is_read_of_jobs_and_of_licences(store):
    put(store, "employers", employer("unverified"))
    put(store, "jobs", JOB)
    before = store.cursor()
    put(store, "employers", employer("verified"))
    put(store, "jobs", JOB | {"id": "J2"})
    assert read_jobs(store).column("employer_licence").to_pylist() == ["verified"] * 2
    then = read_jobs(store, as_of=before)
    assert then.column("employer_licence").to_pylist() == ["unverified"]
    assert then.schema.metadata[b"cursor"].decode() == str(before)


def test_jobs_and_licences_are_of_one_moment_whoever_writes_in_between(store, monkeypatch):
    put(store, "employers", employer("unverified"))
    put(store, "jobs", JOB)
    before = store.cursor()
    read = Store.read

    def read_and_write(self, kind, **asked):
        found = read(self, kind, **asked)
        if kind == "jobs":
            put(store, "employers", employer("verified"))
        return found

    monkeypatch.setattr(Store, "read", read_and_write)
    seen = read_jobs(store)
    assert seen.column("employer_licence").to_pylist() == ["unverified"]
    assert Cursor.parse(seen.schema.metadata[b"cursor"].decode()) == before


def test_on_a_day_the_jobs_open_then_are_read_with_the_licence_known_now(store):
    put(store, "employers", employer("verified") | {"entered_on": dt.date(2025, 5, 1)})
    put(
        store,
        "jobs",
        JOB | {"opened_on": dt.date(2025, 3, 1), "closed_on": dt.date(2025, 4, 1)},
        JOB | {"id": "J2", "opened_on": dt.date(2025, 3, 2)},
    )
    for day, ids in ((1, ["J1"]), (2, ["J1", "J2"]), (32, ["J2"])):
        seen = read_jobs(store, on=dt.date(2025, 3, 1) + dt.timedelta(day - 1))
        assert seen.column("id").to_pylist() == ids
        assert set(seen.column("employer_licence").to_pylist()) == {"verified"}


def test_what_was_known_of_seekers_then_is_read(store):
    put(store, "seekers", {"id": "S1", "shift": "day"})
    before = store.cursor()
    put(store, "seekers", {"id": "S1", "shift": "night"})
    assert read_seekers(store, audited=plain).column("shift").to_pylist() == ["night"]
    then = read_seekers(store, audited=plain, as_of=before, on=dt.date(2025, 3, 1))
    assert then.column("shift").to_pylist() == ["day"]
    assert then.schema.metadata[b"cursor"].decode() == str(before)
