"""Rows of persons and households who were erased: an old list brings nobody back unnoticed.

Whoever has an id is known by it. Members of a household have none: there it is known that somebody
was erased from the household, and a list that may be older gives it nobody whom it does not have
(`geo_match.intake.losses`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from geo_match import codes
from geo_match.intake.faults import Rejection, counted
from geo_match.intake.findings import Findings
from geo_match.intake.losses import give_back
from geo_match.store.writing.erased_ids import WHOSE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Store

HIDDEN: Final = "***"
"""What is shown for the id of somebody who was erased, and for what a household had of them."""
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class _Way:
    """A way in which a list may bring somebody back.

    Parameters
    ----------
    rule, remedy
        Of the rejected rows.
    kept_out, taken
        What is told where the rows are rejected, and where they are not, of `{rows}`.
    """

    rule: str
    remedy: str
    kept_out: str
    taken: str


_BY_ID: Final = _Way(
    "must be of nobody who was erased from the store",
    "Remove this row from the list, and from the file to be mended; if this one has come back, "
    "import it with --erased-too.",
    "persons or households who were erased are not taken in again with an old list: {rows}",
    "persons or households who were erased are taken in again, as --erased-too says: {rows}",
)
_BY_HOUSEHOLD: Final = _Way(
    "must be newer than an erasure in its household, to give it a member or a name that it lacks",
    "Remove whoever was erased; or give the household the moment of a list that was made since; "
    "or, if all in it are to be taken, import it with --erased-too.",
    "households from which somebody was erased are given nobody by a list that may be older: "
    "{rows}",
    "households from which somebody was erased are given members or names, as --erased-too says: "
    "{rows}",
)


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
        How many such rows there are and which, in whole sentences without a full stop; none if
        there are none.
    """
    erased = store.are_erased(file.kind, file.records)
    field, _ = WHOSE.get(file.kind, ("id", ""))
    file, told = _told_of(file, erased, _BY_ID, field, erased_too=erased_too)
    back = give_back(file, store)
    file, more = _told_of(file, back, _BY_HOUSEHOLD, "id", erased_too=erased_too)
    return file, told + more


def _told_of(
    file: RecordsFile, which: NDArray[np.bool_], way: _Way, field: str, *, erased_too: bool
) -> tuple[RecordsFile, tuple[str, ...]]:
    """Return a list without some of its records, unless they are taken; and what is told of it."""
    if not which.any():
        return file, ()
    rows = file.row[which]
    said = way.taken if erased_too else way.kept_out
    told = said.format(rows=f"{counted(len(rows), 'row')} ({_told_at(rows)})")
    if erased_too:
        return file, (told,)
    header = codes.mask_id_cards(file.columns.get(field, field))
    rejections = [Rejection(row, header, HIDDEN, way.rule, way.remedy) for row in rows.tolist()]
    left = ~which
    return (
        replace(
            file,
            row=file.row[left],
            records=file.records.filter(pa.array(left)),
            rejections=Findings((), (*file.rejections, *rejections)),
        ),
        (told,),
    )


def _told_at(rows: NDArray[np.int64]) -> str:
    """Return the numbers of the first rows, as the tables of Chinese know them."""
    first = ", ".join(map(str, rows[:_SHOWN].tolist()))
    if len(rows) == 1:
        return f"row {first}"
    return f"rows {first}{', …' if len(rows) > _SHOWN else ''}"
