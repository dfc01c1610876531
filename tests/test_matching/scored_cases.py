"""Scores and certainties worked out by hand."""

from __future__ import annotations

import datetime as dt

from test_matching.pairs import GB, JOB, ON, SEEKER, Certain, Scored, equator

_THERE = {"lon": SEEKER["lon"], "lat": SEEKER["lat"]}
_BEST = {"closeness": 0.35, "occupation": 0.25, "wage": 0.2, "education": 0.05, "freshness": 0.15}
"""Each part's weight: what it adds at most where jobs are ranked, whose weights add up to 1."""
_BEST_SEEKER = {"wage_floor_cny": 3000}
_BEST_JOB = _THERE | {
    "education_min": "college",
    "wage_low_cny": 6000.0,
    "wage_high_cny": 6000.0,
    "updated_at": ON,
}


def _scored(name, seeker=None, job=None, *, options=None, **parts):
    """Make a case of what differs from a pair of which every part is 1."""
    return Scored(
        name,
        SEEKER | _BEST_SEEKER | (seeker or {}),
        JOB | _BEST_JOB | (job or {}),
        {"on": ON, **(options or {})},
        for_job=False,
        parts=_BEST | parts,
    )


def _closeness():
    return [
        _scored("everything at its best"),
        _scored(
            "half the distance at which closeness is a half",
            *equator(500.0),
            closeness=0.35 * 0.5**0.5,
        ),
        _scored("closeness is a half", *equator(1000.0), closeness=0.175),
        _scored("closeness is a quarter", *equator(2000.0), closeness=0.0875),
        _scored(
            "closeness falls more slowly",
            *equator(2000.0),
            options={"half_distance_m": 2000.0},
            closeness=0.175,
        ),
        _scored("closeness outside the circle", *equator(4000.0), closeness=0.35 / 16),
    ]  # fmt: skip - a case a paragraph


def _occupations():
    def near(name, sought, offered, part, **options):
        found = {"occupation": sought}, {"occupation": offered}
        return _scored(name, *found, options=options, occupation=part)

    return [
        near("the same minor group", "4010103", "4010109", 0.25),
        near("the same middle group", "40101", "40102", 0.1875),
        near("a middle group alone", "401", "40102", 0.1875),
        near("the same major group", "40101", "40301", 0.125),
        near("a major group alone", "4", "40301", 0.125),
        near("another major group", "40101", "60301", 0.0),
        near("nothing sought", None, "40101", 0.0),
        near("nothing offered", "40101", None, 0.0),
        near("a code that the table does not know", "90101", "90101", 0.0),
        near("listed", "40101", "60301", 0.1875, related_occupations=[("603", "401")]),
        near(
            "listed beside the same major group",
            "40101",
            "40301",
            0.1875,
            related_occupations=[("401", "403")],
        ),
        near(
            "listed beside the same minor group",
            "40101",
            "40101",
            0.25,
            related_occupations=[("401", "401")],
        ),
        near(
            "the level that is asked changes no score",
            "40101",
            "40301",
            0.125,
            occupation_level="major",
        ),
        _scored("another edition", {"occupation_version": "职业分类大典2022"}, occupation=0.0),
        _scored(
            "an edition that is not stated is the shipped one",
            {"occupation_version": None},
            {"occupation_version": GB},
        ),
    ]  # fmt: skip - a case a paragraph


def _wages():
    def pay(name, floor, ends, part, unit="month", **more):
        job = {"wage_low_cny": ends[0], "wage_high_cny": ends[1], "wage_unit": unit} | more
        return _scored(name, {"wage_floor_cny": floor}, job, wage=part)

    def hourly(name, floor, part, **more):
        return pay(name, floor, (31.25, 31.25), part, "hour", **more)

    return [
        pay("pay a quarter above the floor", 4000, (4000.0, 6000.0), 0.05),
        pay("pay just the floor", 4000, (4000.0, 4000.0), 0.0),
        pay("pay below the floor", 4000, (2000.0, 3000.0), 0.0),
        pay("pay three times the floor", 2000, (6000.0, 6000.0), 0.2),
        pay("the least pay alone", 4000, (5000.0, None), 0.05),
        pay("the greatest pay alone", 4000, (None, 5000.0), 0.05),
        pay("no pay stated", 4000, (None, None), 0.0),
        pay("pay without a unit", 4000, (5000.0, 5000.0), 0.0, None),
        pay("no floor", None, (5000.0, 5000.0), 0.0),
        pay("a floor of 0", 0, (5000.0, 5000.0), 0.0),
        # 250 a day are 5,437.50 a month, a quarter above 4,350; so are 31.25 an hour.
        pay("daily pay", 4350, (200.0, 300.0), 0.05, "day"),
        hourly("hourly pay", 4350, 0.05),
        # For 16 hours, 69.6 a month, 31.25 are 2,175.
        hourly("hourly pay for few hours", 1740, 0.05, hours_per_week=16.0),
        hourly("hourly pay for few hours below the floor", 4350, 0.0, hours_per_week=16.0),
        hourly("hourly pay for more than a week", 4350, 0.05, hours_per_week=44.0),
        hourly("hourly pay without hours", 4350, 0.05, hours_per_week=None),
        hourly(
            *("hourly pay without hours of flexible work", 4350, 0.0),
            hours_per_week=None,
            job_type="flexible",
        ),
        pay("daily pay for few hours", 4350, (200.0, 300.0), 0.05, "day", hours_per_week=16.0),
    ]


def _educations():
    def school(name, has, demanded, part):
        return _scored(name, {"education": has}, {"education_min": demanded}, education=part)

    return [
        school("a level above the demand", "bachelor", "college", 0.04),
        school("three levels below the demand", "junior", "bachelor", 0.02),
        school("vocational is the level of senior", "vocational", "senior", 0.05),
        school("as far from the demand as can be", "master", "primary", 0.0),
        school("no demand", "master", None, 0.025),
        school("no demand and unknown education", None, None, 0.025),
        school("unknown education", None, "primary", 0.0),
    ]


def _freshness():
    def aged(name, updated, opened, part, **options):
        job = {"updated_at": updated, "opened_on": opened}
        return _scored(name, job=job, options=options, freshness=part)

    d = dt.date
    late = dt.datetime(2025, 5, 17, 23, 59)  # noqa: DTZ001 - kept so, by China's clock
    return [
        aged("thirty days old", d(2025, 5, 17), d(2025, 6, 16), 0.075),
        aged("thirty days old by its day", late, None, 0.075),
        aged("sixty days old", d(2025, 4, 17), None, 0.0375),
        aged("thirty days since its opening", None, d(2025, 5, 17), 0.075),
        aged("updated tomorrow", d(2025, 6, 17), None, 0.15),
        aged("neither updated nor opened", None, None, 0.0),
        aged("a half-life of ten days", d(2025, 5, 17), None, 0.01875, half_life_days=10.0),
    ]


def _weights():
    alone = dict.fromkeys(_BEST, 0.0)
    return [
        _scored(
            "one part alone",
            *equator(1000.0),
            options={"weights": alone | {"closeness": 7.0}},
            **(alone | {"closeness": 0.5}),
        ),
        _scored(
            "weights are shares",
            options={"weights": {name: 10 * one for name, one in _BEST.items()}},
        ),
        # 0.35 + 0.25 + 0.2 + 0.05 = 0.85, and 1.15 for freshness: 2 in all.
        _scored(
            "one weight changed",
            options={"weights": {"freshness": 1.15}},
            **{name: one / 2 for name, one in _BEST.items()} | {"freshness": 0.575},
        ),
        _scored(
            "the weight of priority is no matter to a seeker",
            {"groups": ("veteran",)},
            options={"weights": {"priority": 9.0}},
        ),
    ]  # fmt: skip - a case a paragraph


def _priorities():
    def ranked(name, part, *, options=None, **seeker):
        # The weights add up to 1.25, so that every other part is four fifths of what it was.
        one = _scored(name, seeker, options=options)
        parts = {name: 0.8 * value for name, value in _BEST.items()} | {"priority": part}
        return one._replace(for_job=True, parts=parts)

    return [
        ranked("no priority", 0.0),
        ranked("a key group", 0.2, groups=("migrant_worker",)),
        ranked("a difficulty", 0.2, difficulty="disabled"),
        ranked("a key group and a difficulty", 0.2, groups=("veteran",), difficulty="older"),
        ranked(
            "a key group and nothing known of a difficulty",
            0.2,
            groups=("graduate",),
            difficulty=None,
        ),
        ranked("nothing known of groups or difficulties", 0.0, groups=None, difficulty=None),
    ]  # fmt: skip - a case a paragraph


SCORED = [
    *_closeness(),
    *_occupations(),
    *_wages(),
    *_educations(),
    *_freshness(),
    *_weights(),
    *_priorities(),
]


def _certain(name, certainty, *, metres=None, accuracy=(0.0, 0.0), seeker=None, **options):
    """Make a case at one place, or so many metres apart, each end known to within its accuracy."""
    one, other = ({}, _THERE) if metres is None else equator(metres)
    return Certain(
        name,
        SEEKER | one | {"location_accuracy_m": accuracy[0]} | (seeker or {}),
        JOB | other | {"location_accuracy_m": accuracy[1]},
        {"on": ON, **options},
        certainty,
    )


CERTAIN = [
    _certain("one place", "inside"),
    _certain("one place and no radius", "inside", radius_m=0.0),
    _certain("doubts that fill the radius", "inside", accuracy=(1000.0, 2000.0)),
    _certain("doubts that exceed the radius", "borderline", accuracy=(1000.0, 2000.1)),
    _certain("inside by a metre", "inside", metres=2000.0, accuracy=(500.0, 499.0)),
    _certain("perhaps outside by a metre", "borderline", metres=2000.0, accuracy=(500.0, 501.0)),
    _certain("perhaps inside by a metre", "borderline", metres=4000.0, accuracy=(500.0, 501.0)),
    _certain("outside by a metre", "outside", metres=4000.0, accuracy=(500.0, 499.0)),
    _certain("outside without a doubt", "outside", metres=3000.001),
    _certain("inside without a doubt", "inside", metres=2999.999),
    _certain("accuracies not stated", "inside", accuracy=(None, None)),
    _certain(
        "accuracies not stated, by default just enough",
        "inside",
        accuracy=(None, None),
        default_accuracy_m=1500.0,
    ),
    _certain(
        "accuracies not stated, by default too great",
        "borderline",
        accuracy=(None, None),
        default_accuracy_m=1500.1,
    ),
    _certain("one accuracy stated", "inside", accuracy=(0.0, None), default_accuracy_m=3000.0),
    _certain(
        "an accuracy of 0 is stated", "inside", accuracy=(0.0, 0.0), default_accuracy_m=9000.0
    ),
    _certain(
        "an own radius is what counts",
        "borderline",
        accuracy=(300.0, 300.0),
        seeker={"radius_m": 500.0},
    ),
    _certain("no place", None, seeker={"lon": None, "lat": None}),
]  # fmt: skip - a case a paragraph
