"""The score of a pair: a weighted sum of parts, each from 0 to 1."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from geo_match.errors import ArgumentError
from geo_match.matching.plain.conditions import LEVELS, may_pay_less, pay_a_month
from geo_match.matching.plain.occupation import nearness
from geo_match.matching.plain.options import DEFAULT_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.matching.plain.options import PlainOptions

_NEARNESS: Final = {"minor": 1.0, "middle": 0.75, "listed": 0.75, "major": 0.5, "": 0.0}


def weighted_parts(
    seeker: Mapping[str, Any],
    job: Mapping[str, Any],
    options: PlainOptions,
    *,
    metres: float,
    for_job: bool,
) -> dict[str, float]:
    """Return what each part adds to a pair's score.

    Parameters
    ----------
    seeker, job
        The two records.
    options
        What is asked.
    metres
        Between the two.
    for_job
        Whether seekers are ranked for a job: only then does priority count.

    Returns
    -------
    dict
        Weight times value by part, in the order in which they are added up. The weights are
        divided by their sum.

    Raises
    ------
    ArgumentError
        If no part that counts has a weight.
    """
    values = {
        "closeness": 2.0 ** (-metres / options.half_distance_m),
        "occupation": _NEARNESS[nearness(seeker, job, options)],
        "wage": _wage(seeker, job),
        "education": _education(seeker, job),
        "freshness": _freshness(job, options),
    }
    if for_job:
        values["priority"] = _priority(seeker)
    weights = {**DEFAULT_WEIGHTS, **options.weights}
    total = sum(weights[part] for part in values)
    if not total > 0:
        raise ArgumentError("weights", "have a sum greater than 0", f"{total}")
    return {part: weights[part] / total * value for part, value in values.items()}


def _wage(seeker: Mapping[str, Any], job: Mapping[str, Any]) -> float:
    """Return by how much the middle of the pay exceeds the floor, as a share of it, at most 1.

    It is 0 where a month's pay is not known.
    """
    floor = seeker.get("wage_floor_cny")
    stated = [end for end in pay_a_month(job) if end is not None]
    if not floor or not stated or may_pay_less(job):
        return 0.0
    middle = sum(stated) / len(stated)
    return float(min(max(middle / floor - 1.0, 0.0), 1.0))


def _education(seeker: Mapping[str, Any], job: Mapping[str, Any]) -> float:
    """Return 1 for just the level demanded, less for each level that lies between."""
    has, demanded = seeker.get("education"), job.get("education_min")
    if demanded is None:
        return 0.5
    return 0.0 if has is None else 1.0 - abs(LEVELS[has] - LEVELS[demanded]) / 5.0


def _freshness(job: Mapping[str, Any], options: PlainOptions) -> float:
    """Return 1 for a posting of today, one half after the half-life; 0 without a day."""
    since = job.get("updated_at")
    if since is None:
        since = job.get("opened_on")
    if since is None:
        return 0.0
    day = since.date() if isinstance(since, dt.datetime) else since
    days = max((options.day - day).days, 0)
    return float(2.0 ** (-days / options.half_life_days))


def _priority(seeker: Mapping[str, Any]) -> float:
    """Return 1 for a member of a key group (重点群体) and for 就业困难人员, else 0."""
    in_group = bool(seeker.get("groups"))
    return float(in_group or seeker.get("difficulty") not in {None, "none"})
