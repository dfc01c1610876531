"""What the commands about coverage tell of what was left out, or was repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS, UNIT_WORDS
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.given.given import Given


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
        before, after = (f"{row[f'area_{name}_km2']:,.4g}" for name in ("before", "after"))
        yield (
            f"已修复{row['code']}的边界（{row['fault']}）：面积由{before}变为{after}平方公里，"
            f"存疑部分占{row['changed_share']:.2%}"
            if language == "zh"
            else f"repaired the outline of {row['code']} ({row['fault']}): {before} km² became "
            f"{after} km², {row['changed_share']:.2%} of it in doubt"
        )
