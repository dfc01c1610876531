"""Who of some seekers is registered on a day: whose registration has begun, and is not closed.

It is the rule by which a store's records hold on a day (`geo_match.records.holding`), for frames.
Matching asks it of its own tables; whoever reads a frame for something else parts it here first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geo_match.matching.given import values
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.records.holding import fields_of_days, holds_on

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray


class Registered(NamedTuple):
    """Seekers who are registered, and how many others there were.

    Parameters
    ----------
    frame
        The rows of those who are, of the frame's own kind and in its order; an Arrow table of what
        only exports Arrow, such as a frame of polars.
    left_out
        How many rows are of others.
    """

    frame: Any
    left_out: int


def registered(
    frame: object, on: dt.date, *, name: str = "seekers", faults: Faults | None = None
) -> Registered:
    """Return the seekers of a frame who are registered on a day.

    Parameters
    ----------
    frame
        As `geo_match.matching.given.frames` takes them. Optional `registered_on`, the first day,
        and `closed_on`, the day from which the registration holds no more; null is no bound, and
        without either column all are registered.
    on
        The day.
    name
        What the frame is called in messages.
    faults
        Where faults of the rows that are left will go: they are then told by the positions that
        the rows have in the frame as it is given here.

    Raises
    ------
    FrameError
        If one of the two columns holds no days.
    ArgumentError
        If the frame is nothing of the kind.

    Examples
    --------
    >>> import datetime as dt
    >>> day = dt.date(2025, 12, 31)
    >>> found = registered([{"id": "S1"}, {"id": "S2", "closed_on": day}], day)
    >>> found.frame, found.left_out
    ([{'id': 'S1'}], 1)
    """
    own = Faults(name)
    frame = _readable(frame)
    given = Given(frame, own)
    days = {
        one: values.days(column, one, own)
        for one in sorted(fields_of_days("seekers"))
        if given.has(one) and (column := given.column(one)) is not None
    }
    raise_any(own)
    if not days:
        return Registered(frame, 0)
    kept = np.asarray(holds_on("seekers", pa.table(days), on).to_numpy(), dtype=np.bool_)
    left_out = int((~kept).sum())
    if not left_out:
        return Registered(frame, 0)
    if faults is not None:
        faults.positions = np.flatnonzero(kept)
    return Registered(_rows(frame, kept), left_out)


def _readable(frame: object) -> object:
    """Return a frame that can be read more than once, and whose rows can be taken.

    Of what only exports Arrow it is a table: a stream is gone when it was read, and the rows of
    others are taken by ways of their own.
    """
    if isinstance(frame, pd.DataFrame | pa.Table | Mapping | Sequence):
        return frame
    return pa.table(frame) if hasattr(frame, "__arrow_c_stream__") else frame


def _rows(frame: Any, kept: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - a frame of any kind that `Given` takes
    """Return some rows of what `Given` takes."""
    if isinstance(frame, pd.DataFrame):
        return frame[kept]
    if isinstance(frame, pa.Table):
        return frame.filter(pa.array(kept))
    if isinstance(frame, Mapping):
        return []  # one row, and it is left out
    return [row for row, is_kept in zip(frame, kept, strict=True) if is_kept]
