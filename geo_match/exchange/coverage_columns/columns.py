"""The data dictionary of coverage: what each column is called in Chinese, its unit and its meaning.

One table for all outputs: the headers of a workbook, the glossary of a printable report and what a
file says of itself. A column of the people by which rows were parted is in none: it is the user's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geo_match.exchange.coverage_columns.change_columns import find_change, find_of_table
from geo_match.exchange.coverage_columns.column import (
    Column,
    metres,
    number,
    people,
    rows,
    share,
    supply,
    text,
)
from geo_match.exchange.coverage_columns.plan_columns import PLAN, find_short
from geo_match.exchange.coverage_columns.walking_columns import QUANTITIES, WALKING
from geo_match.matching.criteria.conditions import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    import pandas as pd

_A_HEAD: Final = ("a head", "每人")
_NO_UNIT: Final = ("none", "无")
_ALL: Final = (
    text(
        "kind",
        "类别",
        "What the row is of: a community, street, district or city, an H3 cell (h3), a group of "
        "the people (group), outside, those in no area, or a gap area (gap_area).",
        "该行所指：社区、街道、区县、城市、网格(h3)、人群分组(group)、不在任何社区的(outside)或服务盲区"
        "(gap_area)。",
    ),
    text(
        "code",
        "代码",
        "Code of the area, cell or group.",
        "社区、街道、区县、城市、网格或分组代码。",
    ),
    text("name", "名称", "Name of the area; empty where none is stated.", "名称；未写明的为空。"),
    text("date", "数据日期", "The date that the figures are of.", "数据所属日期。"),
    text("street", "街道代码", "Code of the street.", "所属街道代码。"),
    text("district", "区县代码", "Code of the district.", "所属区县代码。"),
    text("city", "城市代码", "Code of the city.", "所属城市代码。"),
    Column(
        "has_area",
        "有无范围",
        "flag",
        "",
        "",
        "Whether the row has an outline; nobody can be located in a community without one.",
        "是否有边界；没有边界的社区，其中无人能定位。",
    ),
    people("people", "总数", "All people of the row.", "该行全部人（户）。"),
    people("located", "有位置", "Those of them who have a place.", "其中有位置的。"),
    share("located_share", "有位置占比", "located / people.", "有位置 ÷ 总数。"),
    people(
        "reached",
        "可达",
        "Located people in whose circle there is at least what counts as reached.",
        "有位置、且半径内数量达到可达数的。",
    ),
    share("reached_share", "可达占比", "reached / located.", "可达 ÷ 有位置。"),
    people(
        "below",
        "未达标准",
        "People below the standard, those without a place too; each has one reason.",
        "未达标准的，含没有位置的；每人（户）恰有一个原因。",
    ),
    share("below_share", "未达标准占比", "below / people.", "未达标准 ÷ 总数。"),
    people(
        "reason_no_location",
        "未达标准：没有位置",
        "Below the standard because nothing says where they are.",
        "没有位置，无法判断。",
    ),
    people(
        "reason_coarse_location",
        "未达标准：位置太粗",
        "Below, and the place is known too inaccurately to decide a circle by.",
        "位置误差过大，无法据以判断半径。",
    ),
    people(
        "reason_none_in_circle",
        "未达标准：范围内没有",
        "Below, and nothing is within the radius.",
        "半径内一个也没有。",
    ),
    people(
        "reason_none_eligible",
        "未达标准：范围内都不符合条件",
        "Below, and nothing that is within the radius fits.",
        "半径内有，但都不符合条件。",
    ),
    people(
        "reason_over_subscribed",
        "未达标准：竞争者过多",
        "Below, as too little falls to each beside all others who reach it.",
        "半径内有，但与其他能到达者分摊后不足。",
    ),
    people(
        "reason_too_few",
        "未达标准：数量不足",
        "Below: there is something, but less than the standard.",
        "半径内有，但少于标准。",
    ),
    people(
        "not_found",
        "远处也未找到",
        "Located people for whom not enough is found at any distance that was looked at.",
        "有位置，但在查找距离之内找不到足量的。",
    ),
    share(
        "fgt_share",
        "缺口率",
        "FGT index of order 0 over the located: the share below the standard.",
        "有位置者中低于标准的占比（FGT，阶数0）。",
    ),
    share(
        "fgt_depth",
        "缺口深度",
        "FGT index of order 1: the mean of how far each is below the standard, as a share of it.",
        "平均差距占标准的比例（FGT，阶数1）。",
    ),
    share(
        "fgt_severity",
        "缺口强度",
        "FGT index of order 2: the mean of these shares squared.",
        "差距比例平方的平均（FGT，阶数2）。",
    ),
    number(
        "gini",
        "基尼系数",
        _NO_UNIT,
        "Gini's coefficient of the measure over the located: 0 is alike for all.",
        "有位置者之间的基尼系数，0为人人相同。",
    ),
    share(
        "outside_data_share",
        "圆内数据外占比",
        "Mean share of the located people's circles outside all areas, where nothing is counted.",
        "有位置者的圆落在全部社区范围之外（未计入数据）的平均占比。",
    ),
    number(
        "vacancies_per_seeker",
        "人均岗位数",
        _A_HEAD,
        "Mean over the located of what is available a head, with competition.",
        "计竞争后，有位置者人均可得的岗位数。",
    ),
    people("zero_employment", "零就业", "People of zero-employment households.", "零就业的。"),
    people(
        "zero_employment_below",
        "零就业且未达标准",
        "Those of them who are below the standard.",
        "零就业且未达标准的。",
    ),
    people(
        "recorded_elsewhere",
        "登记社区不符",
        "Located people whose recorded community is not the one that holds their place.",
        "登记社区与位置所在社区不同的。",
    ),
    people(
        "none_eligible_several",
        "都不符合：不止一项",
        "None eligible, and no vacancy in the circle fails on exactly one condition.",
        "范围内没有只差一项条件的岗位。",
    ),
    rows("supply_rows", "供给行数", "Rows of the supply.", "岗位或网点的行数。"),
    rows(
        "supply_unlocated",
        "供给中没有位置",
        "Rows of the supply without a place, in nobody's reach.",
        "没有位置、不在任何人范围内的行数。",
    ),
    supply("supply_amount", "供给总量", "What there is to reach, with a place.", "有位置的总量。"),
    supply(
        "supply_unlocated_amount",
        "没有位置的供给量",
        "What the rows without a place count for.",
        "没有位置的行所计的量。",
    ),
    rows(
        "supply_not_stated",
        "未写明数量",
        "Rows that do not state their vacancies, and count for 1.",
        "未写明人数、按1计的行数。",
    ),
    supply(
        "supply_without_seekers",
        "无人竞争的供给",
        "Of the supply, what nobody reaches; 0 without competition.",
        "无人能到达的供给量；不计竞争时为0。",
    ),
    text(
        "purpose",
        "用途",
        "What the outline is for: a drawing aid, never to count by.",
        "边界的用途：仅供制图，不用于统计。",
    ),
    people(
        "people_coarse",
        "位置太粗的",
        "Those whose place is known too inaccurately to decide a circle by.",
        "其中位置误差过大的。",
    ),
    people(
        "people_outside",
        "不在任何社区的",
        "Those who live in no community's area.",
        "其中不在任何社区范围内的。",
    ),
    people(
        "people_in_several_areas",
        "在多个社区范围内的",
        "Those who live in more than one area; each is counted once, in the one of least code.",
        "住处同时在多个社区范围内的；每人（户）只计一次，计入代码最小的社区。",
    ),
    rows("rows", "名单行数", "Rows of the people.", "在人员名单中的行数。"),
    text(
        "communities",
        "涉及社区",
        "Codes of the communities in which these people live; in a plan, how many communities the "
        "row has.",
        "这些人（户）所在社区的代码；在服务方案中为社区数。",
    ),
    metres(
        "nearest_m",
        "到最近处距离",
        "The least distance from one of these homes to anything that can be reached.",
        "其中任一住处到最近一处的距离。",
    ),
    number(
        "area_km2",
        "面积",
        ("square kilometres", "平方千米"),
        "Area on the ellipsoid.",
        "椭球面上的面积。",
    ),
    metres("radius_m", "半径", "The radius, inclusive.", "半径（含）。"),
    metres(
        "home_m",
        "住处周边",
        "How much ground is drawn around a home.",
        "住处周围绘入的范围。",
    ),
    metres(
        "tolerance_m",
        "绘图误差",
        "How far a border may lie from where it is exactly.",
        "边界与准确位置至多相差。",
    ),
    supply("amount", "数量", "What can be reached at the place.", "该处可达的数量。"),
    text(
        "release",
        "使用范围",
        "internal: exact figures, not to go out; published: small ones are kept back.",
        "internal：内部资料，数字精确，不得外传；published：可公开，小数已隐去。",
    ),
    Column(
        "geometry",
        "边界",
        "area",
        "degrees, WGS 84",
        "度，WGS 84",
        "The outline; null where there is none.",
        "边界；没有的为空。",
    ),
)
COLUMNS: Final[Mapping[str, Column]] = {one.name: one for one in (*_ALL, *WALKING, *PLAN)}
"""The columns whose names are fixed in all tables; `find_column` knows quantiles, conditions, the
occupations of which a plan falls most short, figures before and after a change, and the columns of
a difference and of a ranking too."""

_OF_CONDITIONS: Final = {one.name: one.chinese for one in ALL}
_NONE_ELIGIBLE: Final = "none_eligible_"
_QUANTILE: Final = re.compile(
    r"(?P<what>(?:in_reach|eligible|distance)(?:_straight)?|availability)_"
    r"(?P<which>median|p(?P<percent>\d+(?:\.\d+)?))(?P<unit>_m)?"
)
_QUANTITIES: Final = {
    "in_reach": supply(
        "in_reach",
        "范围内数量",
        "what is within the radius of the located people",
        "有位置者半径内的数量",
    ),
    "eligible": supply(
        "eligible",
        "范围内符合条件数量",
        "what within the radius of the located people fits them",
        "有位置者半径内符合条件的数量",
    ),
    "availability": number(
        "availability",
        "人均可得",
        _A_HEAD,
        "what falls to each located person in competition",
        "计竞争后每人可得的数量",
    ),
    "distance": Column(
        "distance",
        "到足量处距离",
        "metres",
        "metres",
        "米",
        "the distance to the place at which there is enough, over those for whom one was found",
        "到数量足够处的距离（只计找到的）",
    ),
    **QUANTITIES,
}


def find_column(name: str, beside: AbstractSet[str] = frozenset()) -> Column | None:
    """Return what the dictionary says of a column.

    Parameters
    ----------
    name
        Of a frame that coverage gives.
    beside
        All columns of the frame. A column that a difference or a ranking alone has is known there
        alone: elsewhere the name is that of a column of the people.

    Returns
    -------
    Column or None
        None for a name that is none of coverage's or of a plan's, such as a column of the people.

    Examples
    --------
    >>> find_column("distance_p10_m").chinese
    '到足量处距离第10百分位'
    >>> find_column("hukou") is None
    True
    >>> find_column("reason", {"id", "rank", "alone", "added", "reason"}).chinese
    '无效原因'
    """
    if name in COLUMNS:
        return COLUMNS[name]
    found = _of_condition(name) or find_short(name) or _quantile(name)
    return found or find_of_table(name, beside) or find_change(name, find_column)


def known_columns(frames: Iterable[pd.DataFrame]) -> list[Column]:
    """Return what the dictionary says of the columns of frames, each once, in their order."""
    found: dict[str, Column] = {}
    for frame in frames:
        beside = {str(name): None for name in frame.columns}
        known = (find_column(name, beside.keys()) for name in beside)
        found = {one.name: one for one in known if one is not None} | found
    return list(found.values())


def header(name: str, beside: AbstractSet[str] = frozenset()) -> str:
    """Return the header for people of a column: Chinese and English, or the name that it has.

    Parameters
    ----------
    beside
        As `find_column` takes it.
    """
    found = find_column(name, beside)
    return name if found is None else found.header


def _of_condition(name: str) -> Column | None:
    if not name.startswith(_NONE_ELIGIBLE):
        return None
    condition = name.removeprefix(_NONE_ELIGIBLE)
    chinese = _OF_CONDITIONS.get(condition)
    if chinese is None:
        return None
    return people(
        name,
        f"都不符合：只差{chinese}",
        f"None eligible; the condition {condition} alone keeps the most from them.",
        f"范围内都不符合条件，其中只差“{chinese}”一项的最多。",
    )


def _quantile(name: str) -> Column | None:
    found = _QUANTILE.fullmatch(name)
    if found is None or (found["unit"] is not None) != found["what"].startswith("distance"):
        return None
    quantity = _QUANTITIES[found["what"]]
    which = found["percent"]
    words = "Median" if which is None else f"Percentile {which}"
    chinese = "中位数" if which is None else f"第{which}百分位"
    return replace(
        quantity,
        name=name,
        chinese=f"{quantity.chinese}{chinese}",
        meaning=f"{words}, weighted, of {quantity.meaning}.",
        chinese_meaning=f"{quantity.chinese_meaning}，加权{chinese}。",
    )
