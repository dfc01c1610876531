"""What comes of `coverage`: what was written, and what it is told of by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from geo_match.coverage.release import PUBLISHED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from geo_match.cli.coverage_target import Target
    from geo_match.coverage import CoverageReport
    from geo_match.coverage.plan.plan import ServicePlan
    from geo_match.exchange.coverage import Content

PEOPLE_WORDS: Final = {
    "households": ("household", "户家庭", "户"),
    "seekers": ("seeker", "名求职者", "名"),
}
"""Each as one, as several with their counter, and the counter alone, in Chinese."""
UNIT_WORDS: Final = {
    "vacancies": ("vacancy", "vacancies", "个岗位"),
    "jobs": ("job", "jobs", "条招聘信息"),
    "stations": ("station", "stations", "个服务网点"),
    "sites": ("site", "sites", "个工作地点"),
}
"""Each as one, as several, and in Chinese."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What came out.

    Parameters
    ----------
    content
        What was written.
    report
        It is told of where nothing was published.
    of, supply_kind
        What the people and the supply are.
    on
        The day that was asked about.
    files
        The tables that each file has.
    target
        Where it was written.
    not_verified
        How many jobs were left out for their employers; None where nobody asked.
    verified
        Whether that was asked.
    plan
        The service plan; None without.
    without_members
        Households of which it counts nobody: they state neither members nor how many.
    """

    content: Content
    report: CoverageReport
    of: str
    supply_kind: str
    on: dt.date
    files: Mapping[Path, list[str]]
    target: Target
    not_verified: int | None = None
    verified: bool = True
    plan: ServicePlan | None = None
    without_members: int = 0

    @property
    def unit(self) -> tuple[str, str, str]:
        """What is counted, as one, as several and in Chinese."""
        counts_vacancies = self.report.options.count == "vacancies"
        return UNIT_WORDS["vacancies" if counts_vacancies else self.supply_kind]

    @property
    def communities(self) -> pd.DataFrame:
        """The table of communities: as it was published where it was."""
        found = self.content.tables.get("community")
        if found is not None:
            return found
        is_published = self.content.release == PUBLISHED
        return pd.DataFrame(columns=["below"]) if is_published else self.report.by("community")


def asked_lines(
    of: str, supply_kind: str, *, verified: bool, language: str
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return whose coverage it is and of what, as labels and values that stand in the files.

    Parameters
    ----------
    of, supply_kind
        What the people and the supply are.
    verified
        Whether jobs count only of employers that are known to be verified.
    language
        `zh` or `en`.
    """
    chinese = language == "zh"
    supply = UNIT_WORDS[supply_kind][2][1:] if chinese else supply_kind
    if supply_kind == "jobs" and chinese:
        supply += "（资质已核验单位）" if verified else "（未核对单位资质）"
    elif supply_kind == "jobs":
        supply += " of verified employers" if verified else ", verified employers or not"
    if chinese:
        return ("统计对象", PEOPLE_WORDS[of][1][1:]), ("供给", supply)
    return ("whose coverage", of), ("what is to be reached", supply)
