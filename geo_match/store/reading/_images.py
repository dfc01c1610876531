"""Images of the feed as records in kept form; of a damaged one the change is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from geo_match.store.schema.columns import from_kept, from_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo_match.store.schema.images import Forms

Told = tuple[int, int | None, str]
"""Number of a change, the form of its image, and the image."""


def records_told(forms: Forms, kind: str, told: Sequence[Told], schema: pa.Schema) -> pa.Table:
    """Return what images say as records of a kind, a row each, in their order.

    Parameters
    ----------
    schema
        The columns wanted, of the kind's.

    Raises
    ------
    StoreCorruptError
        If one of them is not of its form, or has a value that its field cannot have.
    """
    names = schema.names
    rows = [forms.row(form, image, names, change=(seq, kind)) for seq, form, image in told]
    try:
        return _records(rows, schema)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        damaged = next(at for at, row in enumerate(rows) if not _can_be_read(row, schema))
    # Not raised from the error of Arrow: that tells the value, which may be a person's.
    seq, form, _ = told[damaged]
    raise forms.damaged(form, (seq, kind), found="one with a value that its field cannot have")


def _can_be_read(row: list[object], schema: pa.Schema) -> bool:
    try:
        _records([row], schema)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return False
    return True


def _records(rows: Sequence[Sequence[object]], schema: pa.Schema) -> pa.Table:
    return from_kept(from_rows(rows, schema), schema)
