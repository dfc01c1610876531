"""Rows that repeat others: two things under one id, older versions after newer ones, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo._runs import number_in_order
from geo_match.demo.office.days import write_iso

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.demo.office.draft import Draft

UPDATED: Final = "更新时间"
_OLDER_BY: Final = 200


def share_ids(draft: Draft, day: NDArray[np.int64]) -> None:
    """Give some rows the id of a row above them that was brought up to date on the same day.

    On another day they would look like versions of one thing.

    Parameters
    ----------
    draft
        The list.
    day
        When each row was brought up to date, shape (n,).
    """
    order = np.argsort(day, kind="stable")
    rank = number_in_order(day[order])
    # Every second row of a day can take the id of the one before it, which then keeps its own.
    odd = np.flatnonzero(rank % 2)
    owner = np.full(len(day), -1)
    owner[order[odd]] = order[odd - 1]
    rows = draft.choose("duplicate_id", draft.id_column, UPDATED, among=owner >= 0)
    draft.take(owner[rows], draft.id_column, UPDATED)
    cells = {draft.id_column: draft.clean(draft.id_column, owner[rows])}
    draft.spoil("duplicate_id", rows, cells)


def repeat_older(
    draft: Draft,
    day: NDArray[np.int64],
    column: str,
    older: Callable[[str], str],
    *,
    since: NDArray[np.int64] | None = None,
) -> None:
    """Repeat some rows further down as they were before.

    Parameters
    ----------
    draft
        The list.
    day
        When each row was brought up to date, shape (n,).
    column
        What was different then.
    older
        What stood in it, from what stands there now.
    since
        The day before which there was no version, shape (n,); some months before if None.
    """
    since = day - _OLDER_BY if since is None else since
    among = (day > since) & draft.filled(column)
    rows = draft.choose("stale_version", draft.id_column, UPDATED, among=among)
    back = 1 + (draft.marks("back")[rows] * (day - since)[rows]).astype(np.int64)
    draft.add_older(
        rows,
        UPDATED,
        {
            UPDATED: write_iso(day[rows] - back),
            column: [older(text) for text in draft.clean(column, rows)],
        },
    )


def one_more(number: str) -> str:
    """Return the number of people or vacancies before one left."""
    return str(int(number) + 1)
