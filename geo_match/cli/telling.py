"""What `import` tells of a file: what became of its rows, its faults, notes and warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.terminal import say
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo_match.intake.importing import ImportReport

_LISTED = 5


def tell(report: ImportReport, mending: Path | None, *, dry_run: bool) -> None:
    """Print what became of a file's rows, with its first faults, its notes and its warnings."""
    file = report.file
    became = ", ".join(
        f"{getattr(report, name):,} {name}"
        for name in ("accepted", "unchanged", "stale", "duplicate", "rejected")
    )
    would = "dry run, nothing written: " if dry_run else ""
    say(f"{would}{counted(report.read, 'row')} of {file.source}: {became}")
    if report.located:
        say(f"  places: {', '.join(f'{n:,} {how}' for how, n in report.located.items())}")
    for rejection in file.rejections[:_LISTED]:
        value = repr(rejection.value) if rejection.value else "empty"
        say(
            f"  row {rejection.row}, {rejection.field} ({value}): {rejection.rule}. "
            f"{rejection.remedy}"
        )
    more = len(file.rejections) - _LISTED
    if more > 0:
        say(f"  … and {counted(more, 'more fault')}")
    for (field, rule), n in file.notes.counts().items():
        say(f"  note: {field} {rule}: {counted(n, 'row')}")
    for warning in report.warnings:
        say(f"  warning: {warning}")
    if mending is not None:
        say(f"  the rejected rows stand in {mending}: mend them there, and import that file")


def tell_left(left: Sequence[Path]) -> None:
    """Name the files that were not imported."""
    say(f"not imported: {', '.join(str(path) for path in left)}")
