"""What tables are called in Chinese: once for all, and short enough for a sheet."""

from __future__ import annotations

import pytest

from geo_match.exchange.coverage.content import GAP_AREAS, PLAN, PLAN_CITY, PLAN_PARTED
from geo_match.exchange.coverage.table_names import chinese_table

MOST_OF_SHEET = 31
LEVELS = ("community", "street", "district", "city", "h3", "all")


@pytest.mark.parametrize("name", [*LEVELS, "rank", GAP_AREAS, PLAN, PLAN_PARTED, PLAN_CITY])
def test_a_sheet_has_room_for_both_names_of_a_table(name):
    assert len(f"{chinese_table(name)} {name}") <= MOST_OF_SHEET


def test_each_table_has_a_name_of_its_own_and_a_column_of_the_people_none():
    names = [*LEVELS, GAP_AREAS, PLAN, PLAN_PARTED, PLAN_CITY]
    assert len({chinese_table(name) for name in names}) == len(names)
    assert chinese_table(GAP_AREAS) == "服务盲区"
    assert chinese_table("hukou") is None
