"""What `coverage` tells of its answer, in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geo_match.cli.coverage.words.english import PAIRS_SHOWN, PLANNED, English, missing_of
from geo_match.cli.coverage.words.figures import number
from geo_match.coverage.release import PUBLISHED
from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page.not_given import not_given_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Chinese(English):
    """What came out, in Chinese."""

    language = "zh"

    def _amount(self, number: float) -> str:
        return f"{number:,.15g}{self._unit}"

    def _standard(self) -> str:
        standard = self._amount(self._options.standard_or_default)
        return standard if self._options.competition is None else f"人均{standard}"

    def _communities(self, frame: pd.DataFrame) -> str:
        kept, who = self._n_kept_back(), self._persons[1:]
        unseen = self._n_outlineless()
        others = {f"个没有{who}": self._n_empty() - unseen, "个在此没有边界": unseen}
        told = "，".join(f"{n:,}{what}" for what, n in others.items() if n)
        empty = f"（另有{told}）" if told else ""
        first = f"，另有{kept:,}个未公布" if kept else ""
        if silent := self._n_silent():
            first += f"（其中{silent:,}个可能没有{who}）"
        first += "，最多的是：" if len(frame) else ""
        return (
            f"{self._release()}：{self._n_inhabited():,}个社区{empty}中，"
            f"{len(frame):,}个有{who}未达标准"
            f"（{self._options.radius_m:,.15g}米内{self._standard()}）{first}"
        )

    def _no_communities(self) -> str:
        return f"{self._release()}：没有社区数据"

    def _release(self) -> str:
        release = "可公开" if self._answer.content.release == PUBLISHED else "内部资料"
        return f"{release}（{self._answer.asked.on}）"

    def _community(self, row: Mapping[Any, Any]) -> str:
        name = "" if pd.isna(row.get("name")) else f" {row['name']}"
        below, people = number(row["below"]), number(row["people"])
        return f"{row['code']}{name}：{people}{self._count}中{below}{self._count}"

    def _reached(self) -> str:
        share = self._share("reached", "located")
        told = f"（{share}）" if share else ""
        return (
            f"有位置的{self._figure('located')}{self._persons}中，{self._figure('reached')}"
            f"{self._count}{told}{'步行' if self._options.on_foot else ''}可达{self._fitting()}"
            f"{self._amount(self._options.at_least)}及以上"
        )

    def _lost(self) -> str:
        told = []
        for name, value in self._causes():
            column = find_column(f"lost_on_foot_{name}")
            chinese = name if column is None else column.chinese.partition("：")[2]
            told.append(f"{chinese}{number(value)}{self._count}")
        straight = f"直线可达的{self._figure('reached_straight')}{self._count}"
        if "lost_on_foot" not in self._totals:
            return straight
        why = f"，其中步行不可达：{'，'.join(told)}" if told else "，步行都可达"
        return f"{straight}{why}"

    def _fitting(self) -> str:
        return "" if self._options.eligible is None else "符合条件的"

    def _zero_employment(self) -> str:
        n, below = self._figure("zero_employment"), self._figure("zero_employment_below")
        people = f"{self._figure('people')}{self._persons}"
        return f"全部{people}中，零就业{n}{self._count}，其中未达标准{below}{self._count}"

    def _barriers(self) -> str:
        told = []
        for name, value in self._keeping():
            column = find_column(f"none_eligible_{name}")
            chinese = name if column is None else column.chinese.partition("：")[2]
            told.append(f"{chinese}{number(value)}{self._count}")
        return f"范围内都不符合条件的：{'，'.join(told)}" if told else ""

    def _plan(self, totals: Mapping[str, Any]) -> str:
        told = [
            f"{what}{number(totals[name])}"
            for name, (_, what) in PLANNED.items()
            if totals.get(name) is not None
        ]
        parts = ["，".join(told)] if told else []
        return f"服务方案：{'；'.join([*parts, *self._without(totals)])}"

    def _no_street(self) -> str:
        people, rows = self._off_streets()
        told = []
        if people:
            told.append(
                f"有位置的{self._figure('located')}{self._persons}中的{number(people)}{self._count}"
            )
        if rows:
            told.append(f"供给{self._totals['supply_rows']:,}行中的{number(rows)}行")
        return f"附近没有能走到的道路：{'，'.join(told)}" if told else ""

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
            told.append(f"{name}{number(value)}{self._count}")
        below = f"未达标准的{self._figure('below')}{self._count}"
        return f"{below}：{'，'.join(told)}" if told else below

    def _without(self, totals: Mapping[str, Any]) -> Iterator[str]:
        if missing := missing_of(totals.get("not_given")):
            yield f"未提供：{'、'.join(not_given_name(one)[0] for one in missing)}"
        if self._of != "seekers" and (n := totals.get("seekers_not_registered")):
            yield f"{self._answer.asked.on}尚未登记或已注销的{n:,}名求职者未计入"
        if n := self._answer.without_members:
            yield f"{n:,}户未写明成员，其中的人未计入"

    def _typical(self) -> str:
        median = self._totals.get("in_reach_median")
        away = self._totals.get("distance_median_m")
        if pd.isna(median):
            return f"没有一{self._count}有位置"
        enough = "" if pd.isna(away) else f"，{away:,.0f}米处数量即足够"
        fits = self._totals.get("eligible_median")
        fit = "" if pd.isna(fits) else f"，符合条件的中位数为{self._amount(fits)}"
        where = "步行范围内" if self._options.on_foot else "范围内"
        return f"居中的一{self._count}，{where}有{self._amount(median)}{enough}{fit}"

    def _supply(self) -> str:
        totals = self._totals
        without = f"{totals['supply_rows']:,}行中{totals['supply_unlocated']:,}行没有位置"
        stated = ""
        if n := totals["supply_not_stated"]:
            stated = f"；{n:,}行未写明招聘人数，各计1{self._unit}"
        return f"可供到达的共{self._amount(totals['supply_amount'])}；{without}{stated}"

    def _differ(self, outside: str, elsewhere: str) -> str:
        return (
            f"{self._figure('people')}{self._persons}中，{outside}{self._count}不属于这里的"
            f"任何社区，{elsewhere}{self._count}的位置不在登记的社区：如果很多，请检查坐标系"
            "和代码"
        )

    def _several(self, n: float, pairs: list[tuple[str, str]]) -> str:
        named = "，".join(f"{one}与{other}" for one, other in pairs[:PAIRS_SHOWN])
        more = "……" if len(pairs) > PAIRS_SHOWN else ""
        return (
            f"{number(n)}{self._persons}住在社区边界重叠处，各计一次，计入代码最小的社区"
            f"（{named}{more}）"
        )

    def _unlisted(self, n: int, communities: int) -> str:
        return (
            f"不属于任何社区的，其中{n:,}{self._count}登记的{communities:,}个社区不在采用之列"
            "（名单中没有，或已退回）"
        )

    def _undrawn(self, n: int, communities: int) -> str:
        return f"不属于任何社区的，其中{n:,}{self._count}登记在没有边界的{communities:,}个社区"

    def _people_file(self, path: Path) -> str:
        return f"已写入{path}：每{self._persons}一行，含编号，请与名单同样保管"
