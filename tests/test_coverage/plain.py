"""Coverage by brute force, person by person and as the words say it; no code of the library."""

from __future__ import annotations

import math
from fractions import Fraction

import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
ORDER = (
    "no_location",
    "coarse_location",
    "none_in_circle",
    "none_on_foot",
    "none_eligible",
    "over_subscribed",
    "too_few",
)
DEFAULTS = {
    "radius_m": 3000.0,
    "at_least": 1,
    "count": "vacancies",
    "standard": None,
    "coarse_m": None,
    "max_distance_m": 20_000.0,
    "compete": False,
}


def _apart(one, other):
    return GEOD.inv(one["lon"], one["lat"], other["lon"], other["lat"])[2]


def _amount(row, count):
    stated = row.get("vacancies")
    if count == "places" or stated is None:
        return 1
    return max(stated - (row.get("filled") or 0), 0)


def persons(people, supply, communities, **asked):
    """Return what is found of each person, as dicts."""
    asked = DEFAULTS | asked
    radius, standard = asked["radius_m"], asked["standard"]
    standard = asked["at_least"] if standard is None else standard
    coarse = radius / 2 if asked["coarse_m"] is None else asked["coarse_m"]
    places = [row for row in supply if row["lon"] is not None]
    there = [person for person in people if person["lon"] is not None]
    demand = [
        sum(person.get("weight", 1) for person in there if _apart(person, row) <= radius)
        for row in places
    ]
    found = []
    for person in people:
        one = {
            "weight": person.get("weight", 1),
            "located": person["lon"] is not None,
            "row": person,
        }
        found.append(one)
        if not one["located"]:
            recorded = person.get("community")
            one["community"] = recorded if any(c["code"] == recorded for c in communities) else None
            one |= {"in_reach": None, "measure": None, "distance": None, "reason": "no_location"}
            continue
        point = shapely.Point(person["lon"], person["lat"])
        holding = [
            c["code"] for c in communities if c["area"] is not None and c["area"].covers(point)
        ]
        one["community"] = min(holding, default=None)
        away = sorted((_apart(person, row), _amount(row, asked["count"])) for row in places)
        one["in_reach"] = sum(amount for distance, amount in away if distance <= radius)
        one["measure"] = one["in_reach"]
        if asked["compete"]:
            # Exactly: 49 times a 49th is 1.
            one["measure"] = sum(
                Fraction(_amount(row, asked["count"])) / Fraction(wanted)
                for row, wanted in zip(places, demand, strict=True)
                if wanted and _apart(person, row) <= radius
            )
        one["distance"], passed = None, 0
        for distance, amount in away:
            passed += amount
            if passed >= asked["at_least"]:
                if distance <= asked["max_distance_m"]:
                    one["distance"] = distance
                break
        accuracy = person.get("location_accuracy_m")
        if one["measure"] >= standard:
            one["reason"] = None
        elif accuracy is not None and accuracy > coarse:
            one["reason"] = "coarse_location"
        elif one["in_reach"] == 0:
            one["reason"] = "none_in_circle"
        else:
            one["reason"] = "over_subscribed" if asked["compete"] else "too_few"
    return found


def quantile(pairs, q):
    """Return the least value up to which the weights are q of all; q is as it is written."""
    total = sum(weight for _, weight in pairs)
    if total == 0:
        return None
    for value in sorted({value for value, _ in pairs}):
        if sum(w for v, w in pairs if v <= value) >= Fraction(str(q)) * total:
            return value
    raise AssertionError


def gini(pairs):
    """Return Gini's coefficient by its definition, over all pairs."""
    total = sum(w for _, w in pairs)
    whole = sum(v * w for v, w in pairs)
    if whole == 0:
        return None
    apart = sum(w * u * abs(v - x) for v, w in pairs for x, u in pairs)
    return apart / (2 * total * whole)


def figures(found, **asked):
    """Return the figures of some persons as a row of a report has them."""
    asked = DEFAULTS | asked
    standard = asked["at_least"] if asked["standard"] is None else asked["standard"]
    located = [one for one in found if one["located"]]
    people, n_located = (sum(one["weight"] for one in some) for some in (found, located))
    reached = sum(one["weight"] for one in located if one["in_reach"] >= asked["at_least"])
    row = {
        "people": people,
        "located": n_located,
        "located_share": n_located / people if people else None,
        "reached": reached,
        "reached_share": reached / n_located if n_located else None,
        "below": sum(one["weight"] for one in found if one["reason"] is not None),
    }
    for code in ORDER:
        row[f"reason_{code}"] = sum(one["weight"] for one in found if one["reason"] == code)
    in_reach = [(one["in_reach"], one["weight"]) for one in located]
    measure = [(one["measure"], one["weight"]) for one in located]
    away = [(one["distance"], one["weight"]) for one in located if one["distance"] is not None]
    for name, q in (("p10", 0.1), ("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p90", 0.9)):
        row[f"in_reach_{name}"] = quantile(in_reach, q)
        row[f"distance_{name}_m"] = quantile(away, q)
        if asked["compete"]:
            row[f"availability_{name}"] = quantile(measure, q)
    row["not_found"] = sum(one["weight"] for one in located if one["distance"] is None)
    for power, name in enumerate(("share", "depth", "severity")):
        total = sum(w * ((standard - v) / standard) ** power for v, w in measure if v < standard)
        row[f"fgt_{name}"] = total / n_located if n_located else None
    row["gini"] = gini(measure)
    if asked["compete"]:
        given = math.fsum(v * w for v, w in measure)
        row["vacancies_per_seeker"] = given / n_located if n_located else None
    return row


def by_community(people, supply, communities, **asked):
    """Return the rows of a report by community: code (None outside) to figures."""
    found = persons(people, supply, communities, **asked)
    codes = [*sorted(one["code"] for one in communities), None]
    return {
        code: figures([one for one in found if one["community"] == code], **asked) for code in codes
    }
