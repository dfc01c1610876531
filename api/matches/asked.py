"""What a request for matches may say: whom, around what, and by which options."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SkipValidation,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.bodies import Body
from api.jobs.query import Basis
from api.matches.profile import MOST_RADIUS_M, Profile
from api.min_cursor import MinCursor
from api.parameters import MAX_LIMIT, CursorText, RadiusM, broken
from geo_match.matching import MatchOptions, Weights

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ITEMS: Final = 1_000
MOST_MATCHES: Final = 20_000
"""Of one batch: items times `limit`."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ID: Final = Field(min_length=1, max_length=64)
_CONDITION = Literal[
    "distance",
    "open",
    "vacancies",
    "employer",
    "working_age",
    "job_type",
    "occupation",
    "education",
    "wage",
    "hours",
    "shift",
    "age",
    "certificates",
]
_WEIGHT: Final = Field(ge=0, le=1e6)
_USUAL: Final = Weights()


def _day(value: object) -> object:
    """Take a day as ISO text, YYYY-MM-DD; a date given in Python stays as it is."""
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("rule", "{rule}", {"rule": "must be a day as text, YYYY-MM-DD"})


def _one_of(what: str, given: Mapping[str, object]) -> None:
    """Check that one of some fields is given.

    Raises
    ------
    PydanticCustomError
        If it is none, or several.
    """
    if sum(value is not None for value in given.values()) != 1:
        rule = f"{what}: must have exactly one of {', '.join(given)}"
        raise PydanticCustomError("rule", "{rule}", {"rule": rule})


class SeekerAsked(Body):
    """A registered seeker, by the record's id or by its key."""

    id: Annotated[
        str | None,
        _ID,
        Field(description="The record's id, as `/v1/seekers` has it.", examples=["S0000001"]),
    ] = None
    key: Annotated[
        str | None,
        Field(
            pattern="^[0-9a-f]{32}$",
            description="The surrogate key, as the feed and `/v1/match-changes` have it.",
            examples=["5b0d1d6f3c7e4a2f9b8c7d6e5f4a3b2c"],
        ),
    ] = None

    @model_validator(mode="after")
    def _id_or_key(self) -> Self:
        _one_of("the seeker", {"id": self.id, "key": self.key})
        return self


class Origin(Body):
    """What the circle is drawn around: exactly one of a point, a community, a station, a household.

    Of a community the distance is that to its area's edge, 0 inside; with walks there is none.
    """

    lon: Annotated[
        float | None,
        Field(ge=-180, le=180, description="Degrees, WGS-84; with `lat`.", examples=[117.38]),
    ] = None
    lat: Annotated[
        float | None,
        Field(ge=-90, le=90, description="Degrees, WGS-84; with `lon`.", examples=[32.92]),
    ] = None
    community: Annotated[
        str | None,
        Field(pattern="^[0-9]{12}$", description="Code of a community.", examples=["340302001001"]),
    ] = None
    station: Annotated[
        str | None, _ID, Field(description="Id of a service station.", examples=["F001"])
    ] = None
    household: Annotated[
        str | None,
        _ID,
        Field(
            description="Id of a household; of a registered seeker alone, and audited as the "
            "seeker is.",
            examples=["H0000001"],
        ),
    ] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            rule = "must have lon and lat together, or neither"
            raise PydanticCustomError("rule", "{rule}", {"rule": rule})
        given = {
            "lon and lat": self.lon,
            "community": self.community,
            "station": self.station,
            "household": self.household,
        }
        _one_of("the origin", given)
        return self


class WeightsAsked(Body):
    """How much each part of the score weighs beside the others; not all 0."""

    closeness: Annotated[float, _WEIGHT] = _USUAL.closeness
    occupation: Annotated[float, _WEIGHT] = _USUAL.occupation
    wage: Annotated[float, _WEIGHT] = _USUAL.wage
    education: Annotated[float, _WEIGHT] = _USUAL.education
    freshness: Annotated[float, _WEIGHT] = _USUAL.freshness

    @model_validator(mode="after")
    def _not_all_0(self) -> Self:
        if not any(self.model_dump().values()):
            rule = "must have a part above 0"
            raise PydanticCustomError("rule", "{rule}", {"rule": rule})
        return self


class OptionsAsked(Body):
    """How it is matched; the answer repeats it with its defaults and its day filled in."""

    radius_m: Annotated[
        float,
        Field(
            ge=0,
            le=MOST_RADIUS_M,
            description="Metres, inclusive; a seeker's own radius counts before it.",
            examples=[3000.0],
        ),
    ] = 3_000.0
    limit: Annotated[
        int, Field(ge=1, le=MAX_LIMIT, description="The most matches of each.", examples=[20])
    ] = 20
    basis: Basis = "geodesic"
    on: Annotated[
        dt.date | None,
        BeforeValidator(_day),
        Field(
            description="The day on which jobs are open, seekers registered, and ages and rules "
            "count; today in China if null. Any other day needs the scope records:read: jobs that "
            "are closed or not yet open are not public.",
            examples=["2026-03-01"],
        ),
    ] = None
    unknown_fails: Annotated[
        list[_CONDITION],
        Field(
            max_length=13,
            description="Conditions that fail where not enough is stated to tell them; all others "
            "pass then, and are named under `unknown`.",
            examples=[["shift"]],
        ),
    ] = Field(default_factory=list)
    weights: WeightsAsked = WeightsAsked()

    def applied(self, options: MatchOptions) -> MatchOptions:
        """Return a matcher's options with what is asked in place of theirs.

        Raises
        ------
        ArgumentError
            If it breaks a rule.
        """
        return dataclasses.replace(
            options,
            radius_m=self.radius_m,
            limit=self.limit,
            on=self.on,
            unknown_fails=tuple(self.unknown_fails),
            weights=Weights(**self.weights.model_dump()),
        )

    @classmethod
    def told(cls, options: MatchOptions) -> OptionsAsked:
        """Return options as they were applied."""
        weights: dict[str, Any] = {
            name: float(getattr(options.weights, name)) for name in WeightsAsked.model_fields
        }
        return cls.model_construct(
            radius_m=float(options.radius_m),
            limit=options.limit,
            basis=options.basis,
            on=options.on,
            unknown_fails=list(options.unknown_fails),
            weights=WeightsAsked.model_construct(**weights),
        )


class ItemAsked(Body):
    """Whose matches are asked for, and around what."""

    seeker: SeekerAsked | None = None
    profile: Profile | None = None
    origin: Origin | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        _one_of("what is matched", {"seeker": self.seeker, "profile": self.profile})
        if self.profile is None:
            return self
        if self.origin is None:
            rule = "a profile must come with an origin"
            raise PydanticCustomError("rule", "{rule}", {"rule": rule})
        if self.origin.household is not None:
            rule = "a profile must have another origin than a household: it is nobody's"
            raise PydanticCustomError("rule", "{rule}", {"rule": rule})
        return self


_EXAMPLE: Final[dict[str, Any]] = {
    "profile": {"occupation": "401", "education": "senior", "shift": "day"},
    "origin": {"lon": 117.38, "lat": 32.92},
    "options": {"radius_m": 3000, "limit": 3},
}


class MatchAsked(ItemAsked):
    """A request for the matches of one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_EXAMPLE, {"seeker": {"id": "S0000001"}}]}
    )

    options: OptionsAsked = OptionsAsked()
    explain: Annotated[
        bool, Field(description="Whether each match says what its conditions compared.")
    ] = True


class BatchAsked(Body):
    """A request for the matches of many, each answered or refused by itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {"profile": {"shift": "day"}, "origin": {"lon": 117.38, "lat": 32.92}},
                        {"seeker": {"id": "S0000001"}},
                    ],
                    "options": {"limit": 3},
                }
            ]
        }
    )

    # Each is checked by itself later: a faulty one does not fail the others.
    items: Annotated[list[SkipValidation[ItemAsked]], Field(min_length=1, max_length=MOST_ITEMS)]
    options: OptionsAsked = OptionsAsked()
    explain: Annotated[
        bool, Field(description="Whether each match says what its conditions compared.")
    ] = False


class MatchesQuery(BaseModel):
    """The parameters beside a body."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_cursor: MinCursor = None


def _most(text: object) -> object:
    """Take how many changes to go through; a number given in Python stays as it is."""
    if not isinstance(text, str):
        return text
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= MOST_ITEMS:
        rule = f"must be a whole number from 1 to {MOST_ITEMS}"
        raise broken(rule, text)
    return int(text)


def _near(metres: float) -> float:
    """Take a radius up to which matches are asked for."""
    if metres > MOST_RADIUS_M:
        rule = f"must be a number of metres from 0 to {MOST_RADIUS_M:.0f}"
        raise broken(rule, str(metres))
    return metres


class ChangesQuery(BaseModel):
    """From where the changes of matches are asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[
        CursorText,
        Field(description="The place in the feed before: the last answer's `cursor`."),
    ]
    limit: Annotated[
        int,
        BeforeValidator(_most),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": 100}),
        Field(
            description="How many changes of the feed to go through at most; each may turn many "
            "pairs, and where they are too many for one answer, it goes through fewer changes.",
            examples=[100],
        ),
    ] = 100
    radius_m: Annotated[
        RadiusM,
        AfterValidator(_near),
        WithJsonSchema({"type": "number", "minimum": 0, "maximum": MOST_RADIUS_M}),
    ] = 3000.0
    basis: Basis = "geodesic"
