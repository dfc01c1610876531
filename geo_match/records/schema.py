"""JSON Schema of the records, for whoever sends them or reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo_match.errors import ArgumentError
from geo_match.records.models import RECORDS

if TYPE_CHECKING:
    from geo_match.records.record import Record

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NOTE: Final = (
    "A record that fits has the right form. Check characters of credit codes, ID-card numbers in "
    "texts, and ends that lie before their beginnings are checked beside it."
)


def json_schemas() -> dict[str, Any]:
    """Return the JSON Schemas of all records as one document, draft 2020-12.

    Returns
    -------
    dict
        Under `$defs` the schema of each kind, as `json_schema` gives it: one that validates a
        record of any kind would not tell what is wrong with it, so that the document itself asks
        nothing. Another document refers to one of them by its `$id`.

    Examples
    --------
    >>> list(json_schemas()["$defs"])[:2]
    ['households', 'seekers']
    """
    return {
        "$schema": DIALECT,
        "$comment": "Each schema under $defs is one by itself: refer to it by its $id.",
        "$defs": {kind: json_schema(kind) for kind in RECORDS},
    }


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a record as it is kept, draft 2020-12.

    Parameters
    ----------
    kind
        A key of `RECORDS`, such as "households".

    Returns
    -------
    dict
        The schema, a new one each time. Each field has its meaning in `description` and its
        Chinese name in `x-chinese`. `$id` names it where documents refer to it.

    Raises
    ------
    ArgumentError
        If there is no such kind.

    Examples
    --------
    >>> json_schema("jobs")["properties"]["title"]["x-chinese"]
    '岗位名称'
    """
    model = model_of(kind)
    body = model.model_json_schema()
    for name, spec in model.specs().items():
        body["properties"][name]["x-chinese"] = spec.about.chinese
    return {
        "$schema": DIALECT,
        "$id": f"urn:geo-match:records:{kind}",
        **body,
        "x-chinese": model.chinese,
        "$comment": _NOTE,
        **_lon_with_lat(model),
    }


def model_of(kind: str) -> type[Record]:
    """Return the model of a kind of records.

    Raises
    ------
    ArgumentError
        If there is no such kind.
    """
    if kind not in RECORDS:
        raise ArgumentError("kind", f"be one of {', '.join(RECORDS)}", repr(kind))
    return RECORDS[kind]


def _lon_with_lat(model: type[Record]) -> dict[str, Any]:
    """Return the rule that the one needs the other, of records that have them."""
    if "lon" not in model.model_fields:
        return {}

    def given(name: str) -> dict[str, Any]:
        return {"properties": {name: {"type": "number"}}, "required": [name]}

    pairs = (("lon", "lat"), ("lat", "lon"))
    return {"allOf": [{"if": given(one), "then": given(other)} for one, other in pairs]}
