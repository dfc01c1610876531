"""What the twin is asked where nothing is said."""

from __future__ import annotations

import dataclasses
import datetime as dt

from geo_match.matching import plain


def test_what_is_not_asked_for_is_as_agreed():
    assert dataclasses.asdict(plain.PlainOptions()) == {
        "radius_m": 3000.0,
        "limit": 20,
        "on": None,
        "basis": "geodesic",
        "walks": None,
        "conditions": None,
        "unknown_fails": (),
        "occupation_level": "middle",
        "occupations": None,
        "related_occupations": (),
        "weights": {},
        "half_distance_m": 1000.0,
        "half_life_days": 30.0,
        "default_accuracy_m": 0.0,
        "former_too": False,
    }


def test_without_a_day_it_is_today_in_china():
    china = dt.timezone(dt.timedelta(hours=8))
    before = dt.datetime.now(china).date()
    assert before <= plain.PlainOptions().day <= dt.datetime.now(china).date()
