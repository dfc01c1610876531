"""What is told of the seekers near a site."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field


class Band(BaseModel):
    """The seekers in one band of distance."""

    model_config = ConfigDict(frozen=True)

    over_m: float | None = Field(
        description="Farther than this, metres; null for the innermost.", examples=[1000.0]
    )
    to_m: float = Field(description="At most this, metres.", examples=[2000.0])
    seekers: int | None = Field(
        description="The published figures of the cells in it, added up; null where none is told: "
        "nobody, or fewer than `min_count` in each cell.",
        examples=[85],
    )


class SeekerBands(BaseModel):
    """The seekers near the site of a job, in bands of distance."""

    model_config = ConfigDict(frozen=True)

    job_id: str = Field(examples=["J00001-001"])
    site_id: str = Field(examples=["W00001"])
    on: dt.date = Field(
        description="Those registered on this day, the last month-end: the figures are the same "
        "until the next.",
        examples=["2026-02-28"],
    )
    cell: str = Field(
        description="The H3 cell (resolution 8) that the site lies in: distances are those between "
        "its centre and the centres of other cells.",
        examples=["88310d8ea3fffff"],
    )
    min_count: int = Field(
        description="A cell with fewer seekers is left out of every band.", examples=[10]
    )
    round_to: int = Field(description="Each cell's figure is a multiple of this.", examples=[5])
    bands: list[Band]
