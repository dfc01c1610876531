"""Coverage on foot by brute force, person by person and as the words say it.

Ways are `Network.distance` of each pair, which shares no search with an index; how they are is
tested where networks are. Causes are of this module's own geometry.
"""

from __future__ import annotations

import math
from fractions import Fraction

import shapely
from test_coverage import plain
from test_walking.river_town import at, obstacles

ORDER = (
    "no_location",
    "coarse_location",
    "none_in_circle",
    "none_on_foot",
    "over_subscribed",
    "too_few",
)
CAUSES = ("river", "detour", "disconnected", "snap_failed")
FAR = math.inf


def person(name, place=None, **more):
    """Return a row with a place of the town, metres east and north of its middle, or without."""
    lon, lat = (None, None) if place is None else at(*place)
    return {"id": name, "lon": lon, "lat": lat, **more}


def water():
    """Return the lines of the town that are water."""
    rows = obstacles()
    return shapely.union_all(
        rows.geometry[rows["obstacle"] == "water"].boundary
    ), shapely.union_all(rows.geometry[rows["obstacle"] == "water"])


def walks(network, people, places):
    """Return for each person and place how far it is on foot, infinite if it cannot be, and why."""
    if not people or not places:
        return [[] for _ in people]
    pairs = [(one, place) for one in people for place in places]
    found = network.distance(
        lon1=[one["lon"] for one, _ in pairs],
        lat1=[one["lat"] for one, _ in pairs],
        lon2=[place["lon"] for _, place in pairs],
        lat2=[place["lat"] for _, place in pairs],
    )
    told = [
        (FAR if math.isnan(metres) else metres, reason)
        for metres, reason in zip(found.distance_m.tolist(), found.reason.tolist(), strict=True)
    ]
    return [told[n * len(places) : (n + 1) * len(places)] for n in range(len(people))]


def cause_of(one, place, reason):
    """Return why a place that is near straight is far on foot."""
    if reason in {"too_far", "blocked"}:
        return "snap_failed"
    if reason:
        return reason
    line = shapely.LineString([(one["lon"], one["lat"]), (place["lon"], place["lat"])])
    return "river" if any(line.crosses(lines) for lines in water()) else "detour"


def persons(network, people, supply, **asked):
    """Return what is found of each person, as dicts."""
    asked = {"radius_m": 3000.0, "at_least": 1, "standard": None, "weight_at": None} | asked
    radius, enough = asked["radius_m"], asked["at_least"]
    standard = enough if asked["standard"] is None else asked["standard"]
    places = [row for row in supply if row["lon"] is not None and row["vacancies"]]
    there = [one for one in people if one["lon"] is not None]
    ways = dict(zip((one["id"] for one in there), walks(network, there, places), strict=True))
    decay = asked["weight_at"]
    if decay is not None:
        demand = [
            sum(one["weight"] * decay(ways[one["id"]][n][0]) for one in there)
            for n in range(len(places))
        ]
    found = []
    for row in people:
        one = {"row": row, "weight": row["weight"], "located": row["lon"] is not None}
        one |= dict.fromkeys(("in_reach", "straight", "distance", "cause", "available"))
        one["reason"] = "no_location"
        found.append(one)
        if not one["located"]:
            continue
        walked = ways[row["id"]]
        lines = [
            plain.GEOD.inv(row["lon"], row["lat"], place["lon"], place["lat"])[2]
            for place in places
        ]
        one["straight"] = sum(
            place["vacancies"] for place, m in zip(places, lines, strict=True) if m <= radius
        )
        near = [(m, place["vacancies"]) for place, (m, _) in zip(places, walked, strict=True)]
        one["in_reach"] = sum(amount for m, amount in near if m <= radius)
        one["distance"] = _enough_at(near, enough)
        one["distance_straight"] = _enough_at(
            [(m, place["vacancies"]) for place, m in zip(places, lines, strict=True)], enough
        )
        measure = one["in_reach"]
        if decay is not None:
            measure = one["available"] = sum(
                (
                    decay(m) * Fraction(place["vacancies"]) / Fraction(demand[n])
                    for n, (place, (m, _)) in enumerate(zip(places, walked, strict=True))
                    if demand[n]
                ),
                Fraction(0),
            )
        one["reason"] = _reason(one, measure, standard, radius, shared=decay is not None)
        one["lost"] = one["straight"] >= enough > one["in_reach"]
        if one["lost"] or one["reason"] == "none_on_foot":
            _, place, (_, reason) = min(
                (
                    (m, place, walk)
                    for place, m, walk in zip(places, lines, walked, strict=True)
                    if m <= radius < walk[0]
                ),
                key=lambda each: each[0],
            )
            one["cause"] = cause_of(row, place, reason)
    return found


def causes_of_fitting(network, people, supply, *, radius_m, at_least, count):
    """Return what each is eligible for by the shift, on foot and straight, and the cause."""
    places = [row for row in supply if row["lon"] is not None]
    amounts = [1 if count == "places" else row["vacancies"] for row in places]
    there = [one for one in people if one["lon"] is not None]
    ways = dict(zip((one["id"] for one in there), walks(network, there, places), strict=True))
    found = []
    for row in people:
        one = dict.fromkeys(("eligible", "eligible_straight", "cause"))
        found.append(one)
        if row["lon"] is None:
            continue
        # A place that offers nothing is none.
        each = [
            {
                "m": plain.GEOD.inv(row["lon"], row["lat"], place["lon"], place["lat"])[2],
                "walk": walk,
                "reason": reason,
                "amount": amount,
                "place": place,
                "fits": row["shift"] in {place["shift"], None} or place["shift"] is None,
            }
            for place, amount, (walk, reason) in zip(places, amounts, ways[row["id"]], strict=True)
            if amount
        ]
        near = [place for place in each if place["m"] <= radius_m]
        walked = [place for place in each if place["walk"] <= radius_m]
        one["eligible"], one["eligible_straight"] = (
            sum(place["amount"] for place in some if place["fits"]) for some in (walked, near)
        )
        is_lost = one["eligible_straight"] >= at_least > one["eligible"]
        accuracy = row.get("location_accuracy_m")
        is_coarse = accuracy is not None and accuracy > radius_m / 2
        if not (is_lost or (near and not walked and not is_coarse)):
            continue
        missed = [place for place in near if place["walk"] > radius_m]
        missed = [place for place in missed if place["fits"]] or missed
        first = min(missed, key=lambda place: place["m"])
        one["cause"] = cause_of(row, first["place"], first["reason"])
    return found


def _enough_at(near, enough, most=20_000.0):
    passed = 0
    for metres, amount in sorted(near):
        passed += amount
        if passed >= enough:
            return metres if metres <= most else None
    return None


def _reason(one, measure, standard, radius, *, shared):
    accuracy = one["row"].get("location_accuracy_m")
    if measure >= standard:
        return None
    if accuracy is not None and accuracy > radius / 2:
        return "coarse_location"
    if one["straight"] == 0:
        return "none_in_circle"
    if one["in_reach"] == 0:
        return "none_on_foot"
    return "over_subscribed" if shared else "too_few"


def figures(found, at_least):
    """Return the counts of some persons as a row of a report has them."""
    located = [one for one in found if one["located"]]
    total = {
        "people": found,
        "located": located,
        "reached": [one for one in located if one["in_reach"] >= at_least],
        "reached_straight": [one for one in located if one["straight"] >= at_least],
        "lost_on_foot": [one for one in located if one["lost"]],
        "below": [one for one in found if one["reason"] is not None],
    }
    for code in ORDER:
        total[f"reason_{code}"] = [one for one in found if one["reason"] == code]
    for cause in CAUSES:
        why = [one for one in located if one["cause"] == cause]
        total[f"lost_on_foot_{cause}"] = [one for one in why if one["lost"]]
        none = [one for one in why if one["reason"] == "none_on_foot"]
        total[f"none_on_foot_{cause}"] = none
    return {name: sum(one["weight"] for one in some) for name, some in total.items()}
