"""Jobs for seekers and seekers for jobs, by judging every pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo_match.matching.plain.conditions import is_located, is_registered
from geo_match.matching.plain.judge import judge
from geo_match.matching.plain.options import DEFAULT_WEIGHTS
from geo_match.matching.plain.outcomes import PASS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.matching.plain.options import PlainOptions

PARTS: Final = tuple(DEFAULT_WEIGHTS)
"""Parts of the score, in the order in which they are added; the last counts for jobs only."""


def match(
    seekers: Sequence[Mapping[str, Any]],
    jobs: Sequence[Mapping[str, Any]],
    options: PlainOptions,
) -> list[dict[str, Any]]:
    """Return each seeker's jobs, best first.

    Parameters
    ----------
    seekers, jobs
        Records with different ids.
    options
        What is asked.

    Returns
    -------
    list of dict
        In the seekers' order, a row a match by rank; for a seeker with none, one row whose
        `reason` is `not_registered`, `no_location`, `none_in_circle` or `none_eligible`, on foot
        also `not_on_network` or `none_on_foot`, and which is otherwise None but for its
        `seeker_id`.
    """
    rows = []
    for seeker in seekers:
        judged = [(job["id"], judge(seeker, job, options)) for job in jobs]
        why = reason_of_seeker([pair for _, pair in judged], seeker, options)
        rows += [
            {"seeker_id": seeker["id"], "job_id": found.pop("id"), **found}
            for found in _ranked(judged, options, parts=PARTS[:-1], why=why)
        ]
    return rows


def match_jobs(
    seekers: Sequence[Mapping[str, Any]],
    jobs: Sequence[Mapping[str, Any]],
    options: PlainOptions,
) -> list[dict[str, Any]]:
    """Return each job's seekers, best first, people in priority groups moved up.

    Parameters
    ----------
    seekers, jobs
        Records with different ids; each seeker's own radius counts.
    options
        What is asked.

    Returns
    -------
    list of dict
        As `match` gives them, in the jobs' order, a job with none in one row. Seekers who are not
        registered are as if they were not there.
    """
    rows = []
    there = [seeker for seeker in seekers if is_registered(seeker, options)]
    for job in jobs:
        judged = [(seeker["id"], judge(seeker, job, options, for_job=True)) for seeker in there]
        why = reason([pair for _, pair in judged], of=job, options=options)
        rows += [
            {"job_id": job["id"], "seeker_id": found.pop("id"), **found}
            for found in _ranked(judged, options, parts=PARTS, why=why)
        ]
    return rows


def reason_of_seeker(
    judged: Sequence[Mapping[str, Any]], seeker: Mapping[str, Any], options: PlainOptions
) -> str | None:
    """Return why none of a seeker's pairs is a match, None if one is."""
    if not is_registered(seeker, options):
        return "not_registered"
    return reason(judged, of=seeker, options=options)


def reason(
    judged: Sequence[Mapping[str, Any]], *, of: Mapping[str, Any], options: PlainOptions
) -> str | None:
    """Return why none of the pairs of one origin is a match, None if one is.

    Parameters
    ----------
    judged
        Its pairs.
    of
        Whom it is asked of.
    options
        What is asked.
    """
    if not is_located(of):
        return "no_location"
    if any(pair["matches"] for pair in judged):
        return None
    if not any(pair["is_in_circle"] for pair in judged):
        return "none_in_circle"
    if options.walks is not None and options.walks.snap_m(of["lon"], of["lat"]) is None:
        return "not_on_network"
    in_reach = any(pair["outcomes"]["distance"] == PASS for pair in judged)
    return "none_eligible" if in_reach else "none_on_foot"


def _ranked(
    judged: Sequence[tuple[str, dict[str, Any]]],
    options: PlainOptions,
    *,
    parts: Sequence[str],
    why: str | None,
) -> list[dict[str, Any]]:
    """Return the rows of one origin, each with the other's `id`."""
    matches = [(id_, pair) for id_, pair in judged if pair["matches"]]
    matches.sort(key=lambda one: (-one[1]["score"], one[0]))
    if not matches:
        empty = dict.fromkeys(("id", "rank", "distance_m", "basis", "certainty", "score"))
        if options.walks is not None:
            empty |= dict.fromkeys(("straight_m", "seeker_snap_m", "job_snap_m"))
        no_parts = dict.fromkeys(f"score_{part}" for part in parts)
        return [{**empty, **no_parts, "failed": None, "unknown": None, "reason": why}]
    return [
        {
            "id": id_,
            "rank": rank,
            "distance_m": pair["distance_m"],
            **pair["beside"],
            "basis": options.basis,
            "certainty": pair["certainty"],
            "score": pair["score"],
            **{f"score_{part}": value for part, value in pair["parts"].items()},
            "failed": ",".join(pair["stands_in_way"]),
            "unknown": ",".join(pair["unknown"]),
            "reason": None,
        }
        for rank, (id_, pair) in enumerate(matches[: options.limit], start=1)
    ]
