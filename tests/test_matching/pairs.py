"""A pair that matches, and how a case says what is different; cases of it stand in `cases`."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, NamedTuple

CONDITIONS = (
    "distance",
    "open",
    "vacancies",
    "employer",
    "working_age",
    "job_type",
    "occupation",
    "education",
    "wage",
    "hours",
    "shift",
    "age",
    "certificates",
)
ON = dt.date(2025, 6, 16)
NEW_YEAR, NEW_YEARS_EVE = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
GB = "GB/T 6565-2009"
METRES_PER_DEGREE = 6_378_137.0 * math.pi / 180.0
"""Along the equator, which is a circle of the ellipsoid's greater radius."""

SEEKER: dict[str, Any] = {
    "id": "求职-1",
    "lon": 117.38,
    "lat": 32.93,
    "location_accuracy_m": 10.0,
    "radius_m": None,
    "registered_on": None,
    "closed_on": None,
    "birth_year": 1985,
    "sex": "male",
    "education": "college",
    "status": "unemployed",
    "groups": (),
    "difficulty": "none",
    "occupation": "40101",
    "occupation_version": GB,
    "wage_floor_cny": 3000,
    "shift": "day",
    "accepts": ("ordinary", "flexible", "public_welfare", "traineeship"),
    "certificates": (),
    "hours_max_per_week": 44.0,
    "graduation_year": None,
}
JOB: dict[str, Any] = {
    "id": "招聘-1",
    "lon": 117.39,
    "lat": 32.93,
    "location_accuracy_m": 10.0,
    "employer_licence": "verified",
    "occupation": "40101",
    "occupation_version": GB,
    "job_type": "ordinary",
    "education_min": "senior",
    "wage_low_cny": 3200.0,
    "wage_high_cny": 4000.0,
    "wage_unit": "month",
    "hours_per_week": 40.0,
    "shift": "day",
    "age_min": None,
    "age_max": None,
    "certificate": None,
    "vacancies": 3,
    "filled": 1,
    "opened_on": dt.date(2024, 1, 1),
    "closed_on": None,
    "updated_at": dt.datetime(2025, 6, 10, 9, 30),  # noqa: DTZ001 - kept so, by China's clock
}


class Case(NamedTuple):
    """A pair, what is asked of it, and the outcome of each condition that is asked."""

    name: str
    seeker: dict[str, Any]
    job: dict[str, Any]
    options: dict[str, Any]
    outcomes: dict[str, str]
    matches: bool


class Scored(NamedTuple):
    """A pair, and what each part adds to its score."""

    name: str
    seeker: dict[str, Any]
    job: dict[str, Any]
    options: dict[str, Any]
    for_job: bool
    parts: dict[str, float]


class Certain(NamedTuple):
    """A pair, and how certain it is that it lies in the circle."""

    name: str
    seeker: dict[str, Any]
    job: dict[str, Any]
    options: dict[str, Any]
    certainty: str | None


def equator(metres):
    """Place the seeker on the equator, and the job so many metres east of there."""
    return {"lon": 117.0, "lat": 0.0}, {"lon": 117.0 + metres / METRES_PER_DEGREE, "lat": 0.0}


def case(name, seeker=None, job=None, *, matches=None, options=None, on=ON, **outcomes):
    """Make a case of what differs; it matches if nothing fails and the place of both is known."""
    options = {"on": on, **(options or {})}
    asked = {"distance", *options.get("conditions", CONDITIONS)}
    outcomes = {name: outcomes.get(name, "pass") for name in CONDITIONS if name in asked}
    if matches is None:
        matches = "fail" not in outcomes.values() and outcomes["distance"] == "pass"
    return Case(name, SEEKER | (seeker or {}), JOB | (job or {}), options, outcomes, matches)
