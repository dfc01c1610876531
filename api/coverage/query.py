"""What requests about coverage ask for."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.bodies import Body
from api.coverage.menu import AT_LEAST, OF, SUPPLY, Level, is_month_end, radii_of
from api.parameters import RadiusM, broken

MOST_AT_LEAST: Final = 1_000_000
MOST_EDITS: Final = 100
"""Places that one request may think added, moved or closed."""
_WHOLE: Final = re.compile(r"\d{1,7}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_ID: Final = 200


def _least(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= MOST_AT_LEAST:
        rule = f"must be a whole number from 1 to {MOST_AT_LEAST}"
        raise broken(rule, text)
    return int(text)


def _day(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    rule = "must be a day such as 2025-12-31"
    raise broken(rule, text)


def _one_of(*words: str) -> BeforeValidator:
    def parse(text: object) -> object:
        if text not in words:
            rule = f"must be one of {', '.join(words)}"
            raise broken(rule, text if isinstance(text, str) else "")
        return text

    return BeforeValidator(parse)


Figures = Literal["published", "exact"]
_FIGURES: Final = "Published figures, from the fixed menu; or exact ones, which need a scope of \
their own and are audited."
Of = Annotated[
    Literal["households", "seekers"],
    Field(description="Whose coverage.", examples=["households"]),
    _one_of("households", "seekers"),
]
Supply = Annotated[
    Literal["jobs", "stations", "sites"],
    Field(
        description="What is to be reached: vacancies of open jobs of verified employers; or "
        "stations or job sites, each of which counts for one.",
        examples=["jobs"],
    ),
    _one_of("jobs", "stations", "sites"),
]
By = Annotated[
    Level,
    Field(description="What it is told by: rows of areas, or H3 cells of resolution 8."),
    _one_of("community", "street", "district", "city", "h3"),
]
AtLeast = Annotated[
    int,
    Field(
        ge=1,
        le=MOST_AT_LEAST,
        description="How many must be within the radius for somebody to be reached.",
        examples=[1],
    ),
    BeforeValidator(_least),
]
Day = Annotated[
    dt.date | None,
    Field(
        description="The day on which jobs and stations are to be open. Published: the "
        "last month-end alone; exact: any day, today if not given.",
        examples=["2025-12-31"],
    ),
    BeforeValidator(_day),
]
FiguresWanted = Annotated[
    Figures,
    Field(description=_FIGURES, examples=["published"]),
    _one_of("published", "exact"),
]


class PointQuery(BaseModel):
    """Of whom, by what, on which day: one point of the menu, or one off it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Of = "households"
    supply: Supply = "jobs"
    radius_m: RadiusM = 3000.0
    at_least: AtLeast = 1
    on: Day = None
    figures: FiguresWanted = "published"


class CoverageQuery(PointQuery):
    """Which rows of coverage are asked for; the answer repeats it."""

    by: By = "community"
    group: Annotated[
        str | None,
        Field(
            max_length=_LONGEST_ID,
            description="A field of the people by which each row is parted, such as "
            "`zero_employment`; exact figures only.",
            examples=["zero_employment"],
        ),
    ] = None


class AreaQuery(PointQuery):
    """How one area is asked about."""

    by: Annotated[
        Level | None,
        Field(description="What the code names, where several levels have it."),
        _one_of("community", "street", "district", "city", "h3"),
    ] = None


class GapsQuery(PointQuery):
    """Which gaps are asked for; the answer repeats it."""


def off_menu(query: PointQuery, today: dt.date, group: str | None = None) -> list[str]:
    """Return the parameters whose values are none of the menu's.

    Parameters
    ----------
    query
        What is asked.
    today
        In China: a month that is not over is not on the menu.
    group
        By what rows are parted.
    """
    on_it = {
        "of": query.of == OF,
        "supply": query.supply == SUPPLY,
        "radius_m": query.radius_m in radii_of(getattr(query, "by", None)),
        "at_least": query.at_least == AT_LEAST,
        "group": group is None,
        "on": query.on is None or (is_month_end(query.on) and query.on < today),
    }
    return [name for name, is_on in on_it.items() if not is_on]


Id = Annotated[
    str, Field(min_length=1, max_length=_LONGEST_ID, description="Its id.", examples=["S-NEW-1"])
]


class Place(Body):
    """A place that is thought added, or moved there."""

    id: Id
    lon: Annotated[float, Field(ge=-180, le=180, description="Degrees, WGS-84.", examples=[117.38])]
    lat: Annotated[float, Field(ge=-90, le=90, description="Degrees, WGS-84.", examples=[32.92])]


class Added(Place):
    """A place that is thought added."""

    vacancies: Annotated[
        int,
        Field(ge=0, le=1_000_000, description="Of a job: how many.", examples=[5]),
    ] = 1


class WhatIfRequest(Body):
    """What is thought to change."""

    figures: Annotated[Figures, Field(description=_FIGURES, examples=["published"])] = "published"
    of: Annotated[Literal["households", "seekers"], Field(description="Whose coverage.")] = (
        "households"
    )
    supply: Annotated[Literal["jobs", "stations", "sites"], Field(description="What changes.")] = (
        "stations"
    )
    radius_m: Annotated[
        float, Field(ge=0, le=20_000, description="Metres, inclusive.", examples=[3000.0])
    ] = 3000.0
    radius_m_after: Annotated[
        float | None,
        Field(ge=0, le=20_000, description="Another radius afterwards.", examples=[5000.0]),
    ] = None
    by: Annotated[
        Literal["community", "street", "district", "city"], Field(description="By what it is told.")
    ] = "community"
    add: Annotated[
        list[Added], Field(default_factory=list, max_length=MOST_EDITS, description="Places more.")
    ]
    move: Annotated[
        list[Place],
        Field(
            default_factory=list,
            max_length=MOST_EDITS,
            description="Places that are elsewhere then.",
        ),
    ]
    close: Annotated[
        list[Id],
        Field(
            default_factory=list,
            max_length=MOST_EDITS,
            description="Ids of places that are no more.",
        ),
    ]
