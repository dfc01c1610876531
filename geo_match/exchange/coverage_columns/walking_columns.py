"""The data dictionary of coverage on foot: what stands beside it, straight, and why it is more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.exchange.coverage_columns.column import Column, people, rows, supply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CAUSES: Final[Mapping[str, tuple[str, str, str]]] = {
    "river": (
        "河流阻隔",
        "the straight line to it crosses water, and the way around is too long",
        "直线被河流等水面隔断，绕行过远",
    ),
    "detour": ("绕行过远", "the streets go another way, which is too long", "道路绕行过远"),
    "disconnected": ("道路不通", "no street leads there", "没有道路相通"),
    "snap_failed": (
        "附近没有道路",
        "one of the two places is led to no street",
        "两处之一附近没有可接入的道路",
    ),
}
"""Of each cause its Chinese name, and what it means in both languages."""


def _by_cause(start: str, chinese: str, meaning: str, chinese_meaning: str) -> Iterator[Column]:
    for name, (called, why, chinese_why) in _CAUSES.items():
        yield people(
            f"{start}_{name}",
            f"{chinese}：{called}",
            f"{meaning}, by the nearest place that is not reached on foot: {why}.",
            f"{chinese_meaning}，就直线最近而步行不可达的一处而言：{chinese_why}。",
        )


WALKING: Final = (
    people(
        "reason_none_on_foot",
        "未达标准：步行可达范围内没有",
        "Below, and there is something within the radius, straight, but nothing on foot.",
        "直线半径内有，但步行距离在半径之内的一个也没有。",
    ),
    *_by_cause("none_on_foot", "步行范围内没有", "Nothing on foot", "步行可达范围内没有的"),
    people(
        "reached_straight",
        "直线可达",
        "Located people in whose straight circle there is at least what counts as reached.",
        "有位置、且直线半径内数量达到可达数的。",
    ),
    people(
        "lost_on_foot",
        "直线可达、步行不可达",
        "Reached straight and not on foot: reached_straight - reached.",
        "直线可达而步行不可达：直线可达 − 可达。",
    ),
    *_by_cause(
        "lost_on_foot", "步行不可达", "Reached straight and not on foot", "直线可达而步行不可达的"
    ),
    people(
        "people_not_on_network",
        "附近没有道路的人",
        "Located people whose place is led to no street: nothing is in their reach on foot.",
        "有位置、但附近没有可接入的道路的人（户），步行无可达供给。",
    ),
    rows(
        "supply_not_on_network",
        "附近没有道路的供给",
        "Rows of the supply with a place that is led to no street, in nobody's reach on foot.",
        "有位置、但附近没有可接入的道路的岗位或网点行数，步行无人可达。",
    ),
)
"""Columns whose names are fixed."""
QUANTITIES: Final = {
    "in_reach_straight": supply(
        "in_reach_straight",
        "直线范围内数量",
        "what is within the radius, straight, of the located people",
        "有位置者直线半径内的数量",
    ),
    "eligible_straight": supply(
        "eligible_straight",
        "直线范围内符合条件数量",
        "what within the radius, straight, of the located people fits them",
        "有位置者直线半径内符合条件的数量",
    ),
    "distance_straight": Column(
        "distance_straight",
        "到足量处直线距离",
        "metres",
        "metres",
        "米",
        "the straight distance to the place at which there is enough, over those for whom one was "
        "found",
        "到数量足够处的直线距离（只计找到的）",
    ),
}
"""What has quantiles."""
