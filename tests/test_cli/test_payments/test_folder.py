"""A folder's records as evidence: what of it comes from postings, and what from spells."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.cli.payments.folder import read_evidence
from geo_match.errors import ColumnError

AT_THE_TOP = {"jobs", "seekers", "households", "communities", "sites"}
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
            under = "" if name in AT_THE_TOP else "history/"
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


def posting(opened, closed, pay, unit="hour"):
    """Return a version of the posting J1."""
    days = {"opened_on": pd.Timestamp(opened), "closed_on": pd.Timestamp(closed)}
    return {"id": "J1", "wage_unit": unit, "wage_low_cny": pay, "wage_high_cny": pay, **days}


CLOSED = [posting("2023-01-01", "2023-12-31", 18), posting("2021-01-01", "2021-12-31", 15)]
TODAY = posting("2024-03-01", None, 25)


@pytest.mark.parametrize(
    ("hired", "pay"),
    [
        ("2023-01-01", 18),  # the first day on which it was open, and the last
        ("2023-12-31", 18),
        ("2024-01-01", 15),  # between two: the earliest known
        ("2022-12-31", 15),
        ("2020-05-05", 15),
        ("2024-02-29", 15),
        ("2024-03-01", 25),
        ("2024-06-30", 25),
    ],
)
def test_of_several_postings_of_an_id_that_of_the_day_of_the_hire_says_the_pay(read, hired, pay):
    hire = {"id": ["EM1"], "person": ["S1"], "form": ["part_time"], "hired_on": [hired]}
    found = read(employments={**hire, "job_id": ["J1"]}, jobs=[TODAY], closed_jobs=CLOSED)
    assert found.hires["EM1"].hourly_low_cny == pay


def test_of_postings_open_at_once_the_one_opened_last_counts_and_pay_by_month_is_none_by_hour(read):
    hire = {"id": ["EM1"], "person": ["S1"], "form": ["part_time"], "hired_on": ["2024-04-01"]}
    hire["job_id"] = ["J1"]
    never_closed = [posting("2023-01-01", None, 18)]
    found = read(employments=hire, jobs=[TODAY], closed_jobs=never_closed).hires["EM1"]
    assert found.hourly_low_cny == 25
    by_month = [posting("2024-03-01", None, 3000, unit="month")]
    found = read(employments=hire, jobs=by_month, closed_jobs=never_closed).hires["EM1"]
    assert found.hourly_low_cny is None


def test_postings_that_do_not_say_when_they_were_open_count_from_the_closed_one_on(read):
    bare = {name: JOBS[name][:1] for name in ("id", "wage_low_cny", "wage_high_cny")}
    bare["wage_unit"] = ["hour"]
    closed = {**bare, "wage_low_cny": [17]}
    assert read(employments=HIRES, jobs=bare, closed_jobs=closed).hires["EM1"].hourly_low_cny == 17


SEEKERS = {"id": ["S1"], "household": ["H1"]}


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            {
                "seekers": SEEKERS,
                "households": {"id": ["H1", "H2", "H1"], "hukou": ["a", "b", "a"]},
            },
            "`households` must have each id in one row, got 'H1' in 2 rows. Leave the row that is",
        ),
        (
            {"communities": {"code": ["C1", "C1"], "lies_in": ["340302", "340303"]}},
            "`communities` must have each code in one row, got 'C1' in 2 rows. Leave the row that",
        ),
        (
            {"communities": {"lies_in": ["340302"]}},
            "`communities` must have the column code, got lies_in. It is laid out as geo-match",
        ),
        (
            {"seekers": SEEKERS, "households": {"hukou": ["rural"]}},
            "`households` must have the column id, got hukou. It is laid out as geo-match demo",
        ),
    ],
)
def test_tables_that_cannot_be_joined_are_refused_with_the_row_or_column(read, tables, message):
    with pytest.raises(ColumnError) as refused:
        read(**tables)
    assert message in str(refused.value)


def test_rows_without_an_id_are_in_nobodys_way(read):
    homes = {"id": ["H1", None, None], "hukou": ["rural", "urban", "urban"]}
    found = read(seekers={**SEEKERS, "birth_year": [1990]}, households=homes)
    assert found.persons["S1"].hukou == "rural"
