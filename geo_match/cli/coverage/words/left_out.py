"""What the commands about coverage tell of what was left out, or was repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.given.given import Given


def left_out_lines(asked: Asked, given: Given, *, language: str) -> Iterator[str]:
    """Yield how many jobs and seekers do not count; that none was asked for its employer, too.

    Parameters
    ----------
    given
        What was left out.
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
        yield (
            f"未计入：资质未核验单位的在招信息{n:,}条"
            if chinese
            else f"not counted: {counted(n, 'open job')} of employers not known to be verified"
        )
    if n := given.not_registered:
        one, several, _ = PEOPLE_WORDS[asked.of]
        yield (
            f"未计入：{asked.on}尚未登记或已注销的{n:,}{several}"
            if chinese
            else f"left out: {counted(n, one)} not registered on {asked.on}"
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
