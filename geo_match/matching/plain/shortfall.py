"""What stands in the way of those who have no match, by judging every pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo_match.matching.plain.answers import reason, reason_of_seeker
from geo_match.matching.plain.conditions import CONDITIONS, is_located, is_registered, radius_m
from geo_match.matching.plain.judge import judge
from geo_match.matching.plain.outcomes import PASS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo_match.matching.plain.options import PlainOptions

_MOST_M: Final = 200_000.0
LADDER_M: Final = (500.0, 1000.0, 2000.0, 3000.0, 5000.0, 10_000.0)
"""Radii for which eligible jobs are counted, metres, unless others are asked for."""


def shortfall(
    seekers: Sequence[Mapping[str, Any]],
    jobs: Sequence[Mapping[str, Any]],
    options: PlainOptions,
    *,
    ladder_m: Sequence[float] = LADDER_M,
    for_jobs: bool = False,
) -> list[dict[str, Any]]:
    """Return what each seeker has, and what is missing; or each job.

    A job is *eligible* if nothing but distance keeps it from being a match. It is a *near-miss* by
    the one condition that does: inside the circle by any other than distance, and by distance
    where it lies outside the circle and inside one of twice the radius, or of 200 km, whichever is
    less. The circle, and the radius, are the seeker's, whoever is asked for. Who is not registered
    has nothing, and is nobody's.

    Parameters
    ----------
    seekers, jobs
        Records with different ids.
    options
        What is asked; `limit` does not count.
    ladder_m
        Radii, inclusive, metres.
    for_jobs
        Whether it is told of each job what seekers it has: in all names below the two are
        exchanged.

    Returns
    -------
    list of dict
        In the seekers' order: `seeker_id`; `matches` and jobs `in_circle`, counted; `reason` (None
        where there is a match); `first_eligible_job_id` and `first_eligible_distance_m`, at any
        distance, ties by id, None without one; `eligible_within`: counts by radius of the ladder;
        `near_misses`: by each condition asked the `jobs`, counted, and the nearest one's `job_id`
        and `distance_m`, ties by id, None without one.
    """
    one, other = _sides(for_jobs=for_jobs)
    centres, others = (jobs, seekers) if for_jobs else (seekers, jobs)
    rows = []
    for centre in centres:
        every = []
        for record in others:
            seeker, job = (record, centre) if for_jobs else (centre, record)
            if is_registered(seeker, options) and is_located(seeker) and is_located(job):
                pair = judge(seeker, job, options, for_job=for_jobs)
                every.append({"id": record["id"], "radius_m": radius_m(seeker, options), **pair})
        # Nothing that there is no way to is near.
        judged = [pair for pair in every if pair["distance_m"] is not None]
        eligible = [pair for pair in judged if set(pair["stands_in_way"]) <= {"distance"}]
        first = _nearest(eligible)
        if for_jobs:
            why = reason(every, of=centre, options=options)
        else:
            why = reason_of_seeker(every, centre, options)
        rows.append(
            {
                f"{one}_id": centre["id"],
                "matches": sum(pair["matches"] for pair in judged),
                "in_circle": sum(pair["outcomes"]["distance"] == PASS for pair in judged),
                "reason": why,
                f"first_eligible_{other}_id": first["id"],
                "first_eligible_distance_m": first["distance_m"],
                "eligible_within": {
                    rung: sum(pair["distance_m"] <= rung for pair in eligible) for rung in ladder_m
                },
                "near_misses": {
                    name: _near_misses(judged, name, other)
                    for name in CONDITIONS
                    if options.asks(name)
                },
            }
        )
    return rows


def totals(
    seekers: Sequence[Mapping[str, Any]],
    jobs: Sequence[Mapping[str, Any]],
    options: PlainOptions,
    *,
    for_jobs: bool = False,
) -> dict[str, Any]:
    """Return for how many seekers, or jobs, each condition stands in the way.

    Near-misses by distance lie outside the circle, and are left aside: they make no row, and do
    not keep another condition from standing alone.

    Parameters
    ----------
    seekers, jobs
        Records with different ids.
    options
        What is asked.
    for_jobs
        As in `shortfall`.

    Returns
    -------
    dict
        `seekers`; of them `matched`, and `no_location`, `none_in_circle`, `none_eligible` and
        `not_registered`, which add up with it; `jobs_without_place`, or of seekers those who are
        registered, and `seekers_not_registered`; `conditions`: by each one asked but distance, of
        the seekers without a match, for how many it is what keeps at least one job in their circle
        from them (`some_job`), and for how many it is the only such condition (`alone`).
    """
    answers = shortfall(seekers, jobs, options, for_jobs=for_jobs)
    return totals_of(answers, seekers if for_jobs else jobs, options, for_jobs=for_jobs)


def totals_of(
    answers: Sequence[Mapping[str, Any]],
    others: Sequence[Mapping[str, Any]],
    options: PlainOptions,
    *,
    for_jobs: bool = False,
    reasons: Sequence[str] = ("no_location", "none_in_circle", "none_eligible"),
) -> dict[str, Any]:
    """Return what `totals` does, of answers that `shortfall` gave.

    Parameters
    ----------
    answers
        Of the centres.
    others
        The records that were sought for them.
    options, for_jobs
        As in `shortfall`.
    reasons
        Those that are counted, beside `not_registered`.
    """
    one, other = _sides(for_jobs=for_jobs)
    told = [answer["reason"] for answer in answers]
    if for_jobs:
        there = [seeker for seeker in others if is_registered(seeker, options)]
        not_registered = {"seekers_not_registered": len(others) - len(there)}
    else:
        there = list(others)
        not_registered = {"not_registered": told.count("not_registered")}
    kinds = [
        {
            name
            for name, missed in answer["near_misses"].items()
            if missed[f"{other}s"] > 0 and name != "distance"
        }
        for answer in answers
        if answer["matches"] == 0
    ]
    return {
        f"{one}s": len(answers),
        "matched": told.count(None),
        **{why: told.count(why) for why in reasons},
        f"{other}s_without_place": sum(not is_located(record) for record in there),
        **({} if options.former_too else not_registered),
        "conditions": {
            name: {
                f"some_{other}": sum(name in kind for kind in kinds),
                "alone": sum(kind == {name} for kind in kinds),
            }
            for name in CONDITIONS
            if options.asks(name) and name != "distance"
        },
    }


def _sides(*, for_jobs: bool) -> tuple[str, str]:
    """Return who is asked for, and who is sought."""
    return ("job", "seeker") if for_jobs else ("seeker", "job")


def _near_misses(judged: Iterable[Mapping[str, Any]], condition: str, other: str) -> dict[str, Any]:
    """Return how many fail just this condition, and the nearest of them."""
    missed = [pair for pair in judged if pair["stands_in_way"] == [condition]]
    if condition == "distance":
        missed = [
            pair for pair in missed if pair["distance_m"] <= min(2.0 * pair["radius_m"], _MOST_M)
        ]
    nearest = _nearest(missed)
    return {
        f"{other}s": len(missed),
        f"{other}_id": nearest["id"],
        "distance_m": nearest["distance_m"],
    }


def _nearest(pairs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the nearest and its distance, ties by id; None for both without one."""
    if not pairs:
        return {"id": None, "distance_m": None}
    nearest = min(pairs, key=lambda pair: (pair["distance_m"], pair["id"]))
    return {"id": nearest["id"], "distance_m": nearest["distance_m"]}
