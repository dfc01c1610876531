"""The jobs of a store in step with its feed, as a base and what differs from it by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.matching.given.columns import JOBS, LICENCE
from geo_match.matching.given.frames import jobs_table
from geo_match.matching.given.from_store import JOB_FIELDS, OWNER, read_both
from geo_match.store import record_schema
from geo_match.store.reading.sound import without_broken
from geo_match.store.schema.columns import from_kept, from_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.store import Change, Cursor
    from geo_match.store.reading import Reading

KINDS: Final = frozenset({"jobs", "employers"})
"""The kinds whose changes tell of jobs."""
_SCHEMA: Final = pa.schema([record_schema("jobs").field(name) for name in JOB_FIELDS])


class Differing(NamedTuple):
    """What differs from the base.

    Parameters
    ----------
    is_left
        bool, (n,): which rows of the base are as they were.
    others
        The jobs that came or are others now, with the columns of `JOBS`.
    """

    is_left: NDArray[np.bool_]
    others: pa.Table


class JobTable:
    """The jobs of a store, with the licences of their employers.

    Parameters
    ----------
    table
        The columns of `JOBS`, of different ids.
    owners
        The employer that each names, null where it names none.
    licences
        What each employer's licence is, by id.
    """

    def __init__(self, table: pa.Table, owners: pa.Array, licences: dict[str, str | None]) -> None:
        self.table = table
        self._owners = owners
        self._licences = licences
        self._row_of = {id_: row for row, id_ in enumerate(table.column("id").to_pylist())}
        self._records: dict[str, dict[str, Any] | None] = {}
        self._relicensed: set[int] = set()
        self._known_others: tuple[pa.Table, pa.Array, NDArray[np.bool_]] | None = None

    @classmethod
    def read(cls, store: Reading) -> tuple[Self, Cursor]:
        """Read the jobs of a store; return them, and the place in the feed where they stand."""
        found = read_both(store)
        names, licences = (found.employers.column(name).to_pylist() for name in ("id", "licence"))
        table = jobs_table(found.jobs, employers=found.employers)
        owners = found.jobs.column(OWNER).combine_chunks()
        return cls(table, owners, dict(zip(names, licences, strict=True))), found.cursor

    def take(self, changes: Sequence[Change]) -> bool:
        """Take changes of the feed; return whether one of them is to a job or its licence."""
        touched = False
        self._known_others = None
        licences: dict[str, str | None] = {}
        for change in changes:
            record = change.record
            if record is None:  # of what is public no image is ever blanked
                continue
            name = record["id"]
            is_there = change.op == "put"
            if change.kind == "jobs":
                self._records[name] = record if is_there else None
                touched = True
            else:
                licences[name] = record["licence"] if is_there else None
        owners = {name for name, one in licences.items() if self._licences.get(name) != one}
        if owners:
            # Before the licences are taken: if this fails, those that differ are found again.
            self._relicensed |= self._owned(owners)
            touched = True
        self._licences.update(licences)
        return touched

    def differing(self) -> Differing:
        """Return what differs from the base by now."""
        table, _, is_left = self._others
        return Differing(is_left, table)

    def renewed(self) -> JobTable:
        """Return the same jobs, all of them in the base."""
        others, owners, is_left = self._others
        left = pa.array(is_left)
        return JobTable(
            pa.concat_tables([self.table.filter(left), others]).combine_chunks(),
            pa.concat_arrays([self._owners.filter(left), owners]),
            dict(self._licences),
        )

    def _owned(self, owners: set[str]) -> set[int]:
        is_owned = pc.is_in(self._owners, value_set=pa.array(sorted(owners), pa.string()))
        return set(np.flatnonzero(np.asarray(is_owned)).tolist())

    @property
    def _others(self) -> tuple[pa.Table, pa.Array, NDArray[np.bool_]]:
        """The jobs that differ from the base, whose they are, and what is left of it."""
        if self._known_others is None:
            self._known_others = self._find_others()
        return self._known_others

    def _find_others(self) -> tuple[pa.Table, pa.Array, NDArray[np.bool_]]:
        is_left = np.ones(len(self.table), dtype=np.bool_)
        gone = [self._row_of[name] for name in self._records if name in self._row_of]
        is_left[gone] = False
        rows = sorted(row for row in self._relicensed if is_left[row])
        is_left[rows] = False
        records = [one for one in self._records.values() if one is not None]
        kept = from_rows([[one.get(name) for name in JOB_FIELDS] for one in records], _SCHEMA)
        found = without_broken("jobs", from_kept(kept, _SCHEMA))
        owners = pa.concat_arrays(
            [found.column(OWNER).combine_chunks(), self._owners.take(pa.array(rows, pa.int64()))]
        )
        known = {one: self._licences.get(one) for one in owners.to_pylist() if one is not None}
        employers = pa.table(
            {
                "id": pa.array(list(known), pa.string()),
                "licence": pa.array(known.values(), pa.string()),
            }
        )
        others = pa.concat_tables(
            [
                jobs_table(found, employers=employers),
                self._relicensed_rows(rows, employers),
            ]
        )
        return others.combine_chunks(), owners, is_left

    def _relicensed_rows(self, rows: list[int], employers: pa.Table) -> pa.Table:
        at = pa.array(rows, pa.int64())
        place = pc.index_in(
            self._owners.take(at),
            value_set=employers.column("id").combine_chunks(),
            skip_nulls=True,
        )
        licences = employers.column("licence").combine_chunks().take(place)
        column = JOBS.get_field_index(LICENCE)
        return self.table.take(at).set_column(column, JOBS.field(column), licences)
