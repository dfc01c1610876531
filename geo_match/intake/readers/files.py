"""One door for all formats: a path becomes a table by its suffix, or a named error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo_match.errors import FileError
from geo_match.intake.readers.csv_text import read_csv
from geo_match.intake.readers.geojson import read_geojson
from geo_match.intake.readers.geopackage import read_geopackage
from geo_match.intake.readers.geoparquet import read_geoparquet
from geo_match.intake.readers.ndjson import read_ndjson
from geo_match.intake.readers.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo_match.intake.readers.table import Table

MAX_BYTES = 1 << 30
"""Largest file of any format that is read, bytes: its columns are held in memory."""

_READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": read_csv,
    ".xlsx": read_xlsx,
    ".ndjson": read_ndjson,
    ".jsonl": read_ndjson,
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".gpkg": read_geopackage,
    ".parquet": read_geoparquet,
    ".geoparquet": read_geoparquet,
}
SUFFIXES: Final = tuple(_READERS)
"""Suffixes that can be read."""

_SPREADSHEETS = (".xls", ".xlsb", ".xlsm", ".xltx", ".ods", ".et", ".numbers")
# What the first bytes of a file show it to be, and the suffixes that it may have. A text has none
# such, so a file of text under the suffix of another format is left to that format's reader.
_MARKS: tuple[tuple[bytes, str, tuple[str, ...], str], ...] = (
    (b"PK\x03\x04", "a zip archive, as XLSX workbooks are", (".xlsx",), "Rename it to .xlsx."),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel workbook (.xls)",
        (".xlsx",),  # whose reader tells old workbooks from encrypted ones
        "Open it in Excel or WPS and save it as .xlsx.",
    ),
    (b"SQLite format 3\0", "a GeoPackage or other SQLite file", (".gpkg",), "Rename it to .gpkg."),
    (b"PAR1", "a Parquet file", (".parquet", ".geoparquet"), "Rename it to .parquet."),
    (b"%PDF-", "a PDF document", (), "Ask for the list itself: a PDF has no columns."),
)


def read_table(path: str | Path) -> Table:
    """Read a file as it stands.

    Raises
    ------
    FileError
        If the file is missing, a folder, empty, without a row, larger than `MAX_BYTES`, of an
        unknown suffix, or not what its suffix says.
    ColumnError
        If headers are repeated.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        raise FileError(
            path,
            f"end in one of {', '.join(_READERS)}",
            repr(file.suffix) if file.suffix else "no suffix",
            "Open it in Excel or WPS and save it as .xlsx."
            if suffix in _SPREADSHEETS
            else "Save it as one of these formats: the suffix says how it is read.",
        )
    try:
        if file.is_dir():
            raise FileError(path, "be a file", "a folder")
        with file.open("rb") as stream:
            head = stream.read(16)
        size = file.stat().st_size
    except FileNotFoundError:
        raise FileError(path, "exist", "no such file", "Check the path.") from None
    except OSError as error:
        raise FileError(path, "be readable", error.strerror or str(error)) from error
    if not head:
        raise FileError(path, "hold at least one row", "an empty file")
    if size > MAX_BYTES:
        raise FileError(
            path,
            f"be at most {MAX_BYTES >> 20:,} MiB",
            f"{size >> 20:,} MiB",
            "Split it into several files, each with the header, and read one after another.",
        )
    for mark, what, suffixes, remedy in _MARKS:
        if head.startswith(mark) and suffix not in suffixes:
            raise FileError(path, f"be what its suffix {suffix} says", what, remedy)
    table = reader(file)
    if len(table.row) + len(table.faults) == 0:
        raise FileError(path, "hold at least one row", "headers only or no feature at all")
    return table
