"""XLSX workbooks of text: what a person mends keeps its leading noughts, days and digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from geo_match.errors import FileError
from geo_match.intake.readers.formulas import neutralised

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from geo_match.exchange.rows import Rows

MAX_CELL_CHARACTERS = 32_767
"""Longest text of a cell in Excel."""

_AS_TEXT = "@"  # Excel's format for text: what is typed there stays as it is typed
# XML cannot hold these, or makes a line feed of one; and text that looks like their escape.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def write_xlsx(path: Path, rows: Rows, *, title: str) -> None:
    """Write a workbook of one sheet whose cells are all text.

    Text that a spreadsheet would run as a formula gets an apostrophe before it, which reading
    takes away again.

    Parameters
    ----------
    path
        Where to write.
    rows
        What to write; every column is text.
    title
        Name of the sheet.

    Raises
    ------
    FileError
        If a text is longer than a cell can hold.
    """
    from openpyxl import Workbook  # type: ignore[import-untyped] # noqa: PLC0415 - takes a while

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    try:
        sheet.append([text_cell(sheet, name, path) for name in rows.schema.names])
        for block in rows.blocks:
            columns: Iterable[list[str]] = (column.to_pylist() for column in block.columns)
            for texts in zip(*columns, strict=True):
                sheet.append(list(_cells(sheet, texts, path)))
        workbook.save(path)
    except BaseException:
        sheet.close()  # else its generator is left to complain of it
        raise


def _cells(sheet: object, texts: Iterable[str], path: Path) -> Iterator[object]:
    for text in texts:
        yield text_cell(sheet, text, path) if text else None


def text_cell(sheet: object, text: str, path: Path) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Return a cell of text, harmless to a spreadsheet, for a sheet that is only written.

    Raises
    ------
    FileError
        If the text is longer than a cell can hold; it names the path.
    """
    written = _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", neutralised(text))
    if len(written) > MAX_CELL_CHARACTERS:
        raise FileError(
            path,
            f"have texts of at most {MAX_CELL_CHARACTERS:,} characters, as Excel does",
            f"{len(written):,}",
            "Save the list as CSV, and use that.",
        )
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped] # noqa: PLC0415 - too

    cell = WriteOnlyCell(sheet, written)
    cell.number_format = _AS_TEXT
    cell.data_type = "s"  # also where it looks like an error of Excel's, such as #N/A
    return cell
