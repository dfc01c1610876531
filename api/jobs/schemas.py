"""What the answers about jobs are made of.

What an answer has many of is a plain dataclass: of what the engine found, nothing is to be checked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.jobs.query import JobsQuery


@dataclass(slots=True)
class Job:
    """A job as its file or record states it; what that leaves out is null."""

    id: Annotated[str, Field(description="The id of the row or record.", examples=["J00001-001"])]
    title: Annotated[str | None, Field(examples=["收银员"])]
    vacancies: Annotated[
        int | None,
        Field(
            description="How many people are still sought; null where it is not stated, never 0 "
            "for that.",
            examples=[2],
        ),
    ]
    employer: Annotated[str | None, Field(examples=["示例超市00001"])]
    employer_id: Annotated[str | None, Field(examples=["E00001"])] = None
    occupation: Annotated[
        str | None,
        Field(description="Code of GB/T 6565-2009, without hyphens.", examples=["40102"]),
    ] = None
    job_type: Annotated[str | None, Field(examples=["ordinary"])] = None
    education_min: Annotated[
        str | None, Field(description="Least education that is asked for.", examples=["senior"])
    ] = None
    wage_low_cny: Annotated[
        float | None, Field(description="Least pay, CNY a `wage_unit`.", examples=[2800.0])
    ] = None
    wage_high_cny: Annotated[
        float | None, Field(description="Greatest pay, CNY a `wage_unit`.", examples=[3500.0])
    ] = None
    wage_unit: Annotated[str | None, Field(examples=["month"])] = None
    opened_on: Annotated[dt.date | None, Field(examples=["2026-03-01"])] = None
    closed_on: Annotated[
        dt.date | None,
        Field(description="The day from which it is closed.", examples=["2026-04-01"]),
    ] = None


@dataclass(slots=True)
class Site:
    """Where the job is."""

    id: Annotated[str, Field(description="`site_id`, or the job's id.", examples=["W00001"])]
    name: Annotated[str | None, Field(examples=["示例超市00001·东风社区店"])]
    lon: Annotated[float, Field(description="Degrees, WGS-84.", examples=[117.3801])]
    lat: Annotated[float, Field(description="Degrees, WGS-84.", examples=[32.9203])]
    address: Annotated[str | None, Field(examples=["示例路1号"])] = None


class Origin(BaseModel):
    """What the jobs are asked around."""

    kind: Literal["point", "community", "station"]
    id: str | None = Field(
        description="Code of the community or id of the station, as the store has it today.",
        examples=["340302001001"],
    )
    name: str | None = Field(examples=["示例社区"])
    lon: float | None = Field(
        description="Degrees, WGS-84; null for a community, whose area is the origin.",
        examples=[117.38],
    )
    lat: float | None = Field(description="Degrees, WGS-84; likewise.", examples=[32.92])
    basis: Literal["geodesic", "walking", "area_edge"] = Field(
        description="How distances from it are measured."
    )


WhyNot = Literal["too_far", "blocked"]
"""Why no street leads to a place."""


class OnFoot(BaseModel):
    """What is said of a walk beside its length."""

    straight_m: float = Field(
        description="The straight line between the two, metres.", examples=[28.9]
    )
    place_snap_m: float = Field(
        description="From the place asked for to its street, metres; in the distance.",
        examples=[4.2],
    )
    site_snap_m: float = Field(
        description="From the site to its street, metres; in the distance.", examples=[11.0]
    )


class PlaceOnFoot(BaseModel):
    """How the place asked for meets the streets."""

    snap_m: float | None = Field(
        description="How far it is from its street, metres; null where none leads to it.",
        examples=[4.2],
    )
    not_on_network: WhyNot | None = Field(
        description="Why no street leads to it, so that nothing is in reach: none is near, or all "
        "that are lie across water or a railway.",
        examples=[None],
    )
    jobs_in_straight_circle: int = Field(
        description="Jobs within the radius in a straight line, in reach on foot or not.",
        examples=[66],
    )


@dataclass(slots=True)
class Hit:
    """A job within the radius."""

    job: Job
    site: Site
    distance_m: Annotated[float, Field(description="From the origin, metres.", examples=[35.2])]
    basis: Annotated[
        Literal["geodesic", "walking", "area_edge"],
        Field(
            description="How it is measured: on the WGS-84 ellipsoid, along streets, or on the "
            "ellipsoid from the nearest place of an area's edge, 0 inside it."
        ),
    ]
    on_foot: Annotated[OnFoot | None, Field(description="Of a walk; null for a straight line.")]


class Counted(BaseModel):
    """The jobs with one value."""

    value: str | None = Field(description="Null for those that state none.", examples=["ordinary"])
    name: str | None = Field(description="In Chinese, where it has one.", examples=["普通岗位"])
    jobs: int = Field(examples=[31])
    vacancies: int = Field(examples=[64])


class Ring(BaseModel):
    """The jobs at more than one distance and at most another."""

    over_m: float | None = Field(
        description="Farther than this, metres; null for the innermost, which has those at 0, too.",
        examples=[500.0],
    )
    to_m: float = Field(description="At most this, metres.", examples=[1000.0])
    jobs: int = Field(examples=[12])
    vacancies: int = Field(examples=[20])


class Facets(BaseModel):
    """What was asked to be counted beside; null where it was not."""

    job_type: list[Counted] | None
    occupation: list[Counted] | None = Field(
        description="By major group of GB/T 6565-2009: the first digit."
    )
    distance: list[Ring] | None = Field(
        description="Rings to 10 km or beyond the radius, whichever is more; those within a walk "
        "end at the radius. Added up to a radius that ends a ring they are that radius's total."
    )


class Jobs(BaseModel):
    """The jobs within the radius, in the order that `sort` asks for."""

    query: JobsQuery = Field(description="The query as it was applied, defaults included.")
    origin: Origin
    total: int = Field(
        description="Jobs (postings) within the radius that pass the filters, exactly, listed or "
        "not: the same on every page and in every order.",
        examples=[41],
    )
    vacancies_total: int = Field(
        description="Vacancies that those of them state, added up.", examples=[87]
    )
    vacancies_unstated: int = Field(
        description="Jobs among the total that state no number of vacancies.", examples=[4]
    )
    invented: bool | None = Field(
        description="Whether the jobs are invented, as in the demonstration city; null where their "
        "source does not say.",
        examples=[True],
    )
    cursor: str | None = Field(
        description="The place in the store's feed that this answer is of; null for a file. Pages "
        "of one walk through the jobs may be of different places: each goes on after the last job "
        "of the page before, so that nothing is listed twice unless it moved meanwhile.",
        examples=["0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"],
    )
    on_foot: PlaceOnFoot | None = Field(
        description="How the place meets the streets, where walks are asked for; else null."
    )
    facets: Facets | None = Field(description="Null where none was asked for.")
    next: str | None = Field(
        description="The next page, to be asked as it is; null on the last one, and of `limit=0`.",
        examples=["/v1/jobs?lon=117.38&lat=32.92&after=WyJhIiwwLDAuMF0"],
    )
    jobs: list[Hit]


class SitesFile(BaseModel):
    """What was read from the file of sites; read = accepted + withheld + rejected."""

    file: str = Field(description="Its name, without the folder.", examples=["jobs.parquet"])
    rows_read: int = Field(examples=[300])
    rows_accepted: int = Field(examples=[300])
    rows_withheld: int = Field(
        description="Jobs of employers whose licence is not verified, and jobs whose vacancies "
        "are all filled: they are not served.",
        examples=[0],
    )
    rows_rejected: int = Field(
        description="The log says which and why, the file GEO_MATCH_REJECTED all of them.",
        examples=[0],
    )
    columns: dict[str, str] = Field(
        description="By field, the column that it is read from; a field not here is not read.",
        examples=[{"title": "职位", "vacancies": "人数"}],
    )
    columns_not_used: list[str] = Field(
        description="Columns that are not read at all.", examples=[["备注"]]
    )
    invented: bool | None = Field(
        description="Whether its rows are invented; null where it does not say.", examples=[True]
    )


class StoredJobsState(BaseModel):
    """What is served of a store; jobs = served + withheld + without a place."""

    store: str = Field(
        description="Name of its file or database, without the folder or server.",
        examples=["city.db"],
    )
    cursor: str = Field(
        description="The place in its feed of changes up to which they were taken in.",
        examples=["0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"],
    )
    jobs: int = Field(examples=[25374])
    jobs_served: int = Field(examples=[6814])
    jobs_withheld: int = Field(
        description="Jobs of employers whose licence is not verified, jobs whose vacancies are "
        "all filled, and jobs that are not open today.",
        examples=[18560],
    )
    jobs_without_place: int = Field(
        description="Other jobs, or such ones, that nobody has located yet.", examples=[0]
    )
    invented: bool | None = Field(
        description="True if a list that was imported says that its rows are invented; else null.",
        examples=[True],
    )


class StreetsState(BaseModel):
    """The streets that are walked."""

    file: str = Field(description="Its name, without the folder.", examples=["city.net"])
    edges: int = Field(description="Stretches of street.", examples=[33316])
    length_km: float = Field(examples=[7710.1])
    max_snap_m: float = Field(
        description="How far a place may be from its street, metres.", examples=[300.0]
    )
    attribution: str | None = Field(
        description="Whose data they are, where that is to be named.",
        examples=["© OpenStreetMap contributors"],
    )
