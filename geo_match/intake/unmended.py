"""Rows to be mended that nobody has mended: they are still none, though they look like rows now.

A row with merged cells, or of too few or too many cells, is written to the file of rows to be
mended with each of its cells in a column. Read from there as it is, it would lack or mix up what it
lacked or mixed up before, and nobody would be told. So it stays rejected as long as its reason
stands beside it: whoever has mended it clears that. (What the cells say cannot tell whether
somebody looked at them: a spreadsheet that saves a CSV writes days and long numbers its own way,
and cells that were missing may be rightly empty.)
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.intake.faults import WHOLE_ROW, Rejection, shown
from geo_match.intake.readers.table import columns_of_ours
from geo_match.intake.values.cells import raw_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from geo_match.intake.readers.table import Table

_SHEETS: Final = (".csv", ".xlsx")
"""Formats whose rows may come apart otherwise than in columns."""
_BETWEEN: Final = "；"
_OF_WHOLE_ROW: Final = frozenset({WHOLE_ROW, "（整行）"})
_NO_HEADER: Final = re.compile(r"column \d+|第\d+列")
_LOOK: Final = r"whole row|整行|^column|；column|第\d+列"
"""RE2, wider than the two above: what it passes over is not looked at one by one."""


def is_of_whole_row(field: str, headers: Collection[str]) -> bool:
    """Return whether a fault is of how a row comes apart, and not of what a column says in it.

    Parameters
    ----------
    field
        As `Rejection.field`, or in Chinese.
    headers
        Of the file's columns.
    """
    if field in headers:
        return False
    return field in _OF_WHOLE_ROW or _NO_HEADER.fullmatch(field) is not None


def with_clearing(remedy: str, header: str) -> str:
    """Return what is to be done about such a row, its reason included.

    Parameters
    ----------
    remedy
        What is to be done about the fault.
    header
        Of the column that names the faulty fields.
    """
    return f"{remedy} Then clear {header} in this row: until then it stays rejected."


def without_unmended(table: Table) -> Table:
    """Return a list whose rows to be mended that still carry such a reason are among the faults.

    Parameters
    ----------
    table
        The list; what is no file of rows to be mended is returned as it is.
    """
    headers = table.columns.column_names
    ours = columns_of_ours(headers)
    if len(ours) < 2 or table.path.suffix.lower() not in _SHEETS:  # noqa: PLR2004 - field and value
        return table
    of_field, of_value = ours[:2]
    reasons = raw_text(table.columns.column(of_field))
    maybe = np.asarray(
        pc.fill_null(pc.match_substring_regex(reasons, _LOOK), pa.scalar(value=False)).to_numpy(),
        dtype=np.bool_,
    )
    found: dict[int, tuple[Rejection, tuple[str, ...]]] = {}
    for at in np.flatnonzero(maybe).tolist():
        fields = (one.strip() for one in reasons[at].as_py().split(_BETWEEN))
        if any(is_of_whole_row(one, headers) for one in fields):
            cells = tuple(column[at].as_py() or "" for column in table.columns.columns)
            number = int(table.row[at])
            value = shown(cells[headers.index(of_value)].strip())
            found[number] = _rejected(number, of_field, value), cells
    if not found:
        return table
    left = ~np.isin(table.row, np.array(list(found), dtype=np.int64))
    faults = [*table.faults, *(fault for fault, _ in found.values())]
    return replace(
        table,
        row=table.row[left],
        columns=table.columns.filter(pa.array(left)),
        faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        broken={**table.broken, **{row: cells for row, (_, cells) in found.items()}},
    )


def _rejected(number: int, header: str, value: str) -> Rejection:
    return Rejection(
        number,
        WHOLE_ROW,
        value,
        "must be mended before it is read: it was no row of its own",
        f"Fill in or correct its cells, then clear {header} in this row.",
    )
