"""Small random cities, with values near the bounds, much that is not stated, and ties."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from pyproj import Geod
from test_matching.pairs import CONDITIONS, GB, JOB, NEW_YEAR, NEW_YEARS_EVE, ON, SEEKER

_GEOD = Geod(ellps="WGS84")
_CENTRE = (117.38, 32.93)
_SHARED = (_CENTRE, (117.385, 32.931), (117.40, 32.94))
"""Places of several; the first is the centre of the circles whose rims have places too."""
RADII_M = (0.0, 500.0, 1500.0, 3000.0, 6000.0)
_CODES = (
    *("40101", "40101", "40102", "4010103", "401", "4", "40301", "60501", "6"),
    *("普工", "401普工", "90101", "41901"),
)
OCCUPATIONS = st.sampled_from(_CODES) | st.from_regex("[1-9](0[0-9]){0,3}", fullmatch=True)
"""Codes of any length and words, as records keep them."""
_EDUCATIONS = ("primary", "junior", "senior", "vocational", "college", "bachelor", "master")
_BIRTH_YEARS = (
    *(1963, 1964, 1965, 1966, 1969, 1970, 1974, 1975, 1976, 1984, 1985, 1986, 1995),
    *(1999, 2000, 2001, 2002, 2003, 2007, 2008, 2009, 2010),
)
_WEIGHT = st.sampled_from([0.0, 0.1, 0.25, 1.0, 3.0])
_PARTS = ("closeness", "occupation", "wage", "education", "freshness", "priority")


def _maybe(*values, missing=1):
    """Draw one of some values, or None as often as if it stood among them so many times."""
    return st.sampled_from([*values, *([None] * missing)])


def _days(*offsets):
    return _maybe(*(ON + dt.timedelta(days) for days in offsets), missing=len(offsets))


_KINDS_OF_PLACE = ("shared", "shared", "shared", "rim", "rim", "near", "near", "near", "near")


@st.composite
def _places(draw):
    """Draw a place: shared, at the rim of a circle or near it, anywhere within some km, or none."""
    kind = draw(st.sampled_from([*_KINDS_OF_PLACE, "none"]))
    if kind == "none":
        return {"lon": None, "lat": None}
    if kind == "shared":
        lon, lat = draw(st.sampled_from(_SHARED))
    else:
        azimuth = draw(st.integers(0, 359))
        metres = draw(
            st.sampled_from([500.0, 1500.0, 3000.0, 6000.0])
            if kind == "rim"
            else st.integers(1, 4000)
        )
        beside = draw(st.sampled_from([-1e-3, -1e-6, 0.0, 1e-6, 1e-3]))
        lon, lat, _ = _GEOD.fwd(*_CENTRE, azimuth, metres + beside)
    return {"lon": float(lon), "lat": float(lat)}


_IDS = st.text("王李甲乙求职招聘01aZ-é𠮷", min_size=1, max_size=4)
"""Chinese and other texts, of which one character lies beyond the first 65,536."""
_ACCURACY = _maybe(0.0, 10.0, 200.0, 3000.0)

_SEEKER_FIELDS = {
    "location_accuracy_m": _ACCURACY,
    "radius_m": _maybe(*RADII_M),
    "registered_on": _days(-40, -1, 0),
    "closed_on": _days(0, 1, 40),
    "birth_year": _maybe(*_BIRTH_YEARS, missing=2),
    "sex": _maybe("female"),
    "education": _maybe(*_EDUCATIONS),
    "status": _maybe("registered_unemployed", "employed", "studying"),
    "groups": _maybe((), ("graduate",), ("veteran",), ("graduate", "migrant_worker")),
    "difficulty": _maybe("none", "disabled", "older"),
    "occupation": _maybe(*_CODES),
    "occupation_version": _maybe(GB, "职业分类大典2022"),
    "wage_floor_cny": _maybe(0, 3500, 4350, 5000),
    "shift": _maybe("night", "any"),
    "accepts": _maybe(("ordinary",), ("traineeship", "flexible"), ()),
    "certificates": _maybe((), ("电工证",), ("电工证", "焊工证"), ("A2驾照", "电工证")),
    "hours_max_per_week": _maybe(24.0, 40.0),
    "graduation_year": _maybe(2022, 2023, 2024, 2025),
}
_JOB_FIELDS = {
    "location_accuracy_m": _ACCURACY,
    "employer_licence": _maybe("unverified", "expired"),
    "occupation": _maybe(*_CODES),
    "occupation_version": _maybe(GB, "职业分类大典2022"),
    "job_type": _maybe("flexible", "public_welfare", "traineeship", "traineeship"),
    "education_min": _maybe(*_EDUCATIONS),
    "wage_low_cny": _maybe(0.0, 2999.5, 3000.0, 3200.0),
    "wage_high_cny": _maybe(3200.0, 3500.0, 4350.0, 9000.0),
    "wage_unit": _maybe("day", "hour"),
    "hours_per_week": _maybe(24.0, 24.5, 44.0, 44.5),
    "shift": _maybe("night", "any"),
    "age_min": _maybe(18, 39, 40, 41),
    "age_max": _maybe(41, 60),
    "certificate": _maybe("电工证", "电工证、焊工证", "Ａ２驾照", "焊工证/A2驾照"),
    "vacancies": _maybe(0, 1, 2),
    "filled": _maybe(0, 2, 3),
    "opened_on": _days(-40, -1, 0),
    "closed_on": _days(0, 1, 40),
    "updated_at": _maybe(
        dt.datetime(2025, 5, 17, 23, 59),  # noqa: DTZ001 - kept so, by China's clock
        dt.datetime(2026, 1, 1),  # noqa: DTZ001 - as above
    ),
}
_PAID = {"day": 20.0, "hour": 160.0}
_BY_THE_HOUR = {
    "wage_unit": st.just("hour"),
    "hours_per_week": _maybe(0.0, 20.0, 24.5, 39.5, 40.0, 44.0, missing=4),
    "job_type": _maybe("flexible", "flexible", "ordinary"),
}
"""What together says how much an hourly wage is by the month."""


@st.composite
def _unlike(draw, base, fields):
    """Draw a record that differs from one that matches in its place, and in some fields or all."""
    some = st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=3)
    names = draw(st.sampled_from([some] * 7 + [st.just(sorted(fields))]).flatmap(lambda one: one))
    return base | {name: draw(fields[name]) for name in names} | draw(_places())


@st.composite
def _jobs(draw):
    job = draw(_unlike(JOB, _JOB_FIELDS))
    part = 1.0
    if draw(st.sampled_from([True, *[False] * 3])):
        job |= {name: draw(values) for name, values in _BY_THE_HOUR.items()}
        # Of few hours some pay more an hour, so that floors lie on both sides of what they pay.
        short = job["hours_per_week"] or 40.0
        part = draw(st.sampled_from([1.0, min(short, 40.0) / 40.0]))
    for name in ("wage_low_cny", "wage_high_cny"):
        if job[name] is not None:
            job[name] /= _PAID.get(job["wage_unit"], 1.0) * part
    return job


@st.composite
def _with_ids(draw, records, most):
    """Draw records, some of them twice, with ids that say nothing of their order."""
    least = draw(st.sampled_from([1] * 9 + [0]))
    drawn = draw(st.lists(records, min_size=least, max_size=most))
    twice = draw(st.lists(st.sampled_from(drawn), max_size=2)) if drawn else []
    every = [*drawn, *twice]
    ids = draw(st.lists(_IDS, min_size=len(every), max_size=len(every), unique=True))
    return [record | {"id": id_} for id_, record in zip(ids, every, strict=True)]


def seekers(most=4):
    """Draw seekers with different ids, as dicts by field, None where something is not stated."""
    return _with_ids(_unlike(SEEKER, _SEEKER_FIELDS), most)


def jobs(most=5):
    """Draw jobs with different ids, as dicts by field, None where something is not stated."""
    return _with_ids(_jobs(), most)


@st.composite
def options(draw):
    """Draw options by name, all of which a matcher and its plain twin both take."""
    names = st.lists(st.sampled_from(CONDITIONS), unique=True, max_size=len(CONDITIONS)).map(tuple)
    weights = draw(st.none() | st.fixed_dictionaries(dict.fromkeys(_PARTS, _WEIGHT)))
    if weights is not None and not sum(weights[part] for part in _PARTS[:-1]):
        weights["closeness"] = 1.0  # without one that counts for seekers too there is no score
    return {
        "on": draw(st.sampled_from([ON, ON, NEW_YEAR, NEW_YEARS_EVE, dt.date(2025, 2, 1)])),
        "radius_m": draw(st.sampled_from([*RADII_M, 3000.0, 3000.0, 3000.0])),
        "limit": draw(st.sampled_from([None, 1, 3, 20])),
        "conditions": draw(st.none() | names),
        "unknown_fails": draw(st.just(()) | names),
        "former_too": draw(st.sampled_from([False, False, True])),
        "occupation_level": draw(st.sampled_from(["minor", "middle", "major"])),
        "related_occupations": draw(
            st.sampled_from([(), (("403", "401"),), (("6", "40102"), ("60501", "403"))])
        ),
        "half_distance_m": draw(st.sampled_from([250.0, 1000.0, 5000.0])),
        "half_life_days": draw(st.sampled_from([7.0, 30.0])),
        "default_accuracy_m": draw(st.sampled_from([0.0, 150.0])),
        **({} if weights is None else {"weights": weights}),
    }  # fmt: skip - by name
