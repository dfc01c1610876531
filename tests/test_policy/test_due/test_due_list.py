"""The list as a worker opens it: overdue first, by 小区 and building, masked, with jobs to read."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geo_match.geodesy import geodesic_distance
from geo_match.matching import MatchOptions
from geo_match.policy.due import DueOptions, Openings, due_list
from geo_match.policy.due.due_list import COLUMNS, NO_SOURCE

ON = dt.date(2025, 12, 31)
A, B = "340302001001", "340302001002"
LON, LAT = 117.38, 32.93


def seeker(id_, community, address, name="欧阳示例", **more):
    return {
        "id": id_,
        "community": community,
        "address": address,
        "name": name,
        "phone": "13800000012",
        "lon": LON,
        "lat": LAT,
        "status": "flexible",
        "groups": [],
        "registered_on": dt.date(2025, 1, 1),
        "closed_on": None,
        **more,
    }


SEEKERS = pd.DataFrame(
    [
        seeker("S1", B, "示例小区1号楼2单元501室"),
        seeker("S2", A, "示例小区10号楼"),
        seeker("S3", A, "示例小区2号楼"),
        seeker("S4", A, "示例小区1号楼"),
        seeker("S5", A, "甲小区9号楼"),
        seeker("S6", A, None),
        seeker("S7", A, "示例小区1号楼", closed_on=ON),
        seeker("S8", A, "示例小区1号楼"),
    ]
)
# How many days ago the agreed day was; S8 is not due.
AGREED = {"S1": 3, "S2": 1, "S3": 2, "S4": 0, "S5": 4, "S6": 5, "S7": 9, "S8": -1}
SERVICES = pd.DataFrame(
    {
        "id": [f"V-{one}" for one in AGREED],
        "person": list(AGREED),
        "on": "2025-11-01",
        "result": "willing",
        "next_contact_on": [ON - dt.timedelta(days=one) for one in AGREED.values()],
    }
)
SPELLS = pd.DataFrame(
    {
        "id": [f"A-{one}" for one in AGREED],
        "person": list(AGREED),
        "status": "flexible",
        "start": "2024-01-01",
        "verified_by": "visit",
        "verified_on": "2024-01-01",
    }
)
JOBS = pd.DataFrame(
    {
        "id": [f"J{one}" for one in range(1, 6)],
        "title": [f"岗位{one}" for one in range(1, 6)],
        "employer": "示例单位",
        "employer_licence": ["verified"] * 4 + ["unverified"],
        "job_type": "ordinary",
        "lon": LON + np.array([0.001, 0.002, 0.003, 0.004, 0.0]),
        "lat": LAT,
        "wage_low_cny": 3000.0,
        "wage_high_cny": 4000.0,
        "wage_unit": "month",
        "opened_on": dt.date(2025, 12, 1),
    }
)


def made(seekers=SEEKERS, **options):
    return due_list(
        seekers, SPELLS, SERVICES, DueOptions(on=ON, **options), openings=Openings(JOBS)
    )


@pytest.fixture(scope="module")
def due():
    return made()


def test_overdue_ones_come_first_then_community_estate_and_building_by_its_number(due):
    assert list(due.people["person"]) == ["S5", "S3", "S2", "S6", "S1", "S4"]
    assert list(due.people["overdue"]) == [True] * 5 + [False]
    assert list(due.people["days_left"]) == [-4, -2, -1, -5, -3, 0]
    assert list(due.people.columns) == list(COLUMNS)


def test_who_is_not_registered_any_more_or_not_due_yet_is_left_out(due):
    assert not {"S7", "S8"} & set(due.people["person"])
    assert due.n_registered == 7


def test_names_phones_and_doors_are_masked_unless_asked_for_whole(due):
    masked = due.people.set_index("person").loc["S1"]
    assert (masked["name"], masked["phone"]) == ("欧***", "138******12")
    assert (masked["estate"], masked["building"]) == ("示例小区", "1")
    assert pd.isna(masked["unit"])
    assert pd.isna(masked["room"])
    assert "501" not in due.people.to_csv()
    whole = made(unmasked=True).people.set_index("person").loc["S1"]
    assert (whole["name"], whole["phone"], whole["room"]) == ("欧阳示例", "13800000012", "501")


def test_three_jobs_of_verified_employers_are_read_with_their_exact_distance(due):
    own = due.jobs[due.jobs["person"] == "S1"]
    assert set(own["job_id"]) <= {"J1", "J2", "J3", "J4"}
    assert list(own["rank"]) == [1, 2, 3]
    places = JOBS.set_index("id").loc[own["job_id"]]
    n = len(own)
    expected = geodesic_distance(
        lon1=np.full(n, LON), lat1=np.full(n, LAT), lon2=places["lon"], lat2=places["lat"]
    )
    assert np.allclose(own["distance_m"].astype(float), expected, atol=1e-6)
    assert own["zh"].str.contains("示例单位，直线.*米，3,000–4,000元/月").all()


@pytest.mark.parametrize(
    ("jobs", "why"),
    [(JOBS, "范围内的岗位都不符合条件"), (JOBS.iloc[:4], "范围内没有岗位")],
    ids=["only an unverified one", "none"],
)
def test_who_has_no_job_in_reach_is_told_why(jobs, why):
    options = DueOptions(on=ON, matching=MatchOptions(radius_m=10))
    far = due_list(SEEKERS, SPELLS, SERVICES, options, openings=Openings(jobs))
    assert set(far.jobs["zh"]) == {why}
    assert set(far.jobs["rank"]) == {0}
    assert len(far.jobs) == len(far)


def test_no_jobs_are_looked_for_where_none_are_asked():
    assert made(n_jobs=0).jobs.empty


def test_what_no_source_says_is_told_and_no_more_once_it_is_given(due):
    assert due.not_asked == tuple(NO_SOURCE[one] for one in ("interval", "verify", "clock"))
    asked = made(interval_days={"veteran": 30}, verify_within_days=30)
    assert asked.not_asked == (NO_SOURCE["clock"],)


def test_a_second_line_of_one_day_has_another_id_to_be_recorded_under():
    again = SERVICES.assign(on=ON, id=[f"W-{one}" for one in AGREED])
    both = pd.concat([SERVICES, again])
    second = due_list(SEEKERS, SPELLS, both, DueOptions(on=ON))
    assert second.people.set_index("person").loc["S1", "service_id"] == "S1-D251231-2"
    assert made().people.set_index("person").loc["S1", "service_id"] == "S1-D251231-1"


def test_nobody_due_gives_an_empty_list_of_the_same_columns():
    nobody = due_list(
        SEEKERS, SPELLS, SERVICES.iloc[:0], DueOptions(on=ON), openings=Openings(JOBS)
    )
    assert len(nobody) == 0
    assert list(nobody.people.columns) == list(COLUMNS)


def test_several_reasons_of_one_person_are_one_line_with_the_earliest_day():
    clocks = pd.DataFrame({"household": ["H1"], "due_on": [ON - dt.timedelta(days=20)]})
    seekers = SEEKERS.assign(household="H1")
    found = due_list(seekers, SPELLS, SERVICES, DueOptions(on=ON), clocks=clocks)
    line = found.people.set_index("person").loc["S1"]
    assert line["reasons"] == "household_clock,follow_up"
    assert line["days_left"] == -20
    assert "；约定2025-12-28再次联系" in line["why_zh"]
