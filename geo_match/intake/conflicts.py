"""Records that contradict the store: their rows are rejected, and named like all others.

So are those that do not fit what the store has beside the fields of which the list speaks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo_match import codes
from geo_match.intake.faults import Rejection, shown
from geo_match.intake.findings import Findings
from geo_match.intake.lists._rules import IN_ORDER
from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Applied

_RULE: Final = "must differ from that of the record in the store, which says otherwise"
_REMEDY: Final = (
    "The store has this id as new as here, with other content: give this one a later {name} if it "
    "is the newer, import it with --correct if it corrects what the store has, or remove it."
)
_BESIDE: Final = (
    "The list has one of the two, and the store the other: mend this one, or give both in the list."
)


def reject_conflicts(file: RecordsFile, applied: Applied) -> RecordsFile:
    """Return a list whose records that contradict the store, or do not fit it, are rejected.

    Parameters
    ----------
    file
        The list.
    applied
        What became of its records, in their order.
    """
    rejected = applied.conflicting | (applied.breaking > 0)
    if not rejected.any():
        return file
    found = (*file.rejections, *_rejections(file, applied), *_not_fitting(file, applied))
    rejections = Findings((), found)
    left = ~rejected
    return replace(
        file,
        row=file.row[left],
        records=file.records.filter(pa.array(left)),
        rejections=rejections,
    )


def _rejections(file: RecordsFile, applied: Applied) -> Iterator[Rejection]:
    """Yield what is to be said of each conflicting record, in their order."""
    rows = file.row[applied.conflicting].tolist()
    for row, by_version in zip(rows, applied.by_version[applied.conflicting].tolist(), strict=True):
        name, noun = ("version", "version") if by_version else ("updated_at", "moment")
        yield _rejection(file, row, name, _RULE, _REMEDY.format(name=noun))


def _not_fitting(file: RecordsFile, applied: Applied) -> Iterator[Rejection]:
    """Yield what is to be said of the records that break a rule beside what the store has."""
    rules = {(first, second): rule for first, second, rule in IN_ORDER}
    for at, pair in enumerate(RECORDS[file.kind].ordered):
        name = next((one for one in pair if one in file.columns), pair[0])
        for row in file.row[(applied.breaking >> at) % 2 == 1].tolist():
            yield _rejection(file, row, name, rules[pair], _BESIDE)


def _rejection(file: RecordsFile, row: int, name: str, rule: str, remedy: str) -> Rejection:
    """Return what is to be said of a field of a row."""
    table = file.table.columns
    header = file.columns.get(name, name)
    cell = None
    if header in table.column_names:
        cell = table.column(header)[int(np.searchsorted(file.table.row, row))].as_py()
    value = shown(cell if cell is None or isinstance(cell, str) else str(cell))
    return Rejection(row, codes.mask_id_cards(header), value, rule, remedy)
