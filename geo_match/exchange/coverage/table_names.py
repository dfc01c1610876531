"""What the tables of an answer are called in Chinese, in workbooks and where they are told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.exchange.coverage.content import GAP_AREAS, PLAN, PLAN_CITY, PLAN_PARTED

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHINESE: Final[Mapping[str, str]] = {
    "community": "社区",
    "street": "街道",
    "district": "区县",
    "city": "全市",
    "h3": "网格",
    "all": "合计",
    "rank": "备选地点排序",
    GAP_AREAS: "服务盲区",
    PLAN: "服务方案",
    PLAN_PARTED: "服务方案分职业",
    PLAN_CITY: "全市供求分职业",
}
"""With its own name behind it, each fits the 31 characters of a sheet's title."""


def chinese_table(name: str) -> str | None:
    """Return what a table is called in Chinese; None for one that is told by a column of people.

    Examples
    --------
    >>> chinese_table("gap_areas")
    '服务盲区'
    """
    return _CHINESE.get(name)
