"""What `mapping` does: it proposes which columns of a list mean which fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import say
from geo_match.exchange.target import check_new, naming, replacing
from geo_match.intake.lists.mapping import propose
from geo_match.intake.readers.files import read_table

if TYPE_CHECKING:
    from pathlib import Path


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
        check_new(out, [path])
    text = propose(read_table(path), kind)
    if out is None:
        typer.echo(text, nl=False)
        return
    with replacing(out, only_new=True) as (temporary,), naming(out):
        temporary.write_text(text, encoding="utf-8")
    finish_anyway()
    say(f"mapping of {path} written to {out}: look it through, and import with --mapping {out}")
