"""XLSX workbooks as Excel, WPS, LibreOffice and openpyxl write them.

Every column is text, as in a CSV: formulas give the value that was last worked out, whole numbers
come without `.0`, days and times as ISO 8601 writes them, truth values as TRUE and FALSE. A row's
number is the spreadsheet's minus one. The first visible sheet that has rows is read.

What a person sees in a merged cell stands in its first cell only, and the others are empty. So a
merged header is refused, and a row with a merged cell is a fault: what the others should hold
cannot be guessed.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from geo_match import codes
from geo_match.errors import FileError
from geo_match.intake.faults import WHOLE_ROW, Rejection, counted, shown
from geo_match.intake.readers._xlsx_package import Package
from geo_match.intake.readers._xlsx_sheet import Row, Sheet
from geo_match.intake.readers._xlsx_workbook import Workbook, read_workbook
from geo_match.intake.readers.headers import checked_headers
from geo_match.intake.readers.table import Lines, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MAX_CELLS = 100_000_000
"""Most cells, rows times columns, that are read."""

MAX_CHARACTERS = 1 << 29
"""Most characters of all cells together: many cells may point to one long text."""

_BLOCK_ROWS = 1 << 16
_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNMERGE = "Unmerge it (in Excel: Home → Merge & Center → Unmerge Cells), and write the value into "


def read_xlsx(path: Path) -> Table:
    """Read the first visible sheet with rows; each column is text, an empty cell is empty text.

    An apostrophe that was put before text to keep a spreadsheet from running it is taken away.

    Raises
    ------
    FileError
        If the file is no XLSX workbook, encrypted, broken, unpacks to more than the limits of
        `Package`, has more than `MAX_CELLS` cells or `MAX_CHARACTERS` in them, or its headers are
        merged, not in the first row, or formulas without a value.
    ColumnError
        If headers are repeated, or too many.
    """
    _check_mark(path)
    with Package(path) as package:
        workbook = read_workbook(package, path)
        if not workbook.sheets:
            raise package.broken("a workbook", "without a visible sheet")
        with_rows = [sheet for sheet in workbook.sheets if _has_rows(package, sheet[1], workbook)]
        name, part = with_rows[0] if with_rows else workbook.sheets[0]
        table = _Reader(path, Sheet(package, part, workbook)).table()
        passed_over = [
            f"{_named(other)}{mark}"
            for sheets, mark in ((workbook.sheets, ""), (workbook.hidden, " (hidden)"))
            for other, its_part in sheets
            if its_part != part and _has_cells(package, its_part, workbook)
        ]
    warnings = list(table.warnings)
    if passed_over:
        warnings.insert(
            0, f"read the sheet {_named(name)} only; there are rows in {', '.join(passed_over)} too"
        )
    return Table(
        path,
        table.row,
        table.columns,
        faults=table.faults,
        warnings=tuple(warnings),
        broken=table.broken,
        lines=Lines(),
    )


def _check_mark(path: Path) -> None:
    """Raise if the first bytes are not those of a zip archive, with what they are."""
    with path.open("rb") as stream:
        head = stream.read(len(_OLE))
        if head.startswith(_ZIP):
            return
        if head != _OLE:
            raise FileError(
                path,
                "be an XLSX workbook",
                "something else under that suffix",
                "If it is text, rename it to .csv; else open it in Excel or WPS and save it as "
                ".xlsx.",
            )
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            encrypted = content.find("EncryptedPackage".encode("utf-16-le")) >= 0
    if encrypted:
        raise FileError(
            path,
            "not be protected by a password",
            "an encrypted workbook",
            "Open it in Excel or WPS, take the password away (File → Info → Protect Workbook → "
            "Encrypt with Password), and save it as .xlsx.",
        )
    raise FileError(
        path,
        "be an XLSX workbook",
        "an old Excel workbook (.xls)",
        "Open it in Excel or WPS and save it as .xlsx; renaming is not enough.",
    )


def _has_rows(package: Package, part: str, workbook: Workbook) -> bool:
    """Return whether a sheet has two rows that are not blank: headers, and a row below."""
    rows = (row for row in Sheet(package, part, workbook).rows() if not _is_blank(row))
    return next(rows, None) is not None and next(rows, None) is not None


def _named(sheet: str) -> str:
    return repr(codes.mask_id_cards(sheet))


def _has_cells(package: Package, part: str, workbook: Workbook) -> bool:
    """Return whether anything stands in a sheet; one that is passed over may be a single row."""
    return not all(_is_blank(row) for row in Sheet(package, part, workbook).rows())


def _is_blank(row: Row) -> bool:
    return not row.faults and not any(text.strip() for text in row.cells.values())


class _Reader:
    """Makes a table of a sheet.

    Parameters
    ----------
    path
        The file.
    sheet
        The sheet.
    """

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._path = path
        self._sheet = sheet
        self._names: list[str] = []
        self._row: list[int] = []
        self._block: list[list[str]] = []
        self._blocks: list[pa.RecordBatch] = []
        self._n_characters = 0
        self._faults: dict[int, list[Rejection]] = {}
        self._broken: dict[int, tuple[str, ...]] = {}

    def table(self) -> Table:
        """Read the whole sheet."""
        rows = (row for row in self._sheet.rows() if not _is_blank(row))
        header = next(rows, None)
        if header is None:
            return Table(self._path, np.empty(0, dtype=np.int64), pa.table({}))
        self._names = self._headers(header)
        last = header.number
        title: FileError | None = None
        for row in rows:
            if last == header.number and len(self._names) == 1 and len(row.cells) > 1:
                title = self._title(row)
            last = row.number
            if title is None:
                self._add(row)
        self._flush()
        # Merged ranges stand behind the rows; a merged title is told as what it is.
        refused = next((one for one in self._sheet.merges if one.first_row == 1), None)
        if refused is not None:
            raise FileError(
                self._path,
                "have one header a column",
                f"headers merged in {refused.name}",
                _UNMERGE + "each column's first row; remove titles above the headers.",
            )
        if title is not None:
            raise title
        schema = pa.schema([(name, pa.string()) for name in self._names])
        columns = pa.Table.from_batches(self._blocks, schema=schema)
        numbers = np.array(self._row, dtype=np.int64)
        whole = ~self._reject_merged(numbers, columns)
        n_blank = last - header.number - int(whole.sum()) - len(self._faults)
        return Table(
            self._path,
            numbers[whole],
            columns.filter(pa.array(whole)),
            faults=tuple(
                fault for number in sorted(self._faults) for fault in self._faults[number]
            ),
            warnings=(f"passed over {counted(n_blank, 'blank row')}",) if n_blank else (),
            broken=self._broken,
        )

    def _headers(self, header: Row) -> list[str]:
        if header.number != 1:
            raise FileError(
                self._path,
                "begin with a row of headers",
                f"nothing above row {header.number:,}",
                "Remove the blank rows above the headers.",
            )
        for column, (rule, remedy) in header.faults.items():
            found = f"{shown(header.cells[column])!r} in column {column + 1:,}"
            raise FileError(self._path, f"have headers, each of which {rule}", found, remedy)
        named = [column for column, text in header.cells.items() if text.strip()]
        return checked_headers(
            self._path, (header.cells.get(column, "") for column in range(max(named) + 1))
        )

    def _title(self, row: Row) -> FileError:
        """Return the error for a lone header above a row of several cells."""
        return FileError(
            self._path,
            "begin with a row of headers",
            f"only {shown(self._names[0])!r} above a row of {len(row.cells)} cells",
            "Remove the title: the headers stand in the first row.",
        )

    def _add(self, row: Row) -> None:
        number = row.number - 1
        width = len(self._names)
        beyond = [column for column, text in row.cells.items() if column >= width and text.strip()]
        self._n_characters += sum(map(len, row.cells.values()))
        if (len(self._row) + 1) * width > MAX_CELLS or self._n_characters > MAX_CHARACTERS:
            raise FileError(
                self._path,
                f"have at most {MAX_CELLS:,} cells and {MAX_CHARACTERS >> 20} million characters",
                "more",
                "Split the list into several workbooks.",
            )
        if row.faults or beyond:
            self._break(row, number, beyond)
            return
        self._row.append(number)
        cells = row.cells
        # They come by column: a blank behind the headers must not fill the place of a missing cell.
        if len(cells) == width and next(reversed(cells)) < width:
            self._block.append(list(cells.values()))
        else:
            self._block.append([cells.get(column, "") for column in range(width)])
        if len(self._block) == _BLOCK_ROWS:
            self._flush()

    def _break(self, row: Row, number: int, beyond: Sequence[int]) -> None:
        """Keep a row that is faulty as it stands, with its faults."""
        faults = self._faults.setdefault(number, [])
        for column, (rule, remedy) in sorted(row.faults.items()):
            name = self._names[column] if column < len(self._names) else f"column {column + 1}"
            faults.append(Rejection(number, shown(name), shown(row.cells[column]), rule, remedy))
        faults += [
            Rejection(
                number,
                f"column {column + 1}",
                shown(row.cells[column]),
                "must stand under a header",
                "Give the column a header, or remove the cell.",
            )
            for column in beyond[:1]
        ]
        width = max(len(self._names), *(column + 1 for column in row.cells))
        self._broken[number] = tuple(row.cells.get(column, "") for column in range(width))

    def _flush(self) -> None:
        if self._block:
            columns: Iterable[tuple[str, ...]] = zip(*self._block, strict=True)
            self._blocks.append(
                pa.record_batch(
                    [pa.array(column, type=pa.string()) for column in columns], names=self._names
                )
            )
            self._block.clear()

    def _reject_merged(self, row: NDArray[np.int64], columns: pa.Table) -> NDArray[np.bool_]:
        """Add a fault for each row in a merged range; return which rows these are."""
        merged = np.zeros(len(row), dtype=np.bool_)
        faulty = np.array(sorted(self._faults), dtype=np.int64)
        until = 0
        for merge in sorted(self._sheet.merges, key=lambda merge: merge.first_row):
            # Numbers of data rows are one less; rows of an earlier range are not named twice.
            first, last = max(merge.first_row - 1, until + 1), merge.last_row - 1
            until = max(until, last)
            here = slice(*np.searchsorted(row, [first, last + 1]))
            merged[here] = True
            for number, cells in zip(
                row[here].tolist(),
                columns.slice(here.start, here.stop - here.start).to_pylist(),
                strict=True,
            ):
                self._broken[number] = tuple(cells.values())
                self._faults[number] = [_merged(number, merge.name)]
            # What makes a row faulty may be passed over later, the merged cell may not.
            for number in faulty[slice(*np.searchsorted(faulty, [first, last + 1]))].tolist():
                self._faults[number].append(_merged(number, merge.name))
        return merged


def _merged(number: int, name: str) -> Rejection:
    """Return the fault of a row in a merged range."""
    return Rejection(
        number,
        WHOLE_ROW,
        name,
        "must have no cell that is merged with cells of other rows or columns",
        _UNMERGE + "each cell that it is meant for.",
    )
