"""How many jobs and vacancies each seeker has, by judging every pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo_match.matching.plain.answers import reason_of_seeker
from geo_match.matching.plain.conditions import CONDITIONS, is_registered
from geo_match.matching.plain.judge import judge
from geo_match.matching.plain.outcomes import PASS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.matching.plain.options import PlainOptions


def counts(
    seekers: Sequence[Mapping[str, Any]],
    jobs: Sequence[Mapping[str, Any]],
    options: PlainOptions,
) -> list[dict[str, Any]]:
    """Return what each seeker has in the circle.

    Parameters
    ----------
    seekers, jobs
        Records with different ids.
    options
        What is asked; `limit` does not count.

    Returns
    -------
    list of dict
        In the seekers' order: `seeker_id`; jobs `in_circle`, whatever they are, and none of who is
        not registered; `matches`, and the `vacancies` left at these: those sought less those
        filled, 1 where it is not stated how many are sought; `reason`, None where there is a
        match; `condition`: where the reason is `none_eligible`, the first of those that most jobs
        in the circle fail and no other, "several" where each fails more than one, else None.
    """
    rows = []
    for seeker in seekers:
        judged = [judge(seeker, job, options) for job in jobs]
        matched = [job for job, pair in zip(jobs, judged, strict=True) if pair["matches"]]
        inside = [pair for pair in judged if pair["outcomes"]["distance"] == PASS]
        if not is_registered(seeker, options):
            inside = []
        why = reason_of_seeker(judged, seeker, options)
        rows.append(
            {
                "seeker_id": seeker["id"],
                "in_circle": len(inside),
                "matches": len(matched),
                "vacancies": sum(_left(job) for job in matched),
                "reason": why,
                "condition": _barrier(inside) if why == "none_eligible" else None,
            }
        )
    return rows


def _left(job: Mapping[str, Any]) -> int:
    sought = job.get("vacancies")
    if sought is None:
        return 1
    return max(int(sought) - int(job.get("filled") or 0), 0)


def _barrier(inside: Sequence[Mapping[str, Any]]) -> str:
    """Return the condition that alone keeps the most jobs away."""
    kept: dict[str, int] = {}
    for pair in inside:
        if len(pair["stands_in_way"]) == 1:
            name = pair["stands_in_way"][0]
            kept[name] = kept.get(name, 0) + 1
    if not kept:
        return "several"
    most = max(kept.values())
    return next(name for name in CONDITIONS if kept.get(name) == most)
