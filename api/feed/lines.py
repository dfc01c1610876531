"""What the feed says, a line of JSON each: of what is public all, of persons next to nothing.

A person's record is named by its key alone. Who is told by it that something has changed, and may
read persons, reads the record by that key, which is audited. Why one was removed or erased is not
told: the words are somebody's own, and may name whom the records do not know, a relative, say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from geo_match.store.schema.images import PERSONS
from geo_match.store.schema.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.store import Change

_AS_JSON: Final = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
_OF_TOMBSTONES: Final = (
    *("occupation", "occupation_version", "employer_id", "site_id", "community", "lon", "lat"),
)
"""By these, whoever keeps lists by occupation and place finds where something was."""


def change_line(change: Change, epoch: str) -> bytes:
    """Return what is told of a change of the feed of an epoch."""
    told: dict[str, Any] = {
        "cursor": f"{epoch}-{change.seq}",
        "seq": change.seq,
        "committed_at": change.committed_at,
        "kind": change.kind,
        "op": change.op,
    }
    if change.kind in PERSONS:
        told["key"] = change.key
    elif change.record is not None:  # which it never is of what is public
        told["id"] = change.record["id"]
        if change.op == "put":
            told["record"] = to_plain(change.kind, change.record)
        else:
            told |= _tombstone(change.cause, change.record)
    return orjson.dumps(told, option=_AS_JSON)


def record_line(kind: str, kept: Mapping[str, Any]) -> bytes:
    """Return what a snapshot tells of something public, from its fields in kept form."""
    record = to_plain(kind, kept)
    return orjson.dumps({"kind": kind, "id": record["id"], "record": record}, option=_AS_JSON)


def key_line(kind: str, key: str) -> bytes:
    """Return what a snapshot tells of a person's record."""
    return orjson.dumps({"kind": kind, "key": key}, option=_AS_JSON)


def line(told: Mapping[str, Any]) -> bytes:
    """Return anything else as a line."""
    return orjson.dumps(told, option=_AS_JSON)


def _tombstone(reason: str, last: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is left of something public: why it is gone, what it was and where."""
    was = {name: last[name] for name in _OF_TOMBSTONES if last.get(name) is not None}
    return {"reason": reason, **was}
