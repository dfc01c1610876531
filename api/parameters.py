"""The parameters of the requests: one strict parser each, so that nothing is guessed or ignored.

A number is plain ASCII decimal text. `NaN`, `inf`, `1e999`, `true`, the empty text, full-width
digits and blanks around are refused rather than read as something near.
"""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from geo_match.store import Cursor, CursorError

MAX_RADIUS_M = 200_000.0
"""The radius up to which the library's circles are exact."""
MAX_LIMIT = 100
MAX_WAGE_CNY = 1_000_000.0
"""The most that a record may say."""
MOST_CHANGES = 10_000
"""The most that one answer tells."""
MOST_WAIT_S = 30.0

_LONGEST_CURSOR = 64
_LONGEST_NUMBER = 40  # of a float64 no program writes more than 25 signs
# No digits in a row may be matched by two parts of it: to try all their shares takes long.
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def broken(rule: str, text: str) -> PydanticCustomError:
    """Return what a parser raises of a text that breaks its rule, as a caller is told it."""
    hint = "; a + in a URL means a space, %2B a plus" if text.startswith(" ") else ""
    return PydanticCustomError("rule", "{rule}", {"rule": rule + hint})


def _number(rule: str, least: float, most: float) -> BeforeValidator:
    """Make the parser of a decimal number between two bounds; `rule` is what a caller is told."""

    def parse(text: object) -> object:
        if not isinstance(text, str):
            return text  # made in Python: the field's own bounds check it
        is_number = len(text) <= _LONGEST_NUMBER and _DECIMAL.fullmatch(text)
        number = float(text) if is_number else math.nan
        if not least <= number <= most:  # False for NaN, and 1e999 is infinite
            raise broken(rule, text)
        return number

    return BeforeValidator(parse)


def _whole(rule: str, least: int, most: int) -> BeforeValidator:
    """Make the parser of a whole number between two bounds; `rule` is what a caller is told."""

    def parse(text: object) -> object:
        if not isinstance(text, str):
            return text
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise broken(rule, text)
        return int(text)

    return BeforeValidator(parse)


def _cursor(text: object) -> object:
    """Take a place in the feed."""
    if not isinstance(text, str):
        return text
    rule = "must be a cursor as this server gave it, such as the header Geo-Match-Cursor"
    if len(text) > _LONGEST_CURSOR:
        raise broken(rule, text)
    try:
        return Cursor.parse(text)
    except CursorError:
        raise broken(rule, text) from None


Lon = Annotated[
    float,
    Field(ge=-180, le=180, description="Longitude, degrees, WGS-84.", examples=[117.38]),
    _number("must be a number from -180 to 180 (degrees, WGS-84)", -180, 180),
]
Lat = Annotated[
    float,
    Field(ge=-90, le=90, description="Latitude, degrees, WGS-84.", examples=[32.92]),
    _number(
        "must be a number from -90 to 90 (degrees, WGS-84); is it exchanged with `lon`?", -90, 90
    ),
]
RadiusM = Annotated[
    float,
    Field(
        ge=0,
        le=MAX_RADIUS_M,
        description="Radius of the circle, metres, inclusive; 0 asks for the very place.",
        examples=[3000.0],
    ),
    _number("must be a number of metres from 0 to 200000", 0, MAX_RADIUS_M),
]
Limit = Annotated[
    int,
    Field(
        ge=0,
        le=MAX_LIMIT,
        description="How many of the nearest jobs to list; 0 asks for the totals alone.",
        examples=[20],
    ),
    _whole(f"must be a whole number from 0 to {MAX_LIMIT}", 0, MAX_LIMIT),
]
ChangesLimit = Annotated[
    int,
    Field(
        ge=1,
        le=MOST_CHANGES,
        description="How many changes to tell at most.",
        examples=[1_000],
    ),
    _whole(f"must be a whole number from 1 to {MOST_CHANGES}", 1, MOST_CHANGES),
]
WaitS = Annotated[
    float,
    Field(
        ge=0,
        le=MOST_WAIT_S,
        description="How long to wait for a change where there is none yet, seconds.",
        examples=[20.0],
    ),
    _number("must be a number of seconds from 0 to 30", 0, MOST_WAIT_S),
]
CursorText = Annotated[
    Cursor,
    BeforeValidator(_cursor),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9a-f]+-[0-9]{1,18}$",
            "maxLength": _LONGEST_CURSOR,
            "examples": ["0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"],
        }
    ),
]
"""A place in the feed of the store's changes, as a caller sends it back; opaque to them."""

WageCny = Annotated[
    float,
    Field(ge=0, le=MAX_WAGE_CNY, description="CNY for a full month.", examples=[3000.0]),
    _number(f"must be a number of CNY a month from 0 to {MAX_WAGE_CNY:.0f}", 0, MAX_WAGE_CNY),
]


class NoQuery(BaseModel):
    """A request that takes no parameters."""

    model_config = ConfigDict(extra="forbid")
