"""What lists of people and places have in common: where each is, when it was brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo_match.demo.office.cells import add_blanks, add_signs, widen_digits
from geo_match.demo.office.days import draw_updates, put_days
from geo_match.demo.office.points import Points, spoil_points
from geo_match.demo.office.register import spoil_codes
from geo_match.demo.office.rows import UPDATED, repeat_older, share_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from geo_match.demo.office.draft import Draft
    from geo_match.demo.office.register import Register


def put_points(
    draft: Draft, places: gpd.GeoSeries, community: NDArray[np.int64], shares: Sequence[float]
) -> Points:
    """Add the columns of coordinates and datums, and return what they say; see `Points.draw`."""
    points = Points.draw(draft, places, community, shares)
    points.put(draft)
    return points


def put_updates(draft: Draft) -> NDArray[np.int64]:
    """Add the column of updates, and return its days, (n,)."""
    day = draw_updates(draft)
    put_days(draft, UPDATED, day)
    return day


class Change(NamedTuple):
    """What was different in an older version of a row.

    Parameters
    ----------
    column
        Where.
    older
        What stood there, from what stands there now.
    since
        The day before which there was no version, shape (n,); some months before if None.
    """

    column: str
    older: Callable[[str], str]
    since: NDArray[np.int64] | None = None


def spoil_rows(
    draft: Draft,
    points: Points,
    register: Register,
    day: NDArray[np.int64],
    change: Change,
    *,
    missing: NDArray[np.int64] | None = None,
) -> None:
    """Share ids, repeat older versions, and spoil points and codes.

    Parameters
    ----------
    draft
        The list, complete and clean.
    points, day
        What `put_points` and `put_updates` returned.
    register
        The communities.
    change
        How older versions differ.
    missing
        The rows without coordinates; drawn if None.
    """
    share_ids(draft, day)
    repeat_older(draft, day, change.column, change.older, since=change.since)
    spoil_points(draft, points, register, missing=missing)
    spoil_codes(draft, register, points.community)


def touch_cells(draft: Draft, *, signs: str, wide: Sequence[str], blanks: Sequence[str]) -> None:
    """Put in what people and spreadsheets do to cells, and copies of rows: last of all.

    Parameters
    ----------
    draft
        The list.
    signs, wide, blanks
        The columns with signs before a text, with digits of double width, with blanks.
    """
    add_signs(draft, signs)
    widen_digits(draft, *wide)
    add_blanks(draft, *blanks)
    draft.add_copies()
