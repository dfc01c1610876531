"""What every reader makes of a file: columns as they stand, and geometry as plain coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.intake.faults import Rejection

REASON_COLUMNS: Final = ("错误字段", "错误值", "规则", "处理建议", "提示")
"""What a file of rows to be mended says of each: field, value, rule, remedy, and notes."""

ROW_COLUMN: Final = "原行号"
"""Where such a file keeps the number that the row had in the file it came from."""

MENDING_COLUMNS: Final = (*REASON_COLUMNS, ROW_COLUMN)
"""Columns that we added to a file ourselves: no field of a record is ever read from them."""

_OURS: Final = "（导入）"
"""Behind each of their names in a list that has a column of such a name itself."""
_MARKED: Final = tuple(f"{name}{_OURS}" for name in MENDING_COLUMNS)


def columns_of_ours(names: Collection[str]) -> tuple[str, ...]:
    """Return which columns of a file we added ourselves: those of rows to be mended.

    A file has such columns only together with the numbers of its rows: a list may well have a
    column 规则 of its own.
    """
    for ours in (_MARKED, MENDING_COLUMNS):
        if ours[-1] in names:
            return tuple(name for name in ours if name in names)
    return ()


def columns_to_add(names: Collection[str]) -> tuple[str, ...]:
    """Return what the columns are called that a file of rows to be mended gets.

    Parameters
    ----------
    names
        The list's own columns, without those that we added to it before.

    Returns
    -------
    tuple of str
        In the order of `MENDING_COLUMNS`, none of which a column of the list is called.
    """
    return MENDING_COLUMNS if set(MENDING_COLUMNS).isdisjoint(names) else _MARKED


@dataclass(frozen=True, slots=True)
class Geometry:
    """The points of a file that has shapes.

    Parameters
    ----------
    x, y
        Coordinates in `crs`, x to the east, float64, shape (n,); NaN where there is no point.
    instead
        What stands in place of a point (`null`, `Polygon`, …), objects of str, shape (n,);
        empty where there is a point.
    crs
        What the file says its coordinates are, as pyproj takes it; None where it does not say.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    instead: NDArray[np.object_]
    crs: object


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the rows of a file of lines stand, or those of a sheet.

    Parameters
    ----------
    above
        Number of lines above the first data row.
    longer
        Numbers of the rows that run over several lines, int64, ascending, shape (k,).
    surplus
        How many lines up to the end of each of those are no row's first one, int64, shape (k,).
    """

    above: int = 1
    longer: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    surplus: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def of(self, row: int) -> int:
        """Return the line, from 1, on which a row begins."""
        before = int(np.searchsorted(self.longer, row))
        return self.above + row + (int(self.surplus[before - 1]) if before else 0)


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read, before any of its values is judged.

    Parameters
    ----------
    path
        The file.
    row
        Number of each record as `Rejection.row` counts, int64, shape (n,).
    columns
        The columns of n records, geometry left out. CSV and XLSX columns are all text, those of
        the other formats typed.
    geometry
        The shapes, or None for a file that has columns only.
    faults
        Records that could not even be split into columns, or that are none; they are not among
        the n.
    warnings
        What a person should know of the file.
    broken
        The cells of the records of `faults`, as far as they could be told apart, by row; surplus
        ones included. Empty for formats whose records are never split.
    encoding
        How the text of the file is encoded, as Python names it.
    lines
        Where its rows stand in it; None for a format whose rows have no such place.
    """

    path: Path
    row: NDArray[np.int64]
    columns: pa.Table
    geometry: Geometry | None = None
    faults: tuple[Rejection, ...] = ()
    warnings: tuple[str, ...] = ()
    broken: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    encoding: str = "utf-8"
    lines: Lines | None = None

    @property
    def n_read(self) -> int:
        """Number of records that were read: a broken one counts once, however much is wrong."""
        return len(self.row) + len({fault.row for fault in self.faults})

    def line_of(self, row: int) -> int | None:
        """Return where a row is found in the file, as a person sees it who opens it.

        Parameters
        ----------
        row
            Its number, as `Rejection.row` counts.

        Returns
        -------
        int or None
            The sheet's own number of the row, or the first of its lines in a file of text, from
            1; None for a format whose rows have no such place.
        """
        return None if self.lines is None else self.lines.of(row)
