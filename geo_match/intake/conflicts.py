"""Records that contradict the store: their rows are rejected, and named like all others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo_match import codes
from geo_match.intake.faults import Rejection, shown
from geo_match.intake.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Applied

_RULE: Final = "must differ from that of the record in the store, which says otherwise"
_REMEDY: Final = (
    "The store has this id as new as here, with other content: give this one a later {name} if it "
    "is the newer, import it with --correct if it corrects what the store has, or remove it."
)


def reject_conflicts(file: RecordsFile, applied: Applied) -> RecordsFile:
    """Return a list whose records that contradict the store are rejected.

    Parameters
    ----------
    file
        The list.
    applied
        What became of its records, in their order.
    """
    if not applied.conflicting.any():
        return file
    rejections = Findings((), (*file.rejections, *_rejections(file, applied)))
    left = ~applied.conflicting
    return replace(
        file,
        row=file.row[left],
        records=file.records.filter(pa.array(left)),
        rejections=rejections,
    )


def _rejections(file: RecordsFile, applied: Applied) -> Iterator[Rejection]:
    """Yield what is to be said of each conflicting record, in their order."""
    rows = file.row[applied.conflicting]
    at = np.searchsorted(file.table.row, rows)
    table = file.table.columns
    for row, position, by_version in zip(
        rows.tolist(), at.tolist(), applied.by_version[applied.conflicting].tolist(), strict=True
    ):
        name, noun = ("version", "version") if by_version else ("updated_at", "moment")
        header = file.columns.get(name, name)
        cell = table.column(header)[position].as_py() if header in table.column_names else None
        value = shown(cell if cell is None or isinstance(cell, str) else str(cell))
        remedy = _REMEDY.format(name=noun)
        yield Rejection(row, codes.mask_id_cards(header), value, _RULE, remedy)
