"""What requests about records may say in their queries."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from api.min_cursor import MinCursor
from api.parameters import broken
from geo_match.datums import DATUMS
from geo_match.store import Cursor, CursorError

MOST_A_PAGE: Final = 500
_WHOLE: Final = re.compile(r"\d{1,6}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_CODE: Final = re.compile(r"[0-9]{2,12}", re.ASCII)
_NO_DAY: Final = "must be a day, as in 2025-03-01"


def moment_or_cursor(text: str) -> dt.datetime | Cursor:
    """Return what `as_of` names.

    Raises
    ------
    ValueError
        If the calendar or the clock has no such moment.
    CursorError
        If it is neither a moment nor a cursor.
    """
    return dt.datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else Cursor.parse(text)


def _as_of(text: object) -> object:
    if isinstance(text, str):
        try:
            moment_or_cursor(text)
        except (CursorError, ValueError):
            rule = "must be a moment with its zone, as in 2025-03-01T23:59:59+08:00, or a cursor"
            raise broken(rule, text) from None
    return text


def _day(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return dt.date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise broken(_NO_DAY, text) from None


def _by(text: object) -> object:
    if text not in {"id", "key"}:
        rule = "must be id or key"
        raise broken(rule, str(text))
    return text


def _flag(text: object) -> object:
    if text not in {"true", "false", True, False}:
        rule = "must be true or false"
        raise broken(rule, str(text))
    return text in {"true", True}


def _limit(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= MOST_A_PAGE:
        rule = f"must be a whole number from 1 to {MOST_A_PAGE}"
        raise broken(rule, text)
    return int(text)


def _datum(text: object) -> object:
    if text not in DATUMS:
        rule = f"must be one of {', '.join(DATUMS)}"
        raise broken(rule, str(text))
    return text


def _community(text: object) -> object:
    if isinstance(text, str) and not _CODE.fullmatch(text):
        rule = "must be the 12 digits of a community, or the first ones, 2 at least"
        raise broken(rule, text)
    return text


def _after(text: object) -> object:
    if isinstance(text, str) and id_after(text) is None:
        rule = "must be what an earlier page gave for the next one"
        raise broken(rule, text)
    return text


def page_after(id_: str) -> str:
    """Return what names the page after a record."""
    return base64.urlsafe_b64encode(id_.encode()).decode().rstrip("=")


def id_after(text: str) -> str | None:
    """Return the id that a page comes after; None if the text names none."""
    try:
        told = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        id_ = told.decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return None if "\0" in id_ else id_ or None  # no id has a NUL, which PostgreSQL does not take


Flag = Annotated[bool, BeforeValidator(_flag)]
Datum = Annotated[
    Literal["wgs84", "cgcs2000", "gcj02", "bd09"],
    Field(description="Datum of the coordinates that come.", examples=["gcj02"]),
    BeforeValidator(_datum),
]
Purpose = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        description="What a person's record is read for, in words that name nobody; noted in the "
        "audit.",
        examples=["岗位推荐"],
    ),
]
ErasedToo = Annotated[
    Flag,
    Field(
        description="Whether persons and households are taken in who were erased: they have come "
        "back."
    ),
]


_AsOf = Annotated[
    str,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "string", "pattern": "^[0-9a-f]+-[0-9]{1,18}$"},
            ]
        }
    ),
]


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadQuery(_Query):
    """Which state of a record is asked for."""

    by: Annotated[
        Literal["id", "key"],
        Field(
            description="What the path ends with: the owner's id, or the key by which the feed "
            "names persons.",
            examples=["id"],
        ),
        BeforeValidator(_by),
    ] = "id"
    as_of: Annotated[
        _AsOf | None,
        Field(
            description="What was known then: a moment with its zone (a + in a URL is written "
            "%2B), or a cursor. Now if it is not given. The role community is told of persons "
            "who are there still.",
            examples=["2025-03-01T23:59:59+08:00"],
        ),
        BeforeValidator(_as_of),
    ] = None
    on: Annotated[
        dt.date | None,
        Field(
            description="The day on which it must hold, by its own days, to be found: an open job, "
            "a seeker who is registered.",
            examples=["2025-03-01"],
        ),
        BeforeValidator(_day),
    ] = None
    min_cursor: MinCursor = None
    purpose: Purpose = "records"


class PageQuery(_Query):
    """Which page of records is asked for."""

    after: Annotated[
        str | None,
        Field(
            max_length=400,
            description="What the page before gave in `next`; none for the first.",
            examples=["UDAwMTIz"],
        ),
        BeforeValidator(_after),
    ] = None
    limit: Annotated[
        int,
        Field(ge=1, le=MOST_A_PAGE, description="How many records at most.", examples=[100]),
        BeforeValidator(_limit),
    ] = 100
    min_cursor: MinCursor = None
    purpose: Purpose = "records"


class PlacedPageQuery(PageQuery):
    """Which page of records is asked for, of kinds that lie in a community."""

    community: Annotated[
        str | None,
        Field(
            pattern="^[0-9]{2,12}$",
            description="Those in this community alone, or in those whose codes begin so; spells "
            "and services by the person whom they name.",
            examples=["340302001"],
        ),
        BeforeValidator(_community),
    ] = None


class PutQuery(_Query):
    """How a record is taken."""

    datum: Datum = "wgs84"
    erased_too: ErasedToo = False


class RemoveQuery(_Query):
    """Why a record is removed."""

    reason: Annotated[
        str,
        Field(
            min_length=1,
            max_length=180,
            description="Why, in words that name nobody: it is kept for good. `erasure` for the "
            "erasure of a person or a household, with all that tells of them, now and before.",
            examples=["duplicate"],
        ),
    ]
    request: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=180,
            description="Of an erasure the number under which it was asked for.",
            examples=["2025-017"],
        ),
    ] = None


class ImportQuery(_Query):
    """How a list is taken."""

    dry_run: Annotated[
        Flag,
        Field(description="Whether to say what would become of the rows, and to write nothing."),
    ] = False
    datum: Annotated[
        Datum | None,
        Field(description="Datum of the coordinates of rows that do not say theirs."),
    ] = None
    correct: Annotated[
        Flag,
        Field(
            description="Whether rows are taken that are as new as the store's records and say "
            "otherwise."
        ),
    ] = False
    accept_suspicions: Annotated[
        Flag, Field(description="Whether a list is taken that looks wrong as a whole.")
    ] = False
    erased_too: ErasedToo = False
