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
        Chinese name in `x-chinese`.

    Raises
    ------
    ArgumentError
        If there is no such kind.

    Examples
    --------
    >>> json_schema("jobs")["properties"]["title"]["x-chinese"]
    '岗位名称'
    """
    if kind not in RECORDS:
        raise ArgumentError("kind", f"be one of {', '.join(RECORDS)}", repr(kind))
    model = RECORDS[kind]
    body = model.model_json_schema()
    for name, spec in model.specs().items():
        body["properties"][name]["x-chinese"] = spec.about.chinese
    return {
        "$schema": DIALECT,
        **body,
        "x-chinese": model.chinese,
        "$comment": _NOTE,
        **_lon_with_lat(model),
    }


def _lon_with_lat(model: type[Record]) -> dict[str, Any]:
    """Return the rule that the one needs the other, of records that have them."""
    if "lon" not in model.model_fields:
        return {}

    def given(name: str) -> dict[str, Any]:
        return {"properties": {name: {"type": "number"}}, "required": [name]}

    pairs = (("lon", "lat"), ("lat", "lon"))
    return {"allOf": [{"if": given(one), "then": given(other)} for one, other in pairs]}
