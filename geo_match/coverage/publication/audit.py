"""How well what is kept back is hidden: `audit`, with what any reader has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo_match.coverage.publication.bounds import Shown
from geo_match.coverage.publication.cells import cells_of
from geo_match.coverage.publication.noise import noise_of
from geo_match.coverage.publication.program import Program, Seen
from geo_match.coverage.publication.twins import with_twins
from geo_match.coverage.publication.witnesses import Witnesses
from geo_match.coverage.publication.zeros import with_implied_zeros

if TYPE_CHECKING:
    from geo_match.coverage.publication.program import Intervals
    from geo_match.coverage.publication.published import Published


def audit(published: Published, *, exact: bool = False) -> pd.DataFrame:
    """Bound every count that is kept back, by linear programming over all that is published.

    It uses what any reader has: the tables, how they add up, `min_count` and `round_to`.

    Parameters
    ----------
    published
        What goes out.
    exact
        True: the narrowest interval of each cell, two programs a cell. False: once two values
        `min_count` apart are found for a cell, it is left at these; much faster.

    Returns
    -------
    DataFrame
        A row a cell: `table`, `row` (position), `column`, `printed` (False for a rest, or a table
        that stays), `lower`, `upper`, `exact` (whether these are the narrowest), `safe`: at least
        `min_count` wide, or not printed and certainly no less than `min_count`.

    Raises
    ------
    AuditError
        If no counts fit the figures, which then are not those that `publish` made.
    """
    cells = with_twins(with_implied_zeros(cells_of(published.structure)))
    shown = np.zeros(cells.size, dtype=np.bool_)
    figure = np.zeros(cells.size, dtype=np.int64)
    for table, start in zip(cells.tables, cells.starts, strict=False):
        if not table.goes_out:
            continue
        frame = published.tables[table.name]
        for place, name in enumerate(table.counts):
            at = start + np.arange(len(frame)) * len(table.columns) + place
            shown[at] = frame[name].notna().to_numpy()
            figure[at] = frame[name].fillna(0).to_numpy(dtype=np.int64)
    shown &= ~cells.structural
    min_count, step = published.min_count, published.round_to
    known = Shown(cells, shown, figure, min_count, step, noise_of(min_count, step))
    program = Program(known)
    seen = Seen(cells.size)
    if not exact and known.kept_back.any():
        point = program.inner_point()
        seen.add(point)
        Witnesses(cells).narrow(known, point, seen)
    return _as_frame(known, program.intervals(exact=exact, seen=seen))


def _as_frame(known: Shown, intervals: Intervals) -> pd.DataFrame:
    cells = known.cells
    at = np.flatnonzero(known.kept_back)
    number = np.searchsorted(cells.starts, at, side="right") - 1
    columns = [table.columns for table in cells.tables]
    widths = np.array([len(one) for one in columns], dtype=np.int64)
    row, place = np.divmod(at - cells.starts[number], widths[number])
    return pd.DataFrame(
        {
            "table": [cells.tables[i].name for i in number],
            "row": row,
            "column": [columns[i][j] for i, j in zip(number, place, strict=True)],
            "printed": cells.printed[at],
            "lower": intervals.lower[at],
            "upper": intervals.upper[at],
            "exact": intervals.exact[at],
            "safe": intervals.safe[at],
        }
    )
