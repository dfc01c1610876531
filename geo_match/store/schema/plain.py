"""Records in kept form, as JSON has them.

Kept is a flag as 0 or 1, a list as text, a moment with a blank in it
(`geo_match.store.schema.columns`). What `geo_match.records.schema` describes, and other systems
read, is true or false, a list, and a moment after ISO 8601.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from geo_match.records import RECORDS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo_match.records import Record


def _moment(kept: str) -> str:
    """Return a moment by China's clock; its fraction is left out where there is none."""
    return f"{kept[:10]}T{kept[11:]}".removesuffix(".000000")


_TURNS: Final[dict[Kind, Callable[[Any], Any]]] = {
    Kind.FLAG: bool,
    Kind.MOMENT: _moment,
    Kind.TEXTS: orjson.loads,
    Kind.CHOICES: orjson.loads,
    Kind.MEMBERS: orjson.loads,
}


def _turned(model: type[Record]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple(
        (name, _TURNS[spec.about.kind])
        for name, spec in model.specs().items()
        if spec.about.kind in _TURNS
    )


_FIELDS: Final = {kind: dict.fromkeys(model.specs()) for kind, model in RECORDS.items()}
_OF_KIND: Final = {kind: _turned(model) for kind, model in RECORDS.items()}


def to_plain(kind: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record of a kind as JSON has it, with all fields that the kind has now.

    Parameters
    ----------
    kind
        One of `geo_match.records.RECORDS`.
    kept
        Values in kept form by the names of their fields; one that is missing, as of an older form,
        is null.

    Raises
    ------
    ValueError
        If a list is no JSON.
    """
    record = {**_FIELDS[kind], **kept}
    for name, turn in _OF_KIND[kind]:
        value = record[name]
        if value is not None:
            record[name] = turn(value)
    return record
