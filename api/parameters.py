"""The parameters of the requests: one strict parser each, so that nothing is guessed or ignored.

A number is plain ASCII decimal text. `NaN`, `inf`, `1e999`, `true`, the empty text, full-width
digits and blanks around are refused rather than read as something near.
"""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

MAX_RADIUS_M = 200_000.0
"""The radius up to which the library's circles are exact."""
MAX_LIMIT = 100

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
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
        number = float(text) if _DECIMAL.fullmatch(text) else math.nan
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


class NoQuery(BaseModel):
    """A request that takes no parameters."""

    model_config = ConfigDict(extra="forbid")
