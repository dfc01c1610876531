"""One city for all tests of the demonstration: drawing it takes some seconds."""

from __future__ import annotations

import pytest

from geo_match.demo.city import SEED, draw_city
from geo_match.demo.ground import draw_areas, draw_homes, draw_land, draw_streets
from geo_match.demo.scale import SMALL
from geo_match.demo.work import draw_work


@pytest.fixture(scope="package")
def land():
    return draw_land(SEED)


@pytest.fixture(scope="package")
def areas(land):
    return draw_areas(land)


@pytest.fixture(scope="package")
def homes(land, areas):
    return draw_homes(land, areas)


@pytest.fixture(scope="package")
def streets(land, homes):
    return draw_streets(land, homes)


@pytest.fixture(scope="package")
def work(land, areas, homes, streets):
    return draw_work(land, areas, homes, streets)


@pytest.fixture(scope="package")
def small():
    """The city that `data/` ships."""
    return draw_city(SMALL)
