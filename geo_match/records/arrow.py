"""The arrow type in which a column of values of a kind is handed on."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from geo_match.records.fields import Kind

MEMBER: Final = pa.struct([("birth_year", pa.int64()), ("status", pa.string())])
"""One member of a household."""

_TYPES: Final = {
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.LON: pa.float64(),
    Kind.LAT: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.CHOICES: pa.list_(pa.string()),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.DAY: pa.date32(),
    Kind.MOMENT: pa.timestamp("s"),
    Kind.MEMBERS: pa.list_(MEMBER),
}


def type_of(kind: Kind) -> pa.DataType:
    """Return the type of a column of values of a kind: text where no other fits."""
    return _TYPES.get(kind, pa.string())
