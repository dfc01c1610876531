"""What `coverage` tells of its answer, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.cli.coverage_answer import PEOPLE_WORDS
from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.release import PUBLISHED
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geo_match.cli.coverage_answer import Answer

_WORST: Final = 5
_REASON_WORDS: Final = {
    "no_location": "without a place",
    "coarse_location": "with too coarse a place",
    "none_in_circle": "with nothing in the circle",
    "none_eligible": "with nothing there that fits",
    "over_subscribed": "over-subscribed",
    "too_few": "with too few",
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
_KEPT_BACK: Final = "…"


class English:
    """What came out, in English; `Chinese` says the same in its words."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._totals = answer.content.totals
        self._options = answer.report.options
        self._one, self._many, self._unit = answer.unit
        self._person, self._persons, self._count = PEOPLE_WORDS[answer.of]

    def lines(self) -> Iterator[str]:
        """Yield them: communities below the standard first."""
        frame = self._worst()
        yield self._communities(frame)
        yield from (f"    {self._community(row)}" for row in frame[:_WORST].to_dict("records"))
        if self._totals:
            yield self._reached()
            yield f"  {self._located()}"
            yield f"  {self._reasons()}"
            if self._totals.get("zero_employment"):
                yield f"  {self._zero_employment()}"
            if self._answer.content.release != PUBLISHED:
                if elsewhere := self._elsewhere():
                    yield f"  {elsewhere}"
                if barriers := self._barriers():
                    yield f"    {barriers}"
                yield f"  {self._typical()}"
                yield f"  {self._supply()}"
        if self._answer.supply_kind == "jobs" and self._answer.not_verified != 0:
            yield f"  {self._licences()}"
        if self._answer.plan is not None:
            yield f"  {self._plan(self._answer.plan.totals())}"
        yield from (self._file(path, names) for path, names in self._answer.files.items())
        target = self._answer.target
        if target.people is not None:
            yield self._people_file(target.people)
        if target.key is not None:
            yield self._key(target.key)

    def _worst(self) -> pd.DataFrame:
        """Return the rows of communities with people below the standard, the most first."""
        frame = pd.DataFrame(self._answer.communities.drop(columns="geometry", errors="ignore"))
        if "code" not in frame:
            return frame
        frame = frame[(frame["kind"] == "community") & frame["below"].gt(0).fillna(value=False)]
        return frame.sort_values(["below", "code"], ascending=[False, True], kind="stable")

    def _figure(self, name: str) -> str:
        value = self._totals.get(name)
        return number(value)

    def _share(self, part: str, whole: str) -> str:
        a, b = self._totals.get(part), self._totals.get(whole)
        if pd.isna(a) or pd.isna(b) or not b:
            return ""
        return f"{min(1.0, float(a) / float(b)):.1%}"

    def _amount(self, number: float) -> str:
        return f"{number:,.15g} {self._one if number == 1 else self._many}"

    def _n_communities(self) -> int:
        frame = self._answer.communities
        return int((frame["kind"] == "community").sum()) if "kind" in frame else 0

    def _n_kept_back(self) -> int:
        """Return of how many communities it was not published how many people are below."""
        frame = self._answer.communities
        if "kind" not in frame:
            return 0
        return int((frame["below"].isna() & (frame["kind"] == "community")).sum())

    def _standard(self) -> str:
        standard = self._amount(self._options.standard_or_default)
        return standard if self._options.competition is None else f"{standard} a head"

    def _communities(self, frame: pd.DataFrame) -> str:
        release = self._answer.content.release
        kept = self._n_kept_back()
        first = f", of {kept:,} it is kept back" if kept else ""
        first += ", the most in" if len(frame) else ""
        return (
            f"{release}, {self._answer.on}: {len(frame):,} of "
            f"{self._n_communities():,} communities have {self._answer.of} below the standard of "
            f"{self._standard()} within {self._options.radius_m:,.15g} m{first}"
        )

    def _community(self, row: Mapping[Any, Any]) -> str:
        name = "" if pd.isna(row.get("name")) else f" {row['name']}"
        return f"{row['code']}{name}: {number(row['below'])} of {number(row['people'])}"

    def _reached(self) -> str:
        share = self._share("reached", "located")
        told = f" ({share})" if share else ""
        return (
            f"  {self._figure('reached')} of {self._figure('located')} located {self._answer.of}"
            f"{told} reach {self._amount(self._options.at_least)} or more{self._fitting()}"
        )

    def _fitting(self) -> str:
        return "" if self._options.eligible is None else " that they could take up"

    def _located(self) -> str:
        share = self._share("located", "people")
        told = f" ({share})" if share else ""
        n = f"{self._figure('located')} of {self._figure('people')} {self._answer.of}"
        return f"{n}{told} have a place"

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
        return f"{n} of them have nobody in work: {below} of these are below the standard"

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
        told = [f"{number(value)} by {name}" for name, value in self._keeping()]
        return f"what keeps them most from what is there: {', '.join(told)}" if told else ""

    def _licences(self) -> str:
        if not self._answer.verified:
            return "warning: jobs count whether or not their employers are known to be verified"
        n = self._answer.not_verified or 0
        return f"not counted: {counted(n, 'open job')} of employers not known to be verified"

    def _plan(self, totals: Mapping[str, Any]) -> str:
        told = [
            f"{number(totals[name])} {what}"
            for name, (what, _) in PLANNED.items()
            if totals.get(name) is not None
        ]
        missing = totals.get("not_given")
        without = f"; not given: {missing}" if missing else ""
        if n := self._answer.without_members:
            without += f"; nobody of {counted(n, 'household')} that state no members"
        return f"service plan: {', '.join(told)}{without}"

    def _typical(self) -> str:
        median = self._totals.get("in_reach_median")
        away = self._totals.get("distance_median_m")
        if pd.isna(median):
            return f"no {self._person} has a place"
        enough = "" if pd.isna(away) else f", enough of them {away:,.0f} m away"
        fits = self._totals.get("eligible_median")
        fit = "" if pd.isna(fits) else f"; that fit the median {self._person}: {self._amount(fits)}"
        return f"in the circle of the median {self._person}: {self._amount(median)}{enough}{fit}"

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
        if "kind" not in frame:
            return 0
        return float(frame.loc[frame["kind"] == "outside", "people"].sum())

    def _elsewhere(self) -> str:
        """Tell of people whose place and record differ: many of them may mean a wrong datum."""
        outside, elsewhere = self._n_outside(), self._totals.get("recorded_elsewhere") or 0
        if not outside and not elsewhere:
            return ""
        return (
            f"{number(outside)} of {self._figure('people')} {self._answer.of} belong to no "
            f"community here, and {number(elsewhere)} live in another than their record says: "
            "if these are many, look at the datum and the codes"
        )

    def _file(self, path: Path, names: list[str]) -> str:
        return f"written to {path}: {', '.join(names)}"

    def _people_file(self, path: Path) -> str:
        return f"written to {path}: a row a {self._person}, by id; keep it as safe as the list"

    def _key(self, path: Path) -> str:
        return f"the key is in {path}: keep it secret, and give it again next time"


def number(value: Any) -> str:  # noqa: ANN401 - a number or null of any make
    """Return a figure as it is told; of one that is not there that it is kept back."""
    return _KEPT_BACK if value is None or pd.isna(value) else f"{value:,.15g}"
