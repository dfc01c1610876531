"""What coverage is answered with."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.coverage.query import AreaQuery, CoverageQuery, WhatIfRequest

Count = int | float | None
_KEPT_BACK = " Null where it is kept back, or there is none."


class Row(BaseModel):
    """An area, or a part of the people, and who of them is reached."""

    kind: str = Field(description="What it is; `outside` for who lives in no community's area.",
                      examples=["community"])  # fmt: skip
    code: str | None = Field(examples=["340302001001"])
    name: str | None = Field(examples=["示例社区"])
    group: str | bool | None = Field(
        default=None, description="The value of the field by which it is parted.", examples=[True]
    )
    people: Count = Field(description="Households, or seekers." + _KEPT_BACK, examples=[420])
    located: Count = Field(description="Of these who has a place.", examples=[415])
    reached: Count = Field(description="Of the located who has enough within the radius.",
                           examples=[400])  # fmt: skip
    reached_share: float | None = Field(description="Of the located.", examples=[0.96])
    below: Count = Field(
        description="Of the people who has less than enough, or no place. Published for 3000 m.",
        examples=[20],
    )
    reasons: dict[str, Count] = Field(
        description="How many of `below` for each reason, which add up to it: no_location, "
        "coarse_location, none_in_circle, too_few. Published for 3000 m.",
        examples=[{"no_location": 5, "none_in_circle": 15}],
    )
    measures: dict[str, Count] = Field(
        description="Quantiles of what is in reach and of the distance to enough, metres. "
        "Published rounded, for 3000 m, where enough people are behind them.",
        examples=[{"in_reach_median": 35.0, "distance_median_m": 500.0}],
    )


class Menu(BaseModel):
    """What is published."""

    by: list[str] = Field(description="Levels of this release.", examples=[["community"]])
    radius_m: list[float] = Field(examples=[[1000.0, 2000.0, 3000.0, 5000.0]])
    on: list[dt.date] = Field(description="The last month-end.", examples=[["2025-12-31"]])
    min_count: int = Field(description="Fewer are kept back.", examples=[10])
    round_to: int = Field(description="Figures are multiples of it.", examples=[5])
    most_error: int = Field(description="How far a figure may be from its count.", examples=[5])
    distance_step_m: float = Field(
        description="Quantiles of the distance are multiples of it, metres: 0 is up to half of it.",
        examples=[500.0],
    )
    reach_step: float = Field(
        description="Quantiles of what is in reach are multiples of it.", examples=[5.0]
    )


class Told(BaseModel):
    """What every answer about coverage says of itself."""

    release: Literal["published", "internal"] = Field(
        description="`internal`: exact, and not to go out.", examples=["published"]
    )
    on: dt.date = Field(description="The day that it is about (数据时点).", examples=["2025-12-31"])
    cursor: str = Field(
        description="The place in the store's feed as of which it is.",
        examples=["0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"],
    )
    made_at: str | None = Field(
        description="When it was published, UTC; null for exact figures.",
        examples=["2026-01-01T00:00:05+00:00"],
    )
    invented: bool | None = Field(description="True if the records are invented.", examples=[None])
    menu: Menu | None = Field(description="What is published; null beside exact figures.")


class CoverageAnswer(Told):
    """Who is reached and who is not, a row an area."""

    query: CoverageQuery = Field(description="What was asked, with its defaults.")
    total: int = Field(description="How many rows there are; all are here.", examples=[1158])
    city: Row = Field(description="Everybody together.")
    rows: list[Row]


class HeadlineTotal(BaseModel):
    """One total of the whole city."""

    value: int | None = Field(description="Rounded." + _KEPT_BACK, examples=[375])
    suppressed: bool = Field(description="Whether it is kept back.", examples=[False])
    missing: Literal["kept_back", "no_list", "not_published"] | None = Field(
        description="Why there is no value, in one word: it is kept back; there was no list to "
        "count; it is no part of what was published.",
        examples=[None],
    )
    reason: str | None = Field(description="Why there is no value.", examples=[None])


class HeadlineAnswer(BaseModel):
    """A few numbers of the whole city, all of them published."""

    data_date: dt.date = Field(description="The month-end (数据时点).", examples=["2025-12-31"])
    invented: bool | None = Field(description="True if the records are invented.", examples=[None])
    registered_unemployed_without_job: HeadlineTotal = Field(
        description="Registered unemployed (登记失业人员) with a place, who are eligible for no "
        "vacancy within 3 km."
    )
    zero_employment_households: HeadlineTotal = Field(
        description="Households that are suspected of zero employment (疑似零就业家庭): before "
        "they apply and the community verifies it, none of them is confirmed."
    )
    located_share: float | None = Field(
        description="Of the households who has a place.", examples=[0.98]
    )
    communities_below_standard: int = Field(
        description="Communities of which somebody is below the standard at 3 km for certain: by a "
        "figure that is greater than its error, `most_error` of the menu, or twice that where it "
        "is the difference of two.",
        examples=[24],
    )
    communities_kept_back: int = Field(
        description="Communities of which that is open: the figures are kept back, or within "
        "their error.",
        examples=[816],
    )
    communities: int = Field(description="All communities.", examples=[1157])


class AreaAnswer(Told):
    """Who is reached and who is not in one area."""

    query: AreaQuery = Field(description="What was asked, with its defaults.")
    row: Row


class GapFeature(BaseModel):
    """Ground beyond the radius of everything, to be drawn."""

    type: Literal["Feature"] = "Feature"
    id: str | None = Field(examples=["340302001001"])
    geometry: dict[str, Any] | None = Field(
        description="GeoJSON.",
        examples=[{"type": "MultiPolygon", "coordinates": []}],
    )
    properties: dict[str, Any] = Field(
        examples=[{"kind": "gap_area", "purpose": "drawing aid", "tolerance_m": 10.0}]
    )


class GapsAnswer(Told):
    """Gap areas as GeoJSON, and the rows of the communities that have people below the standard."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[GapFeature]
    rows: list[Row] = Field(
        description="Communities of which so many are printed to be below, most first."
    )
    kept_back: int = Field(
        description="Communities of which it is kept back how many are below: few, or none.",
        examples=[816],
    )


class ChangeRow(BaseModel):
    """What would change in one area."""

    kind: str = Field(examples=["community"])
    code: str | None = Field(examples=["340302001001"])
    name: str | None = Field(examples=["示例社区"])
    located: Count = Field(examples=[415])
    reached_before: Count = Field(examples=[200])
    reached_after: Count = Field(examples=[310])
    reached_change: Count = Field(examples=[110])


class WhatIfAnswer(Told):
    """What would change."""

    query: WhatIfRequest = Field(description="What was asked, with its defaults.")
    basis: Literal["published cells", "exact"] = Field(
        description="`published cells`: estimated from the published figure of each area, whose "
        "people are taken to live evenly over it, and of nothing else about people.",
        examples=["published cells"],
    )
    areas_without_figures: int = Field(
        description="Areas of which the figure is kept back, or that have no outline: nobody of "
        "them is counted.",
        examples=[12],
    )
    total: ChangeRow
    rows: list[ChangeRow] = Field(description="The areas in which anything changes.")
