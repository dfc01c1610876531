"""The data dictionary of what changes: of what-if, of two dates, and of places that are ranked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geo_match.exchange.coverage_columns.column import Column, number, people, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

_DEGREES: Final = ("degrees, WGS 84", "度，WGS 84")


def _degrees(name: str, chinese: str, meaning: str, chinese_meaning: str) -> Column:
    """Return a column of coordinates."""
    return Column(name, chinese, "degrees", *_DEGREES, meaning, chinese_meaning)


DIFFERENCE: Final = (
    text(
        "change",
        "变动情况",
        "Whether the row is on both dates (both), has another code (renumbered), or is on the "
        "later (new) or the earlier one (gone) alone.",
        "两期都有(both)、换了代码(renumbered)、只有后期有(new)或只有前期有(gone)。",
    ),
    text(
        "code_before",
        "原代码",
        "Code that the row had before, where it has another now.",
        "换过代码的，变动前的代码；未换的为空。",
    ),
    Column(
        "area_changed",
        "范围有无变动",
        "flag",
        "",
        "",
        "Whether the outlines differ; part of the change may then have changed hands only.",
        "两期边界是否不同；不同的，部分增减可能只是划归不同。",
    ),
    text("before", "前期", "What the earlier one is called.", "前一期的名称，如日期。"),
    text("after", "后期", "What the later one is called.", "后一期的名称，如日期。"),
)
"""The columns of a difference whose names are fixed."""
RANKING: Final = (
    text("id", "编号", "Id of the candidate place.", "备选地点的编号。"),
    _degrees("lon", "经度", "Longitude of the place.", "地点的经度。"),
    _degrees("lat", "纬度", "Latitude of the place.", "地点的纬度。"),
    replace(
        number(
            "rank",
            "名次",
            ("place in the order", "名次"),
            "In which order the places are chosen, 1 the first; empty where one was not chosen.",
            "依次选取的名次，1为最先；未选取的为空。",
        ),
        form="count",
    ),
    people(
        "alone",
        "单独新增可达",
        "How many more would be reached with this place alone.",
        "只增加这一处时，新增可达的人（户）。",
    ),
    people(
        "added",
        "依次新增可达",
        "How many more are reached with it after the places ranked before it.",
        "在名次靠前的各处之后再增加这一处时，新增可达的人（户）。",
    ),
    people(
        "reached_total",
        "累计可达",
        "How many are reached with it and all places ranked before it.",
        "增加这一处和名次靠前的各处后，可达的人（户）。",
    ),
    text(
        "reason",
        "无效原因",
        "Why the place serves nobody on foot: no street leads to it (not_on_network).",
        "步行无人可达的原因：附近没有可接入的道路(not_on_network)。",
    ),
)
"""The columns of a ranking."""
_TABLES: Final = (
    (frozenset({"change", "before", "after"}), {one.name: one for one in DIFFERENCE}),
    (frozenset({"id", "rank", "added"}), {one.name: one for one in RANKING}),
)
"""By what columns a table of changes is known, and what its columns are."""

_FIGURE: Final = re.compile(r"(?P<figure>.+)_(?P<when>before|after|change)")
_WHEN: Final = {
    "before": ("变动前", "As it was before.", "变动前的数字。"),
    "after": ("变动后", "As it is after.", "变动后的数字。"),
    "change": ("增减", "What it is after, less what it was before.", "变动后减变动前。"),
}


def find_of_table(name: str, beside: AbstractSet[str]) -> Column | None:
    """Return what the dictionary says of a column of a difference or of a ranking; else None.

    These have common words for names, such as `reason`, which in any other table may be a column of
    the people.

    Parameters
    ----------
    beside
        All columns of its table.
    """
    found = (columns.get(name) for marks, columns in _TABLES if marks <= beside)
    return next((one for one in found if one is not None), None)


def find_change(name: str, find: Callable[[str], Column | None]) -> Column | None:
    """Return what the dictionary says of a figure before, after, or of its change; else None.

    Parameters
    ----------
    find
        Gives the dictionary's entry of the figure itself.

    Examples
    --------
    >>> from geo_match.exchange.coverage_columns.columns import find_column
    >>> find_change("reached_share_change", find_column).chinese
    '可达占比（增减）'
    """
    found = _FIGURE.fullmatch(name)
    # What is a change already does not change again.
    if found is None or _FIGURE.fullmatch(found["figure"]) is not None:
        return None
    of = find(found["figure"])
    if of is None:
        return None
    chinese, meaning, chinese_meaning = _WHEN[found["when"]]
    unit, chinese_unit = of.unit, of.chinese_unit
    if of.form == "share" and found["when"] == "change":
        unit, chinese_unit = "difference of shares, -1 to 1", "占比之差，-1至1"
    return replace(
        of,
        name=name,
        chinese=f"{of.chinese}（{chinese}）",
        unit=unit,
        chinese_unit=chinese_unit,
        meaning=f"{meaning} {of.meaning}",
        chinese_meaning=f"{chinese_meaning}{of.chinese_meaning}",
    )
