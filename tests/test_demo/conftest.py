"""One city for all tests of the demonstration: drawing it takes some seconds."""

from __future__ import annotations

import pytest

from geo_match.demo.city import SEED, draw_city
from geo_match.demo.ground import draw_areas, draw_homes, draw_land, draw_streets
from geo_match.demo.people import draw_people
from geo_match.demo.scale import SMALL
from geo_match.demo.work import draw_work

TWENTIETH = 0.05


@pytest.fixture(scope="session")
def land():
    return draw_land(SEED)


@pytest.fixture(scope="session")
def areas(land):
    return draw_areas(land)


@pytest.fixture(scope="session")
def homes(land, areas):
    return draw_homes(land, areas)


@pytest.fixture(scope="session")
def streets(land, homes):
    return draw_streets(land, homes)


@pytest.fixture(scope="session")
def whole_work(land, areas, homes, streets):
    """Give the work of the whole city."""
    return draw_work(land, areas, homes, streets)


@pytest.fixture(scope="session")
def work(whole_work):
    """Give the work that the tests here look at: all of it, where they do not choose a part."""
    return whole_work


@pytest.fixture(scope="session")
def twentieth(land, areas, homes):
    """Give a twentieth of the people of the whole city."""
    return draw_people(land, areas, homes, share=TWENTIETH)


@pytest.fixture(scope="session")
def small(land, areas, homes, streets, whole_work):
    """Give the city that `data/` ships, on the ground that is drawn already.

    That is most of its time. That one who draws all of it himself gets the same, is a test
    (`test_files.py`: the command, in a process of its own).
    """
    drawn = {"land": land, "areas": areas, "homes": homes, "streets": streets, "work": whole_work}
    with pytest.MonkeyPatch.context() as patched:
        for name, one in drawn.items():
            patched.setattr(f"geo_match.demo.city.draw_{name}", lambda *_, one=one: one)
        return draw_city(SMALL)
