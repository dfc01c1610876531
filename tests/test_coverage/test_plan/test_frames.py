"""The frames of a plan as they are given, and what is said of those at fault."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shapely import Point

from geo_match.coverage.plan.options import PlanOptions
from geo_match.coverage.plan.residents import read_residents
from geo_match.coverage.plan.seekers import GROUPS, read_seekers
from geo_match.coverage.plan.supply import read_entities, read_jobs, read_stations
from geo_match.errors import ArgumentError, DatumError
from geo_match.matching import FrameError

OPTIONS = PlanOptions(on=dt.date(2025, 12, 31))
HOME = {"id": "P", "lon": 117.37, "lat": 32.93}


def test_members_live_where_their_household_does():
    households = [HOME, {"id": "Q", "lon": None, "lat": None, "community": "340302001001"}]
    members = pd.DataFrame(
        {"household": ["Q", "P", "P"], "birth_year": [1990, 2020, None], "weight": [1, 2, 3]}
    )
    found = read_residents(members, households, OPTIONS)
    assert found.who.located.tolist() == [False, True, True]
    assert found.who.community.to_pylist() == ["340302001001", None, None]
    assert found.who.weight.tolist() == [1, 2, 3]
    assert found.of_working_age.tolist() == [True, False, False]
    assert found.age_unknown.tolist() == [False, False, True]
    assert len(read_residents([], [], OPTIONS).age) == 0
    assert len(read_residents([], None, OPTIONS).age) == 0


@pytest.mark.parametrize(
    ("people", "households", "told"),
    [
        (HOME, None, "`people`, column `birth_year` must be there, got no such column"),
        ({**HOME, "birth_year": 1850}, None, "column `birth_year` must be between 1900 and 2100"),
        (
            {**HOME, "birth_year": 1990, "sex": "f"},
            None,
            "column `sex` must be one of male, female",
        ),
        ({**HOME, "birth_year": 1990, "weight": -1}, None, "column `weight` must be a number"),
        ({"birth_year": 1990}, [HOME], "column `household` must be there"),
        (
            {"household": "X", "birth_year": 1990},
            [HOME],
            "column `household` must name one of the households, got 1 of 1 .*'X'",
        ),
        ({"household": 7, "birth_year": 1990}, [HOME], "column `household` must hold text"),
        ({"household": "P", "birth_year": 1990, "weight": -1}, [HOME], "column `weight` must be"),
        ({"household": "P", "birth_year": 1990}, [{"id": "P"}], "`households`, column `lon, lat`"),
    ],
)
def test_what_is_wrong_with_people_is_named(people, households, told):
    with pytest.raises(FrameError, match=told) as refused:
        read_residents(people, households, OPTIONS)
    assert len(refused.value.faults) == 1


def test_groups_are_columns_of_their_own_or_lists():
    flags = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "lon": [117.37] * 3,
            "lat": [32.93] * 3,
            "veteran": [True, None, False],
            "difficulty": ["older", "none", None],
            "status": ["registered_unemployed", "flexible", None],
        }
    )
    found = read_seekers(flags, OPTIONS)
    assert set(found.is_in) == {"veteran", "difficulty", "registered_unemployed"}
    assert found.is_in["veteran"].tolist() == [True, False, False]
    assert found.not_stated["veteran"].tolist() == [False, True, False]
    assert found.is_in["difficulty"].tolist() == [True, False, False]
    assert found.not_stated["registered_unemployed"].tolist() == [False, False, True]
    lists = [
        {**HOME, "id": "a", "groups": ["veteran", "graduate"]},
        {**HOME, "id": "b", "groups": []},
        {**HOME, "id": "c", "groups": None},
    ]
    found = read_seekers(lists, OPTIONS)
    assert found.is_in["graduate"].tolist() == [True, False, False]
    assert found.not_stated["migrant_worker"].tolist() == [False, False, True]
    assert set(read_seekers([], OPTIONS).is_in) == set(GROUPS)
    nothing = read_seekers({**HOME, "veteran": None}, OPTIONS)
    assert nothing.not_stated["veteran"].tolist() == [True]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"veteran": "yes"}, "`seekers`, column `veteran` must be true or false"),
        ({"difficulty": "lazy"}, "`seekers`, column `difficulty` must be one of none, older"),
        ({"status": "busy"}, "`seekers`, column `status` must be one of employed"),
        ({"groups": ["student"]}, "`seekers`, column `groups` must hold only graduate"),
        ({"occupation": 401}, "`seekers`, column `occupation` must hold text"),
        ({"weight": -1}, "`seekers`, column `weight` must be a number of at least 0"),
    ],
)
def test_what_is_wrong_with_seekers_is_named(wrong, told):
    with pytest.raises(FrameError, match=told):
        read_seekers({**HOME, **wrong}, OPTIONS)


def test_all_faults_of_seekers_are_told_at_once():
    with pytest.raises(FrameError, match=r"`seekers` must .* got 2 faults"):
        read_seekers({**HOME, "weight": -1, "status": "busy"}, OPTIONS)


def test_what_is_no_frame_and_what_has_no_datum_is_told_by_its_name():
    nowhere = gpd.GeoDataFrame({"id": ["a"]}, geometry=[Point(117.37, 32.93)])
    with pytest.raises(ArgumentError, match="`seekers` must be a GeoDataFrame"):
        read_seekers(7, OPTIONS)
    with pytest.raises(ArgumentError, match="`households` must be a GeoDataFrame"):
        read_residents({"household": "P", "birth_year": None}, 7, OPTIONS)
    for read, name in (
        (lambda frame: read_seekers(frame, OPTIONS), "seekers"),
        (read_entities, "entities"),
        (lambda frame: read_jobs(frame, OPTIONS), "jobs"),
        (lambda frame: read_stations(frame, OPTIONS), "stations"),
    ):
        with pytest.raises(DatumError, match=f"`CRS of {name}` must be geographic"):
            read(nowhere)


def test_a_posting_counts_while_it_is_open_verified_and_seeks_somebody():
    day = OPTIONS.on
    rows = [
        {"id": "in", "opened_on": day, "closed_on": None, "vacancies": 5, "filled": 2},
        {"id": "later", "opened_on": day + dt.timedelta(1)},
        {"id": "closed", "closed_on": day},
        {"id": "to-morrow", "closed_on": day + dt.timedelta(1), "vacancies": None, "filled": 3},
        {"id": "filled", "vacancies": 2, "filled": 3},
        {"id": "unknown", "employer_licence": None},
        {"id": "expired", "employer_licence": "expired"},
    ]
    rows = [{**HOME, "employer_licence": "verified", **row} for row in rows]
    found = read_jobs(rows, OPTIONS)
    assert found.where.ids.to_pylist() == ["in", "to-morrow"]
    assert found.vacancies.tolist() == [3, 1]
    assert found.told == {
        "jobs_given": 7,
        "jobs_not_open": 2,
        "jobs_not_verified": 2,
        "jobs_filled": 1,
        "jobs_unlocated": 0,
        "vacancies_unlocated": 0,
        "jobs_vacancies_not_stated": 1,
        "vacancies_without_occupation": 4,
    }
    alone = read_jobs(pa.table({"id": ["J"], "lon": [117.37], "lat": [32.93]}), OPTIONS)
    assert alone.vacancies.tolist() == [1]  # where nothing is said of licences, none is asked


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"vacancies": 1.5}, "`jobs`, column `vacancies` must be whole numbers"),
        ({"filled": -1}, "`jobs`, column `filled` must be between 0 and 1000000"),
        ({"opened_on": "2025"}, "`jobs`, column `opened_on` must be days or moments"),
        ({"employer_licence": "yes"}, "`jobs`, column `employer_licence` must be one of verified"),
    ],
)
def test_what_is_wrong_with_jobs_is_named(wrong, told):
    with pytest.raises(FrameError, match=told):
        read_jobs({**HOME, **wrong}, OPTIONS)


def test_entities_and_stations_count_once_each_whatever_their_weight():
    assert read_entities({**HOME, "weight": 9}).weight.tolist() == [1]
    found = read_stations([{**HOME, "closed_on": OPTIONS.on}, {**HOME, "id": "T"}], OPTIONS)
    assert (found.where.ids.to_pylist(), found.not_open) == (["T"], 1)
    assert np.isnan(read_stations([], OPTIONS).where.lon).sum() == 0
