"""Columns of gap areas and service plans in few words.

For where the data dictionary has none of the name, or no name in English.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "area_km2": ("面积（平方千米）", "Area, km²"),
    "communities": ("社区", "Communities"),
    "entities": ("经营实体", "Entities"),
    "entities_in_reach": ("范围内经营实体", "Entities in reach"),
    "entities_per_km2": ("每平方千米经营实体", "Entities per km²"),
    "home_m": ("住处周围（米）", "Metres around a home"),
    "jobs": ("招聘信息（条）", "Jobs"),
    "nearest_m": ("到最近处（米）", "Metres to the nearest"),
    "not_given": ("未提供的数据", "Not given"),
    "note": ("说明", "Note"),
    "on": ("日期", "On"),
    "people_coarse": ("其中位置太粗", "Location too coarse"),
    "people_located": ("有位置", "People located"),
    "people_near_station": ("附近有网点", "Near a station"),
    "people_near_station_share": ("附近有网点占比", "Share near a station"),
    "people_outside": ("其中不在任何社区", "Outside all communities"),
    "purpose": ("用途", "Purpose"),
    "radius_m": ("半径（米）", "Radius, m"),
    "rows": ("行数", "Rows"),
    "seekers": ("求职者", "Seekers"),
    "seekers_difficulty": ("就业困难人员", "Seekers in difficulty"),
    "seekers_graduate": ("高校毕业生", "Graduates"),
    "seekers_groups_not_stated": ("群体未写明", "Groups not stated"),
    "seekers_located": ("有位置的求职者", "Seekers located"),
    "seekers_migrant_worker": ("农民工", "Migrant workers"),
    "seekers_reached": ("可达的求职者", "Seekers reached"),
    "seekers_reached_share": ("可达的求职者占比", "Share of seekers reached"),
    "seekers_registered_unemployed": ("登记失业人员", "Registered unemployed"),
    "seekers_retired_fisherman": ("退捕渔民", "Retired fishermen"),
    "seekers_veteran": ("退役军人", "Veterans"),
    "stations": ("服务网点", "Stations"),
    "stations_in_reach": ("范围内服务网点", "Stations in reach"),
    "tolerance_m": ("作图容差（米）", "Tolerance, m"),
    "vacancies": ("招聘人数", "Vacancies"),
    "vacancies_in_reach": ("范围内招聘人数", "Vacancies in reach"),
    "vacancies_in_reach_median": ("范围内招聘人数中位数", "Median vacancies in reach"),
    "without_area": ("没有范围的社区", "Without an area"),
    "working_age": ("劳动年龄人口", "Of working age"),
    "working_age_rule": ("劳动年龄依据", "Rule of working age"),
    "working_age_unknown": ("年龄未知", "Age unknown"),
}
_SHORT: Final = re.compile(r"short_(?P<rank>\d+)(?P<what>_name|_shortfall)?")
_OF_SHORT: Final[Mapping[str | None, tuple[str, str]]] = {
    None: ("最缺职业代码 {rank}", "Most short {rank}, code"),
    "_name": ("最缺职业 {rank}", "Most short {rank}"),
    "_shortfall": ("缺口 {rank}", "Shortfall {rank}"),
}


def other_name(column: str) -> tuple[str, str] | None:
    """Return what a column is called, Chinese and English; None for one that is not known.

    Examples
    --------
    >>> other_name("short_1_name")
    ('最缺职业 1', 'Most short 1')
    """
    found = _SHORT.fullmatch(column)
    if found is None:
        return _NAMES.get(column)
    chinese, english = _OF_SHORT[found["what"]]
    return chinese.format(rank=found["rank"]), english.format(rank=found["rank"])
