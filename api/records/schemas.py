"""What the answers about records are made of."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model

from api.records.kinds import KINDS

_CURSOR: Final = "0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"


class Note(BaseModel):
    """Something of a record or a list that was repaired, or is doubtful, and was taken."""

    field: str = Field(
        description="Of one record a JSON pointer; of a list the column.", examples=["/lon"]
    )
    rule: str = Field(
        examples=["must have more than 2 decimals, which tell a place to a kilometre"]
    )
    remedy: str = Field(examples=["It was kept as a coarse location; look the place up again."])


class Written(BaseModel):
    """What became of a record."""

    outcome: Literal["created", "changed", "unchanged"] = Field(
        description="`unchanged`: it says nothing that the store did not know; nothing was written."
    )
    id: str = Field(examples=["P00123"])
    cursor: str = Field(
        description="The place in the feed from which it is there, also in `Geo-Match-Cursor`: "
        "`min_cursor` for what must see it.",
        examples=[_CURSOR],
    )
    notes: list[Note] = Field(description="What was repaired, or is doubtful of its values.")
    warnings: list[str] = Field(
        description="What a person should know, in sentences.",
        examples=[["site_id names a site that the store does not have: 1 record (S9)"]],
    )


class Removed(BaseModel):
    """What became of a record that was to go."""

    outcome: Literal["removed", "erased"]
    cursor: str = Field(
        description="The place in the feed from which it is gone, also in `Geo-Match-Cursor`.",
        examples=[_CURSOR],
    )
    erased: dict[str, int] = Field(
        description="Of an erasure, how many records of each kind are gone, those of the past "
        "included; empty for a removal.",
        examples=[{"seekers": 1, "spells": 3}],
    )
    kept_as_evidence: int = Field(
        description="How many of them are kept out of sight until the day that was set.",
        examples=[0],
    )
    to_look_at: int = Field(
        description="Households of which it could not be told which member it was.", examples=[0]
    )
    scrubbed: bool | None = Field(
        description="Whether the store's files are rid of it; if not, ask once more with "
        "`geo-match store erase`. Null for a removal, which the past keeps.",
        examples=[True],
    )


class Rejected(BaseModel):
    """One fault of one row."""

    row: int = Field(
        description="From 1 at the first row below the header; of NDJSON, the line.", examples=[7]
    )
    line: int | None = Field(description="Of the text, where it has lines.", examples=[8])
    field: str = Field(description="The column, as the list names it.", examples=["lat"])
    value: str | None = Field(
        description="What stands there, shortened; null in lists of persons.", examples=["91"]
    )
    rule: str = Field(examples=["must have its latitude between -90 and 90 degrees"])
    remedy: str = Field(examples=["Look the place up again."])


class NotedRows(Note):
    """The same note of several rows."""

    n_rows: int = Field(examples=[3])
    rows: list[int] = Field(description="The first of them.", examples=[[4, 13, 26]])


class Imported(BaseModel):
    """What became of each row of a list.

    `read` is `accepted` + `unchanged` + `stale` + `duplicate` + `rejected`.
    """

    kind: str = Field(examples=["jobs"])
    dry_run: bool = Field(description="Whether nothing was written.")
    read: int = Field(description="Rows; blank ones are not counted.", examples=[1200])
    accepted: int = Field(
        description="New to the store, or newer than what was there.", examples=[1150]
    )
    unchanged: int = Field(description="Say nothing that the store did not know.", examples=[40])
    stale: int = Field(
        description="Older than what the store or the list itself has.", examples=[5]
    )
    duplicate: int = Field(description="Say what a row above them says.", examples=[2])
    rejected: int = Field(description="Rows with a fault.", examples=[3])
    rejections: list[Rejected] = Field(
        description="Their faults, by row; a row may have several. The first 1,000."
    )
    rejections_more: int = Field(description="How many more there are.", examples=[0])
    notes: list[NotedRows] = Field(
        description="What was repaired, or is doubtful, and was taken; the most frequent first."
    )
    located: dict[str, int] = Field(
        description="How many records have their place from where; empty for kinds without one.",
        examples=[{"given": 1180, "community_area": 17}],
    )
    warnings: list[str] = Field(
        description="What a person should know of the list, in sentences.",
        examples=[["not used: 内部编码"]],
    )
    cursor: str = Field(
        description="The place in the feed from which it is all there, also in `Geo-Match-Cursor`.",
        examples=[_CURSOR],
    )


class _PageOf(BaseModel):
    total: int = Field(
        description="How many records there are on all pages, as of this one.", examples=[812]
    )
    next: str | None = Field(
        description="Where the next page is, also in `Link`; null on the last.",
        examples=["/v1/seekers?limit=100&after=UDAwMTIz"],
    )
    cursor: str = Field(
        description="The place in the feed as of which the page is.", examples=[_CURSOR]
    )


PAGES: Final[dict[str, type[BaseModel]]] = {
    kind.name: create_model(
        f"{kind.model.__name__}s",
        __base__=_PageOf,
        __doc__=f"Some {kind.name}, in the order of their ids.",
        records=(list[kind.model], Field(description="In the order of their ids.")),  # type: ignore[name-defined] # made while the program runs
    )
    for kind in KINDS
}
"""A page of the records of each kind."""

CURSOR_HEADER: Final = "Geo-Match-Cursor"
_CURSOR_TOLD: Final[dict[str, Any]] = {
    CURSOR_HEADER: {
        "description": "The place in the feed as of which the answer is.",
        "schema": {"type": "string", "examples": [_CURSOR]},
    }
}
_TAG_TOLD: Final[dict[str, Any]] = {
    "ETag": {
        "description": "Of the record as it is: for `If-None-Match` and `If-Match`.",
        "schema": {"type": "string", "examples": [f'"{_CURSOR}"']},
    }
}
HEADERS: Final[dict[str, Any]] = _CURSOR_TOLD
"""Those of every answer about records."""
HEADERS_OF_ONE: Final[dict[str, Any]] = _TAG_TOLD | _CURSOR_TOLD
"""Those of an answer about one."""
