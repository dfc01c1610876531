"""What became of the rows of a list that was imported: each of them became one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
import pyarrow.compute as pc

from geo_match.errors import GeoMatchError
from geo_match.intake.conflicts import reject_conflicts
from geo_match.intake.earlier import replaced
from geo_match.intake.lists.joined import reject_joined
from geo_match.intake.older import NONE_OLDER, Older, older_rows
from geo_match.records import RECORDS, Placed
from geo_match.records.types import LocatedBy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Applied


class UnaccountedRowsError(GeoMatchError, RuntimeError):
    """The rows that were read are not those that became something: a fault of geo_match itself."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of a file.

    Parameters
    ----------
    file
        The file as it was read, with its faults, notes and warnings; rows that contradict the
        store are among the rejected ones.
    read
        Rows that were read; blank ones are not counted.
    accepted
        Rows whose records are new in the store, or newer than what was there.
    unchanged
        Rows that say nothing that the store did not know.
    stale
        Rows that are older than what the store or the file itself has.
    duplicate
        Rows that say what a row above them says.
    rejected
        Rows with a fault, or that say otherwise than a record in the store which is as new, or
        break a rule beside what it has in fields of which the list does not speak.
    located
        How many records of those that are not rejected were located in each way; empty for kinds
        without a place, and for lists of members.
    warnings
        What a person should know, in whole sentences without a full stop.
    older_than_row, older_than_store
        Which rows are stale beside another row of the file, and which beside the store's record.

    Raises
    ------
    UnaccountedRowsError
        If the five do not add up to the rows that were read.
    """

    file: RecordsFile
    read: int
    accepted: int
    unchanged: int
    stale: int
    duplicate: int
    rejected: int
    located: Mapping[str, int]
    warnings: tuple[str, ...]
    older_than_row: Older = NONE_OLDER
    older_than_store: Older = NONE_OLDER

    def __post_init__(self) -> None:
        total = self.accepted + self.unchanged + self.stale + self.duplicate + self.rejected
        if total != self.read:
            message = (
                f"{self.file.source}: {self.read} rows were read, but {self.accepted} accepted + "
                f"{self.unchanged} unchanged + {self.stale} stale + {self.duplicate} duplicate + "
                f"{self.rejected} rejected are {total}"
            )
            raise UnaccountedRowsError(message)


def report_of(file: RecordsFile, warnings: tuple[str, ...], applied: Applied) -> ImportReport:
    """Return what became of a list, by what became of its records.

    Parameters
    ----------
    file
        The list as it was judged, n records.
    warnings
        What a person should know of it already.
    applied
        What became of its n records, in their order.

    Raises
    ------
    UnaccountedRowsError
        If a row became nothing, or two things.
    """
    sizes = file.sizes
    older = older_rows(file, file.stale), older_rows(file, file.all_rows(applied.stale))
    file = reject_joined(reject_conflicts(file, applied))
    return ImportReport(
        file=file,
        read=file.n_read,
        accepted=int(sizes[applied.accepted].sum()),
        unchanged=int(sizes[applied.unchanged].sum()),
        stale=int(sizes[applied.stale].sum()) + len(file.stale),
        duplicate=len(file.duplicates),
        rejected=account(file),
        located=_located(file),
        warnings=(*warnings, *replaced(applied)),
        older_than_row=older[0],
        older_than_store=older[1],
    )


def account(file: RecordsFile) -> int:
    """Return the number of rejected rows, once it is sure that every row became one thing.

    Raises
    ------
    UnaccountedRowsError
        If a row became nothing, or two things.
    """
    rejected = np.unique(file.rejections.row)
    kept = file.all_rows()
    became = np.sort(np.concatenate([kept, file.duplicates, file.stale, rejected]))
    if (became[1:] == became[:-1]).any() or len(became) != file.n_read:
        message = (
            f"{file.source}: {file.n_read} rows were read, but {len(kept)} became records, "
            f"{len(file.duplicates)} duplicates, {len(file.stale)} older versions, and "
            f"{len(rejected)} were rejected, which are {len(np.unique(became))} rows in all"
        )
        raise UnaccountedRowsError(message)
    return len(rejected)


def _located(file: RecordsFile) -> Mapping[str, int]:
    """Return how many records were located in each way; nothing for kinds without a place."""
    if not issubclass(RECORDS[file.kind], Placed) or file.joined is not None:
        return {}
    found = pc.value_counts(file.records.column("located_by")).to_pylist()
    counts = {one["values"]: one["counts"] for one in found}
    return {how: counts[how] for how in get_args(LocatedBy) if how in counts}
