"""One city for all tests of the demonstration's ground: drawing it takes some seconds."""

from __future__ import annotations

import pytest

from geo_match.demo import draw_areas, draw_homes, draw_land

SEED = 20220512


@pytest.fixture(scope="package")
def land():
    return draw_land(SEED)


@pytest.fixture(scope="package")
def areas(land):
    return draw_areas(land)


@pytest.fixture(scope="package")
def homes(land, areas):
    return draw_homes(land, areas)
