"""Importing: a list is read, located, looked at as a whole, and taken into a store or refused.

A file is judged as a whole first (`geo_match.intake.judging`), and nothing is written yet. Only
then are the records applied to the store, in small transactions between which others may write: the
newer ones are accepted, and those that contradict a record that is as new as they are rejected too,
unless the list comes to correct them. What was applied before an interruption stays, and the same
import goes on there.

So a list that says when its records were brought up to date changes nothing when it is imported
again, whatever was imported in between. Where neither a version nor a moment can be compared the
later arrival wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.intake.earlier import unfinished
from geo_match.intake.import_report import ImportReport, UnaccountedRowsError, report_of
from geo_match.intake.invented import source_of
from geo_match.intake.judging import JudgedList, SuspicionError, judge_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo_match.intake.lists.mapping import ColumnMapping
    from geo_match.store import Applied, Store

__all__ = [
    "ImportReport",
    "JudgedList",
    "SuspicionError",
    "UnaccountedRowsError",
    "import_file",
    "judge_file",
    "take_in",
]


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


def take_in(
    judged: JudgedList,
    store: Store,
    *,
    correct: bool = False,
    actor: str = "",
    dry_run: bool = False,
    watch: Callable[[int], None] | None = None,
    settle: Callable[[ImportReport], str | None] | None = None,
    same_source: bool = False,
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
        raises leaves the import unfinished. Not told in a dry run. What it returns the store keeps
        for a day as what was told of the import (`Store.imports_from`).
    same_source
        As in `Store.apply`.

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
        applied = store.compare(
            file.kind, file.records, fields=fields, correct=correct, judged=True
        )
        return report_of(file, judged.warnings, applied)
    warnings = (*unfinished(file, store), *judged.warnings)
    told: list[ImportReport] = []

    def settled(applied: Applied) -> str | None:
        told.append(report_of(file, warnings, applied))
        return None if settle is None else settle(told[0])

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
        judged=True,
        same_source=same_source,
    )
    return told[0]
