"""One pair of a seeker and a job: everything that is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo_match.matching.plain.conditions import (
    CONDITIONS,
    distance_m,
    is_located,
    is_registered,
    radius_m,
    says_when_registered,
)
from geo_match.matching.plain.outcomes import FAIL, UNKNOWN, passes
from geo_match.matching.plain.score import weighted_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo_match.matching.plain.options import PlainOptions


def judge(
    seeker: Mapping[str, Any],
    job: Mapping[str, Any],
    options: PlainOptions,
    *,
    for_job: bool = False,
) -> dict[str, Any]:
    """Judge a pair.

    Parameters
    ----------
    seeker, job
        The two records: mappings by field; what is missing or None is not stated.
    options
        What is asked.
    for_job
        Whether seekers are ranked for a job, so that their priority counts in the score.

    Returns
    -------
    dict
        `distance_m` in metres, `certainty`, `parts` and `score`, all None where one of the two has
        no place, or there is no way; `beside`, on foot, as `on_foot` returns it; `is_in_circle`,
        whether the straight line is within the radius; `outcomes`: "pass", "fail" or "unknown" by
        each condition asked, and `registered` of a seeker whose record says when they are, unless
        former ones are asked for; `stands_in_way`: the names of those that keep the pair from
        being a match; `unknown`: the names of those whose outcome that is; `matches`.
    """
    outcomes = {
        name: condition(seeker, job, options)
        for name, condition in CONDITIONS.items()
        if options.asks(name)
    }
    if says_when_registered(seeker) and not options.former_too:
        outcomes["registered"] = passes(is_registered(seeker, options))
    # Somebody without a place cannot be shown to be within reach.
    strict = {"distance", *options.unknown_fails}
    stands_in_way = [
        name
        for name, outcome in outcomes.items()
        if outcome == FAIL or (outcome == UNKNOWN and name in strict)
    ]
    metres = distance_m(seeker, job, options.walks)
    straight = metres if options.walks is None else distance_m(seeker, job)
    parts = None
    if metres is not None:
        parts = weighted_parts(seeker, job, options, metres=metres, for_job=for_job)
    return {
        "distance_m": metres,
        "beside": on_foot(seeker, job, options),
        "is_in_circle": straight is not None and straight <= radius_m(seeker, options),
        "certainty": certainty(seeker, job, options),
        "outcomes": outcomes,
        "stands_in_way": stands_in_way,
        "unknown": [name for name, outcome in outcomes.items() if outcome == UNKNOWN],
        "matches": not stands_in_way,
        "parts": parts,
        "score": None if parts is None else _added(parts.values()),
    }


def on_foot(
    seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions
) -> dict[str, float | None]:
    """Return what is said of a pair on foot beside the distance, metres; nothing if it is not.

    `straight_m`, the geodesic, is None where one of the two has no place; `seeker_snap_m` and
    `job_snap_m`, how far each is from its street, where it has no place or no street.
    """
    if options.walks is None:
        return {}
    snaps = (
        options.walks.snap_m(one["lon"], one["lat"]) if is_located(one) else None
        for one in (seeker, job)
    )
    names = ("seeker_snap_m", "job_snap_m")
    return {"straight_m": distance_m(seeker, job), **dict(zip(names, snaps, strict=True))}


def certainty(
    seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions
) -> str | None:
    """Return whether the pair lies in the circle wherever, within their accuracy, the two are.

    Parameters
    ----------
    seeker, job
        The two records.
    options
        What is asked.

    Returns
    -------
    {"inside", "borderline", "outside"} or None
        None where one of the two has no place, or there is no way.
    """
    metres = distance_m(seeker, job, options.walks)
    if metres is None:
        return None
    stated = [record.get("location_accuracy_m") for record in (seeker, job)]
    doubt = sum(options.default_accuracy_m if one is None else one for one in stated)
    radius = radius_m(seeker, options)
    if metres + doubt <= radius:
        return "inside"
    return "outside" if metres - doubt > radius else "borderline"


def _added(values: Iterable[float]) -> float:
    """Return a sum, added from left to right: `sum` adds otherwise in some versions of Python."""
    total = 0.0
    for value in values:
        total += value
    return total
