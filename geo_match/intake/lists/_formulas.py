"""Formulas without a value in columns that a list is not read for: no reason to reject a row.

A workbook that no spreadsheet has saved holds formulas that were never worked out. In a column of
running numbers (`=ROW()-1`) nothing is lost with them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo_match.intake.columns import listed
from geo_match.intake.faults import shown
from geo_match.intake.readers.formulas import NO_VALUE

if TYPE_CHECKING:
    from geo_match.intake.faults import Rejection
    from geo_match.intake.lists._matching import Columns
    from geo_match.intake.readers.table import Table

_RULE: Final = NO_VALUE[0]


def without_unused_formulas(table: Table, columns: Columns) -> Table:
    """Return a list with the rows back that only formulas in unused columns kept out.

    Such a cell becomes empty. A row in which nothing else stands is blank, and not counted.

    Parameters
    ----------
    table
        The list.
    columns
        Which of its columns are used for what.
    """
    headers = table.columns.column_names
    used = {*columns.fields.values(), *columns.composites}
    used |= {header for choices in columns.flags.values() for header in choices.values()}
    unused = {shown(header): at for at, header in enumerate(headers) if header not in used}
    of_row: dict[int, list[Rejection]] = defaultdict(list)
    for fault in table.faults:
        of_row[fault.row].append(fault)
    back: dict[int, list[str]] = {}
    named: dict[str, None] = {}
    for row, faults in of_row.items():
        if all(one.rule == _RULE and one.field in unused for one in faults):
            cells = list(table.broken[row])
            for one in faults:
                cells[unused[one.field]] = ""
                named[one.field] = None
            back[row] = cells[: len(headers)]
    if not back:
        return table
    filled = {row: cells for row, cells in back.items() if any(text.strip() for text in cells)}
    rows = np.concatenate([table.row, np.array(list(filled), dtype=np.int64)])
    order = np.argsort(rows, kind="stable")
    arrays = [
        pa.chunked_array(
            [
                *table.columns.column(at).chunks,
                pa.array([one[at] for one in filled.values()], kind),
            ],
            type=kind,
        )
        for at, kind in enumerate(table.columns.schema.types)
    ]
    whole = pa.Table.from_arrays(arrays, names=headers).take(pa.array(order))
    warning = (
        "formulas that were never worked out were passed over, since their columns are not used: "
        f"{listed(list(named))}"
    )
    return replace(
        table,
        row=rows[order],
        columns=whole,
        faults=tuple(fault for fault in table.faults if fault.row not in back),
        warnings=(*table.warnings, warning),
        broken={row: cells for row, cells in table.broken.items() if row not in back},
    )
