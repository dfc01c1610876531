"""What the lines of the feed are, for the description of the API."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE: Final = "application/x-ndjson"
_CURSOR: Final = "0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"
_KEY: Final = "7c1f0a92b4d84e6fa1335c0d9e27b8f4"
_SHORT: Final[dict[str, Any]] = {"id": "J02937-002", "title": "保洁员"}


class ChangeLine(BaseModel):
    """One change. What does not apply is left out."""

    model_config = ConfigDict(extra="forbid")

    cursor: str = Field(
        description="The place after this change: `after` of who goes on from here.",
        examples=[_CURSOR],
    )
    seq: int = Field(description="Number of the change, in the order of the commits.", ge=1)
    committed_at: dt.datetime = Field(description="When it was committed, UTC; it never goes back.")
    kind: str = Field(description="Kind of the record.", examples=["jobs"])
    op: Literal["put", "remove", "erase"] = Field(
        description="put: it is new, or another than before. remove: it is gone. erase: a person "
        "has it deleted, past and present; forget all that is known under the key."
    )
    id: str | None = Field(default=None, description="Of what is public: its owner's id.")
    key: str | None = Field(
        default=None,
        description="Of a person's record: its random name outside, and all that is told of it.",
        examples=[_KEY],
    )
    record: dict[str, Any] | None = Field(
        default=None,
        description="Of what is public and was put: all its fields, which `geo-match records` "
        "describes.",
    )
    reason: str | None = Field(
        default=None, description="Of what is public and gone: why, in the given words."
    )
    occupation: str | None = Field(default=None, description="Of a posting that is gone: its code.")
    occupation_version: str | None = Field(default=None, description="Edition of that code.")
    employer_id: str | None = Field(default=None, description="Of a posting or site that is gone.")
    site_id: str | None = Field(default=None, description="Of a posting that is gone: its site.")
    community: str | None = Field(default=None, description="Where it was: code of the community.")
    lon: float | None = Field(default=None, description="Where it was, degrees, WGS-84.")
    lat: float | None = Field(default=None, description="Where it was, degrees, WGS-84.")


class SnapshotLine(BaseModel):
    """A record, or the first or the last line. What does not apply is left out."""

    model_config = ConfigDict(extra="forbid")

    snapshot: Literal["begins", "complete"] | None = Field(
        default=None,
        description="Of the first and the last line. Without the last one it was cut off.",
    )
    cursor: str | None = Field(
        default=None, description="Where to go on with `GET /v1/changes`.", examples=[_CURSOR]
    )
    committed_at: dt.datetime | None = Field(
        default=None, description="When the last change in it was committed, UTC."
    )
    counts: dict[str, int] | None = Field(
        default=None, description="Of the first line: how many records of each kind follow."
    )
    count: int | None = Field(
        default=None, description="Of the last line: how many records there were."
    )
    kind: str | None = Field(default=None, description="Kind of the record.", examples=["jobs"])
    id: str | None = Field(default=None, description="Of what is public: its owner's id.")
    key: str | None = Field(
        default=None,
        description="Of a person's record: its random name outside, and all that is told of it.",
        examples=[_KEY],
    )
    record: dict[str, Any] | None = Field(
        default=None,
        description="Of what is public: all its fields, as `geo-match records` describes.",
    )


_CURSOR_HEADER: Final = {
    "Geo-Match-Cursor": {
        "description": "The place in the feed up to which this answer tells: where to go on.",
        "schema": {"type": "string", "examples": [_CURSOR]},
    }
}
CHANGES_ANSWER: Final[dict[str, Any]] = {
    "description": "The changes, a line of JSON each; none if there is none.",
    "content": {
        MEDIA_TYPE: {
            "schema": ChangeLine.model_json_schema(),
            "example": {
                "cursor": _CURSOR,
                "seq": 118_363,
                "committed_at": "2026-11-27T08:15:02.113526Z",
                "kind": "jobs",
                "op": "put",
                "id": "J02937-002",
                "record": _SHORT,
            },
        }
    },
    "headers": {
        **_CURSOR_HEADER,
        "Link": {
            "description": "The next request, as rel=next: the same with that cursor.",
            "schema": {"type": "string"},
        },
    },
}
SNAPSHOT_ANSWER: Final[dict[str, Any]] = {
    "description": "The records, a line of JSON each, between a first and a last line.",
    "content": {
        MEDIA_TYPE: {
            "schema": SnapshotLine.model_json_schema(),
            "example": {"kind": "jobs", "id": "J02937-002", "record": _SHORT},
        }
    },
    "headers": {
        **_CURSOR_HEADER,
        "ETag": {"description": "Of these kinds at this place.", "schema": {"type": "string"}},
    },
}
SNAPSHOT_UNCHANGED: Final[dict[str, Any]] = {
    "description": "The one that the caller has (`If-None-Match`) is as new as any.",
    "headers": SNAPSHOT_ANSWER["headers"],
}
