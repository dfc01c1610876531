"""Values with parts: the members of a household."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from geo_match.intake.values.cells import Column, Parsed, RefusedError, parse_unique
from geo_match.records import Kind, Member
from geo_match.records.arrow import type_of

if TYPE_CHECKING:
    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

_MEMBERS: Final = TypeAdapter(tuple[Member, ...])
MOST_MEMBERS: Final = 50
"""Of one household."""
_LONGEST: Final = 50_000
_TOO_LONG: Final = f"must have at most {_LONGEST:,} characters"
TOO_MANY: Final = f"must have at most {MOST_MEMBERS} members"
_HOW: Final = 'Write it such as [{"birth_year": 1990, "status": "employed"}].'


def parse_members(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse the members of households: birth years and statuses, as a list or as its JSON."""
    del spec, context
    if pa.types.is_nested(column.type):
        cells = column.to_pylist()
        texts = [None if cell is None else json.dumps(cell, default=str) for cell in cells]
        column = pa.chunked_array([pa.array(texts, type=pa.string())])
    return parse_unique(column, type_of(Kind.MEMBERS), _read_members)


def _read_members(text: str, note: Note) -> list[dict[str, Any]]:
    del note
    try:
        if len(text) > _LONGEST:
            raise RefusedError(_TOO_LONG, "Shorten it.")
        members = _MEMBERS.validate_json(text)
    except ValidationError:
        raise RefusedError("must be a list of members, each with its birth year", _HOW) from None
    if len(members) > MOST_MEMBERS:
        raise RefusedError(TOO_MANY, "Is it one household?")
    return [member.model_dump() for member in members]
