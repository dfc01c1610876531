"""What `coverage` tells of its answer, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.cli.coverage_answer import PEOPLE_WORDS
from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.release import PUBLISHED
from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geo_match.cli.coverage_answer import Answer

_WORST: Final = 5
_DOING: Final = {"reading": "正在读取", "computing": "正在统计"}
_REASON_WORDS: Final = {
    "no_location": "without a place",
    "coarse_location": "with too coarse a place",
    "none_in_circle": "with nothing in the circle",
    "none_eligible": "with nothing there that fits",
    "over_subscribed": "over-subscribed",
    "too_few": "with too few",
}
_PLANNED: Final = {
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


def doing_words(doing: str, language: str) -> str:
    """Return what a bar says of `reading` or `computing`.

    Parameters
    ----------
    language
        `zh` or `en`.
    """
    return _DOING[doing] if language == "zh" else doing


def read_lines(
    read: Mapping[str, int], store: str, cursor: str, audit: str, *, language: str
) -> tuple[str, str]:
    """Return what is told of a store that was read: how many people when, and where it is noted.

    Parameters
    ----------
    read
        How many there were of which kind.
    store, audit
        Their names.
    cursor
        The place in the feed as of which it was read.
    language
        `zh` or `en`.
    """
    if language == "zh":
        n = "、".join(f"{n:,}{PEOPLE_WORDS[kind][1]}" for kind, n in read.items())
        return f"{store}：{n}，截至变更位置 {cursor}", f"  本次读取已记入 {audit}"
    n = " and ".join(counted(n, PEOPLE_WORDS[kind][0]) for kind, n in read.items())
    what = " and ".join(read)
    return f"{n} of {store} as of cursor {cursor}", f"  the read of the {what} is noted in {audit}"


def summary_lines(answer: Answer, language: str) -> Iterator[str]:
    """Yield what is told of an answer, line by line.

    Parameters
    ----------
    answer
        What came out.
    language
        `zh` or `en`.
    """
    words = _Chinese(answer) if language == "zh" else _English(answer)
    yield from words.lines()


class _English:
    """What came out, in English; `_Chinese` says the same in its words."""

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
        return _number(value)

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
        return f"{row['code']}{name}: {_number(row['below'])} of {_number(row['people'])}"

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
            f"{_number(value)} {_REASON_WORDS.get(reason, reason)}" for reason, value in self._why()
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
        told = [f"{_number(value)} by {name}" for name, value in self._keeping()]
        return f"what keeps them most from what is there: {', '.join(told)}" if told else ""

    def _licences(self) -> str:
        if not self._answer.verified:
            return "warning: jobs count whether or not their employers are known to be verified"
        n = self._answer.not_verified or 0
        return f"not counted: {counted(n, 'open job')} of employers not known to be verified"

    def _plan(self, totals: Mapping[str, Any]) -> str:
        told = [
            f"{_number(totals[name])} {what}"
            for name, (what, _) in _PLANNED.items()
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
            f"{_number(outside)} of {self._figure('people')} {self._answer.of} belong to no "
            f"community here, and {_number(elsewhere)} live in another than their record says: "
            "if these are many, look at the datum and the codes"
        )

    def _file(self, path: Path, names: list[str]) -> str:
        return f"written to {path}: {', '.join(names)}"

    def _people_file(self, path: Path) -> str:
        return f"written to {path}: a row a {self._person}, by id; keep it as safe as the list"

    def _key(self, path: Path) -> str:
        return f"the key is in {path}: keep it secret, and give it again next time"


class _Chinese(_English):
    """What came out, in Chinese."""

    def _amount(self, number: float) -> str:
        return f"{number:,.15g}{self._unit}"

    def _standard(self) -> str:
        standard = self._amount(self._options.standard_or_default)
        return standard if self._options.competition is None else f"人均{standard}"

    def _communities(self, frame: pd.DataFrame) -> str:
        release = "可公开" if self._answer.content.release == PUBLISHED else "内部资料"
        kept = self._n_kept_back()
        first = f"，另有{kept:,}个未公布" if kept else ""
        first += "，最多的是：" if len(frame) else ""
        return (
            f"{release}（{self._answer.on}）：{self._n_communities():,}个社区中，"
            f"{len(frame):,}个有{self._persons[1:]}未达标准"
            f"（{self._options.radius_m:,.15g}米内{self._standard()}）{first}"
        )

    def _community(self, row: Mapping[Any, Any]) -> str:
        name = "" if pd.isna(row.get("name")) else f" {row['name']}"
        below, people = _number(row["below"]), _number(row["people"])
        return f"{row['code']}{name}：{people}{self._count}中{below}{self._count}"

    def _reached(self) -> str:
        share = self._share("reached", "located")
        told = f"（{share}）" if share else ""
        return (
            f"  有位置的{self._figure('located')}{self._persons}中，{self._figure('reached')}"
            f"{self._count}{told}可达{self._fitting()}{self._amount(self._options.at_least)}及以上"
        )

    def _fitting(self) -> str:
        return "" if self._options.eligible is None else "符合条件的"

    def _zero_employment(self) -> str:
        n, below = self._figure("zero_employment"), self._figure("zero_employment_below")
        return f"其中零就业{n}{self._count}，未达标准{below}{self._count}"

    def _barriers(self) -> str:
        told = []
        for name, value in self._keeping():
            column = find_column(f"none_eligible_{name}")
            chinese = name if column is None else column.chinese.partition("：")[2]
            told.append(f"{chinese}{_number(value)}{self._count}")
        return f"范围内都不符合条件的：{'，'.join(told)}" if told else ""

    def _licences(self) -> str:
        if not self._answer.verified:
            return "警告：未核对单位资质，所有单位的招聘信息都计入"
        n = self._answer.not_verified or 0
        return f"未计入：资质未核验单位的在招信息{n:,}条"

    def _plan(self, totals: Mapping[str, Any]) -> str:
        told = [
            f"{what}{_number(totals[name])}"
            for name, (_, what) in _PLANNED.items()
            if totals.get(name) is not None
        ]
        missing = totals.get("not_given")
        without = f"；未提供：{missing}" if missing else ""
        if n := self._answer.without_members:
            without += f"；{n:,}户未写明成员，其中的人未计入"
        return f"服务方案：{'，'.join(told)}{without}"

    def _located(self) -> str:
        share = self._share("located", "people")
        told = f"（{share}）" if share else ""
        located = f"{self._figure('located')}{self._count}"
        return f"{self._figure('people')}{self._persons}中，{located}{told}有位置"

    def _reasons(self) -> str:
        told = []
        for reason, value in self._why():
            column = find_column(f"reason_{reason}")
            name = reason if column is None else column.chinese.partition("：")[2]
            told.append(f"{name}{_number(value)}{self._count}")
        below = f"未达标准的{self._figure('below')}{self._count}"
        return f"{below}：{'，'.join(told)}" if told else below

    def _typical(self) -> str:
        median = self._totals.get("in_reach_median")
        away = self._totals.get("distance_median_m")
        if pd.isna(median):
            return f"没有一{self._count}有位置"
        enough = "" if pd.isna(away) else f"，{away:,.0f}米处数量即足够"
        fits = self._totals.get("eligible_median")
        fit = "" if pd.isna(fits) else f"，符合条件的中位数为{self._amount(fits)}"
        return f"居中的一{self._count}，范围内有{self._amount(median)}{enough}{fit}"

    def _supply(self) -> str:
        totals = self._totals
        without = f"{totals['supply_rows']:,}行中{totals['supply_unlocated']:,}行没有位置"
        stated = ""
        if n := totals["supply_not_stated"]:
            stated = f"；{n:,}行未写明招聘人数，各计1{self._unit}"
        return f"可供到达的共{self._amount(totals['supply_amount'])}；{without}{stated}"

    def _elsewhere(self) -> str:
        outside, elsewhere = self._n_outside(), self._totals.get("recorded_elsewhere") or 0
        if not outside and not elsewhere:
            return ""
        return (
            f"{self._figure('people')}{self._persons}中，{_number(outside)}{self._count}不属于这里的"
            f"任何社区，{_number(elsewhere)}{self._count}的位置不在登记的社区：如果很多，请检查坐标系"
            "和代码"
        )

    def _file(self, path: Path, names: list[str]) -> str:
        return f"已写入{path}：{'、'.join(names)}"

    def _people_file(self, path: Path) -> str:
        return f"已写入{path}：每{self._persons}一行，含编号，请与名单同样保管"

    def _key(self, path: Path) -> str:
        return f"密钥在{path}：请保密，下次发布仍用同一密钥"


def _number(value: Any) -> str:  # noqa: ANN401 - a number or null of any make
    return _KEPT_BACK if value is None or pd.isna(value) else f"{value:,.15g}"
