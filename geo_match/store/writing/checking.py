"""Whether arriving records keep the rules of their kind, before anything of them is written.

A value that broke them would be found by those who read: one such job, and no job could be matched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match import codes
from geo_match.errors import ArgumentError
from geo_match.records.broken import broken_rules
from geo_match.store.schema.columns import from_kept, to_typed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.records.broken import Broken

_RULES_SHOWN: Final = 5
_ROWS_SHOWN: Final = 3
_REMEDY: Final = (
    "Mend the values, or leave null what is not known. A list as an office writes it is read by "
    "`geo_match.intake.import_file`."
)


def check_records(
    kind: str, records: pa.Table, schema: pa.Schema, fields: Collection[str] | None
) -> None:
    """Check the columns of arriving records, and their values.

    Parameters
    ----------
    kind
        Of the records.
    records
        As they arrive, each with an id.
    schema
        As `record_schema` gives it.
    fields
        Those that they speak of; all if None: then what has no column is not stated.

    Raises
    ------
    ArgumentError
        If there is a column that is no field, one that is required is not there, a column has
        another type, or values break the rules of the kind.
    """
    unknown = [name for name in records.column_names if name not in schema.names]
    if unknown:
        raise ArgumentError(
            "records",
            f"have columns that are fields of {kind}",
            ", ".join(map(repr, unknown)),
            f"Leave it out, or name it as one of {', '.join(schema.names)}.",
        )
    missing = [
        field.name
        for field in schema
        if not field.nullable and field.name not in records.column_names
    ]
    if missing and (fields is None or set(fields).intersection(missing)):
        raise ArgumentError(
            "records",
            f"have each column that {kind} need",
            f"none that is named {', '.join(map(repr, missing))}",
            "Give each record a value of it; where only some fields of records that are kept "
            "already are to be changed, name these as `fields`.",
        )
    found = broken_rules(kind, to_typed(records, schema), whole=fields is None)
    if fields is not None:  # what else is null there stays as it is kept
        spoken = {"id", *fields}
        found = [one for one in found if one.columns[0] in spoken or one.rule != "be stated"]
    _refuse(kind, found, records.column("id"), np.arange(len(records)))


def check_merged(
    kind: str,
    kept: pa.Table,
    schema: pa.Schema,
    spoken: Sequence[str],
    rows: NDArray[np.int64] | None,
) -> None:
    """Check records as they will be, of which those that arrive speak of some fields only.

    What was wrong before in a field that they do not speak of is not theirs.

    Parameters
    ----------
    kind, schema
        As in `check_records`.
    kept
        In kept form, n of them.
    spoken
        The fields that the arriving records speak of.
    rows
        Where each stands in what arrived, shape (n,); None if that is not known.

    Raises
    ------
    ArgumentError
        If a new record lacks what is required, or fields break a rule beside each other.
    """
    found = [
        one
        for one in broken_rules(kind, from_kept(kept, schema))
        if one.rule == "be stated" or set(one.columns).intersection(spoken)
    ]
    _refuse(kind, found, kept.column("id"), rows)


def _refuse(
    kind: str, found: Sequence[Broken], ids: pa.ChunkedArray, rows: NDArray[np.int64] | None
) -> None:
    """Raise what was found, if there is any."""
    if not found:
        return
    at_fault = [one.rows for one in found if "id" in one.columns]
    unnamed = set(np.concatenate(at_fault).tolist()) if at_fault else set()

    def name(row: int) -> str:
        place = [] if rows is None else [f"position {rows[row]}"]
        if row not in unnamed:
            place.append(f"id {codes.mask_id_cards(str(ids[row].as_py()))!r}")
        return ", ".join(place) or "its id is not shown"

    told = []
    for one in found[:_RULES_SHOWN]:
        shown = "; ".join(name(row) for row in one.rows[:_ROWS_SHOWN].tolist())
        more = "; …" if len(one.rows) > _ROWS_SHOWN else ""
        word = "record" if len(one.rows) == 1 else "records"
        told.append(f"{len(one.rows):,} {word} whose {one} ({shown}{more})")
    if len(found) > _RULES_SHOWN:
        told.append(f"… and {len(found) - _RULES_SHOWN:,} more rules that are broken")
    raise ArgumentError("records", f"keep the rules of {kind}", "; ".join(told), _REMEDY)
