"""Importing: a list is read, located, looked at as a whole, and taken into a store or refused.

A file is judged as a whole first: every row becomes a record, a duplicate, an older version of
another row, or is rejected with its faults, and nothing is written yet. A file that looks wrong as
a whole is refused then, for its rows would all be wrong in the same way. Rows of who was erased are
rejected. Only then are the records applied to the store, in small transactions between which others
may write: the newer ones are accepted, and those that contradict a record that is as new as they
are rejected too, unless the list comes to correct them. What was applied before an interruption
stays, and the same import goes on there.

So a list that says when its records were brought up to date changes nothing when it is imported
again, whatever was imported in between. Where neither a version nor a moment can be compared the
later arrival wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np
import pyarrow.compute as pc

from geo_match.errors import FileError, GeoMatchError
from geo_match.intake.conflicts import reject_conflicts
from geo_match.intake.doubts import Doubts
from geo_match.intake.earlier import mended_before, replaced, unfinished
from geo_match.intake.erased import keep_erased_out
from geo_match.intake.invented import source_of
from geo_match.intake.lists.joined import reject_joined
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.locating import suspect_communities
from geo_match.intake.older import NONE_OLDER, Older, older_rows
from geo_match.intake.placing import placed
from geo_match.intake.references import unknown_names
from geo_match.intake.surroundings import Surroundings, zones_of
from geo_match.intake.unsaid import keep_codes, keep_shapes, spoken_of
from geo_match.records import RECORDS, Placed
from geo_match.records.types import LocatedBy
from geo_match.store import record_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from geo_match.intake.lists.mapping import ColumnMapping
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Applied, Store


class SuspicionError(FileError):
    """A file looks wrong as a whole; nothing of it was written."""


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
        Rows with a fault, or that say otherwise than a record in the store which is as new.
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


@dataclass(frozen=True, slots=True, eq=False)
class JudgedList:
    """A list that was found fit to go in; nothing of it is written yet.

    Parameters
    ----------
    file
        The file as it was read, its records located.
    fields
        Those that it speaks of: the others stay as the store has them.
    warnings
        What a person should know, in whole sentences without a full stop.
    erased_too
        Whether rows of persons and households who were erased are among its records.
    """

    file: RecordsFile
    fields: frozenset[str]
    warnings: tuple[str, ...]
    erased_too: bool = False


def import_file(
    path: str | Path,
    kind: str,
    store: Store,
    *,
    datum: str | None = None,
    mapping: str | Path | ColumnMapping | None = None,
    service_area: tuple[float, float, float, float] | None = None,
    accept_suspicions: bool = False,
    erased_too: bool = False,
    correct: bool = False,
    actor: str = "",
    dry_run: bool = False,
) -> ImportReport:
    """Import a file of records into a store, or refuse it: `judge_file`, then `take_in`.

    Parameters
    ----------
    path, kind, store, datum, mapping, service_area, accept_suspicions, erased_too
        As in `judge_file`.
    correct, actor, dry_run
        As in `take_in`.

    Returns
    -------
    ImportReport
        `read == accepted + unchanged + stale + duplicate + rejected`.

    Raises
    ------
    SuspicionError
        If the file looks wrong as a whole.
    FileError, StoreError, ArgumentError
        As `judge_file` and `take_in` say.
    """
    judged = judge_file(
        path,
        kind,
        store,
        datum=datum,
        mapping=mapping,
        service_area=service_area,
        accept_suspicions=accept_suspicions,
        erased_too=erased_too,
    )
    return take_in(judged, store, correct=correct, actor=actor, dry_run=dry_run)


def judge_file(
    path: str | Path,
    kind: str,
    store: Store,
    *,
    datum: str | None = None,
    mapping: str | Path | ColumnMapping | None = None,
    service_area: tuple[float, float, float, float] | None = None,
    accept_suspicions: bool = False,
    erased_too: bool = False,
) -> JudgedList:
    """Read a list, locate its records and look at it as a whole; nothing is written.

    Parameters
    ----------
    path
        The file; its suffix says how it is read.
    kind
        Of its records, one of `geo_match.records.RECORDS`.
    store
        What it is judged by: communities, gazetteer, and the records that it adds to.
    datum
        Datum of its coordinates, one of `geo_match.datums.DATUMS`; None where its rows, the file
        or the mapping say it.
    mapping
        Which columns mean which fields, a TOML file; by common names if None.
    service_area
        West, south, east, north, degrees WGS-84, where the places are expected.
    accept_suspicions
        Whether a file is taken that looks wrong as a whole; its suspicions become warnings.
    erased_too
        Whether rows of persons and households who were erased are taken, and not rejected.

    Raises
    ------
    SuspicionError
        If the file looks wrong as a whole.
    FileError
        If it cannot be read, or is not what its suffix says.
    StoreError
        If the store cannot be read.
    ArgumentError
        If the kind or the datum is unknown, or `service_area` is no box.
    """
    record_schema(kind)
    around = Surroundings.of(store, service_area=service_area)
    file = read_records(
        path,
        kind,
        datum=datum,
        mapping=mapping,
        # Communities bring the codes: those that are there already cannot judge new ones, but an
        # older list's code finds the community that has another one now.
        context=replace(around.context, communities=None)
        if kind == "communities"
        else around.context,
    )
    _account(file)
    fields = frozenset(spoken_of(file))
    doubts = Doubts()
    if issubclass(RECORDS[kind], Placed):
        file = placed(file, around, store, doubts, datum)
    elif kind == "communities":
        # By what the list says itself, before what the store has stands beside it.
        suspicions = suspect_communities(
            file.records,
            zones_of(file.records)[0] or around.zones,
            service_area=around.context.service_area,
            vicinity=around.vicinity,
        )
        doubts.add_communities(file, around, suspicions)
        doubts.add_overruled(file, suspicions.points.shift, datum)
    if kind == "communities":
        file, told = keep_shapes(file, store)
        doubts.warnings.extend(told)
        if "area" in fields:
            doubts.add_areas(file, store)
    else:
        doubts.add_surroundings(file, around)
    if doubts.grave and not accept_suspicions:
        raise SuspicionError(
            path,
            "look right as a whole",
            "; ".join(doubts.grave),
            "Correct the datum, the columns or the file. If it is right as it is, import it with "
            "suspicions accepted (--accept-suspicions). Nothing was written.",
        )
    mended = tuple(mended_before(file, store))  # before rows are rejected that nobody can mend
    file = keep_codes(file, store, around.context.renumbered, fields)
    file, told = keep_erased_out(file, store, erased_too=erased_too)
    file = reject_joined(file)
    doubts.warnings.extend((*unknown_names(file, store), *mended))
    told += (*file.warnings, *doubts.grave, *doubts.warnings)
    return JudgedList(file, fields, told, erased_too)


def take_in(
    judged: JudgedList,
    store: Store,
    *,
    correct: bool = False,
    actor: str = "",
    dry_run: bool = False,
    watch: Callable[[int], None] | None = None,
    settle: Callable[[ImportReport], None] | None = None,
) -> ImportReport:
    """Take a judged list into a store: what is new or newer is written.

    Parameters
    ----------
    judged
        The list.
    store
        Where its records go.
    correct
        Whether its mistakes were corrected and it comes once more: then rows that are as new as
        the kept records and say otherwise are taken, and not rejected. Older ones stay stale.
    actor
        Who imports; kept with each change.
    dry_run
        Whether to find out what would become of the rows, and write nothing.
    watch
        Told the number of records that are done, as they are: all of `judged.file.records` in the
        end.
    settle
        Told the outcome once the records are in, before the import counts as finished: what it
        does, such as to write the rejected rows, is not forgotten if it is cut off. Whatever it
        raises leaves the import unfinished. Not told in a dry run.

    Returns
    -------
    ImportReport
        `read == accepted + unchanged + stale + duplicate + rejected`.

    Raises
    ------
    ErasedIdError
        If someone in it was erased after it was judged; what was written before that stays.
    StoreError
        If the store cannot be read or written to; what was written before that stays.
    """
    file, fields = judged.file, judged.fields
    if dry_run:
        applied = store.compare(file.kind, file.records, fields=fields, correct=correct)
        return _report(judged, applied)
    judged = replace(judged, warnings=(*unfinished(file, store), *judged.warnings))
    told: list[ImportReport] = []

    def settled(applied: Applied) -> None:
        told.append(_report(judged, applied))
        if settle is not None:
            settle(told[0])

    store.apply(
        file.kind,
        file.records,
        source=source_of(file),
        fields=fields,
        correct=correct,
        erased_too=judged.erased_too,
        actor=actor,
        watch=watch,
        settle=settled,
    )
    return told[0]


def _report(judged: JudgedList, applied: Applied) -> ImportReport:
    """Return what became of a judged list, by what became of its records."""
    file, sizes = judged.file, judged.file.sizes
    older = older_rows(file, file.stale), older_rows(file, file.all_rows(applied.stale))
    file = reject_joined(reject_conflicts(file, applied))
    return ImportReport(
        file=file,
        read=file.n_read,
        accepted=int(sizes[applied.accepted].sum()),
        unchanged=int(sizes[applied.unchanged].sum()),
        stale=int(sizes[applied.stale].sum()) + len(file.stale),
        duplicate=len(file.duplicates),
        rejected=_account(file),
        located=_located(file),
        warnings=(*judged.warnings, *replaced(applied)),
        older_than_row=older[0],
        older_than_store=older[1],
    )


def _account(file: RecordsFile) -> int:
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
