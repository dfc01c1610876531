"""What stations can do a month beside what they did: people counted once, nothing lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.visits import station_capacity

DATA = Path(__file__).resolve().parents[3] / "data"
FIRST, LAST = dt.date(2024, 2, 1), dt.date(2024, 3, 31)


def capacity(stations, services, first=FIRST, last=LAST):
    columns = ["id", "staff", "capacity_per_month", "opened_on", "closed_on"]
    given = pd.DataFrame(services, columns=["person", "on", "station_id"])
    return station_capacity(pd.DataFrame(stations, columns=columns), given, first=first, last=last)


def day(text):
    return dt.date.fromisoformat(f"2024-{text}")


def test_people_are_counted_once_a_month_and_compared_with_the_capacity():
    told = capacity(
        [("ST", 2, 2, None, None), ("SU", 0, None, None, None)],
        [
            ("S1", day("02-01"), "ST"),
            ("S1", day("02-29"), "ST"),
            ("S2", day("02-10"), "ST"),
            ("S1", day("03-01"), "ST"),
            ("S2", day("03-01"), "ST"),
            ("S3", day("03-31"), "ST"),
            ("S1", day("04-01"), "ST"),
            ("S1", day("02-05"), "SU"),
        ],
    ).months.set_index(["station_id", "month"])
    february, march = (told.loc[("ST", pd.Timestamp(f"2024-{m}-01"))] for m in ("02", "03"))
    assert february[["people", "services", "load", "within", "per_staff"]].tolist() == [
        2,
        3,
        1.0,
        "pass",
        1.0,
    ]
    assert march[["people", "services", "load", "within"]].tolist() == [3, 3, 1.5, "fail"]
    other = told.loc[("SU", pd.Timestamp("2024-02-01"))]
    assert other["within"] == "unknown"
    assert other[["load", "per_staff"]].isna().all()


def test_services_without_a_station_or_with_an_unknown_one_are_told_apart():
    told = capacity(
        [("ST", 1, 1, None, None)],
        [("S1", day("02-01"), None), ("S1", day("03-01"), "X"), ("S1", day("03-02"), "ST")],
    ).unplaced
    assert told[["services", "no_station", "unknown_station"]].to_numpy().tolist() == [
        [1, 1, 0],
        [2, 0, 1],
    ]


def test_days_on_which_a_station_is_open_are_counted_and_services_on_others_told():
    told = capacity(
        [("ST", 1, 9, day("02-20"), day("03-11"))],
        [
            ("S1", day("02-19"), "ST"),
            ("S2", day("02-20"), "ST"),
            ("S3", day("03-10"), "ST"),
            ("S4", day("03-11"), "ST"),
        ],
    ).months
    assert told["open_days"].tolist() == [10, 10]
    assert told["while_closed"].tolist() == [1, 1]
    shut = capacity([("ST", 1, 9, day("05-01"), None)], []).months
    assert shut["open_days"].tolist() == [0, 0]
    whole = capacity([("ST", 1, 9, None, None)], []).months
    assert whole["open_days"].tolist() == [29, 31]


def test_the_citys_services_are_all_counted():
    stations = pd.read_parquet(DATA / "stations.parquet")
    services = pd.read_parquet(DATA / "history" / "services.parquet")
    first, last = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
    told = station_capacity(stations, services, first=first, last=last)
    year = services[services["on"].dt.year == 2025]
    assert told.unplaced["services"].sum() == len(year)
    assert told.months["services"].sum() + told.unplaced["no_station"].sum() == len(year)
    assert told.months["while_closed"].sum() == 0
    placed = year[year["station_id"].notna()]
    month = placed["on"].dt.month
    for (station, at), rows in list(placed.groupby([placed["station_id"].astype(str), month]))[
        :200
    ]:
        row = told.months[
            (told.months["station_id"] == station)
            & (told.months["month"] == pd.Timestamp(2025, at, 1))
        ].iloc[0]
        assert (row["people"], row["services"]) == (rows["person"].nunique(), len(rows))


def test_a_span_that_ends_before_it_begins_and_a_station_twice_are_refused():
    with pytest.raises(ArgumentError, match="`last` must not lie before 2024-03-31"):
        capacity([], [], first=LAST, last=FIRST)
    with pytest.raises(ArgumentError, match=r"`stations.id` must be different in each row"):
        capacity([("ST", 1, 1, None, None)] * 2, [])
