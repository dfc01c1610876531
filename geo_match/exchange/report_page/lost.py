"""Who is reached straight and not on foot, by cause: a chart of all, and a table of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.charts import Bar, bars
from geo_match.exchange.report_page.figures import LOST
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
    from collections.abc import Mapping

    import pandas as pd

    from geo_match.exchange.report_page.figures import Figures

_STRAIGHT, _ON_FOOT, _LOST = "reached_straight", "reached", "lost_on_foot"
_NO_STREET = ("people_not_on_network", "supply_not_on_network")


def lost_on_foot(figures: Figures, totals: Mapping[str, Any]) -> Markup:
    """Return how many people are reached straight and not on foot, by cause.

    Parameters
    ----------
    totals
        Of a report on foot.
    """
    say, lost = figures.say, totals[_LOST]
    if not numbers.is_missing(lost) and lost == 0:
        return together((tag("p", say("none_lost"), class_="note"), _no_street(figures, totals)))
    rows = [
        Bar(
            figures.label(name),
            (figures.cell(name, totals[name]), figures.share_of(totals[name], lost)),
            None if numbers.is_missing(totals[name]) else float(totals[name]),
        )
        for name in totals
        if name.startswith(LOST)
    ]
    heads = (say("cause"), say("people"), say("share"), say("bar"))
    caption = say("lost_how", n=figures.cell(_LOST, lost))
    whole = max((row.length or 0.0 for row in rows), default=0.0)
    if not numbers.is_missing(lost):
        whole = float(lost)
    return together((bars(heads, rows, whole=whole, caption=caption), _no_street(figures, totals)))


def lost_table(
    figures: Figures,
    frame: pd.DataFrame,
    *,
    level: str,
    names: Mapping[str, str],
    noun: str,
    caption: str,
) -> Markup:
    """Return who is reached straight, on foot, and straight alone in each row, and the main cause.

    The rows that lose most come first; how many lose nobody is told.

    Parameters
    ----------
    frame
        A level of a report on foot.
    level, names
        As `geo_match.exchange.report_page.table.labelled` takes them.
    noun
        What the rows are, in the page's language.
    """
    say = figures.say
    lost = floats(frame, _LOST)
    some = ~(lost == 0)  # one that is kept back may be any
    order = np.argsort(np.where(np.isnan(lost), np.inf, -lost)[some], kind="stable")
    rows, labels = labelled(frame[some].iloc[order], level, names)
    parts: list[Markup] = []
    if len(rows):
        causes = [str(name) for name in rows if str(name).startswith(LOST)]
        heads = label_heads(figures, labels)
        heads += [
            (figures.head(_STRAIGHT), NUMBER),
            (say("reached_on_foot"), NUMBER),
            (figures.head(_LOST), NUMBER),
            (say("share_of_straight"), NUMBER),
            (say("main_cause"), "why"),
        ]
        cells = [
            [
                *(label_of(figures, name, row) for name in labels),
                *(figures.cell_of(row, name) for name in (_STRAIGHT, _ON_FOOT, _LOST)),
                figures.share_of(row[_LOST], row[_STRAIGHT]),
                figures.main_reason(row, causes),
            ]
            for row in records(rows)
        ]
        parts.append(tag("p", say("lost_of_how"), class_="note"))
        parts.append(rows_table(heads, cells, caption=caption))
    own = frame["kind"] != OUTSIDE if "kind" in frame else np.ones(len(frame), dtype=np.bool_)
    left = int((own & ~some).sum())
    if left:
        parts.append(tag("p", say("lost_nobody", n=f"{left:,}", noun=noun), class_="note"))
    return together(parts)


def _no_street(figures: Figures, totals: Mapping[str, Any]) -> Markup:
    """Return how many people and places no street leads to, where that is known."""
    found = [totals.get(name) for name in _NO_STREET]
    if any(map(numbers.is_missing, found)):
        return Markup()
    if not any(found):
        return tag("p", figures.say("all_on_network"), class_="note")
    people, supply = (
        figures.cell(name, value) for name, value in zip(_NO_STREET, found, strict=True)
    )
    return tag("p", figures.say("not_on_network", people=people, supply=supply), class_="note")
