"""What `coverage` tells of its answer, in English."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.cli.coverage.words.figures import communities_word, number, share_text
from geo_match.cli.coverage.words.left_out import left_out_lines, repaired_lines
from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS
from geo_match.cli.coverage.words.written import key_line, written_lines
from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.release import PUBLISHED
from geo_match.exchange.report_page.not_given import not_given_name
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geo_match.cli.coverage.words.answer import Answer

_WORST: Final = 5
PAIRS_SHOWN: Final = 3
_REASON_WORDS: Final = {
    "no_location": "without a place",
    "coarse_location": "with too coarse a place",
    "none_in_circle": "with nothing in the circle",
    "none_on_foot": "with nothing in it on foot",
    "none_eligible": "with nothing there that fits",
    "over_subscribed": "over-subscribed",
    "too_few": "with too few",
}
_CAUSE_WORDS: Final = {
    "river": "with water between",
    "detour": "with too long a detour",
    "disconnected": "with no street that leads there",
    "snap_failed": "with no street near",
}
PLANNED: Final = {
    "people": ("people", "人口"),
    "working_age": ("surely of working age", "劳动年龄"),
    "working_age_unknown": ("perhaps", "劳动年龄不明"),
    "entities": ("entities", "经营实体"),
    "seekers": ("seekers", "求职者"),
    "vacancies": ("vacancies", "招聘人数"),
    "stations": ("stations", "服务网点"),
}
"""What is told of a service plan, in English after its number, in Chinese before it."""


class English:
    """What came out, in English; `Chinese` says the same in its words."""

    language = "en"

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._totals = answer.content.totals
        self._options = answer.report.options
        self._one, self._many, self._unit = answer.unit
        self._of = answer.asked.of
        self._person, self._persons, self._count = PEOPLE_WORDS[self._of]

    def lines(self) -> Iterator[str]:
        """Yield them: communities below the standard first."""
        yield from self._by_community()
        if self._totals:
            yield from (f"  {line}" for line in self._of_all())
        answer = self._answer
        left_out = left_out_lines(answer.asked, answer.given, language=self.language)
        yield from (f"  {line}" for line in left_out)
        if answer.plan is not None:
            yield f"  {self._plan(answer.plan.totals())}"
        yield from written_lines(answer.files, self._of, language=self.language)
        target = answer.target
        if target.people is not None:
            yield self._people_file(target.people)
        if target.key is not None:
            yield key_line(target.key, language=self.language)

    def _by_community(self) -> Iterator[str]:
        if len(self._frame):
            frame = self._worst()
            yield self._communities(frame)
            yield from (f"    {self._community(row)}" for row in frame[:_WORST].to_dict("records"))
        else:
            yield self._no_communities()
        repaired = self._answer.report.repaired
        yield from (f"  {one}" for one in repaired_lines(repaired, language=self.language))

    def _of_all(self) -> Iterator[str]:
        yield self._reached()
        if "reached_straight" in self._totals:
            yield self._lost()
        yield self._located()
        if told := self._no_street():
            yield told
        yield self._reasons()
        if self._totals.get("zero_employment"):
            yield self._zero_employment()
        if self._answer.content.release != PUBLISHED:
            yield from self._elsewhere()
            if barriers := self._barriers():
                yield f"  {barriers}"
            yield self._typical()
            yield self._supply()

    @cached_property
    def _frame(self) -> pd.DataFrame:
        """The rows of communities; none where these were not published."""
        frame = pd.DataFrame(self._answer.communities.drop(columns="geometry", errors="ignore"))
        return frame[frame["kind"] == "community"] if "kind" in frame else frame[:0]

    def _worst(self) -> pd.DataFrame:
        """Return the rows of communities with people below the standard, the most first."""
        frame = self._frame[self._frame["below"].gt(0).fillna(value=False)]
        return frame.sort_values(["below", "code"], ascending=[False, True], kind="stable")

    def _figure(self, name: str) -> str:
        value = self._totals.get(name)
        return number(value)

    def _share(self, part: str, whole: str) -> str:
        most_error = self._answer.content.most_error
        return share_text(self._totals.get(part), self._totals.get(whole), most_error)

    def _amount(self, number: float) -> str:
        return f"{number:,.15g} {self._one if number == 1 else self._many}"

    def _n_empty(self) -> int:
        """Return of how many communities it is known that nobody lives there."""
        return int(self._frame["people"].eq(0).fillna(value=False).sum())

    def _n_outlineless(self) -> int:
        """Return of how many of these there is no outline: they may have people all the same."""
        empty = self._frame[self._frame["people"].eq(0).fillna(value=False)]
        return int((~self._answer.has_outline(empty["code"])).sum())

    def _n_inhabited(self) -> int:
        """Return how many communities the others are."""
        return len(self._frame) - self._n_empty()

    def _n_kept_back(self) -> int:
        """Return of how many communities it was not published how many people are below."""
        return int(self._frame["below"].isna().sum())

    def _n_silent(self) -> int:
        """Return of how many of these it was not published either how many people there are."""
        return int((self._frame["below"].isna() & self._frame["people"].isna()).sum())

    def _standard(self) -> str:
        standard = self._amount(self._options.standard_or_default)
        return standard if self._options.competition is None else f"{standard} a head"

    def _communities(self, frame: pd.DataFrame) -> str:
        asked, kept = self._answer.asked, self._n_kept_back()
        inhabited = communities_word(self._n_inhabited())
        unseen = self._n_outlineless()
        others = {f"no {self._of}": self._n_empty() - unseen, "no outline here": unseen}
        told = ", ".join(
            f"{n:,} more {'has' if n == 1 else 'have'} {what}" for what, n in others.items() if n
        )
        more = f" ({told})" if told else ""
        first = f", of {kept:,} it is kept back" if kept else ""
        if silent := self._n_silent():
            first += f" ({silent:,} of these may have no {self._of} at all)"
        first += ", the most in" if len(frame) else ""
        return (
            f"{self._answer.content.release}, {asked.on}: {len(frame):,} of {inhabited}{more} have "
            f"{self._of} below the standard of {self._standard()} within "
            f"{self._options.radius_m:,.15g} m{first}"
        )

    def _no_communities(self) -> str:
        asked, release = self._answer.asked, self._answer.content.release
        return f"{release}, {asked.on}: nothing by communities"

    def _community(self, row: Mapping[Any, Any]) -> str:
        name = "" if pd.isna(row.get("name")) else f" {row['name']}"
        return f"{row['code']}{name}: {number(row['below'])} of {number(row['people'])}"

    def _reached(self) -> str:
        share = self._share("reached", "located")
        told = f" ({share})" if share else ""
        return (
            f"{self._figure('reached')} of {self._figure('located')} located {self._of}"
            f"{told} reach {self._amount(self._options.at_least)} or more{self._fitting()}"
            f"{' on foot' if self._options.on_foot else ''}"
        )

    def _lost(self) -> str:
        straight = f"{self._figure('reached_straight')} of them do straight"
        if "lost_on_foot" not in self._totals:  # why they are not on foot is not published
            return straight
        told = [f"{number(value)} {_CAUSE_WORDS.get(name, name)}" for name, value in self._causes()]
        return f"{straight}; not on foot: {', '.join(told)}" if told else f"{straight}, no more"

    def _causes(self) -> list[tuple[str, Any]]:
        """Return why who is reached straight is not on foot, and how many they are."""
        start = "lost_on_foot_"
        return [
            (name.removeprefix(start), value)
            for name, value in self._totals.items()
            if name.startswith(start) and value
        ]

    def _fitting(self) -> str:
        return "" if self._options.eligible is None else " that they could take up"

    def _located(self) -> str:
        share = self._share("located", "people")
        told = f" ({share})" if share else ""
        n = f"{self._figure('located')} of {self._figure('people')} {self._of}"
        return f"{n}{told} have a place"

    def _no_street(self) -> str:
        """Return to how many of whom and of what no street leads; empty where one leads to all."""
        people, rows = self._off_streets()
        told = []
        if people:
            told.append(f"{number(people)} of {self._figure('located')} located {self._of}")
        if rows:
            told.append(
                f"{number(rows)} of {counted(self._totals['supply_rows'], 'row')} of what is there"
            )
        return f"no street leads to {' and '.join(told)}" if told else ""

    def _off_streets(self) -> list[Any]:
        """Return to how many people and rows of the supply no street leads; 0 if not on foot."""
        found = [self._totals.get(f"{one}_not_on_network") for one in ("people", "supply")]
        return [0 if pd.isna(one) else one for one in found]

    def _reasons(self) -> str:
        told = [
            f"{number(value)} {_REASON_WORDS.get(reason, reason)}" for reason, value in self._why()
        ]
        below = f"{self._figure('below')} below the standard"
        return f"{below}: {', '.join(told)}" if told else below

    def _why(self) -> Iterator[tuple[str, Any]]:
        """Yield the reasons that somebody has, or may have."""
        for reason in REASONS:
            value = self._totals.get(f"reason_{reason}", 0)
            if pd.isna(value) or value:
                yield reason, value

    def _zero_employment(self) -> str:
        n, below = self._figure("zero_employment"), self._figure("zero_employment_below")
        whose = f"{n} of the {self._figure('people')} {self._of} have nobody in work"
        return f"{whose}: {below} of these are below the standard"

    def _keeping(self) -> list[tuple[str, Any]]:
        """Return what keeps people from all that is in their circles, the most first."""
        start = "none_eligible_"
        found = [
            (name.removeprefix(start), value)
            for name, value in self._totals.items()
            if name.startswith(start) and not pd.isna(value) and value
        ]
        return sorted(found, key=lambda one: -float(one[1]))

    def _barriers(self) -> str:
        told = [f"{number(value)} by {_barrier(name)}" for name, value in self._keeping()]
        return f"what keeps them most from what is there: {', '.join(told)}" if told else ""

    def _plan(self, totals: Mapping[str, Any]) -> str:
        told = [
            f"{number(totals[name])} {what}"
            for name, (what, _) in PLANNED.items()
            if totals.get(name) is not None
        ]
        parts = [", ".join(told)] if told else []
        return f"service plan: {'; '.join([*parts, *self._without(totals)])}"

    def _without(self, totals: Mapping[str, Any]) -> Iterator[str]:
        """Yield what a service plan was not given, and whom it does not count."""
        if missing := missing_of(totals.get("not_given")):
            yield f"not given: {', '.join(not_given_name(one)[1] for one in missing)}"
        if self._of != "seekers" and (n := totals.get("seekers_not_registered")):
            yield f"{counted(n, 'seeker')} not registered on {self._answer.asked.on} left out"
        if n := self._answer.without_members:
            state = "states" if n == 1 else "state"
            yield f"{counted(n, 'household')} {state} no members, so none of theirs are counted"

    def _typical(self) -> str:
        median = self._totals.get("in_reach_median")
        away = self._totals.get("distance_median_m")
        if pd.isna(median):
            return f"no {self._person} has a place"
        enough = "" if pd.isna(away) else f", enough of them {away:,.0f} m away"
        fits = self._totals.get("eligible_median")
        fit = "" if pd.isna(fits) else f"; that fit the median {self._person}: {self._amount(fits)}"
        where = "within a walk" if self._options.on_foot else "in the circle"
        return f"{where} of the median {self._person}: {self._amount(median)}{enough}{fit}"

    def _supply(self) -> str:
        totals = self._totals
        without = (
            f"{totals['supply_unlocated']:,} of {counted(totals['supply_rows'], 'row')} without "
            "a place"
        )
        stated = ""
        if n := totals["supply_not_stated"]:
            stated = f"; {counted(n, 'row')} without a number of vacancies count for 1 each"
        return f"to be reached: {self._amount(totals['supply_amount'])}; {without}{stated}"

    def _n_outside(self) -> float:
        """Return how many people live outside all communities' areas, or are recorded in none."""
        frame = self._answer.communities
        return float(frame.loc[frame["kind"] == "outside", "people"].sum())

    def _elsewhere(self) -> Iterator[str]:
        """Tell of people whose place and record differ: many of them may mean a wrong datum."""
        outside, elsewhere = self._n_outside(), self._totals.get("recorded_elsewhere") or 0
        if outside or elsewhere:
            yield self._differ(number(outside), number(elsewhere))
        n, communities = self._answer.unlisted
        if n:
            yield self._unlisted(n, communities)
        n, communities = self._answer.undrawn
        if n:
            yield self._undrawn(n, communities)
        if both := self._totals.get("people_in_several_areas"):
            yield self._several(both, self._overlapping())

    def _differ(self, outside: str, elsewhere: str) -> str:
        return (
            f"{outside} of {self._figure('people')} {self._of} belong to no "
            f"community here, and {elsewhere} live in another than their record says: "
            "if these are many, look at the datum and the codes"
        )

    def _overlapping(self) -> list[tuple[str, str]]:
        """Return the pairs of communities in both of whose areas people live, the most first."""
        pairs = self._answer.report.overlaps
        pairs = pairs[pairs["people"] > 0].sort_values("people", ascending=False, kind="stable")
        return list(zip(pairs["code"], pairs["other"], strict=True))

    def _several(self, n: float, pairs: list[tuple[str, str]]) -> str:
        named = ", ".join(f"{one} and {other}" for one, other in pairs[:PAIRS_SHOWN])
        more = ", …" if len(pairs) > PAIRS_SHOWN else ""
        who = f"{self._person} lives" if n == 1 else f"{self._of} live"
        return (
            f"{number(n)} {who} where areas of communities overlap: each is counted "
            f"once, in that of the least code ({named}{more})"
        )

    def _unlisted(self, n: int, communities: int) -> str:
        several = communities_word(communities)
        return (
            f"of those who belong to none, {n:,} are recorded in {several} that "
            f"{'is' if communities == 1 else 'are'} not among those used: not in the list, or "
            "rejected"
        )

    def _undrawn(self, n: int, communities: int) -> str:
        return (
            f"of those who belong to none, {n:,} are recorded in {communities_word(communities)} "
            f"that {'has' if communities == 1 else 'have'} no outline here"
        )

    def _people_file(self, path: Path) -> str:
        return f"written to {path}: a row a {self._person}, by id; keep it as safe as the list"


def _barrier(name: str) -> str:
    """Return what keeps people from all that is there, from the name of a condition."""
    return "several at once" if name == "several" else name.replace("_", " ")


def missing_of(not_given: str | None) -> list[str]:
    """Return the names of what a service plan was not given, as its totals have them."""
    return not_given.split(", ") if not_given else []
