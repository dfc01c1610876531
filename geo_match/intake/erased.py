"""Rows of persons and households who were erased: an old list brings nobody back unnoticed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from geo_match import codes
from geo_match.intake.faults import Rejection, counted
from geo_match.intake.findings import Findings
from geo_match.store.writing.erased_ids import WHOSE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Store

_RULE: Final = "must be of nobody who was erased from the store"
_REMEDY: Final = (
    "Remove this row from the list, and from the file to be mended; if this one has come back, "
    "import it with --erased-too."
)
HIDDEN: Final = "***"
"""What is shown for the id of somebody who was erased."""
_SHOWN: Final = 5


def keep_erased_out(
    file: RecordsFile, store: Store, *, erased_too: bool
) -> tuple[RecordsFile, tuple[str, ...]]:
    """Return a list whose rows of the erased are rejected, unless they are to be taken.

    Parameters
    ----------
    file
        The list. Rows that are stale or duplicates in it already stay what they are.
    store
        Where it goes.
    erased_too
        Whether such rows are taken: they are only told of then.

    Returns
    -------
    file
        The list.
    warnings
        How many such rows there are and which, in a whole sentence without a full stop; none if
        there are none.
    """
    erased = store.are_erased(file.kind, file.records)
    if not erased.any():
        return file, ()
    rows = file.row[erased]
    n, at = counted(len(rows), "row"), _told_at(rows)
    if erased_too:
        told = (
            f"persons or households who were erased are taken in again, as --erased-too says: {n} "
            f"({at})"
        )
        return file, (told,)
    told = (
        f"persons or households who were erased are not taken in again with an old list: {n} ({at})"
    )
    left = ~erased
    return (
        replace(
            file,
            row=file.row[left],
            records=file.records.filter(pa.array(left)),
            rejections=Findings((), (*file.rejections, *_rejections(file, rows))),
        ),
        (told,),
    )


def _rejections(file: RecordsFile, rows: NDArray[np.int64]) -> list[Rejection]:
    field, _ = WHOSE[file.kind]
    header = codes.mask_id_cards(file.columns.get(field, field))
    return [Rejection(row, header, HIDDEN, _RULE, _REMEDY) for row in rows.tolist()]


def _told_at(rows: NDArray[np.int64]) -> str:
    """Return the numbers of the first rows, as the tables of Chinese know them."""
    first = ", ".join(map(str, rows[:_SHOWN].tolist()))
    if len(rows) == 1:
        return f"row {first}"
    return f"rows {first}{', …' if len(rows) > _SHOWN else ''}"
