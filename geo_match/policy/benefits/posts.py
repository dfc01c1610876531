"""Which public-welfare posts (公益性岗位) are subsidised: held on the day, by the payment's rule.

The payment `post_insurance_subsidy` decides each condition but the first, so that what is told as a
benefit and what is paid on a claim are never two things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.benefits.judged import Benefits, Judged, put_together
from geo_match.policy.benefits.rules import CATALOGUE, HELD, POST_PAYMENT
from geo_match.policy.conditions import Condition
from geo_match.policy.households.frames import check_day, check_unique, take
from geo_match.policy.payments import RULES, Evidence, PaymentOptions, decide
from geo_match.rules.outcome import UNKNOWN, holds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from geo_match.policy.benefits.rules import Policy, Terms
    from geo_match.policy.households.frames import Kind

_POSTS: Final[Mapping[str, Kind]] = {
    "job_id": "text",
    "employer_id": "text",
    "division": "text",
    "developed_on": "day",
    "led_by": "text",
    "holder": "text",
    "held_from": "day",
    "held_to": "day",
}


def match_posts(
    posts: object,
    *,
    on: dt.date,
    persons: pd.DataFrame,
    employments: pd.DataFrame,
    services: pd.DataFrame,
    agencies: pd.DataFrame | None = None,
    options: PaymentOptions | None = None,
    catalogue: Sequence[Policy] = CATALOGUE,
) -> Benefits:
    """Tell which posts are subsidised on a day.

    Parameters
    ----------
    posts
        `job_id`, `employer_id`, and where known `division`, `developed_on`, `led_by`, `holder`,
        `held_from`, `held_to`; a row a holder, and one for a post that nobody held.
    on
        The day: what came after it is not known yet.
    persons, employments, services, agencies
        As `geo_match.policy.payments.Evidence` has them. Of a person `id`, and where known
        `difficulty`, `birth_year` and `sex`; of a hire `id`, `person`, `form`, `hired_on`, and
        where known `job_id`, `registered_on`, `filed_on`, `record_origin`; of a service `id`,
        `person`, `on`, `kind`, and where known `operator_id` and `result`.
    options
        Answers to what the notice leaves open; None leaves it open.
    catalogue
        The policies; those for seekers and entities are left aside.

    Returns
    -------
    Benefits
        A row a row of the posts and policy that was in force; `id` is the posting's, with "@" and
        its holder where it has one. It is the entity that is paid.

    Raises
    ------
    ArgumentError
        If a frame lacks a column or has values of another kind, a holder has a post twice, or a
        policy has a condition that is not known.
    """
    check_day(on, "on")
    needed = ("job_id", "employer_id")
    given = take(posts, "posts", _POSTS, required=needed, filled=needed)
    held = given["job_id"] + "@" + given["holder"]
    given["id"] = held.where(given["holder"].notna(), given["job_id"]).astype(object)
    check_unique(given, "id", "posts")
    evidence = Evidence(
        posts=given,
        persons=persons,
        employments=employments,
        services=services,
        agencies=agencies,
    )
    decided = {
        one.case: {condition.name: condition for condition in one.conditions}
        for one in decide(POST_PAYMENT, evidence, options, as_of=on)
    }
    known = {name for entry in RULES[POST_PAYMENT].entries for name in entry.value.all_of}
    ids = given["id"].tolist()

    def judge(name: str, _: Terms) -> Judged:
        if name == HELD:
            return _held(given, pd.Timestamp(on))
        if name not in known:
            raise ArgumentError("catalogue", "ask for conditions that are known", repr(name))
        told = tuple(decided.get(id_, {}).get(name) or _not_there(name, id_) for id_ in ids)
        return Judged(np.array([one.outcome for one in told], dtype=np.int8), told=told)

    policies = [one for one in catalogue if one.whom == "post"]
    return put_together(ids, policies, on, judge)


def _held(posts: pd.DataFrame, on: pd.Timestamp) -> Judged:
    """Tell of each post whether somebody is on it; without a first day that is not known."""
    # A comparison with a day that is not known is false.
    perhaps = posts["holder"].notna() & ~(posts["held_from"] > on) & ~(posts["held_to"] < on)
    surely = perhaps & posts["held_from"].notna()
    evidence = np.full(len(posts), None, dtype=object)
    for row, (post, who) in enumerate(zip(posts["job_id"], posts["holder"], strict=True)):
        evidence[row] = (post,) if who is None else (post, who)
    return Judged(holds(surely.to_numpy(), perhaps.to_numpy()), evidence)


def _not_there(name: str, id_: str) -> Condition:
    """Return a condition of a post of which nothing was known on the day."""
    en, zh = "The post was not there yet on the day.", "当日该岗位尚不存在。"
    return Condition(name, UNKNOWN, (id_,), en, zh, "a record of the post by the day 岗位记录")
