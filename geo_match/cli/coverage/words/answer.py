"""What comes of `coverage`: what was written, and what it is told of by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS, UNIT_WORDS
from geo_match.coverage.release import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.given.given import Given
    from geo_match.cli.coverage.target import Target
    from geo_match.coverage import CoverageReport
    from geo_match.coverage.plan.plan import ServicePlan
    from geo_match.exchange.coverage import Content


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What came out.

    Parameters
    ----------
    content
        What was written.
    report
        It is told of where nothing was published.
    asked
        What was asked.
    files
        The tables that each file has.
    target
        Where it was written.
    given
        What it was made of, and what was left out.
    plan
        The service plan; None without.
    without_members
        Households of which it counts nobody: they state neither members nor how many.
    """

    content: Content
    report: CoverageReport
    asked: Asked
    files: Mapping[Path, list[str]]
    target: Target
    given: Given
    plan: ServicePlan | None = None
    without_members: int = 0

    @property
    def unit(self) -> tuple[str, str, str]:
        """What is counted, as one, as several and in Chinese."""
        counts_vacancies = self.report.options.count == "vacancies"
        return UNIT_WORDS["vacancies" if counts_vacancies else self.asked.supply_kind]

    @property
    def communities(self) -> pd.DataFrame:
        """The table of communities: as it was published where it was."""
        found = self.content.tables.get("community")
        if found is not None:
            return found
        is_published = self.content.release == PUBLISHED
        return pd.DataFrame(columns=["below"]) if is_published else self.report.by("community")

    @property
    def unlisted(self) -> tuple[int, int]:
        """How many rows of people are outside whose record names a community that is none here.

        And how many such communities these are: their rows may have been rejected.
        """
        outside = self._recorded_outside()
        unknown = outside.filter(pc.invert(pc.is_in(outside, value_set=self._codes())))
        return len(unknown), len(unknown.unique())

    @property
    def undrawn(self) -> tuple[int, int]:
        """How many rows of people are outside whose record names a community without an outline.

        And how many such communities these are.
        """
        outside = self._recorded_outside()
        drawn = self.report.communities.has_area
        without = self._codes().filter(pa.array(~drawn))
        found = outside.filter(pc.is_in(outside, value_set=without))
        return len(found), len(found.unique())

    def has_outline(self, codes: Iterable[str]) -> NDArray[np.bool_]:
        """Return which communities have an outline, by their codes."""
        communities = self.report.communities
        drawn = set(communities.codes[communities.has_area].tolist())
        return np.array([code in drawn for code in codes], dtype=np.bool_)

    def _codes(self) -> pa.Array:
        return pa.array(self.report.communities.codes.tolist(), pa.string())

    def _recorded_outside(self) -> pa.Array:
        """Return the community on the record of each who is outside all and has one there."""
        outside = pa.array(self.report.outcome.community < 0)
        return self.report.who.community.filter(outside).drop_null()


def asked_lines(
    of: str, supply_kind: str, *, verified: bool, language: str
) -> tuple[tuple[str, str], ...]:
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
