"""What `import` does: an office's lists go into a store, or are refused as a whole."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from geo_match.cli.circles import ALL_USED, SOME_REJECTED
from geo_match.cli.rehearsal import copy_store, known
from geo_match.cli.stopping import Stopped, finish_anyway, stoppable
from geo_match.cli.telling import language_at, language_for, tell, tell_begun, tell_left, told
from geo_match.cli.terminal import progress, say
from geo_match.errors import FileError, GeoMatchError
from geo_match.exchange.mending import write_mending
from geo_match.exchange.target import check_new, check_target, naming, remove_rests, replacing
from geo_match.intake.importing import judge_file, take_in
from geo_match.store import Store, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo_match.intake.chinese import Language
    from geo_match.intake.importing import ImportReport

_MENDED = re.compile(r"\.mend(-\d+)?$")


@dataclass(frozen=True, slots=True)
class Options:
    """How files are imported.

    Parameters
    ----------
    datum
        Of their coordinates; None where they say it.
    mapping
        Which columns mean which fields; None by common names.
    service_area
        Where the places are expected.
    report
        Where the rejected rows are written for mending; beside each file if None.
    accept_suspicions
        Whether files are imported that look wrong as a whole.
    correct
        Whether rows are taken that are as new as the store's records and say otherwise.
    erased_too
        Whether rows of persons and households who were erased are taken.
    dry_run
        Whether to write nothing.
    language
        In which to tell what became of them, `zh` or `en`; that of each list's headers if None.
    actor
        Who imports; kept with each change.
    """

    datum: str | None = None
    mapping: Path | None = None
    service_area: tuple[float, float, float, float] | None = None
    report: Path | None = None
    accept_suspicions: bool = False
    correct: bool = False
    erased_too: bool = False
    dry_run: bool = False
    language: str | None = None
    actor: str = ""


def import_files(kind: str, files: Sequence[Path], store: str, options: Options) -> int:
    """Import files one after the other; of one that is refused nothing is written.

    Parameters
    ----------
    kind
        Of their records.
    files
        In the order in which they are taken.
    store
        Path or URL of the store; made if nothing is there.
    options
        How.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If a file is refused: those before it are in the store, it and those after it are not.
        If the store fails on the way: a part of the file may be in it, since it is written in
        small transactions. Importing it again goes on there.
    """
    left = list(files)
    try:
        with _destination(store, files, dry_run=options.dry_run) as into:
            return _import_each(left, kind, into, options)
    except GeoMatchError as error:
        path = left[0] if left else files[-1]
        raise told(error, path, options.language) from error.__cause__


def _import_each(left: list[Path], kind: str, into: _Destination, options: Options) -> int:
    """Import files one after the other, and take each out of the list once it is in place."""
    status = ALL_USED
    n = len(left)
    try:
        while left:
            with stoppable():  # each anew: one that is in place is told, then the next begins
                path = left[0]
                target = options.report or _mending_path(path)
                if not options.dry_run:
                    _check_mending(target, path)
                    remove_rests(target)
                rejected = _import_next(left, kind, into, options, target)
            if rejected:
                status = SOME_REJECTED
    except Stopped as stop:
        if len(left) == n and not into.begun:
            raise
        language = _language(left, into, options)
        if into.begun:
            tell_begun(left.pop(0), language)
        if left:
            tell_left(left, language)
        raise typer.Exit(stop.status) from None
    except Exception:
        if left and n > 1:
            tell_left(left, _language(left, into, options))
        raise
    return status


def _import_next(
    left: list[Path], kind: str, into: _Destination, options: Options, target: Path
) -> int:
    """Import the first of the files left, take it out and tell of it once its records are in.

    Returns
    -------
    int
        How many of its rows were rejected.
    """
    outcome = _Outcome(target)
    try:
        report = _import_one(left[0], kind, into, options, outcome)
    finally:
        if outcome.report is not None:  # whatever came after that
            left.pop(0)
            tell(
                outcome.report, outcome.mending, dry_run=options.dry_run, language=options.language
            )
    return report.rejected


def _language(left: Sequence[Path], into: _Destination, options: Options) -> Language:
    """Return the language in which a stop is told: as asked, or that of the list it met."""
    asked = options.language or into.language
    return language_at(left[0] if left else Path(), asked)


def _import_one(
    path: Path, kind: str, into: _Destination, options: Options, outcome: _Outcome
) -> ImportReport:
    """Import a file, and write its rejected rows; return what became of it.

    These are written before the import counts as finished: if that is cut off, the store's status
    tells of it, and the next import of the list writes them.

    Raises
    ------
    FileError
        If the rejected rows cannot be written; the outcome says nevertheless what became of all.
    """
    with known(into.store) as there, progress(f"reading {path.name}"):
        judged = judge_file(
            path,
            kind,
            there,
            datum=options.datum,
            mapping=options.mapping,
            service_area=options.service_area,
            accept_suspicions=options.accept_suspicions,
            erased_too=options.erased_too,
        )
    into.language = language_for(judged.file, options.language)
    left = len(judged.file.records)
    into.begun = False
    # Made only now if nothing is there: a file that is refused leaves no empty store behind.
    with (
        Store.open(into.store) as opened,
        progress(f"importing {path.name}", left) as advance,
    ):

        def watch(n: int) -> None:
            nonlocal left
            into.begun = not options.dry_run
            left -= n
            if left == 0:  # from here on all of it is in place
                finish_anyway()
            advance(n)

        def settle(report: ImportReport) -> None:
            finish_anyway()
            into.begun = False
            outcome.report = report
            if not options.dry_run:
                outcome.mending = _write_mending(outcome.target, report, options.language)

        report = take_in(
            judged,
            opened,
            correct=options.correct,
            actor=options.actor,
            dry_run=into.compared_only,
            watch=watch,
            settle=settle,
        )
        finish_anyway()
        outcome.report = report
    return report


@dataclass(slots=True)
class _Outcome:
    """What became of a file.

    Parameters
    ----------
    target
        Where its rejected rows go.
    report
        Of all its rows; None until its records are in.
    mending
        Where the rejected rows were written; None if nowhere.
    """

    target: Path
    report: ImportReport | None = None
    mending: Path | None = None


@dataclass(slots=True)
class _Destination:
    """Where files go.

    Parameters
    ----------
    store
        Path or URL.
    compared_only
        Whether they are compared with what is there, and nothing is written.
    begun
        Whether a part of a file is in the store, and the rest is not.
    language
        That of the last list that was read; None before.
    """

    store: str
    compared_only: bool
    begun: bool = False
    language: Language | None = None


@contextmanager
def _destination(store: str, files: Sequence[Path], *, dry_run: bool) -> Iterator[_Destination]:
    """Say where files go: in a dry run of several into a copy, so that each meets those before it.

    Raises
    ------
    FileError
        If the store is to be made in a folder that is missing or not writable.
    StoreError
        If the store cannot be copied.
    """
    path = path_of(store)
    is_there = path is None or path.exists()
    if path is None or not dry_run or (is_there and len(files) == 1):
        if path is not None and not is_there:
            check_target(path)
        if path is None and dry_run and len(files) > 1:
            say("dry run on a server: each file is compared with the store as it is, alone")
        yield _Destination(store, compared_only=dry_run)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, path.name)
        if is_there:
            with progress(f"copying {path.name}"):
                copy_store(store, copy)
        yield _Destination(str(copy), compared_only=False)


def _write_mending(target: Path, report: ImportReport, language: str | None) -> Path | None:
    """Write the rejected rows of an imported file; return where, or None if there are none.

    Raises
    ------
    FileError
        If that fails: the records are in the store nevertheless, and it says so.
    """
    file = report.file
    if not report.rejected:
        return None
    try:
        with replacing(target, only_new=True) as (temporary,), naming(target):
            write_mending(
                temporary,
                file.table,
                file.rejections,
                file.notes,
                language=language_for(file, language),
            )
    except FileError as error:
        done = (
            f"The good rows of {file.source} are in the store all the same: importing it again "
            "changes nothing there, and writes the rejected rows."
        )
        remedy = f"{error.remedy} {done}" if error.remedy else done
        raise FileError(error.file, error.rule, error.found, remedy) from error
    return target


def _check_mending(target: Path, path: Path) -> None:
    """Check before anything is written that the rejected rows can be.

    Raises
    ------
    FileError
        If they cannot.
    """
    try:
        check_new(target, [path])
    except FileError as error:
        remedy = error.remedy or "The rejected rows go there: name another file with --report."
        raise FileError(error.file, error.rule, error.found, remedy) from error


def _mending_path(path: Path) -> Path:
    """Return where a file's rejected rows go: a name beside it that nothing has yet.

    A file with that name may hold cells that someone has mended already.
    """
    stem = _MENDED.sub("", path.stem)
    target = path.with_name(f"{stem}.mend{path.suffix}")
    n = 2
    while target.exists():
        target = path.with_name(f"{stem}.mend-{n}{path.suffix}")
        n += 1
    return target
