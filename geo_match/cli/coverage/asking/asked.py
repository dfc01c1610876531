"""What is asked of coverage: `Asked`, read from the options of the commands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo_match.matching import CONDITIONS, MatchOptions
from geo_match.records.clock import CHINA

if TYPE_CHECKING:
    from geo_match.coverage import CoverageOptions
    from geo_match.coverage.plan.options import PlanOptions
    from geo_match.taxonomy import Occupations


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked.

    Parameters
    ----------
    of
        Whose coverage: "households" or "seekers".
    supply_kind
        What is to be reached: "jobs", "stations" or "sites".
    by
        What it is told by; None for the usual.
    on
        Day on which the supply is to be open, and seekers are to be registered.
    verified
        Whether jobs count only of employers that are known to be verified.
    former_too
        Whether seekers count who are not registered on the day.
    repair
        Whether communities' outlines that cross themselves are repaired.
    gap_areas
        Whether to draw them.
    options
        What counts as reached, and what as enough; who is eligible, if that is asked.
    plan
        What is asked of a service plan; None for none.
    map_approval
        The approval number of the map, for a page; None without.
    straight_too
        Whether what is published of walks has beside it what is straight.
    """

    of: str
    supply_kind: str
    by: tuple[str, ...] | None
    on: dt.date
    verified: bool
    options: CoverageOptions
    former_too: bool = False
    repair: bool = False
    gap_areas: bool = False
    plan: PlanOptions | None = None
    map_approval: str | None = None
    straight_too: bool = False

    @property
    def eligible(self) -> bool:
        """Whether only what people are eligible for counts."""
        return self.options.eligible is not None

    def with_occupations(self, occupations: Occupations) -> Asked:
        """Return the same, asked by a store's table of occupations."""
        options, plan = self.options, self.plan
        if options.eligible is not None:
            eligible = replace(options.eligible, occupations=occupations)
            options = replace(options, eligible=eligible)
        if plan is not None:
            plan = replace(plan, table=occupations)
        return replace(self, options=options, plan=plan)


def day_of(text: str | None) -> dt.date:
    """Return the day that the command line names; today in China for none."""
    return dt.datetime.now(CHINA).date() if text is None else dt.date.fromisoformat(text)


def eligible_on(day: dt.date, left_aside: tuple[str, ...]) -> MatchOptions:
    """Return what makes eligible on a day, without some conditions."""
    return MatchOptions(on=day, conditions=[one for one in CONDITIONS if one not in left_aside])
