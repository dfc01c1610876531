"""What `import occupations` does: a finer table takes the place of the one in a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from geo_match.cli.circles import ALL_USED
from geo_match.cli.parsers import check_unused
from geo_match.cli.rehearsal import known
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.telling import telling
from geo_match.cli.terminal import progress, say
from geo_match.intake.faults import counted
from geo_match.store import Store
from geo_match.taxonomy import OCCUPATIONS_VERSION, Occupations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def import_occupations(
    files: Sequence[Path],
    store: str,
    *,
    dry_run: bool,
    others: Mapping[str, bool],
    language: str | None = None,
) -> int:
    """Replace the store's finer occupations by those of a file.

    Parameters
    ----------
    files
        One file.
    store
        Path or URL of the store; made if nothing is there.
    dry_run
        Whether to write nothing.
    others
        The options of an import that mean nothing here, and whether each was given.
    language
        In which to tell what became of it, `zh` or `en`; English if None.

    Returns
    -------
    int
        `ALL_USED`.

    Raises
    ------
    GeoMatchError
        If a row is faulty; the store is as it was then.
    typer.BadParameter
        If there is more than one file, or another option was given.
    """
    if len(files) != 1:
        message = f"must be one file, which replaces the occupations, got {len(files)}."
        raise typer.BadParameter(message, param_hint="FILE")
    check_unused(others, "with occupations: the table is taken whole, or refused.")
    (path,) = files
    with telling(path, language or "en"):
        with progress(f"reading {path.name}"):
            occupations = Occupations.load(path)
        with known(store) if dry_run else Store.open(store) as opened:
            before = opened.occupations()
            if not dry_run:
                finish_anyway()
                opened.set_occupations(occupations)
    if language == "zh":
        would = "将替换" if dry_run else "已替换"
        say(
            f"{path}：{len(occupations.added):,}个职业（{occupations.version}），"
            f"{would}数据库原有的{len(before.added):,}个；{_beside_in_chinese(occupations)}"
        )
        return ALL_USED
    would = "would replace" if dry_run else "replaced"
    say(
        f"{counted(len(occupations.added), 'occupation')} of {path}, {occupations.version}, "
        f"{would} all {len(before.added):,} of the store; {_beside(occupations)}"
    )
    return ALL_USED


def _beside(occupations: Occupations) -> str:
    n = len(occupations) - len(occupations.added)
    if n:
        return f"the {n} groups of {OCCUPATIONS_VERSION} that are shipped stay beside them"
    return f"they stand alone, without the groups of {OCCUPATIONS_VERSION} that are shipped"


def _beside_in_chinese(occupations: Occupations) -> str:
    n = len(occupations) - len(occupations.added)
    if n:
        return f"自带的 {OCCUPATIONS_VERSION} {n}个类别仍同时使用"
    return f"单独使用，不含自带的 {OCCUPATIONS_VERSION} 类别"
