"""What is called how that a service plan was not given: a list, or a column of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page.english_names import english_name

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "people": ("人口", "people"),
    "people.birth_year": ("人口的出生年份", "years of birth"),
    "seekers": ("求职者", "seekers"),
    "jobs": ("招聘信息", "jobs"),
    "stations": ("服务网点", "stations"),
    "entities": ("经营实体", "entities"),
}


def not_given_name(name: str) -> tuple[str, str]:
    """Return what it is called in Chinese and in English.

    Parameters
    ----------
    name
        As a plan has it; `seekers.veteran` is who belongs to that group.

    Examples
    --------
    >>> not_given_name("people.birth_year")[1]
    'years of birth'
    """
    if name in _NAMES:
        return _NAMES[name]
    column = name.replace(".", "_")
    found = find_column(column)
    return (name, name) if found is None else (found.chinese, english_name(column))
