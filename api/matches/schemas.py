"""What the answers about matches are made of."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.matches.asked import OptionsAsked
from api.problems import Problem

Reason = Literal[
    "not_registered",
    "no_location",
    "none_in_circle",
    "not_on_network",
    "none_on_foot",
    "none_eligible",
]
"""Why there is no match."""


class Answered(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(frozen=True)


class Wage(Answered):
    """What a job pays, as its posting states it."""

    low_cny: float | None = Field(examples=[2800.0])
    high_cny: float | None = Field(examples=[3500.0])
    unit: Literal["month", "day", "hour"] | None = Field(examples=["month"])


class MatchedSite(Answered):
    """Where a job is."""

    id: str = Field(description="`site_id`, or the job's id.", examples=["W00001"])
    name: str | None = Field(examples=["示例超市00001·东风社区店"])
    lon: float | None = Field(description="Degrees, WGS-84.", examples=[117.3801])
    lat: float | None = Field(description="Degrees, WGS-84.", examples=[32.9203])


class MatchedJob(Answered):
    """A job as its record states it when it is answered; what that leaves out is null.

    Of one that was removed since it was matched there is the id alone.
    """

    id: str = Field(examples=["J00001-001"])
    title: str | None = Field(examples=["收银员"])
    employer: str | None = Field(examples=["示例超市00001"])
    vacancies: int | None = Field(
        description="How many people are still sought; null where it is not stated.", examples=[2]
    )
    wage: Wage | None = Field(description="Null where no pay is stated.")
    site: MatchedSite | None


class ComparedCondition(Answered):
    """A condition, and what it compared."""

    name: str = Field(examples=["occupation"])
    chinese: str = Field(examples=["职业"])
    outcome: Literal["pass", "unknown"] = Field(examples=["pass"])
    seeker: str = Field(
        description="In words with units; empty where this side has no part in it.",
        examples=["401 购销人员 (GB/T 6565-2009)"],
    )
    job: str = Field(description="The same.", examples=["401 购销人员 (GB/T 6565-2009)"])
    rule: str = Field(
        description="The dated rule that told it, and its source; empty where none did.",
        examples=[""],
    )


class MatchOnFoot(Answered):
    """What is said of a walk beside its length."""

    straight_m: float = Field(description="The straight line, metres.", examples=[928.9])
    seeker_snap_m: float | None = Field(
        description="From the origin to its street, metres; in the distance.", examples=[4.2]
    )
    job_snap_m: float | None = Field(
        description="From the job to its street, metres; in the distance.", examples=[11.0]
    )


class MatchFound(Answered):
    """A job that the seeker can and would take."""

    rank: int = Field(description="From 1, the best.", examples=[1])
    job: MatchedJob
    distance_m: float = Field(examples=[812.4])
    basis: Literal["geodesic", "walking", "area_edge"]
    certainty: Literal["inside", "borderline", "outside"] = Field(
        description="How certain it is that the distance is within the radius, by how well both "
        "places are known."
    )
    score: float = Field(description="The sum of `parts`.", examples=[0.62])
    parts: dict[str, float] = Field(
        description="What each part adds to the score.",
        examples=[{"closeness": 0.2, "occupation": 0.25, "wage": 0.07, "education": 0.03}],
    )
    unknown: list[str] = Field(
        description="Conditions of which not enough is stated to tell them.", examples=[["shift"]]
    )
    conditions: list[ComparedCondition] | None = Field(
        description="Each condition with what it compared, where `explain` is true; else null."
    )
    on_foot: MatchOnFoot | None = Field(description="Of a walk; null for a straight line.")


class NearMiss(Answered):
    """What a single condition keeps away: jobs that fail it, and nothing else."""

    condition: str = Field(
        description="`distance` is of jobs outside the circle, within twice its radius.",
        examples=["shift"],
    )
    jobs: int = Field(examples=[3])
    nearest: MatchedJob
    nearest_distance_m: float = Field(examples=[1204.5])


class JobAtDistance(Answered):
    """A job and how far it is."""

    job: MatchedJob
    distance_m: float = Field(examples=[4120.8])


class WithinRadius(Answered):
    """How many eligible jobs lie within a radius."""

    radius_m: float = Field(examples=[5000.0])
    jobs: int = Field(examples=[2])


class ShortfallTold(Answered):
    """What stands in the way of who has no match.

    Without the scope records:read it is of public jobs alone: those that are open, have vacancies
    left, and whose employer's licence is verified.
    """

    in_circle: int = Field(description="Jobs in the circle.", examples=[41])
    near_misses: list[NearMiss] = Field(
        description="Each condition that alone keeps jobs away, in the order of the conditions."
    )
    first_eligible: JobAtDistance | None = Field(
        description="The nearest job that fails nothing but the distance, however far; null where "
        "there is none."
    )
    eligible_within: list[WithinRadius] = Field(
        description="Jobs that fail nothing but perhaps the distance, within some radii."
    )


class OriginTold(Answered):
    """What the circle was drawn around."""

    kind: Literal["seeker", "point", "community", "station", "household"]
    id: str | None = Field(
        description="Of a community, station or household; else null.", examples=[None]
    )


class MatchesOfOne(Answered):
    """The matches of one."""

    seeker_key: str | None = Field(
        description="The surrogate key of a registered seeker; null for a profile.",
        examples=[None],
    )
    origin: OriginTold
    radius_m: float = Field(
        description="The radius that counted: the seeker's own, or that of the options.",
        examples=[3000.0],
    )
    matches: list[MatchFound] = Field(description="The best first.")
    reason: Reason | None = Field(description="Why there is none; null where there is one.")
    shortfall: ShortfallTold | None = Field(
        description="What stands in the way, where there is no match; null where there is one, and "
        "where nothing is to be said: without a place, or a registration."
    )


class Matches(MatchesOfOne):
    """The answer to a request for the matches of one."""

    options: OptionsAsked = Field(description="As they were applied, defaults included.")
    cursor: str = Field(
        description="The place in the store's feed of which the jobs were matched.",
        examples=["0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"],
    )


class ItemAnswered(Answered):
    """One item of a batch: answered, or refused by a problem of its own."""

    status: int = Field(description="As of a request of its own.", examples=[200])
    answer: MatchesOfOne | None
    problem: Problem | None = Field(
        description="Pointers are into the whole body, such as `/items/3/profile/shift`."
    )


class BatchMatches(Answered):
    """The answer to a batch: as many items as were asked, in their order."""

    options: OptionsAsked = Field(description="As they were applied, defaults included.")
    cursor: str = Field(
        description="The place in the store's feed of which the jobs were matched.",
        examples=["0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"],
    )
    failed: int = Field(description="How many items have a problem.", examples=[0])
    items: list[ItemAnswered]


class PairChanged(Answered):
    """A pair that entered or left the result."""

    seeker_key: str | None = Field(
        description="The surrogate key; null where the seeker was removed so long ago that no key "
        "is known.",
        examples=["5b0d1d6f3c7e4a2f9b8c7d6e5f4a3b2c"],
    )
    job_id: str = Field(examples=["J00001-001"])
    change: Literal["entered", "left"]
    distance_m: float = Field(description="As it is or was in the match.", examples=[812.4])
    cause: str = Field(description="The main cause.", examples=["job_opened"])
    causes: list[str] = Field(examples=[["job_opened"]])
    conditions: list[str] = Field(
        description="Conditions that turned; none where one of the two was not there at one of the "
        "times.",
        examples=[["vacancies"]],
    )


class MatchChangesTold(Answered):
    """The pairs that entered or left the result between two places in the feed."""

    since: str = Field(description="`after`, as it was asked.")
    cursor: str = Field(description="Where to go on: the next request's `after`.")
    more: bool = Field(description="Whether the feed has changes after `cursor`.")
    options: dict[str, Any] = Field(
        description="What was asked, with its day; `limit` does not count here.",
        examples=[{"radius_m": 3000.0, "basis": "geodesic", "on": "2026-03-01"}],
    )
    missing: int = Field(
        description="Seekers who were erased since: their pairs are not among these.", examples=[0]
    )
    pairs: list[PairChanged] = Field(description="By seeker, then by job.")
