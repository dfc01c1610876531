"""The numbers at the top of the page: of the one release, rounded and kept back as all of it."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest
from test_api.test_coverage.conftest import CODES, LAT, LON, MONTH_END, homes

from api.coverage.headline import headline_of, is_below
from api.coverage.release import Release
from api.coverage.schemas import Row
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
    assert households["missing"] is None
    assert (told["communities"], told["located_share"]) == (4, pytest.approx(200 / 205, abs=0.05))


def test_no_list_of_seekers_is_told_from_few_of_them(release):
    assert release.has_seekers is False
    told = headline_of(release).registered_unemployed_without_job
    assert (told.value, told.suppressed, told.missing) == (None, False, "no_list")
    assert told.reason == "There was no list of seekers when it was published."
    few = headline_of(replace(release, has_seekers=True)).registered_unemployed_without_job
    assert (few.value, few.suppressed, few.missing) == (None, True, "kept_back")
    assert few.reason.startswith("Fewer than 10, or kept back")


def test_a_list_of_seekers_is_noticed_however_it_came(serve_town):
    town = serve_town()
    point = Point("households", "jobs", MONTH_END)
    with Store.open(town.path) as store:
        assert not read_town(store, point).has_seekers
        store.put("seekers", pa.table({"id": ["A"], "lon": [LON], "lat": [LAT]}))
        assert read_town(store, point).has_seekers


PUBLISHED = [  # located, reached, below, and the verdict with an error of 5
    (80, 69, None, True),  # 11: more than both errors
    (80, 70, None, None),
    (80, 85, None, None),  # less than none is none, within the error
    (80, 20, 5, None),  # what is printed counts before any difference
    (80, 80, 6, True),
    (80, 80, 0, None),
    (80, None, 10, True),
    (None, 60, None, None),
    (80, None, None, None),
]


@pytest.mark.parametrize(("located", "reached", "below", "verdict"), PUBLISHED)
def test_below_the_standard_is_what_exceeds_its_error(located, reached, below, verdict):
    assert is_below(row(located, reached, below), 5) is verdict


def test_figures_without_an_error_are_never_open():
    assert is_below(row(80, 80, 0), 0) is False
    assert is_below(row(80, 79, None), 0) is True


def row(located, reached, below):
    return Row(
        kind="community",
        code=CODES[0],
        name=None,
        people=80,
        located=located,
        reached=reached,
        reached_share=None,
        below=below,
        reasons={},
        measures={},
    )


def test_communities_are_counted_by_that_rule_and_whoever_lives_in_none_is_no_community(release):
    own = release.rows["community"][0]
    figures = [
        {**own, "kind": kind, "located": located, "reached": reached, "below": below}
        for kind in ("community", "outside")
        for located, reached, below, _ in PUBLISHED
    ]
    told = headline_of(replace(release, rows={**release.rows, "community": figures}))
    assert told.communities_below_standard == 3
    assert told.communities_kept_back == len(PUBLISHED) - 3
    assert told.communities == len(PUBLISHED)


def test_what_was_written_down_before_says_nothing_of_lists_and_has_the_librarys_steps(released):
    held = json.loads(released)
    for name in ("distance_step_m", "reach_step", "has_seekers"):
        del held[name]
    earlier = Release.parse(json.dumps({**held, "form": 1}))
    assert earlier.has_seekers is None
    told = headline_of(earlier).registered_unemployed_without_job
    assert (told.suppressed, told.missing) == (True, "kept_back")
    now = Release.parse(released)
    assert (earlier.distance_step_m, earlier.reach_step) == (now.distance_step_m, now.reach_step)
    with pytest.raises(ValueError, match="of another form"):
        Release.parse(json.dumps({**held, "form": 3}))


def test_the_menu_tells_by_how_much_quantiles_are_rounded(town, released):
    town.take_release(released)
    told = town.get("/v1/coverage").json()
    menu = told["menu"]
    measures = [one["measures"] for one in (told["city"], *told["rows"])]
    for name, step in (("distance", menu["distance_step_m"]), ("in_reach", menu["reach_step"])):
        values = [v for m in measures for k, v in m.items() if k.startswith(name) and v is not None]
        assert values
        assert {value % step for value in values} == {0}
    assert (menu["distance_step_m"], menu["reach_step"]) == (500.0, 5.0)


def test_a_release_from_before_there_were_totals_says_so(release):
    rows = {name: one for name, one in release.rows.items() if name != UNEMPLOYED}
    everybody = {k: v for k, v in release.everybody.items() if not k.startswith("zero_employment")}
    told = headline_of(replace(release, rows={**rows, "all": [everybody]}, has_seekers=None))
    for total in (told.zero_employment_households, told.registered_unemployed_without_job):
        assert (total.value, total.suppressed, total.missing) == (None, False, "not_published")
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
