"""What `import` and `mapping` do: an office's lists go into a store, each whole or not at all."""

from __future__ import annotations

import re
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from geo_match.cli.circles import ALL_USED, SOME_REJECTED
from geo_match.cli.stopping import Stopped, finish_anyway, stoppable
from geo_match.cli.telling import tell, tell_left
from geo_match.cli.terminal import progress, say
from geo_match.datums import as_datum
from geo_match.exchange.mending import write_mending
from geo_match.exchange.target import already_there, check_target, naming, replacing
from geo_match.intake.faults import counted
from geo_match.intake.importing import import_file
from geo_match.intake.lists.mapping import propose
from geo_match.intake.locating import Gazetteer
from geo_match.intake.readers.files import read_table
from geo_match.store import Store
from geo_match.store.connection import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo_match.intake.importing import ImportReport
    from geo_match.intake.lists.records_file import RecordsFile

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
    dry_run
        Whether to write nothing.
    """

    datum: str | None = None
    mapping: Path | None = None
    service_area: tuple[float, float, float, float] | None = None
    report: Path | None = None
    accept_suspicions: bool = False
    dry_run: bool = False


def import_files(kind: str, files: Sequence[Path], store: str, options: Options) -> int:
    """Import files one after the other, each whole or not at all.

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
    """
    status = ALL_USED
    left = list(files)
    with _opened(store, dry_run=options.dry_run) as opened:
        try:
            while left:
                with stoppable():  # each anew: one that is in place is told, then the next begins
                    report, mending = _import_one(left[0], kind, opened, options)
                    left.pop(0)
                    tell(report, mending, dry_run=options.dry_run)
                if report.rejected:
                    status = SOME_REJECTED
        except Stopped as stop:
            if len(left) == len(files):
                raise
            tell_left(left)
            raise typer.Exit(stop.status) from None
        except Exception:
            if len(files) > 1:
                tell_left(left)
            raise
    return status


def import_gazetteer(files: Sequence[Path], store: str, options: Options) -> int:
    """Replace the store's gazetteer by that of a file.

    Raises
    ------
    GeoMatchError
        If a row is faulty or there is more than one file; the store is as it was then.
    """
    if len(files) != 1:
        message = f"must be one file, which replaces the gazetteer, got {len(files)}."
        raise typer.BadParameter(message, param_hint="FILE")
    for option, is_given in (
        ("--mapping", options.mapping),
        ("--service-area", options.service_area),
        ("--report", options.report),
        ("--accept-suspicions", options.accept_suspicions),
    ):
        if is_given:
            message = "must not be given with a gazetteer: it is taken whole, or refused."
            raise typer.BadParameter(message, param_hint=option)
    (path,) = files
    with progress(f"reading {path.name}"):
        gazetteer = Gazetteer.read(path, datum=as_datum(options.datum or "wgs84"))
    with _opened(store, dry_run=options.dry_run) as opened:
        before = len(opened.gazetteer())
        if not options.dry_run:
            finish_anyway()
            opened.set_gazetteer(gazetteer.table)
    would = "would replace" if options.dry_run else "replaced"
    say(f"{counted(len(gazetteer), 'name')} of {path} {would} the {before:,} of the gazetteer")
    return ALL_USED


def write_mapping(path: Path, kind: str, out: Path | None) -> None:
    """Propose which columns of a file mean which fields, as TOML to be looked through.

    Parameters
    ----------
    path
        The file.
    kind
        Of its records.
    out
        Where to write; standard output if None.

    Raises
    ------
    GeoMatchError
        If the file cannot be read, or something stands where the mapping is to be written.
    """
    if out is not None:
        _check_new(out, [path])
    text = propose(read_table(path), kind)
    if out is None:
        typer.echo(text, nl=False)
        return
    with replacing(out, only_new=True) as (temporary,), naming(out):
        temporary.write_text(text, encoding="utf-8")
    finish_anyway()
    say(f"mapping of {path} written to {out}: look it through, and import with --mapping {out}")


def _import_one(
    path: Path, kind: str, store: Store, options: Options
) -> tuple[ImportReport, Path | None]:
    """Import a file; return what became of it, and where its rejected rows are to be mended."""
    target = options.report or _mending_path(path)
    if not options.dry_run:
        _check_new(target, [path])
    written: list[Path] = []
    with ExitStack() as bars:
        advance = bars.enter_context(progress(f"reading {path.name}"))
        left = 0

        def write(file: RecordsFile) -> None:
            nonlocal advance, left
            bars.close()
            # Before the store: these rows need mending whatever becomes of the others.
            if len(file.rejections):
                with replacing(target, only_new=True) as (temporary,), naming(target):
                    write_mending(temporary, file.table, file.rejections, file.notes)
                written.append(target)
            left = len(file.records)
            advance = bars.enter_context(progress(f"importing {path.name}", left))

        def watch(n: int) -> None:
            nonlocal left
            advance(n)
            left -= n
            if left == 0:  # committed next: from here on it is in place
                finish_anyway()

        try:
            report = import_file(
                path,
                kind,
                store,
                datum=options.datum,
                mapping=options.mapping,
                service_area=options.service_area,
                accept_suspicions=options.accept_suspicions,
                dry_run=options.dry_run,
                before_writing=write,
                watch=watch,
            )
        except BaseException:
            for one in written:
                one.unlink(missing_ok=True)
            raise
    return report, written[0] if written else None


@contextmanager
def _opened(store: str, *, dry_run: bool) -> Iterator[Store]:
    """Give the store; for a dry run of one that is not there, an empty one that vanishes."""
    if dry_run and not path_of(store).exists():
        with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder, "dry.db")) as empty:
            yield empty
        return
    with Store.open(store) as opened:
        yield opened


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


def _check_new(path: Path, inputs: Sequence[Path]) -> None:
    check_target(path, inputs=inputs)
    if path.exists():
        raise already_there(path)
