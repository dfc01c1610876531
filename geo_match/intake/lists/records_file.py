"""A list of an office becomes typed, checked records, with every faulty and doubtful row named.

**What rejects a row, and what is a note.** A row is rejected for a value that is none of its
field's (a day that the calendar has not, a code that nothing has, a number beyond its bounds), for
one that could be two things (03/04/2025), for coordinates without a datum or on the wrong axes,
for a version from the future, for an ID-card number in an id or a text, for fields that contradict
each other, and for the id of another row; and for being none: a total, a note under the list, its
headers once more. What can be read in one way only is repaired, and what
looks wrong but may be right is kept; either is noted: white space, full-width digits, a renumbered
community, 面议 for a wage and 若干 for a number, an occupation that the standard has not, a day to
come, few decimals, (0, 0), a record without a place, a place outside the service area.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from geo_match.datums import as_datum
from geo_match.intake.lists._asides import without_asides
from geo_match.intake.lists._formulas import without_unused_formulas
from geo_match.intake.lists._reading import Reading
from geo_match.intake.lists.mapping import (
    ColumnMapping,
    check_mapping,
    match_columns,
    read_mapping,
)
from geo_match.intake.lists.members import Members, member_columns
from geo_match.intake.readers.files import read_table
from geo_match.intake.readers.ndjson import table_of_object
from geo_match.intake.unmended import without_unmended
from geo_match.intake.values import Context
from geo_match.records.schema import model_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.intake.findings import Findings
    from geo_match.intake.lists._reading import Outcome
    from geo_match.intake.lists._together import Joined
    from geo_match.intake.readers.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class RecordsFile:
    """What became of a list: each row read is a record, a duplicate, stale or rejected.

    Parameters
    ----------
    source
        The file.
    kind
        Of its records, a key of `geo_match.records.RECORDS`.
    table
        The file as it was read; rows that are no records are among its faults.
    row
        Number of each record's row as `Rejection.row` counts, int64, shape (n,).
    records
        A row a record: `row`, and every field of the model in its order, typed: string, int64,
        double, bool, date32, timestamp[s], list<string>.
    n_read
        Rows that were read; blank ones are not counted.
    rejections
        The faults of rejected rows, by row; a row may have several.
    notes
        What was repaired or is doubtful, in the same shape, by row, of all rows.
    duplicates
        Numbers of the rows that say what a row above them says, int64, ascending.
    stale
        Numbers of the rows that are older versions of another row, int64, ascending.
    warnings
        What a person should know of the file.
    columns
        For each field the header of the column that it came from, several by ", ".
    unused
        Headers of the other columns, as they stand in the file, without those that a mapping leaves
        out on purpose. Nobody knows what they mean; `warnings` names them.
    joined
        Of a list with a row a member the rows that make one record with another; None of others.
    """

    source: Path
    kind: str
    table: Table
    row: NDArray[np.int64]
    records: pa.Table
    n_read: int
    rejections: Findings
    notes: Findings
    duplicates: NDArray[np.int64]
    stale: NDArray[np.int64]
    warnings: tuple[str, ...]
    columns: Mapping[str, str]
    unused: tuple[str, ...]
    joined: Joined | None = None

    @property
    def n_rejected(self) -> int:
        """Number of rows that were rejected."""
        kept = int(self.sizes.sum())
        return self.n_read - kept - len(self.duplicates) - len(self.stale)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Of how many rows each record is made, int64, shape (n,)."""
        if self.joined is None:
            return np.ones(len(self.row), dtype=np.int64)
        return self.joined.sizes(self.row)

    def all_rows(self, which: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Return the rows of which records are made, ascending: of all, or of some of them."""
        row = self.row if which is None else self.row[which]
        return row if self.joined is None else np.sort(np.append(row, self.joined.of(row)))


def read_records(
    path: str | Path,
    kind: str,
    *,
    datum: str | None = None,
    mapping: str | Path | ColumnMapping | None = None,
    context: Context | None = None,
) -> RecordsFile:
    """Read a list of records; nothing of it is kept anywhere yet.

    Parameters
    ----------
    path
        The file; its suffix says how it is read.
    kind
        Of the records, a key of `geo_match.records.RECORDS`.
    datum
        Datum of the coordinates of rows that do not say theirs, one of `geo_match.datums.DATUMS`;
        None for that of the mapping, or of the file's CRS.
    mapping
        A mapping file or its content, for headers that are not known.
    context
        What the values are judged against.

    Returns
    -------
    RecordsFile
        `n_read == sizes.sum() + n_rejected + len(duplicates) + len(stale)`.

    Raises
    ------
    ArgumentError
        If there is no such kind.
    FileError
        If the file, or the mapping, is missing, unreadable, empty, or not what its suffix says.
    ColumnError
        If a required field has no column, or a header or field is ambiguous.
    DatumError
        If a datum is unknown, no row says the datum of its coordinates and none is given, or the
        file's CRS is not on WGS 84 or CGCS2000.
    """
    model = model_of(kind)
    if mapping is None:
        mapping = ColumnMapping()
    elif isinstance(mapping, ColumnMapping):
        check_mapping(mapping, kind)
    else:
        mapping = read_mapping(mapping, kind)
    given = datum if datum is not None else mapping.datum
    checked = None if given is None else as_datum(given)
    table = read_table(path)
    of_members = member_columns(table, kind, mapping)
    if of_members is not None:
        return _of_members(Members(table, of_members, context or Context()))
    columns = match_columns(table, kind, mapping)
    table = without_asides(without_unused_formulas(table, columns), columns)
    table = without_unmended(table)
    reading = Reading(table, kind, model, columns, mapping=mapping, context=context or Context())
    return _of_rows(table, kind, reading.finish(checked), columns.unused)


def record_file(
    record: Mapping[str, Any],
    kind: str,
    *,
    datum: str | None = None,
    context: Context | None = None,
    source: str = "record",
) -> RecordsFile:
    """Read one record as the list that has it alone.

    Parameters
    ----------
    record
        Its fields by their names in the model, as JSON has them. Other names are not known here.
    kind, datum, context
        As in `read_records`.
    source
        What stands for the file in messages.

    Returns
    -------
    RecordsFile
        Of one record, or of none and why.

    Raises
    ------
    ArgumentError, ColumnError, DatumError
        As `read_records` does.
    """
    model = model_of(kind)
    checked = None if datum is None else as_datum(datum)
    table = table_of_object(record, Path(source))
    mapping = ColumnMapping(columns={name: name for name in record})
    columns = match_columns(table, kind, mapping)
    reading = Reading(table, kind, model, columns, mapping=mapping, context=context or Context())
    return _of_rows(table, kind, reading.finish(checked), columns.unused)


def _of_rows(table: Table, kind: str, outcome: Outcome, unused: tuple[str, ...]) -> RecordsFile:
    """Return what became of a list with a row a record."""
    row = table.row
    return RecordsFile(
        source=table.path,
        kind=kind,
        table=table,
        row=row[outcome.good],
        records=outcome.records.add_column(0, "row", pa.array(row)).filter(pa.array(outcome.good)),
        n_read=table.n_read,
        rejections=outcome.rejections,
        notes=outcome.notes,
        duplicates=row[outcome.copies],
        stale=row[outcome.stale],
        warnings=outcome.warnings,
        columns=MappingProxyType(dict(outcome.columns)),
        unused=unused,
    )


def _of_members(members: Members) -> RecordsFile:
    """Return a list with a row a member as one of households."""
    table = members.table
    return RecordsFile(
        source=table.path,
        kind="households",
        table=table,
        row=members.row,
        records=members.records(),
        n_read=table.n_read,
        rejections=members.rejections,
        notes=members.notes,
        duplicates=members.duplicates,
        stale=members.stale,
        warnings=members.warnings,
        columns=MappingProxyType(members.columns),
        unused=members.unused,
        joined=members.joined,
    )
