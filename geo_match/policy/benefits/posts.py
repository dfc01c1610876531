"""Which public-welfare posts (公益性岗位) are subsidised: led, held, developed, registered, filed.

Whether an employment is registered and filed passes on the provincial platform's own export alone:
that we sent a record proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.benefits.judged import Benefits, Judged, put_together
from geo_match.policy.benefits.rules import CATALOGUE
from geo_match.policy.households.frames import check_day, check_unique, take
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from geo_match.policy.benefits.rules import Policy, Terms
    from geo_match.policy.households.frames import Kind

_POSTS: Final[Mapping[str, Kind]] = {
    "job_id": "text",
    "employer_id": "text",
    "developed_on": "day",
    "led_by": "text",
    "holder": "text",
    "held_from": "day",
    "held_to": "day",
}
_EMPLOYMENTS: Final[Mapping[str, Kind]] = {
    "id": "text",
    "person": "text",
    "employer_id": "text",
    "form": "text",
    "hired_on": "day",
    "registered_on": "day",
    "filed_on": "day",
    "record_origin": "text",
}
_SERVICES: Final[Mapping[str, Kind]] = {
    "id": "text",
    "person": "text",
    "on": "day",
    "operator_id": "text",
}
_Told = tuple[int, tuple[str, ...]]
"""An outcome, and the ids that it rests on."""
_FORM: Final = "public_welfare_post"
_PLATFORM: Final = "platform_export"


def match_posts(
    posts: object,
    *,
    on: dt.date,
    persons: object,
    employments: object,
    services: object,
    catalogue: Sequence[Policy] = CATALOGUE,
) -> Benefits:
    """Tell which posts are subsidised on a day.

    Parameters
    ----------
    posts
        `job_id`, `employer_id`, and where known `developed_on`, `led_by`, `holder`, `held_from`,
        `held_to`; a row a holder, and one for a post that nobody held.
    on
        The day.
    persons
        `id` and `difficulty`, such as seekers.
    employments
        `id`, `person`, `employer_id`, `form`, `hired_on`, `registered_on`, `filed_on`,
        `record_origin`: those of the form "public_welfare_post" count.
    services
        `id`, `person`, `on`, `operator_id`.
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
        If a frame lacks a column or has values of another kind, or a holder has a post twice.
    """
    check_day(on, "on")
    needed = ("job_id", "employer_id")
    given = take(posts, "posts", _POSTS, required=needed, filled=needed)
    held = given["job_id"] + "@" + given["holder"]
    given["id"] = held.where(given["holder"].notna(), given["job_id"]).astype(object)
    check_unique(given, "id", "posts")
    judging = _Posts(given, pd.Timestamp(on), persons, employments, services)
    policies = [one for one in catalogue if one.whom == "post"]
    return put_together(given["id"].tolist(), policies, on, judging.judge)


class _Posts:
    """Posts whose conditions are judged one after the other; there are few of them."""

    def __init__(
        self,
        posts: pd.DataFrame,
        on: pd.Timestamp,
        persons: object,
        employments: object,
        services: object,
    ) -> None:
        self._posts, self._on = posts, on
        who = take(persons, "persons", {"id": "text", "difficulty": "text"}, required=("id",))
        check_unique(who, "id", "persons")
        self._difficulty: dict[str, str | None] = dict(
            zip(who["id"], who["difficulty"], strict=True)
        )
        hires = take(
            employments, "employments", _EMPLOYMENTS, required=("id", "person", "form", "hired_on")
        )
        hires = hires[(hires["form"] == _FORM) & (hires["hired_on"] <= on)]
        self._hires = dict(list(hires.groupby("person")))
        helped = take(services, "services", _SERVICES, required=("id", "person", "on"))
        helped = helped[helped["on"] <= on]
        self._services = dict(list(helped[helped["operator_id"].notna()].groupby("person")))

    def judge(self, name: str, terms: Terms) -> Judged:
        """Return what a condition comes to."""
        del terms  # none of these conditions has any
        conditions: dict[str, Callable[[pd.Series], _Told]] = {
            "operator_led": self._led,
            "holder_with_difficulty": self._held,
            "post_developed": self._developed,
            "employment_registered": lambda post: self._recorded(post, "registered_on"),
            "labour_filed": lambda post: self._recorded(post, "filed_on"),
            "service_recorded": self._served,
        }
        if name not in conditions:
            raise ArgumentError("catalogue", "ask for conditions that are known", repr(name))
        found = [conditions[name](post) for _, post in self._posts.iterrows()]
        evidence = np.full(len(found), None, dtype=object)
        for row, (post, (_, ids)) in enumerate(zip(self._posts["job_id"], found, strict=True)):
            evidence[row] = tuple(dict.fromkeys((post, *ids)))
        return Judged(np.array([outcome for outcome, _ in found], dtype=np.int8), evidence)

    def _led(self, post: pd.Series) -> _Told:
        return (UNKNOWN if post["led_by"] is None else PASS), ()

    def _developed(self, post: pd.Series) -> _Told:
        return self._until(post["developed_on"]), ()

    def _held(self, post: pd.Series) -> _Told:
        """Tell whether somebody with employment difficulty is on the post on the day."""
        who = post["holder"]
        if who is None or post["held_from"] > self._on or post["held_to"] < self._on:
            return FAIL, ()
        difficulty = self._difficulty.get(who)
        if difficulty == "none":
            return FAIL, (who,)
        is_known = difficulty is not None and pd.notna(post["held_from"])
        return (PASS if is_known else UNKNOWN), (who,)

    def _recorded(self, post: pd.Series, name: str) -> _Told:
        """Tell whether the platform's own record shows it for the holder's employment."""
        hires = self._hires.get(post["holder"])
        if hires is None:
            return UNKNOWN, ()
        mine = hires[hires["employer_id"] == post["employer_id"]]
        shown = mine[(mine["record_origin"] == _PLATFORM) & mine[name].notna()]
        if shown.empty:
            return UNKNOWN, tuple(mine["id"])
        # Of several the one that was recorded first: it is enough.
        first = shown.sort_values(name).iloc[0]
        return self._until(first[name]), (first["id"],)

    def _served(self, post: pd.Series) -> _Told:
        """Tell whether the operator that led the post served the holder before they began."""
        services = self._services.get(post["holder"])
        if services is None or post["led_by"] is None or pd.isna(post["held_from"]):
            return UNKNOWN, ()
        own = services[services["operator_id"] == post["led_by"]].sort_values("on")
        if own.empty:
            return UNKNOWN, ()
        first = own.iloc[0]
        return (PASS if first["on"] <= post["held_from"] else FAIL), (first["id"],)

    def _until(self, day: pd.Timestamp | None) -> int:
        """Tell whether something had happened by the day; unknown without a day of it."""
        if day is None or pd.isna(day):
            return UNKNOWN
        return PASS if day <= self._on else FAIL
