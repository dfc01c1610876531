"""What every reader makes of a file: columns as they stand, and geometry as plain coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.intake.faults import Rejection

REASON_COLUMNS: Final = ("错误字段", "错误值", "规则", "处理建议")
"""What a file of rows to be mended says of each: field, value, rule, remedy."""

ROW_COLUMN: Final = "原行号"
"""Where such a file keeps the number that the row had in the file it came from."""

MENDING_COLUMNS: Final = (*REASON_COLUMNS, ROW_COLUMN)
"""Columns that we added to a file ourselves: no field of a record is ever read from them."""


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
        Records that could not even be split into columns; they are not among the n.
    warnings
        What a person should know of the file.
    broken
        The cells of the records of `faults`, as far as they could be told apart, by row; surplus
        ones included. Empty for formats whose records are never split.
    encoding
        How the text of the file is encoded, as Python names it.
    """

    path: Path
    row: NDArray[np.int64]
    columns: pa.Table
    geometry: Geometry | None = None
    faults: tuple[Rejection, ...] = ()
    warnings: tuple[str, ...] = ()
    broken: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    encoding: str = "utf-8"

    @property
    def n_read(self) -> int:
        """Number of records that were read: a broken one counts once, however much is wrong."""
        return len(self.row) + len({fault.row for fault in self.faults})
