"""An anonymous profile: what matching reads of a seeker, and nothing that says who it is."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from api.bodies import Body
from geo_match import taxonomy
from geo_match.records import types as t

MOST_RADIUS_M: Final = 20_000.0
"""Of what is asked: a city's breadth. What a registered seeker has stated may be more."""
_MOST_LISTED = 20


class Profile(Body):
    """What somebody seeks and brings, as in a seeker's record; what is not stated is unknown.

    It has no id, no name, no phone number and no home: the circle is drawn around `origin`.
    """

    radius_m: Annotated[
        float | None,
        Field(
            ge=0,
            le=MOST_RADIUS_M,
            description="How far work may be, metres; counts before `options.radius_m`.",
            examples=[3000.0],
        ),
    ] = None
    birth_year: Annotated[int | None, Field(ge=1900, le=2100, examples=[1984])] = None
    sex: Annotated[
        Literal["male", "female"] | None,
        Field(description="Read by the rules of working age alone.", examples=["female"]),
    ] = None
    education: Annotated[t.Education | None, Field(examples=["senior"])] = None
    graduation_year: Annotated[
        int | None, Field(ge=1950, le=2100, description="Of the last graduation.")
    ] = None
    certificates: Annotated[
        list[Annotated[t.Text, Field(max_length=200)]] | None,
        Field(
            max_length=_MOST_LISTED,
            description="Held; null where not known, empty where none.",
            examples=[["健康证"]],
        ),
    ] = None
    status: Annotated[t.Status | None, Field(examples=["registered_unemployed"])] = None
    groups: Annotated[
        list[Literal["graduate", "migrant_worker", "veteran", "retired_fisherman"]] | None,
        Field(max_length=4, description="Key groups (重点群体)."),
    ] = None
    difficulty: Annotated[
        Literal[
            "none",
            "older",
            "long_term_unemployed",
            "disabled",
            "minimum_living",
            "land_loss",
            "zero_employment",
        ]
        | None,
        Field(description="Kind of employment difficulty (就业困难人员)."),
    ] = None
    occupation: Annotated[
        t.Occupation | None,
        Field(
            max_length=64,
            description="Sought: a code of `occupation_version`, or its first digits.",
            examples=["401"],
        ),
    ] = None
    occupation_version: Annotated[t.Text, Field(max_length=64)] = taxonomy.OCCUPATIONS_VERSION
    wage_floor_cny: Annotated[
        int | None,
        Field(ge=0, le=1_000_000, description="Least pay, CNY a month.", examples=[2500]),
    ] = None
    hours_max_per_week: Annotated[
        float | None, Field(ge=0, le=168, description="Most hours a week; null for no limit.")
    ] = None
    shift: Annotated[t.Shift | None, Field(examples=["day"])] = None
    accepts: Annotated[
        list[t.JobType] | None, Field(max_length=4, description="Kinds of job accepted.")
    ] = None

    def row(self) -> dict[str, Any]:
        """Return it as a row of the frame that is matched, without an id and a place."""
        return self.model_dump()
