"""What is to be made ready of a block of records, for the transactions that will write them.

It depends on nothing but what it holds, so that it can be handed to another process.
"""

from __future__ import annotations

import math
import pickle
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.store.schema.columns import to_rows
from geo_match.store.schema.images import images_of
from geo_match.store.writing.ready import Ready

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Order:
    """Records that will be written, those of several transactions one after the other.

    Parameters
    ----------
    kind
        Of the records.
    taken
        The n records as they will be, in kept form.
    keys
        The key of the record that each replaces, None for a new one.
    sizes
        How many records each transaction writes, their sum is n.
    import_id
        Which import brings them, 0 for none.
    is_file
        Whether they go into a SQLite file.
    """

    kind: str
    taken: pa.Table
    keys: Sequence[str | None]
    sizes: Sequence[int]
    import_id: int
    is_file: bool

    def made(self) -> Iterator[Ready]:
        """Yield the records of each transaction, made ready."""
        rows = rows_of(self.taken, is_file=self.is_file)
        images = images_of(rows)
        alike = _alike(self.taken, rows)
        for start, stop in pairwise([0, *np.cumsum(self.sizes).tolist()]):
            yield Ready.of(
                self.kind,
                rows[start:stop],
                self.keys[start:stop],
                self.import_id,
                is_file=self.is_file,
                images=images[start:stop],
                alike=alike,
            )

    def to_bytes(self) -> bytes:
        """Return this as another process takes it."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self.taken.schema) as stream:
            stream.write_table(self.taken)  # a slice alone: pickled, it would bring its whole table
        keys = list(self.keys)
        told = (
            self.kind,
            sink.getvalue().to_pybytes(),
            None if keys.count(None) == len(keys) else keys,
            list(self.sizes),
            self.import_id,
            self.is_file,
        )
        return pickle.dumps(told, pickle.HIGHEST_PROTOCOL)

    @classmethod
    def of_bytes(cls, told: bytes) -> Order:
        """Return what `to_bytes` has told."""
        kind, table, keys, sizes, import_id, is_file = pickle.loads(told)  # noqa: S301 - by our own process
        with pa.ipc.open_stream(table) as stream:
            taken = stream.read_all()
        if keys is None:
            keys = [None] * len(taken)
        return cls(kind, taken, keys, sizes, import_id, is_file)


def rows_of(taken: pa.Table, *, is_file: bool) -> list[tuple[Any, ...]]:
    """Return records in kept form as a database takes them, a row each."""
    return to_rows(taken, null=math.nan if is_file else None)


def _alike(taken: pa.Table, rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """Return the fields that are the same in all records, and what they are."""
    first = rows[0] if rows else (None,) * taken.num_columns
    return {
        name: None if column.null_count else value
        for name, column, value in zip(taken.column_names, taken.columns, first, strict=True)
        if _is_alike(column)
    }


def _is_alike(column: pa.ChunkedArray) -> bool:
    """Return whether all values are null, or all the same."""
    if column.null_count or not len(column):
        return bool(column.null_count == len(column))
    return bool(pc.all(pc.equal(column, column[0])).as_py())
