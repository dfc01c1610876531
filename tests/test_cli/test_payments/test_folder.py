"""A folder's records as evidence: what of it comes from postings, and what from spells."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.cli.payments.folder import read_evidence

HIRES = {
    "id": ["EM1", "EM2", "EM3"],
    "person": ["S1", "S2", "S3"],
    "form": ["part_time", "part_time", "gig"],
    "hired_on": pd.to_datetime(["2024-01-01"] * 3),
    "job_id": ["J1", "J2", None],
}
JOBS = {
    "id": ["J1", "J2"],
    "community": ["340302001001"] * 2,
    "wage_unit": pd.Categorical(["hour", "month"]),
    "wage_low_cny": [20, 3000],
    "wage_high_cny": [25, 4000],
}
SPELLS = {
    "id": ["SP1", "SP2"],
    "person": ["S1", "S1"],
    "status": ["registered_unemployed", "employed"],
    "start": pd.to_datetime(["2023-06-01", "2023-12-01"]),
    "end": pd.to_datetime([None, None]),
}


@pytest.fixture
def read(tmp_path):
    def write_and_read(**tables):
        (tmp_path / "history").mkdir(exist_ok=True)
        for name, columns in tables.items():
            under = "" if name == "jobs" else "history/"
            pd.DataFrame(columns).to_parquet(tmp_path / f"{under}{name}.parquet")
        return read_evidence(tmp_path).known(dt.date(2024, 6, 30))

    return write_and_read


def test_hires_get_the_pay_an_hour_of_their_posting_where_it_pays_so(read):
    hires = read(employments=HIRES, jobs=JOBS).hires
    told = [(one.hourly_low_cny, one.hourly_high_cny) for one in hires.values()]
    assert told == [(20, 25), (None, None), (None, None)]


def test_what_a_hire_says_itself_of_its_pay_stays(read):
    own = {**HIRES, "hourly_low_cny": [19.5, None, None]}
    hires = read(employments=own, jobs=JOBS).hires
    assert (hires["EM1"].hourly_low_cny, hires["EM1"].hourly_high_cny) == (19.5, None)


def test_postings_without_wages_say_nothing_of_it(read):
    bare = {name: JOBS[name] for name in ("id", "community")}
    assert read(employments=HIRES, jobs=bare).hires["EM1"].hourly_low_cny is None


def test_who_was_registered_follows_from_spells_that_overlap_as_in_the_ledger(read):
    (registered,) = read(spells=SPELLS).memberships["S1"]
    assert (registered.id, registered.start) == ("SP1", dt.date(2023, 6, 1))
    assert registered.end == dt.date(2023, 11, 30)
