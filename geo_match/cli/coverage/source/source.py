"""What coverage is made of, as it was read: `Source`, of lists or of a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo_match.cli.coverage.given.plan import plan_of
from geo_match.cli.coverage.given.suspicions import Ground
from geo_match.cli.coverage.words.left_out import left_out_lines, repaired_lines
from geo_match.cli.licences import HEADERS
from geo_match.cli.list_doubts import tell_doubted
from geo_match.cli.terminal import say
from geo_match.coverage.coverage import Coverage
from geo_match.coverage.given.from_store import (
    communities_frame,
    people_frame,
    supply_of_jobs,
    supply_of_places,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.given.given import Given
    from geo_match.coverage import CoverageReport
    from geo_match.coverage.plan.plan import ServicePlan
    from geo_match.intake.lists.records_file import RecordsFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was read, and what is to be told of it.

    Parameters
    ----------
    asked
        What is asked of it.
    given
        The records.
    language
        In which the answer is told and written, `zh` or `en`.
    communities_of
        The list or the store that the communities are of.
    files
        The lists by what each was read for; none for a store.
    said
        Lines about a store, or about a list as a whole.
    """

    asked: Asked
    given: Given
    language: str
    communities_of: str
    files: Mapping[str, RecordsFile] = field(default_factory=dict)
    said: tuple[str, ...] = ()

    @property
    def people(self) -> pa.Table:
        """The people, as the library takes them."""
        asked = self.asked
        return people_frame(self.given.records[asked.of], asked.of, eligible=asked.eligible)

    @property
    def ground(self) -> Ground:
        """The communities, as further lists are judged by them."""
        return Ground.of(self.given.communities, self.communities_of)

    def coverage(self) -> Coverage:
        """Return what people can reach, made ready to be asked."""
        asked, found = self.asked, self.given.records[self.asked.supply_kind]
        supply = (
            supply_of_jobs(found, eligible=asked.eligible, count=asked.options.count)
            if asked.supply_kind == "jobs"
            else supply_of_places(found)
        )
        frame = communities_frame(self.given.communities)
        return Coverage(supply, frame, asked.options, repair=asked.repair)

    def plan(self) -> tuple[ServicePlan | None, int]:
        """Return the service plan, None if it is not asked for, and the households left out."""
        if self.asked.plan is None:
            return None, 0
        return plan_of(self.given, self.asked, self.asked.plan)

    def tell(self, language: str | None) -> None:
        """Print what became of the rows.

        Parameters
        ----------
        language
            As it was asked for; each list is told in its own if None.
        """
        for file in self.files.values():
            tell_read(file, language)
        for line in self.said:
            say(line)

    def left_out(self, report: CoverageReport) -> list[str]:
        """Return what is told of what was left out and of what was repaired."""
        language = self.language
        return [
            *left_out_lines(self.asked, self.given, language=language),
            *repaired_lines(report.repaired, language=language),
        ]

    def tell_left_out(self, report: CoverageReport) -> None:
        """Print what was left out and what was repaired, where an answer does not say it."""
        for line in self.left_out(report):
            say(line)


def tell_read(file: RecordsFile, language: str | None) -> None:
    """Print what became of a list's rows, and what looks wrong with its columns."""
    tell_doubted(file, used=HEADERS, language=language, doing="统计")
