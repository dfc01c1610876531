"""A small city's lists: the four urban districts, a twentieth of their people, a fifth of jobs."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest

from geo_match.demo.city import SEED
from geo_match.demo.extract import people_in, work_in
from geo_match.demo.facts import URBAN_DISTRICTS
from geo_match.demo.office import draw_office, write_office
from geo_match.demo.scale import SMALL


@pytest.fixture(scope="session")
def urban(areas):
    return areas.loc[areas["lies_in"].isin(URBAN_DISTRICTS), "code"]


@pytest.fixture(scope="session")
def people(twentieth, urban):
    return people_in(twentieth, set(urban))


@pytest.fixture(scope="session")
def work(whole_work, urban):
    sites, jobs, stations = (
        frame[frame["community"].isin(urban)]
        for frame in (whole_work.sites, whole_work.jobs, whole_work.stations)
    )
    return dataclasses.replace(whole_work, sites=sites, jobs=jobs.iloc[::5], stations=stations)


@pytest.fixture(scope="session")
def office(people, work, areas):
    return draw_office(people, work, areas, seed=SEED)


@pytest.fixture(scope="session")
def folder(office, tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    write_office(office, folder)
    return folder


@pytest.fixture(scope="session", params=["four districts", "as shipped"])
def sent(request, small, areas, office):
    """Give the lists of four districts, and those of the one that ship, with what is clean."""
    if request.param == "as shipped":
        codes = set(areas["code"][areas["lies_in"] == SMALL.office])
        people, work = people_in(small.people, codes), work_in(small.work, codes)
        return SimpleNamespace(office=small.office, people=people, work=work)
    people, work = (request.getfixturevalue(name) for name in ("people", "work"))
    return SimpleNamespace(office=office, people=people, work=work)


@pytest.fixture(scope="session")
def labelled(office):
    """Give what tells the rows of a list that some defects are in, counted from 0."""

    def rows(file, *defects, column=None):
        labels = office.defects[office.defects["file"] == file]
        labels = labels[labels["defect"].isin(defects)]
        if column is not None:
            labels = labels[labels["column"] == column]
        return set(labels["row"] - 1)

    return rows
