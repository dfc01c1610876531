"""The cells of a sheet, row by row: each as the text that a CSV of it would have."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from geo_match.errors import FileError
from geo_match.intake.faults import shown
from geo_match.intake.readers._xlsx_package import Package, Texts
from geo_match.intake.readers._xlsx_workbook import DAY, SPAN, unescaped
from geo_match.intake.readers.formulas import NO_VALUE, restored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.intake.readers._xlsx_workbook import Workbook

MAX_ROW: Final = 1 << 20
MAX_COLUMN: Final = 1 << 14
MAX_MERGES: Final = 100_000
"""Most merged ranges of a sheet that is read."""

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_EXACT: Final = 1e15  # Excel keeps fifteen digits of a number and writes noughts for the others
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_DAY_S: Final = 86_400
_LAST_SERIAL: Final = 2_958_466  # the day after 9999-12-31
_NO_DAY: Final = 60  # 1900-02-29, which Lotus 1-2-3 thought there was
_SINCE_1900: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a list's days have no time zone
_SINCE_1904: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - the same

AN_ERROR = (
    "must be a value, not the error of a formula",
    "Mend the formula, or write the value instead of it.",
)
DIGITS_LOST = (
    "must be text where it has more than 15 digits, of which Excel keeps 15 in a number",
    "Format the column as text, and write the whole number again.",
)


@dataclass(slots=True)
class Row:
    """A row that has cells.

    Parameters
    ----------
    number
        As the spreadsheet counts, from 1.
    cells
        Text by column, counted from 0.
    faults
        What is wrong with cells: rule and remedy by column.
    """

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merge:
    """A range of cells merged into one.

    Parameters
    ----------
    name
        As the spreadsheet writes it: `A1:C1`.
    first_row, last_row
        Its rows.
    """

    name: str
    first_row: int
    last_row: int


class Sheet:
    """A sheet on its way out of the workbook.

    Parameters
    ----------
    package
        The opened workbook.
    part
        The sheet's part.
    workbook
        Its texts and date formats.
    """

    def __init__(self, package: Package, part: str, workbook: Workbook) -> None:
        self._package = package
        self._part = part
        self._strings = workbook.strings
        self._formats = workbook.formats
        self._since_1904 = workbook.since_1904
        self._done: list[Row] = []
        self._row = Row(0)
        self._column = -1
        self._kind = self._style = self._place = ""
        self._formula: str | None = None
        self._value: str | None = None
        self._text = Texts(package)
        self._inside = ""
        self._phonetic = False
        self.merges: list[Merge] = []
        """Merged ranges, complete once all rows were given: they stand behind them in the file."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows that have a cell with anything in it, in order.

        Raises
        ------
        FileError
            If the sheet is broken.
        """
        steps = self._package.steps(
            self._part, start=self._start, end=self._end, text=self._between
        )
        try:
            for _ in steps:
                yield from self._done
                self._done.clear()
        except FileError:  # a ValueError too, which says already what is wrong
            raise
        except (ValueError, IndexError, OverflowError) as error:
            raise self._package.broken(
                "a sheet", f"whose row {self._row.number:,} is broken ({shown(str(error))})"
            ) from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            place = attributes.get("r")
            column = self._column + 1 if place is None else _column(place.rstrip("0123456789"))
            if not self._column < column < MAX_COLUMN:
                raise self._package.broken("cells", f"out of order in row {self._row.number:,}")
            self._column = column
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = self._value = None
        elif tag in {"v", "t", "f"}:
            self._inside = "" if self._phonetic else tag
        elif tag == "row":
            number = int(attributes.get("r", self._row.number + 1))
            if not self._row.number < number <= MAX_ROW:
                raise self._package.broken("rows", f"out of order at row {number:,}")
            self._row = Row(number)
            self._column = -1
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _end(self, tag: str) -> None:
        if tag == "v":
            self._value = self._text.taken()
            self._inside = ""
        elif tag == "c":
            if self._kind == "inlineStr":
                self._value = self._text.taken()
            self._put()
        elif tag == "row":
            if self._row.cells:
                self._done.append(self._row)
        elif tag == "f":
            self._formula = self._text.taken()
            self._inside = ""
        elif tag == "t":
            self._inside = ""
        elif tag == "rPh":
            self._phonetic = False

    def _between(self, piece: str) -> None:
        if self._inside:
            self._text.add(piece)

    def _put(self) -> None:
        """Take the cell that has come to its end."""
        value, column = self._value or "", self._column
        if not value and self._kind != "str":  # a formula's empty text is a value of that kind
            if self._formula is not None:
                self._row.cells[column] = f"={self._formula}"
                self._row.faults[column] = NO_VALUE
            return
        match self._kind:
            case "s":
                value = restored(self._strings[int(value)])
            case "n":
                value = self._number(value)
            case "str" | "inlineStr":
                value = restored(unescaped(value))
            case "b":
                value = "TRUE" if value.strip() == "1" else "FALSE"
            case "d":
                value = value.strip().removesuffix("T00:00:00")
            case _:
                self._row.faults[column] = AN_ERROR
        if value:
            self._row.cells[column] = value

    def _number(self, text: str) -> str:
        style = int(self._style) if self._style else -1
        kind = self._formats[style] if 0 <= style < len(self._formats) else ""
        if not kind and _WHOLE.fullmatch(text):
            return text
        if not text.strip():
            return ""
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        moment = self._moment(number, kind) if kind else None
        if moment is not None:
            return moment
        if abs(number) >= _EXACT:
            self._row.faults[self._column] = DIGITS_LOST
            return text
        return str(int(number)) if number == math.floor(number) else repr(number)

    def _moment(self, serial: float, kind: str) -> str | None:
        """Return a day or time as ISO 8601 has it, None where Excel has none for the number."""
        if not 0 <= serial < _LAST_SERIAL:
            return None
        # A second is 0.0000116 of a day; the eleven digits behind the point are surely exact.
        seconds = round(serial * _DAY_S, 3)
        if kind == SPAN:
            hours, rest = divmod(round(seconds), 3600)
            return f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
        if kind != DAY and serial < 1:
            return (_SINCE_1900 + dt.timedelta(seconds=seconds)).time().isoformat()
        if self._since_1904:
            start = _SINCE_1904
        elif int(serial) == _NO_DAY or serial < 1:
            return None
        else:
            start = _SINCE_1900 + dt.timedelta(days=serial < _NO_DAY)
        try:
            moment = start + dt.timedelta(seconds=seconds)
        except OverflowError:
            return None
        return moment.isoformat().removesuffix("T00:00:00")

    def _merge(self, name: str) -> None:
        match = _RANGE.fullmatch(name)
        if match is None:
            raise self._package.broken("a merged range", repr(name))
        if len(self.merges) == MAX_MERGES:
            raise self._package.broken("a sheet", f"of more than {MAX_MERGES:,} merged ranges")
        (left, first), (right, last) = (match[1], int(match[2])), (match[3], int(match[4]))
        if (left, first) != (right, last):
            self.merges.append(Merge(name, first, min(last, MAX_ROW)))


@lru_cache(maxsize=MAX_COLUMN)
def _column(letters: str) -> int:
    """Return the position of a column, from 0, by its letters."""
    position = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        position = position * 26 + ord(letter) - ord("A") + 1
    if not 0 < position <= MAX_COLUMN:
        raise ValueError(letters)
    return position - 1
