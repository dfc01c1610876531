"""The numbers at the top of the page: of the one release, rounded and kept back as all of it."""

from __future__ import annotations

import datetime as dt
import logging
import time
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest
from test_api.test_coverage.conftest import LAT, LON, MONTH_END, homes

from api.coverage.headline import headline_of
from api.coverage.release import Release
from api.coverage.totals import UNEMPLOYED, WITHOUT_JOB, unemployed_table
from api.coverage.town import Point, read_town
from geo_match.store import Store

MARKED = sum(homes().column("zero_employment").to_pylist())


@pytest.fixture(scope="module")
def release(released):
    """What is published of the town."""
    return Release.parse(released)


def test_the_headline_tells_the_totals_near_the_truth_and_what_is_kept_back(town, released):
    town.take_release(released)
    told = town.get("/v1/coverage/headline").json()
    assert told["data_date"] == MONTH_END.isoformat()
    households = told["zero_employment_households"]
    assert households["value"] % 5 == 0
    assert abs(households["value"] - MARKED) <= 5
    assert (households["suppressed"], households["reason"]) == (False, None)
    # Nobody is registered: that is kept back like any count below ten.
    unemployed = told["registered_unemployed_without_job"]
    assert (unemployed["value"], unemployed["suppressed"]) == (None, True)
    assert unemployed["reason"].startswith("Fewer than 10, or kept back")
    assert (told["communities"], told["located_share"]) == (4, pytest.approx(200 / 205, abs=0.05))


def test_a_release_from_before_there_were_totals_says_so(release):
    rows = {name: one for name, one in release.rows.items() if name != UNEMPLOYED}
    everybody = {k: v for k, v in release.everybody.items() if not k.startswith("zero_employment")}
    told = headline_of(replace(release, rows={**rows, "all": [everybody]}))
    for total in (told.zero_employment_households, told.registered_unemployed_without_job):
        assert (total.value, total.suppressed) == (None, False)
        assert "no part of what was published" in total.reason


def test_the_totals_are_no_level_that_coverage_can_be_told_by(town, released):
    town.take_release(released)
    assert UNEMPLOYED not in town.get("/v1/coverage").json()["menu"]["by"]


def test_no_place_is_told_of_the_totals(release):
    for name, rows in release.rows.items():
        for row in rows:
            told = {key for key in row if key.startswith(("zero_", "registered_"))}
            assert not told or name in {"all", UNEMPLOYED}
    assert (
        pd.DataFrame(release.rows[UNEMPLOYED])
        .columns.isin(["date", UNEMPLOYED, WITHOUT_JOB, "release"])
        .all()
    )


def test_the_registered_unemployed_without_a_job_are_counted_by_hand(serve_town):
    town = serve_town()
    near, far = (LON + 0.004, LAT + 0.004), (LON + 0.2, LAT + 0.2)  # the second 28 km away
    who = [
        ("A", near, "registered_unemployed"),
        ("B", near, "registered_unemployed"),
        ("C", far, "registered_unemployed"),
        ("D", far, "employed"),
        ("E", (None, None), "registered_unemployed"),
    ]
    ids, places, status = zip(*who, strict=True)
    lon, lat = zip(*places, strict=True)
    since = [dt.date(2026, 1, 5)] * len(who)
    columns = {"id": ids, "lon": lon, "lat": lat, "status": status, "registered_on": since}
    town.write("seekers", pa.table(columns))
    with Store.open(town.path) as store:
        read = read_town(store, Point("households", "jobs", MONTH_END))
        table = unemployed_table(store, read)
    # Three have a place; of these C alone has nothing within 3 km. Nobody else is known to be fit
    # for nothing.
    assert table.frame[[UNEMPLOYED, WITHOUT_JOB]].to_numpy().tolist() == [[3, 1]]


def test_what_is_begun_at_the_start_is_there_for_who_asks(serve_town, released, caplog):
    caplog.set_level(logging.INFO, "api.coverage.releases")
    town = serve_town()
    town.take_release(released)
    town.coverages.begin()
    town.coverages.begin()  # by whomever: it is made once
    until = time.monotonic() + 60
    while town.coverages.releases.makings < 1 and time.monotonic() < until:
        time.sleep(0.01)
    assert town.get("/v1/coverage/headline").status_code == 200
    assert town.coverages.releases.makings == 1
