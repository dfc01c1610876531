"""Which jobs a request asks for, and in which order and form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self, cast, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from api.min_cursor import MinCursor
from api.parameters import MAX_WAGE_CNY, Lat, Limit, Lon, RadiusM, WageCny, broken
from geo_match.codes import check_community_code, community_code
from geo_match.records.types import Education, JobType
from geo_match.taxonomy import check_occupation

if TYPE_CHECKING:
    from collections.abc import Mapping

Sort = Literal["distance", "wage", "date"]
Form = Literal["json", "geojson", "jobposting"]
Facet = Literal["job_type", "occupation", "distance"]
_LONGEST_ID: Final = 64
_LONGEST_CURSOR: Final = 1_000
_GROUP: Final = "^[0-9]([0-9]{2})*$"
_FACETS: Final = "|".join(get_args(Facet))
_ORIGIN: Final = ("lon", "lat", "community", "station")


def _word(words: object, rule: str) -> BeforeValidator:
    """Make the parser of one of some words; `rule` names no type of Python's."""
    known = get_args(words)

    def parse(text: object) -> object:
        if text is not None and text not in known:
            raise broken(rule, text if isinstance(text, str) else "")
        return text

    return BeforeValidator(parse)


def _words(words: object) -> tuple[BeforeValidator, WithJsonSchema]:
    """Make the parser and the schema of one of some words, or none."""
    known = get_args(words)
    rule = f"must be {', '.join(known[:-1])} or {known[-1]}"
    return _word(words, rule), _schema(type="string", enum=list(known), examples=[known[0]])


def _schema(**said: Any) -> WithJsonSchema:  # noqa: ANN401 - what a schema says
    """Say of a parameter that may be left out what it is where it is given: null is never sent."""
    return WithJsonSchema(said, mode="validation")


def _community(text: object) -> object:
    try:
        return check_community_code(text) if isinstance(text, str) else text
    except ValueError as error:
        raise broken(str(error), cast("str", text)) from None


def _id(text: object) -> object:
    if isinstance(text, str) and not 0 < len(text) <= _LONGEST_ID:
        rule = f"must be an id of 1 to {_LONGEST_ID} characters"
        raise broken(rule, text)
    return text


def _occupation(text: object) -> object:
    """Take a group of occupations, with hyphens or without; words are none."""
    if not isinstance(text, str):
        return text
    rule = "must be a code of GB/T 6565-2009 of 1, 3, 5 or more digits, such as 4, 401 or 4-01-01"
    try:
        code = check_occupation(text)
    except ValueError:
        raise broken(rule, text) from None
    if not (code.isascii() and code.isdigit() and len(code) % 2):
        raise broken(rule, text)
    return code


def _facets(text: object) -> object:
    """Take names that commas part."""
    if isinstance(text, str) and not set(text.split(",")) <= set(get_args(Facet)):
        rule = f"must be some of {', '.join(get_args(Facet))}, parted by commas"
        raise broken(rule, text)
    return text


_ID_SCHEMA: Final = {"type": "string", "minLength": 1, "maxLength": _LONGEST_ID}
Basis = Annotated[
    Literal["geodesic", "walking"],
    Field(
        description="What a distance is: the straight line on the WGS-84 ellipsoid, or the "
        "shortest way on foot, the ways to the street at both ends in it. Walking needs a "
        "network of streets: `/healthz` says whether this server has one.",
        examples=["geodesic"],
    ),
    _word(Literal["geodesic", "walking"], "must be geodesic (the straight line) or walking"),
]


class JobsQuery(BaseModel):
    """Which jobs are asked for; the answer repeats it with its defaults filled in.

    The origin is a point (`lon` and `lat`), a `community` or a `station`: exactly one of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lon: Annotated[
        Lon | None,
        Field(description="Longitude of the origin, degrees, WGS-84; with `lat`."),
        _schema(type="number", minimum=-180, maximum=180, examples=[117.38]),
    ] = None
    lat: Annotated[
        Lat | None,
        Field(description="Latitude of the origin, degrees, WGS-84; with `lon`."),
        _schema(type="number", minimum=-90, maximum=90, examples=[32.92]),
    ] = None
    community: Annotated[
        str | None,
        Field(
            description="Code of the community that is the origin: distances are those to the edge "
            "of its area, 0 inside (basis `area_edge`).",
        ),
        BeforeValidator(_community),
        _schema(type="string", pattern=community_code.PATTERN, examples=["340302001001"]),
    ] = None
    station: Annotated[
        str | None,
        Field(description="Id of the service station that is the origin."),
        BeforeValidator(_id),
        _schema(**_ID_SCHEMA, examples=["ST001"]),
    ] = None
    radius_m: RadiusM = 3000.0
    limit: Limit = 20
    basis: Basis = "geodesic"
    sort: Annotated[
        Sort,
        Field(
            description="`distance`: nearest first. `wage`: by the least that is stated for a "
            "month, highest first. `date`: by the day of opening, newest first. What states none "
            "comes last. Ties: the nearer first, then by id.",
            examples=["distance"],
        ),
        _word(Sort, "must be distance, wage or date"),
    ] = "distance"
    occupation: Annotated[
        str | None,
        Field(description="Group of occupations: those whose code begins with it."),
        BeforeValidator(_occupation),
        _schema(type="string", pattern=_GROUP, maxLength=_LONGEST_ID - 1, examples=["401"]),
    ] = None
    job_type: Annotated[JobType | None, Field(description="Kind of job."), *_words(JobType)] = None
    wage_floor_cny: Annotated[
        WageCny | None,
        Field(
            description="Those that may pay so much a month, CNY, as matching judges it: a day "
            "counts 21.75 times, an hour 174 times or by the hours a week that are stated; what "
            "states no pay is left out."
        ),
        _schema(type="number", minimum=0, maximum=MAX_WAGE_CNY, examples=[3000]),
    ] = None
    education: Annotated[
        Education | None,
        Field(description="What somebody has: those that ask for no more, or for nothing."),
        *_words(Education),
    ] = None
    employer_id: Annotated[
        str | None,
        Field(description="Those of this employer."),
        BeforeValidator(_id),
        _schema(**_ID_SCHEMA, examples=["E00001"]),
    ] = None
    site_id: Annotated[
        str | None,
        Field(description="Those at this site: `site.id` of a hit."),
        BeforeValidator(_id),
        _schema(**_ID_SCHEMA, examples=["W00001"]),
    ] = None
    facets: Annotated[
        str | None,
        Field(
            description=f"What to count beside, parted by commas: some of {_FACETS}. Each ignores "
            "its own filter and keeps the others; `distance` are rings beyond the radius, too.",
        ),
        BeforeValidator(_facets),
        _schema(
            type="string", pattern=f"^({_FACETS})(,({_FACETS}))*$", examples=["job_type,distance"]
        ),
    ] = None
    after: Annotated[
        str | None,
        Field(max_length=_LONGEST_CURSOR, description="Where the page before ended: see `next`."),
        _schema(type="string", maxLength=_LONGEST_CURSOR, examples=["WyJhIiwwLDAuMF0"]),
    ] = None
    f: Annotated[
        Form | None,
        Field(description="Form of the answer; counts before the header `Accept`."),
        *_words(Form),
    ] = None
    min_cursor: MinCursor = None

    @model_validator(mode="wrap")
    @classmethod
    def _with_one_origin(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - whatever is given
        """Check that there is one origin, beside all else: all faults are told at once."""
        faults = _origin_faults(data) if isinstance(data, dict) else []
        try:
            made = handler(data)
        except ValidationError as error:
            faults += [
                InitErrorDetails(
                    type=PydanticCustomError(one["type"], "{told}", {"told": one["msg"]}),
                    loc=one["loc"],
                    input=one["input"],
                )
                for one in error.errors(include_url=False)
            ]
        if faults:
            order = {name: place for place, name in enumerate(cls.model_fields)}
            faults.sort(key=lambda fault: order.get(str(fault["loc"][0]), len(order)))
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return made

    @property
    def facet_names(self) -> tuple[str, ...]:
        """What is counted beside."""
        return () if self.facets is None else tuple(self.facets.split(","))


def _origin_faults(given: Mapping[str, Any]) -> list[InitErrorDetails]:
    """Return what is wrong with the origin: none, half of one, or several."""
    named = [name for name in _ORIGIN if given.get(name) is not None]
    kinds = {"point" if name in {"lon", "lat"} else name for name in named}
    if len(kinds) > 1:
        rule = "must be the only origin: a point (lon and lat), a community or a station"
        return [
            InitErrorDetails(type=broken(rule, ""), loc=(name,), input=given[name])
            for name in named
        ]
    if kinds <= {"point"}:
        missing = [name for name in ("lon", "lat") if name not in named]
        return [InitErrorDetails(type="missing", loc=(name,), input=given) for name in missing]
    return []
