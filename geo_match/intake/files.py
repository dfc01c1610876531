"""One door for all formats: a path becomes a table by its suffix, or a named error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geo_match.errors import FileError
from geo_match.intake.csv_text import read_csv
from geo_match.intake.geojson import read_geojson
from geo_match.intake.geopackage import read_geopackage
from geo_match.intake.geoparquet import read_geoparquet

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo_match.intake.table import Table

_READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": read_csv,
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".gpkg": read_geopackage,
    ".parquet": read_geoparquet,
    ".geoparquet": read_geoparquet,
}


def read_table(path: str | Path) -> Table:
    """Read a file of places as it stands.

    Raises
    ------
    FileError
        If the file is missing, a folder, empty, without a row, of an unknown suffix, or not what
        its suffix says.
    ColumnError
        If headers are repeated.
    """
    file = Path(path)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise FileError(
            path,
            f"end in one of {', '.join(_READERS)}",
            repr(file.suffix) if file.suffix else "no suffix",
            "Save it as one of these formats: the suffix says how it is read.",
        )
    try:
        if file.is_dir():
            raise FileError(path, "be a file", "a folder")
        with file.open("rb") as stream:
            if not stream.read(1):
                raise FileError(path, "hold at least one place", "an empty file")
    except FileNotFoundError:
        raise FileError(path, "exist", "no such file", "Check the path.") from None
    except OSError as error:
        raise FileError(path, "be readable", error.strerror or str(error)) from error
    table = reader(file)
    if len(table.row) + len(table.faults) == 0:
        raise FileError(path, "hold at least one place", "headers only or no feature at all")
    return table
