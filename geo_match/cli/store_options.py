"""The options of the commands of `store`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo_match.cli import parsers

AStore = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="PATH|URL",
        show_default=False,
        help="The store: a file, sqlite:///path, or postgresql://user@host/database.",
    ),
]
BackupOut = Annotated[
    Path, typer.Argument(metavar="OUT", show_default=False, help="A new file, the backup.")
]
Backup = Annotated[
    Path, typer.Argument(metavar="BACKUP", show_default=False, help="The file of a backup.")
]
Replace = Annotated[
    bool,
    typer.Option("--replace", help="Replace the store that is there; it is kept aside."),
]
ErasedIn = Annotated[
    str | None,
    typer.Option(
        "--erased",
        metavar="PATH|URL",
        show_default=False,
        help="Another store, newer than the backup, whose erasures are made again.",
    ),
]
RecordKind = Annotated[
    str,
    typer.Argument(
        parser=parsers.parse_kind, metavar="KIND", show_default=False, help="What the record is."
    ),
]
ErasedKind = Annotated[
    str,
    typer.Argument(
        parser=parsers.parse_erased_kind,
        metavar="KIND",
        show_default=False,
        help="seekers for a person, households for a household.",
    ),
]
RecordId = Annotated[
    str,
    typer.Argument(
        metavar="ID", show_default=False, help="Its id, whether or not it is still there."
    ),
]
Reason = Annotated[
    str,
    typer.Option(
        "--reason",
        metavar="TEXT",
        show_default=False,
        help="Why, kept for good: the number of the request, nothing personal.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Erase without asking.")]
EvenIfUnknown = Annotated[
    bool,
    typer.Option(
        "--even-if-unknown",
        help="Bar an id of which nothing is known, without asking: later rows with it are "
        "rejected.",
    ),
]
Eraser = Annotated[
    str,
    typer.Option(
        "--actor",
        parser=parsers.parse_actor,
        metavar="NAME",
        show_default=False,
        help="Who erases, such as an account of the office; kept for good. Nothing personal.",
    ),
]
Who = Annotated[
    str | None,
    typer.Option(
        "--who",
        metavar="NAME",
        show_default=False,
        help="Who reads a person's record, such as an account of the office; never an ID-card "
        "number.",
    ),
]
Purpose = Annotated[
    str | None,
    typer.Option(
        "--purpose", metavar="WHY", show_default=False, help="What it is read for, such as 核对."
    ),
]
