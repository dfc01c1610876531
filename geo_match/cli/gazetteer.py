"""What `import gazetteer` does: a file of named places replaces the store's gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from geo_match.cli.circles import ALL_USED
from geo_match.cli.parsers import check_unused
from geo_match.cli.rehearsal import known
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.telling import language_at, telling
from geo_match.cli.terminal import progress, say
from geo_match.datums import as_datum
from geo_match.intake.crs import no_datum
from geo_match.intake.faults import counted
from geo_match.intake.locating import Gazetteer
from geo_match.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def import_gazetteer(
    files: Sequence[Path],
    store: str,
    *,
    datum: str | None,
    dry_run: bool,
    others: Mapping[str, bool],
    language: str | None,
) -> int:
    """Replace the store's gazetteer by that of a file.

    Parameters
    ----------
    files
        One file.
    store
        Path or URL of the store; made if nothing is there.
    datum
        Of its coordinates; must be given.
    dry_run
        Whether to write nothing.
    others
        The options of an import that mean nothing here, and whether each was given.
    language
        In which to tell what became of it, `zh` or `en`; that of the file's headers if None.

    Returns
    -------
    int
        `ALL_USED`.

    Raises
    ------
    GeoMatchError
        If a row is faulty, or the datum is not given; the store is as it was then.
    typer.BadParameter
        If there is more than one file, or another option was given.
    """
    if len(files) != 1:
        message = f"must be one file, which replaces the gazetteer, got {len(files)}."
        raise typer.BadParameter(message, param_hint="FILE")
    check_unused(others, "with a gazetteer: it is taken whole, or refused.")
    (path,) = files
    with telling(path, language):
        with progress(f"reading {path.name}"):
            gazetteer = Gazetteer.read(path, datum=as_datum(datum or "wgs84"))
        if datum is None:  # told last: it helps nobody whose file is no gazetteer
            raise no_datum()
        with known(store) if dry_run else Store.open(store) as opened:
            before = len(opened.gazetteer())
            if not dry_run:
                finish_anyway()
                opened.set_gazetteer(gazetteer.table)
    if language_at(path, language) == "zh":
        would = "将替换" if dry_run else "已替换"
        say(f"{path}：{len(gazetteer):,}个地名，{would}地名库原有的{before:,}个")
        return ALL_USED
    would = "would replace" if dry_run else "replaced"
    say(f"{counted(len(gazetteer), 'name')} of {path} {would} the {before:,} of the gazetteer")
    return ALL_USED
