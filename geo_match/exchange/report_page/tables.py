"""The tables of a report: communities worst first, the levels above, groups of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.exchange.report_page.figures import REASON
from geo_match.exchange.report_page.listed import OUTSIDE
from geo_match.exchange.report_page.markup import Markup, tag, together
from geo_match.exchange.report_page.table import (
    NUMBER,
    floats,
    label_heads,
    label_of,
    labelled,
    records,
    rows_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from geo_match.exchange.report_page.figures import Figures

SHOWN: Final = (
    "people",
    "located_share",
    "reached",
    "reached_share",
    "below",
    "in_reach_median",
    "eligible_median",
    "availability_median",
    "distance_median_m",
)
"""The figures that a table of rows has, as far as the frame has them."""
_MAIN, _LOCATED = "main_reason", "located_share"


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of communities, most people below the standard first.

    Then the greater share of the people, then the code; a count that is kept back comes last. Who
    is outside is in no community, and not among them.
    """
    own = frame[frame["kind"] != OUTSIDE] if "kind" in frame else frame
    below = floats(own, "below")
    people = floats(own, "people")
    share = np.divide(below, people, out=np.zeros(len(own)), where=people > 0)
    code = own["code"].astype(str).to_numpy(dtype=object)
    # A count that is kept back has no share either: only codes tell such rows apart.
    keys = (code, np.nan_to_num(-share, nan=0.0), np.where(np.isnan(below), 1.0, -below))
    return own.iloc[np.lexsort(keys)].reset_index(drop=True)


def community_table(
    figures: Figures, rows: pd.DataFrame, ranks: Sequence[int], *, caption: str
) -> Markup:
    """Return a table of communities with their ranks."""
    return _table(
        figures,
        rows,
        labels=("code", "name"),
        caption=caption,
        first=(figures.say("rank"), [f"{rank:,}" for rank in ranks]),
    )


def level_table(
    figures: Figures, frame: pd.DataFrame, *, level: str, names: Mapping[str, str], caption: str
) -> Markup:
    """Return a table of a level above the communities, or of groups of people.

    Parameters
    ----------
    level, names
        As `geo_match.exchange.report_page.table.labelled` takes them.
    """
    rows, labels = labelled(frame, level, names)
    return _table(figures, rows, labels=labels, caption=caption)


def _table(
    figures: Figures,
    frame: pd.DataFrame,
    *,
    labels: tuple[str, ...],
    caption: str,
    first: tuple[str, list[str]] | None = None,
) -> Markup:
    """Return a table of rows of a report: labels, the figures of `SHOWN`, the main reason.

    Where all rows have one reason alone, or everybody in them has a place, it is told above them
    once.
    """
    shown = [name for name in SHOWN if name in frame]
    reasons = [str(name) for name in frame if str(name).startswith(REASON)]
    say = figures.say
    notes = []
    if not figures.published and len(frame) and (floats(frame, _LOCATED) == 1.0).all():
        shown.remove(_LOCATED)
        notes.append(say("accurate_all_located"))
    only = _only(frame, reasons)
    if only is not None:
        reasons = []
        notes.append(say("only_reason", reason=figures.label(only)))
    heads = label_heads(figures, labels)
    heads += [(figures.head(name), NUMBER) for name in shown]
    if reasons:
        heads.append((say(_MAIN), "why"))
    ranks: Iterable[str] = [] if first is None else first[1]
    if first is not None:
        heads.insert(0, (first[0], NUMBER))
    rows = []
    for row in records(frame):
        cells = [label_of(figures, name, row) for name in labels]
        cells += [figures.cell_of(row, name) for name in shown]
        if reasons:
            cells.append(figures.main_reason(row, reasons))
        rows.append(cells)
    if first is not None:
        rows = [[rank, *cells] for rank, cells in zip(ranks, rows, strict=True)]
    table = rows_table(heads, rows, caption=caption, header_at=0 if first is None else 1)
    return together((*(tag("p", note, class_="note") for note in notes), table))


def _only(frame: pd.DataFrame, reasons: Sequence[str]) -> str | None:
    """Return the one reason that anybody in a table has; None of several, of none, of one row."""
    some = [name for name in reasons if not (floats(frame, name) == 0).all()]
    return some[0] if len(some) == 1 and len(frame) > 1 else None
