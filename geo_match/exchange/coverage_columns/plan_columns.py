"""The data dictionary of service plans: the columns of `ServicePlan.by` and `.occupations`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geo_match.exchange.coverage_columns.column import (
    Column,
    number,
    people,
    rows,
    share,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENTITIES: Final = ("entities", "个")
_VACANCIES: Final = ("vacancies", "人")
_STATIONS: Final = ("stations", "个")


def _count(name: str, chinese: str, units: tuple[str, str], *meanings: str) -> Column:
    """Return a column of counts; units and meanings in English, then in Chinese."""
    return replace(number(name, chinese, units, *meanings), form="count")


PLAN: Final = (
    rows("without_area", "无范围社区", "Communities without an outline.", "没有边界的社区数。"),
    _count(
        "entities",
        "经营实体",
        _ENTITIES,
        "Business entities, or their sites, a row each.",
        "经营实体（或其工作地点），每行计一个。",
    ),
    number(
        "entities_per_km2",
        "经营实体密度",
        ("entities per square kilometre", "个/平方千米"),
        "Entities on the ground per km² of it.",
        "范围内有位置的经营实体 ÷ 面积。",
    ),
    people("people_located", "有位置人口", "Those of the people who have a place.", "有位置的。"),
    people(
        "working_age",
        "劳动年龄人口",
        "People who surely are of working age on the day.",
        "当日确属劳动年龄的人。",
    ),
    people(
        "working_age_unknown",
        "劳动年龄不明",
        "People who may be: the year of birth and the sex do not tell.",
        "凭出生年份和性别不能确定的人。",
    ),
    people("seekers", "求职者", "Those who seek work.", "求职的人；分职业的行只计求此职业的。"),
    people("seekers_located", "有位置求职者", "Seekers who have a place.", "有位置的求职者。"),
    people("seekers_graduate", "高校毕业生", "Graduates among them.", "其中的高校毕业生。"),
    people("seekers_migrant_worker", "农民工", "Migrant workers among them.", "其中的农民工。"),
    people("seekers_veteran", "退役军人", "Veterans among them.", "其中的退役军人。"),
    people(
        "seekers_retired_fisherman",
        "退捕渔民",
        "Retired Yangtze fishermen among them.",
        "其中的长江禁捕退捕渔民。",
    ),
    people(
        "seekers_difficulty",
        "就业困难人员",
        "Those of them who have difficulty in finding work.",
        "其中的就业困难人员。",
    ),
    people(
        "seekers_registered_unemployed",
        "登记失业人员",
        "Registered unemployed among them.",
        "其中的登记失业人员。",
    ),
    people(
        "seekers_groups_not_stated",
        "群体未写明",
        "Seekers of whom one key group or more is not stated.",
        "有一个或以上重点群体未写明的求职者。",
    ),
    _count(
        "jobs",
        "招聘信息",
        ("postings", "条"),
        "Open postings that still seek somebody, of verified employers where that was asked.",
        "当日在招且尚有名额的招聘信息；要求核验时只计资质已核验单位的。",
    ),
    _count(
        "vacancies",
        "招聘人数",
        _VACANCIES,
        "How many people they still seek.",
        "这些招聘信息尚余的名额。",
    ),
    _count("stations", "服务网点", _STATIONS, "Stations open on the day.", "当日开放的服务网点。"),
    people(
        "seekers_reached",
        "可达求职者",
        "Located seekers with a vacancy within the radius.",
        "半径内有岗位的求职者。",
    ),
    share(
        "seekers_reached_share",
        "可达求职者占比",
        "seekers_reached / seekers_located.",
        "可达求职者 ÷ 有位置求职者。",
    ),
    number(
        "vacancies_in_reach_median",
        "可达招聘人数中位数",
        _VACANCIES,
        "Median over the located seekers of the vacancies within the radius of each.",
        "有位置求职者各自半径内招聘人数的加权中位数。",
    ),
    _count(
        "vacancies_in_reach",
        "可达招聘人数",
        _VACANCIES,
        "Vacancies within the radius of one such seeker or more, each once.",
        "至少一名求职者半径内的招聘人数，不重复计。",
    ),
    people(
        "people_near_station",
        "网点覆盖人口",
        "Located people with a station within the radius.",
        "半径内有服务网点的人。",
    ),
    share(
        "people_near_station_share",
        "网点覆盖占比",
        "people_near_station / people_located.",
        "网点覆盖人口 ÷ 有位置人口。",
    ),
    _count(
        "stations_in_reach",
        "可达服务网点",
        _STATIONS,
        "Stations within the radius of one person or more, each once.",
        "至少一人半径内的服务网点，不重复计。",
    ),
    _count(
        "entities_in_reach",
        "可达经营实体",
        _ENTITIES,
        "Entities within the radius of one person or more, each once.",
        "至少一人半径内的经营实体，不重复计。",
    ),
    text(
        "on",
        "日期",
        "The day on which it holds: ages, postings and stations are those of it.",
        "方案所属日期：年龄、在招岗位、网点均按此日。",
    ),
    text(
        "working_age_rule",
        "劳动年龄依据",
        "The rule of working age that held on the day, with its source.",
        "当日适用的劳动年龄规定及来源。",
    ),
    text(
        "not_given",
        "未提供的数据",
        "What was not given: figures made of it are empty, never 0.",
        "未提供的数据；由其得出的数字为空，不是0。",
    ),
    text(
        "occupation",
        "职业代码",
        "Code of the group of occupations; empty where it is not known.",
        "职业类别代码；不明的为空。",
    ),
    text("occupation_name", "职业", "Name of that group.", "职业类别名称。"),
    number(
        "in_reach_mean",
        "范围内数量平均",
        _VACANCIES,
        "Mean over the located seekers of the vacancies of their occupation within the radius.",
        "有位置求职者各自半径内本职业招聘人数的平均。",
    ),
    number(
        "available",
        "可得名额",
        _VACANCIES,
        "Vacancies of the occupation that fall to the row's seekers where all who reach them "
        "compete.",
        "本职业岗位由所有能到达的求职者竞争时，该行求职者分得的名额。",
    ),
    number(
        "shortfall",
        "岗位缺口",
        ("people", "人"),
        "What the row's seekers lack of a vacancy each; too much for one is no help to another.",
        "该行求职者人均一个名额所缺之和；一人有余不补另一人不足。",
    ),
    number(
        "surplus",
        "岗位富余",
        ("people", "人"),
        "What they have beyond a vacancy each.",
        "超出人均一个名额之和。",
    ),
)
"""The columns whose names are fixed; `find_short` knows those of the shortest supplies."""

_SHORT: Final = re.compile(r"short_(?P<rank>[1-9]\d*)(?P<what>_name|_shortfall)?")
_OF_SHORT: Final[Mapping[str | None, Column]] = {
    None: text(
        "short",
        "最缺职业{rank}代码",
        "Code of the occupation whose supply falls short most, number {rank}.",
        "岗位缺口第{rank}大的职业的代码。",
    ),
    "_name": text(
        "short_name",
        "最缺职业{rank}",
        "Name of the occupation whose supply falls short most, number {rank}.",
        "岗位缺口第{rank}大的职业。",
    ),
    "_shortfall": number(
        "short_shortfall",
        "最缺职业{rank}缺口",
        ("people", "人"),
        "By how much it falls short: what its seekers lack of a vacancy each.",
        "其岗位缺口：求职者人均一个名额所缺之和。",
    ),
}


def find_short(name: str) -> Column | None:
    """Return what the dictionary says of `short_1`, `short_1_name`, …; None of any other.

    Examples
    --------
    >>> find_short("short_2_name").chinese
    '最缺职业2'
    """
    found = _SHORT.fullmatch(name)
    if found is None:
        return None
    one, rank = _OF_SHORT[found["what"]], found["rank"]
    return replace(
        one,
        name=name,
        chinese=one.chinese.format(rank=rank),
        meaning=one.meaning.format(rank=rank),
        chinese_meaning=one.chinese_meaning.format(rank=rank),
    )
