"""The fixed menu of what is published, and what is off it.

One release has all of the menu: the city, its districts, streets, communities and, where their
number allows, H3 cells, each with what is within every radius. All of it is protected together
(`geo_match.coverage.publication.radii`), so that no two answers tell more than the release does.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final, Literal

Level = Literal["community", "street", "district", "city", "h3"]
LEVELS: Final[tuple[Level, ...]] = ("community", "street", "district", "city", "h3")
"""What coverage is told by."""
FIRST_M: Final = 3_000.0
"""The programme's radius, for which reasons and distances are published too."""
OTHERS_M: Final = (1_000.0, 2_000.0, 5_000.0)
RADII_M: Final = tuple(sorted((FIRST_M, *OTHERS_M)))
OF: Final = "households"
SUPPLY: Final = "jobs"
AT_LEAST: Final = 1


def last_month_end(today: dt.date) -> dt.date:
    """Return the last day of the month before."""
    return today.replace(day=1) - dt.timedelta(days=1)


def is_month_end(day: dt.date) -> bool:
    """Return whether a day is the last of its month."""
    # Not by the day after: the last day of the calendar has none.
    return day.day == calendar.monthrange(day.year, day.month)[1]


def radii_of(by: Level | None) -> tuple[float, ...]:
    """Return within which radii rows of a level are published; None for any level."""
    return (FIRST_M,) if by == "h3" else RADII_M


MENU_TEXT: Final = (
    "Published are households by jobs, one vacancy or more, within 1000, 2000, 3000 or 5000 m, at "
    "the last month-end, without groups; H3 cells within 3000 m alone."
)
"""What a caller is told who asks for something else."""
