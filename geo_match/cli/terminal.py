"""What a person sees on the terminal: progress while it runs, and what became of each file."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from geo_match.intake import PlacesFile

_LISTED = 5
_COMPILING: Final = {
    "en": "compiling (once after an installation or update) …",
    "zh": "正在编译（安装或更新后仅此一次）……",
}


@contextmanager
def progress(
    doing: str, total: int | None = None, *, compiles: str | None = None
) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while the block runs, if a terminal is there to show it.

    Parameters
    ----------
    doing
        What is being done.
    total
        How many steps there will be; None where that is not known.
    compiles
        The language, `zh` or `en`, in which it is said, while kernels are compiled, that they are;
        None where the block runs none.

    Yields
    ------
    callable
        To be told how many steps more are done.
    """
    columns = [TextColumn("{task.description}", markup=False), BarColumn()]
    if total is not None:
        columns += [MofNCompleteColumn(), TimeRemainingColumn()]
    bar = Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar, ExitStack() as told:
        task = bar.add_task(doing, total=total)
        if compiles is not None and not bar.disable:
            from geo_match._jit import told_of_compiling  # noqa: PLC0415 - Numba loads for long

            words = _COMPILING[compiles]
            told.enter_context(
                told_of_compiling(
                    lambda: bar.update(task, description=words, refresh=True),
                    lambda: bar.update(task, description=doing),
                )
            )
        yield lambda steps: bar.advance(task, steps)


def say(text: str) -> None:
    """Print a line to standard error, which leaves standard output to data."""
    typer.echo(text, err=True)


def tell_files(files: Mapping[str, PlacesFile]) -> None:
    """Print what became of each file's rows, with its first faults and its warnings."""
    for purpose, read in files.items():
        rejected = f", {read.n_rejected:,} rejected" if read.n_rejected else ""
        n_read = counted(read.n_read, "row")
        say(f"{purpose}: {n_read} of {read.source}, {len(read.places):,} used{rejected}")
        for rejection in read.rejections[:_LISTED]:
            value = repr(rejection.value) if rejection.value else "empty"
            say(
                f"  row {rejection.row}, {rejection.field} ({value}): {rejection.rule}. "
                f"{rejection.remedy}"
            )
        more = len(read.rejections) - _LISTED
        if more > 0:
            say(f"  … and {more:,} more")
        for warning in read.warnings:
            say(f"  warning: {warning}")
