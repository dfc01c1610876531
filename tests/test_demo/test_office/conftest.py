"""A small city's lists: the four urban districts, a twentieth of their people, a fifth of jobs."""

from __future__ import annotations

import dataclasses

import pytest

from geo_match.demo.city import SEED
from geo_match.demo.extract import people_in
from geo_match.demo.facts import URBAN_DISTRICTS
from geo_match.demo.office import draw_office, write_office
from geo_match.demo.people import draw_people


@pytest.fixture(scope="package")
def urban(areas):
    return areas.loc[areas["lies_in"].isin(URBAN_DISTRICTS), "code"]


@pytest.fixture(scope="package")
def people(land, areas, homes, urban):
    return people_in(draw_people(land, areas, homes, share=0.05), set(urban))


@pytest.fixture(scope="package")
def work(work, urban):
    sites, jobs, stations = (
        frame[frame["community"].isin(urban)] for frame in (work.sites, work.jobs, work.stations)
    )
    return dataclasses.replace(work, sites=sites, jobs=jobs.iloc[::5], stations=stations)


@pytest.fixture(scope="package")
def office(people, work, areas):
    return draw_office(people, work, areas, seed=SEED)


@pytest.fixture(scope="package")
def folder(office, tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    write_office(office, folder)
    return folder


@pytest.fixture(scope="package")
def labelled(office):
    """Give what tells the rows of a list that some defects are in, counted from 0."""

    def rows(file, *defects, column=None):
        labels = office.defects[office.defects["file"] == file]
        labels = labels[labels["defect"].isin(defects)]
        if column is not None:
            labels = labels[labels["column"] == column]
        return set(labels["row"] - 1)

    return rows
