"""On which days records hold, by their own days: the one rule of what is open, and who registered.

A record holds from the day it began, that day included. A field of the last day includes that day,
too; a day of closing does not. A day that is not stated is no bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.records.schema import model_of

if TYPE_CHECKING:
    import datetime as dt
    from typing import Any


def holds_on(kind: str, records: pa.Table, on: dt.date) -> pa.ChunkedArray:
    """Return which records hold on a day; a kind without such days holds on each.

    Parameters
    ----------
    kind
        A key of `RECORDS`.
    records
        With the fields that `fields_of_days` names, as date32; one that has no column is no bound.
    on
        The day.

    Returns
    -------
    pyarrow.ChunkedArray
        Booleans without null, (n,).

    Raises
    ------
    ArgumentError
        If there is no such kind.

    Examples
    --------
    >>> import datetime as dt
    >>> day = dt.date(2025, 3, 1)
    >>> seekers = pa.table({"closed_on": pa.array([None, day], pa.date32())})
    >>> holds_on("seekers", seekers, day).to_pylist()
    [True, False]
    """
    days = model_of(kind).holds
    holds: Any = pa.chunked_array([pa.array([True] * len(records), pa.bool_())])
    if days is None:
        return holds
    day = pa.scalar(on, pa.date32())
    for name, bound in (
        (days.since, pc.less_equal),
        (days.last, pc.greater_equal),
        (days.until, pc.greater),
    ):
        if name is not None and name in records.column_names:
            kept = pc.fill_null(bound(records.column(name), day), True)  # noqa: FBT003 - Arrow's
            holds = pc.and_(holds, kept)
    return holds


def fields_of_days(kind: str) -> frozenset[str]:
    """Return the fields that tell on which days a record of a kind holds.

    Raises
    ------
    ArgumentError
        If there is no such kind.
    """
    days = model_of(kind).holds
    if days is None:
        return frozenset()
    return frozenset(name for name in (days.since, days.last, days.until) if name is not None)
