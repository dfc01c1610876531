"""The first row of a sheet or of a CSV file: names of columns that differ."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from geo_match import codes
from geo_match.errors import ColumnError, FileError
from geo_match.intake.readers.formulas import restored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_COLUMNS = 4096
"""Most columns of a file: enough for every list, and few enough to hold."""


def checked_headers(path: Path, cells: Iterable[str]) -> list[str]:
    """Return the names of the columns; one without a header gets its number for a name.

    Raises
    ------
    FileError
        If there is no name at all.
    ColumnError
        If names are repeated, or there are more than `MAX_COLUMNS`.
    """
    names = [restored(cell.removeprefix("\ufeff").strip()) for cell in cells]
    if not any(names):
        raise FileError(
            path,
            "begin with a line of headers",
            "a blank line",
            "Write the names of the columns into the first row, and remove what stands above.",
        )
    if len(names) > MAX_COLUMNS:
        raise ColumnError(
            path,
            f"have at most {MAX_COLUMNS:,} columns",
            f"{len(names):,}",
            "Is it a table with a record a row? Remove the columns that are not needed.",
        )
    names = [name or f"column {number}" for number, name in enumerate(names, start=1)]
    repeated = sorted(name for name, times in Counter(names).items() if times > 1)
    if repeated:
        raise ColumnError(
            path,
            "have headers that differ",
            f"repeated headers: {', '.join(map(codes.mask_id_cards, repeated))}",
            "Rename them: which of them is meant cannot be guessed.",
        )
    return names
