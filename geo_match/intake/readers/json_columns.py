"""Columns out of JSON objects that need not have the same members."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from geo_match.errors import FileError
from geo_match.intake.readers.headers import MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Json: TypeAlias = Any
"""Whatever a JSON value becomes in Python."""


class JsonColumns:
    """Columns that grow as objects come; an object without a member has null there.

    Parameters
    ----------
    path
        The file, for messages.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._n = 0
        self._columns: dict[str, list[Json]] = {}

    def add(self, members: Iterable[tuple[str, Json]]) -> None:
        """Take the members of the next object; of two with one name the last counts.

        Raises
        ------
        FileError
            If there are now more than `MAX_COLUMNS` different names.
        """
        for name, value in members:
            column = self._columns.get(name)
            if column is None:
                # Met here, not at the end: each new column is filled up to this object.
                if len(self._columns) == MAX_COLUMNS:
                    raise FileError(
                        self._path,
                        f"have at most {MAX_COLUMNS:,} properties",
                        f"{MAX_COLUMNS + 1:,} different names or more",
                    )
                column = self._columns[name] = []
            if len(column) <= self._n:
                column.extend([None] * (self._n - len(column)))
                column.append(value)
            else:
                column[self._n] = value
        self._n += 1

    def table(self) -> pa.Table:
        """Return everything that was taken, each column of one type."""
        for column in self._columns.values():
            column.extend([None] * (self._n - len(column)))
        return pa.table({name: _typed(values) for name, values in self._columns.items()})


def _typed(values: list[Json]) -> pa.Array:
    """Return a column of one type; values of several types are kept as text."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        texts = [
            value if value is None or isinstance(value, str) else json.dumps(value)
            for value in values
        ]
        return pa.array(texts, type=pa.string())
