"""Cases of matching worked out by hand: at, under and over each condition's bound.

`SEEKER` and `JOB` match with every condition passing. A case says what is different, and what
follows from that by the rule; whatever it does not name passes. Whoever matches, in whichever way,
is held to the same cases.
"""

from __future__ import annotations

from test_matching.pairs import CONDITIONS, JOB, ON, SEEKER, Case, case, equator
from test_matching.person_cases import PERSON_CASES
from test_matching.work_cases import WORK_CASES

__all__ = ["CASES", "CONDITIONS", "JOB", "ON", "SEEKER", "Case"]

PLACELESS = {"lon": None, "lat": None}


def _distances():
    near, far = equator(2999.999), equator(3000.001)
    there = {"lon": SEEKER["lon"], "lat": SEEKER["lat"]}
    return [
        case("everything passes"),
        case("a millimetre within the radius", *near),
        case("a millimetre beyond the radius", *far, distance="fail"),
        case("a wider radius reaches what lay beyond", *far, options={"radius_m": 3000.002}),
        case("the same place within no radius", job=there, options={"radius_m": 0.0}),
        case("another place not within none", options={"radius_m": 0.0}, distance="fail"),
        case("an own radius reaches further", far[0] | {"radius_m": 3001.0}, far[1]),
        case("an own radius reaches less far", {"radius_m": 500.0}, distance="fail"),
        case("an own radius of 0 is none", {"radius_m": 0.0}, distance="fail"),
        case("a seeker without a place", PLACELESS, distance="unknown"),
        case("a job without a place", job=PLACELESS, distance="unknown"),
        case("neither has a place", PLACELESS, PLACELESS, distance="unknown"),
    ]


def _options():
    low = {"wage_high_cny": 2000.0, "wage_low_cny": None}
    unknown, strict = {"shift": None}, {"unknown_fails": ("shift",)}
    every = {"unknown_fails": CONDITIONS}
    return [
        case("unknown is kept", unknown, shift="unknown", matches=True),
        case("unknown fails", unknown, shift="unknown", options=strict, matches=False),
        case(
            "another unknown is kept",
            unknown | {"wage_floor_cny": None},
            {"vacancies": None},
            shift="unknown",
            vacancies="unknown",
            options={"unknown_fails": ("wage",)},
            matches=True,
        ),
        case("nothing unknown that could fail", options=every, matches=True),
        case(
            "a condition left out does not fail",
            job=low,
            options={"conditions": ("employer", "open")},
            matches=True,
        ),
        case(
            "a condition that is asked fails",
            job=low,
            options={"conditions": ("wage",)},
            wage="fail",
            matches=False,
        ),
        case(
            "a condition left out may be unknown",
            unknown,
            options={"conditions": ("wage",), "unknown_fails": ("shift",)},
            matches=True,
        ),
        case("nothing asked but distance", job=low, options={"conditions": ()}, matches=True),
        case(
            "distance is asked in any case",
            job=low,
            distance="fail",
            options={"conditions": (), "radius_m": 100.0},
            matches=False,
        ),
        case("two conditions fail", {"shift": "night"}, low, shift="fail", wage="fail"),
    ]  # fmt: skip - a case a paragraph


CASES = [*_distances(), *PERSON_CASES, *WORK_CASES, *_options()]
