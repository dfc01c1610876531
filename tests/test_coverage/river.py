"""The river town of `test_walking`, with people, jobs and communities drawn into it."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from shapely import box
from test_coverage.plain_on_foot import person
from test_walking.river_town import at, obstacles, streets

from geo_match.walking import Network

SPOTS = (
    *((x, y) for x in (-1900, -1450, -700, -200, 350, 900, 1550) for y in (-160, -130, 230, 280)),
    (-820, -480),  # in a dead end, across a brook
    (-200, 410),  # across the railway from the nearer street
    (-600, 700),
    (1000, -140),  # at the end of Winding Lane
    (-1650, -650),  # in the yard, to which no street leads
    (2500, -20),  # across the river from the only street that is near
    (0, -900),  # where no street is near
)
COMMUNITIES = [
    {"code": "340302001001", "name": "南", "area": box(*at(-2500, -1200), *at(2700, 50)).wkt},
    {"code": "340302001002", "name": "北", "area": box(*at(-2500, 50), *at(1700, 800)).wkt},
    {"code": "340303001001", "name": "无", "area": None},
]


@cache
def town(*across):
    """Return the town's network with these ways across its river."""
    return Network.from_lines(streets(*across), obstacles(), ferries=True)


@st.composite
def peopled(draw, most=10):
    """Draw people and jobs."""
    spot = st.sampled_from([None, *SPOTS, *SPOTS])
    people = [
        person(
            f"P{n}",
            draw(spot),
            weight=draw(st.integers(0, 4)),
            location_accuracy_m=draw(st.sampled_from([None, None, 400.0, 4000.0])),
            community=draw(st.sampled_from(["340302001001", "340303001001", None])),
        )
        for n in range(draw(st.integers(0, most)))
    ]
    supply = [
        person(f"J{n}", draw(spot), vacancies=draw(st.sampled_from([0, 1, 2, 5])))
        for n in range(draw(st.integers(0, most)))
    ]
    return people, supply
