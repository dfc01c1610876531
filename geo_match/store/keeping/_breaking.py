"""Records that break the rules of their kind, as sentences that name their keys."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geo_match.records.broken import broken_rules
from geo_match.store.schema.columns import from_kept, from_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NO_VALUE = "must hold values of the types of its fields"


class Breaking:
    """What is found of one kind, block by block.

    Parameters
    ----------
    kind
        Of the records.
    schema
        As `record_schema` gives it.
    most
        Sentences that are kept of each rule.
    """

    def __init__(self, kind: str, schema: pa.Schema, most: int) -> None:
        self._kind = kind
        self._schema = schema
        self._most = most
        self._told: dict[str, list[str]] = {}
        self._n: Counter[str] = Counter()

    def look(self, rows: Sequence[Sequence[Any]]) -> None:
        """Look at some records: of each its key, then its fields in kept form."""
        try:
            found = self._broken(rows)
        except (ValueError, TypeError, pa.ArrowException):  # a damaged one among them
            for row in rows:
                self._look_at(row)
            return
        for rule, keys in found:
            self._add(rule, keys)

    def found(self) -> Iterator[tuple[list[str], int]]:
        """Yield of each rule that is broken the first sentences, and how many records break it."""
        for rule, told in self._told.items():
            if rule != _NO_VALUE:
                yield told, self._n[rule]

    @property
    def unreadable(self) -> tuple[list[str], int]:
        """The first sentences of records that cannot be read, and how many of them there are."""
        return self._told.get(_NO_VALUE, []), self._n[_NO_VALUE]

    def _look_at(self, row: Sequence[Any]) -> None:
        try:
            found = self._broken([row])
        except (ValueError, TypeError, pa.ArrowException):
            found = [(_NO_VALUE, [row[0]])]
        for rule, keys in found:
            self._add(rule, keys)

    def _broken(self, rows: Sequence[Sequence[Any]]) -> list[tuple[str, list[str]]]:
        kept = from_rows([row[1:] for row in rows], self._schema)
        return [
            (str(one), [rows[row][0] for row in one.rows.tolist()])
            for one in broken_rules(self._kind, from_kept(kept, self._schema))
        ]

    def _add(self, rule: str, keys: list[str]) -> None:
        self._n[rule] += len(keys)
        told = self._told.setdefault(rule, [])
        told += [
            f"The record {key} of {self._kind} breaks a rule: {rule}."
            for key in keys[: self._most - len(told)]
        ]
