"""What the commands about coverage tell of what was left out, or was repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS, UNIT_WORDS
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.given.given import Given

_DIGITS: Final = range(4, 10)
"""How many digits an area is told with: no more than are needed to tell two apart."""
_LEAST_SHARE: Final = 0.0001


def left_out_lines(asked: Asked, given: Given, *, language: str) -> Iterator[str]:
    """Yield how many jobs and seekers do not count; that none was asked for its employer, too.

    Parameters
    ----------
    given
        What was left out, and what is left.
    language
        `zh` or `en`.
    """
    chinese = language == "zh"
    n = given.not_verified
    if asked.supply_kind == "jobs" and not asked.verified:
        yield (
            "警告：未核对单位资质，所有单位的招聘信息都计入"
            if chinese
            else "warning: jobs count whether or not their employers are known to be verified"
        )
    elif asked.supply_kind == "jobs" and n:
        yield _not_verified(n, asked.on, chinese=chinese)
    if is_nothing(given, asked.supply_kind):
        yield _nothing(asked.supply_kind, asked.on, chinese=chinese)
    if n := given.not_registered:
        one, several, _ = PEOPLE_WORDS[asked.of]
        yield (
            f"未计入：{asked.on}尚未登记或已注销的{n:,}{several}"
            if chinese
            else f"left out: {counted(n, one)} not registered on {asked.on}"
        )


def of_plan_lines(not_verified: int, unknown: int, on: dt.date, *, language: str) -> Iterator[str]:
    """Yield what of the lists of a service plan alone does not count.

    Parameters
    ----------
    not_verified
        How many open jobs are of employers that are not known to be verified.
    unknown
        How many households of the list of members are in no list of households.
    on
        The day.
    language
        `zh` or `en`.
    """
    chinese = language == "zh"
    if not_verified:
        told = _not_verified(not_verified, on, chinese=chinese)
        yield f"服务方案{told}" if chinese else f"in the service plan {told}"
    if unknown:
        yield (
            f"服务方案未计入：成员名单中有{unknown:,}户不在家庭名单中"
            if chinese
            else f"in the service plan not counted: members of {counted(unknown, 'household')} "
            "that the list of households does not have"
        )


def _not_verified(n: int, on: dt.date, *, chinese: bool) -> str:
    if chinese:
        return f"未计入：{on}资质未核验单位的在招信息{n:,}条"
    return f"not counted on {on}: {counted(n, 'open job')} of employers not known to be verified"


def is_nothing(given: Given, kind: str) -> bool:
    """Return whether nothing can be reached by anybody, wherever it is."""
    rows = given.records[kind]
    if kind == "jobs":  # one that does not say how many it seeks, seeks somebody
        rows = rows.filter(pc.greater(pc.fill_null(rows.column("vacancies"), 1), 0))
    return len(rows) == 0


def _nothing(kind: str, on: dt.date, *, chinese: bool) -> str:
    if chinese:
        what = {"jobs": "可计入的在招信息", "stations": "开放的服务网点"}
        return f"警告：{on}没有{what.get(kind, UNIT_WORDS[kind][2][1:])}，任何人都不可达"
    what = {"jobs": "open job that counts", "stations": "open station"}
    return (
        f"warning: on {on} there is no {what.get(kind, UNIT_WORDS[kind][0])}: nobody can reach any"
    )


def repaired_lines(repaired: pd.DataFrame, *, language: str) -> Iterator[str]:
    """Yield what was repaired of which outline.

    Parameters
    ----------
    repaired
        As `CoverageReport.repaired`.
    language
        `zh` or `en`.
    """
    for row in repaired.to_dict("records"):
        chinese = language == "zh"
        start = (
            f"已修复{row['code']}的边界（{row['fault']}）："
            if chinese
            else f"repaired the outline of {row['code']} ({row['fault']}): "
        )
        areas = row["area_before_km2"], row["area_after_km2"]
        yield f"{start}{_became(*areas, row['changed_share'], chinese=chinese)}"


def _became(before: float, after: float, share: float, *, chinese: bool) -> str:
    """Return what became of an area, with the digits in which the two differ."""
    told = next((pair for n in _DIGITS if len({*(pair := _both(before, after, n))}) > 1), None)
    if told is None:
        area, _ = _both(before, after, _DIGITS[0])
        what = f"面积仍为{area}平方公里" if chinese else f"{area} km² before and after"
    elif chinese:
        what = f"面积由{told[0]}变为{told[1]}平方公里"
    else:
        what = f"{told[0]} km² became {told[1]} km²"
    if not share:
        return f"{what}，没有存疑部分" if chinese else f"{what}, none of it in doubt"
    if share < _LEAST_SHARE:
        doubt = f"不到{_LEAST_SHARE:.2%}" if chinese else f"less than {_LEAST_SHARE:.2%}"
    else:
        doubt = f"{share:.2%}"
    return f"{what}，存疑部分占{doubt}" if chinese else f"{what}, {doubt} of it in doubt"


def _both(before: float, after: float, digits: int) -> tuple[str, str]:
    return f"{before:,.{digits}g}", f"{after:,.{digits}g}"
