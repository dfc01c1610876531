"""What requests for features ask, and how: one strict parser each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import shapely
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

from api.parameters import broken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

MOST: Final = 10_000
"""Features that one page has at most, however many are asked for."""
_USUAL: Final = 10
_LONGEST: Final = 200
_NUMBER: Final = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_BBOX: Final = f"^{_NUMBER}(,{_NUMBER}){{3}}((,{_NUMBER}){{2}})?$"
_DAY: Final = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_ZONE: Final = r"([zZ]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_TIME: Final = rf"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{{1,9}})?{_ZONE}"
_MOMENT: Final = f"{_DAY}([tT]{_TIME})?"
_END: Final = rf"({_MOMENT}|(\.\.)?)"
_WHEN: Final = f"^({_MOMENT}|{_END}/{_END})$"
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_WITH_HEIGHTS: Final = 6


def _bbox(text: object) -> object:
    if not isinstance(text, str):
        return text
    rule = (
        "must be west,south,east,north in degrees of WGS-84, or six numbers with the least height "
        "after south and the greatest at the end; west is above east beyond the antimeridian"
    )
    if len(text) > _LONGEST or not re.fullmatch(_BBOX, text):
        raise broken(rule, text)
    west, south, east, north = _edges_of(text)
    is_on_earth = max(abs(west), abs(east)) <= 180 and -90 <= south <= north <= 90  # noqa: PLR2004 - degrees
    if not is_on_earth:
        raise broken(rule, text)
    return text


def _edges_of(bbox: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north; heights leave nothing out, as nothing here has any."""
    west, south, *more = (float(part) for part in bbox.split(","))
    east, north = more[1:3] if len(more) + 2 == _WITH_HEIGHTS else more
    return west, south, east, north


def _when(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(_WHEN, text, re.ASCII):
        rule = "must be a day or a date-time of RFC 3339, or two with / between, .. for no end"
        raise broken(rule, text)
    return text


def _whole(least: int, most: int, rule: str, *, is_cut: bool = False) -> BeforeValidator:
    """Make the parser of a whole number; one that is too large is cut where that is the rule."""

    def parse(text: object) -> object:
        if not isinstance(text, str):
            return text
        if is_cut and text.isascii() and text.isdigit() and len(text) <= _LONGEST:
            text = str(min(int(text), most))
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise broken(rule, text)
        return int(text)

    return BeforeValidator(parse)


def _text(pattern: str, example: str) -> WithJsonSchema:
    """Describe a text of a form."""
    told = {"type": "string", "pattern": pattern, "maxLength": _LONGEST, "examples": [example]}
    return WithJsonSchema(told)


class ItemsQuery(BaseModel):
    """Which features of a collection are asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bbox: Annotated[
        str | None,
        BeforeValidator(_bbox),
        _text(_BBOX, "117.2,32.8,117.6,33.1"),
        Field(
            description="Which they touch: west,south,east,north, degrees, WGS-84; west is above "
            "east where it lies across the antimeridian. Six numbers have heights, which leave "
            "nothing out here.",
        ),
    ] = None
    datetime: Annotated[
        str | None,
        BeforeValidator(_when),
        _text(_WHEN, "2026-01-01T00:00:00Z/.."),
        Field(
            description="A moment, or two with / between. Features here are those of today and "
            "have no time of their own, so that every moment finds all of them.",
        ),
    ] = None
    limit: Annotated[
        int,
        _whole(1, MOST, "must be a whole number from 1 on", is_cut=True),
        WithJsonSchema({"type": "integer", "minimum": 1, "examples": [1_000]}),
        Field(
            description=f"How many a page has at most; above {MOST:,} it is {MOST:,}.",
        ),
    ] = _USUAL
    offset: Annotated[
        int,
        Field(
            ge=0,
            le=999_999_999,
            description="How many of those found are left out before the page.",
            examples=[0],
        ),
        _whole(0, 999_999_999, "must be a whole number from 0 to 999999999"),
    ] = 0
    after: Annotated[
        str | None,
        Field(
            max_length=_LONGEST,
            description="The id after which the page begins, as the link `next` has it: whatever "
            "is written meanwhile, no feature comes twice.",
            examples=["340302001001"],
        ),
    ] = None

    @property
    def boxes(self) -> Sequence[BaseGeometry] | None:
        """What `bbox` asks for: two where it lies across the antimeridian."""
        if self.bbox is None:
            return None
        west, south, east, north = _edges_of(self.bbox)
        if west <= east:
            return [_drawn(west, south, east, north)]
        return [_drawn(west, south, 180.0, north), _drawn(-180.0, south, east, north)]


def _drawn(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Draw a box; one without a width or a height is a line or a point."""
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


class Property(NamedTuple):
    """A property that the features of a collection have.

    Parameters
    ----------
    kind
        `str`, `int`, `bool` or `float`; what is no `float` can be asked for.
    description, example
        What it is.
    """

    kind: type
    description: str
    example: Any


def query_of(name: str, properties: Mapping[str, Property]) -> type[ItemsQuery]:
    """Make the model of requests for features: those that all have, and the properties.

    Parameters
    ----------
    name
        Of the collection.
    """
    fields: dict[str, Any] = {
        one: (_parameter(about), None)
        for one, about in properties.items()
        if about.kind is not float
    }
    model: type[ItemsQuery] = create_model(
        f"{name.capitalize()}Query", __base__=ItemsQuery, __doc__=ItemsQuery.__doc__, **fields
    )
    return model


def _parameter(about: Property) -> Any:  # noqa: ANN401 - an annotation
    told: dict[str, Any] = {"description": about.description, "examples": [about.example]}
    if about.kind is str:
        return Annotated[str | None, Field(max_length=_LONGEST, **told)]
    if about.kind is bool:
        return Annotated[bool | None, Field(**told), BeforeValidator(_flag)]
    parse = _whole(0, 999_999_999, "must be a whole number from 0 to 999999999")
    return Annotated[int | None, Field(ge=0, le=999_999_999, **told), parse]


def _flag(text: object) -> object:
    if not isinstance(text, str):
        return text
    if text not in {"true", "false"}:
        rule = "must be true or false"
        raise broken(rule, text)
    return text == "true"
