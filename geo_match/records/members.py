"""A list of the members of households (家庭成员): a row a member, under the household's number.

Offices keep it beside the list of households, or as a roster (花名册) of its own. Its rows become
the `members` of one record a household; `geo_match.intake.lists.members` says when a list of
households is taken for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.records.people import Household, Seeker

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN: Final = {
    "household": "家庭编号 户编号 household_id",
    "number": "成员序号 家庭成员序号 成员编号",
    "relation": "与户主关系 与户主的关系 relationship",
    "birth_year": "出生年月 出生日期 birth_date",
}
"""Headers that mean a column of such a list, beside its own name and those of the records."""


def _headers() -> dict[str, tuple[str, ...]]:
    seeker, home = Seeker.specs(), Household.specs()
    of_records = {
        "birth_year": seeker["birth_year"].headers,
        "status": seeker["status"].headers,
        "version": home["version"].headers,
        "updated_at": home["updated_at"].headers,
    }
    names = dict.fromkeys((*_OWN, *of_records))
    return {
        name: tuple(dict.fromkeys((name, *of_records.get(name, ()), *_OWN.get(name, "").split())))
        for name in names
    }


MEMBER_LIST: Final[Mapping[str, tuple[str, ...]]] = _headers()
"""For each column of such a list the headers that mean it. `relation` only tells what it is."""
