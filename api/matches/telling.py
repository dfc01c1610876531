"""What was found of one, in the words of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from api.matches.groups import AROUND, OF_PUBLIC_JOBS
from api.matches.schemas import (
    ComparedCondition,
    JobAtDistance,
    MatchesOfOne,
    MatchFound,
    MatchOnFoot,
    NearMiss,
    OriginTold,
    Reason,
    ShortfallTold,
    WithinRadius,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Protocol

    from api.matches.asked import ItemAsked
    from api.matches.groups import Lacking
    from api.matches.jobs_shown import JobsShown
    from geo_match.matching import Answer, Match
    from geo_match.matching.live.live_matcher import MatcherAt

    class Found(Protocol):
        """An item, and what came of it."""

        item: ItemAsked
        key: str | None
        row: dict[str, Any]
        answer: Answer | None
        lacking: Lacking | None


def ids_of(found: Iterable[Found]) -> set[str]:
    """Return the ids of the jobs that answers show."""
    ids = set()
    for one in found:
        if one.answer is not None:
            ids |= {match.job_id for match in one.answer.matches}
        if one.lacking is not None:
            ids |= {name for _, _, name, _ in one.lacking.near_misses}
            ids |= {one.lacking.first[0]} if one.lacking.first else set()
    return ids


def told(one: Found, at: MatcherAt, jobs: JobsShown, *, sees_withheld: bool) -> MatchesOfOne:
    """Return the answer of an item that was matched.

    Parameters
    ----------
    at
        What it asked.
    jobs
        All that it shows.
    sees_withheld
        Whether the caller may know of jobs that are not public.

    Raises
    ------
    RuntimeError
        If it was not matched.
    """
    if one.answer is None:
        message = "an item is told before it was matched"
        raise RuntimeError(message)
    reason, lacking = one.answer.reason, one.lacking
    if lacking is not None and not sees_withheld and not lacking.public_in_circle:
        # That withheld jobs are in the circle is nobody's business.
        reason = _reason_of_public(reason, lacking)
    own = one.row.get("radius_m")
    return MatchesOfOne(
        seeker_key=one.key,
        origin=_origin(one),
        radius_m=float(at.options.radius_m if own is None else own),
        matches=[_match(match, jobs) for match in one.answer.matches],
        reason=cast("Reason | None", reason),
        shortfall=None if lacking is None else _shortfall(lacking, jobs, sees_withheld),
    )


def _reason_of_public(reason: str | None, lacking: Lacking) -> str | None:
    """Return the reason that there would be, were there no jobs but public ones, out of reach."""
    if not lacking.public_straight:
        return "none_in_circle"
    # On foot: somebody whom withheld jobs are in reach of is on a street.
    return "none_on_foot" if reason == "none_eligible" else reason


def _origin(one: Found) -> OriginTold:
    origin = one.item.origin
    if origin is None:
        return OriginTold(kind="seeker", id=None)
    if origin.community is not None:
        return OriginTold(kind="community", id=one.row[AROUND])
    if origin.station is not None:
        return OriginTold(kind="station", id=origin.station)
    if origin.household is not None:
        return OriginTold(kind="household", id=origin.household)
    return OriginTold(kind="point", id=None)


def _match(match: Match, jobs: JobsShown) -> MatchFound:
    conditions = [
        ComparedCondition.model_construct(  # many, and all of them the library's own words
            name=one.name,
            chinese=one.chinese,
            outcome=one.outcome,
            seeker=one.seeker,
            job=one.job,
            rule=one.rule,
        )
        for one in match.conditions
    ]
    on_foot = None
    if match.straight_m is not None:
        on_foot = MatchOnFoot(
            straight_m=match.straight_m,
            seeker_snap_m=match.seeker_snap_m,
            job_snap_m=match.job_snap_m,
        )
    return MatchFound(
        rank=match.rank,
        job=jobs[match.job_id],
        distance_m=match.distance_m,
        basis=match.basis,  # type: ignore[arg-type]  # one of the three
        certainty=match.certainty,  # type: ignore[arg-type]  # one of the three
        score=match.score,
        parts=dict(match.parts),
        unknown=list(match.unknown),
        conditions=conditions or None,
        on_foot=on_foot,
    )


def _shortfall(lacking: Lacking, jobs: JobsShown, sees_withheld: bool) -> ShortfallTold:  # noqa: FBT001 - one of three facts of a caller's answer
    return ShortfallTold(
        in_circle=lacking.in_circle if sees_withheld else lacking.public_in_circle,
        near_misses=[
            NearMiss(condition=name, jobs=n, nearest=jobs[job], nearest_distance_m=distance_m)
            for name, n, job, distance_m in lacking.near_misses
            if sees_withheld or name not in OF_PUBLIC_JOBS
        ],
        first_eligible=None
        if lacking.first is None
        else JobAtDistance(job=jobs[lacking.first[0]], distance_m=lacking.first[1]),
        eligible_within=[WithinRadius(radius_m=rung, jobs=n) for rung, n in lacking.within],
    )
