"""Who is reached straight and not on foot, by cause: a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo_match.exchange.report_page.charts import Bar, bars
from geo_match.exchange.report_page.figures import LOST
from geo_match.exchange.report_page.markup import Markup, tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.exchange.report_page.figures import Figures


def lost_on_foot(figures: Figures, totals: Mapping[str, Any]) -> Markup:
    """Return how many people are reached straight and not on foot, by cause.

    Parameters
    ----------
    totals
        Of a report on foot.
    """
    say, lost = figures.say, totals["lost_on_foot"]
    if lost == 0:
        return tag("p", say("none_lost"), class_="note")
    rows = [
        Bar(
            figures.label(name),
            (figures.cell(name, totals[name]), figures.share_of(totals[name], lost)),
            float(totals[name]),
        )
        for name in totals
        if name.startswith(LOST)
    ]
    heads = (say("cause"), say("people"), say("share"), say("bar"))
    caption = say("lost_how", n=figures.cell("lost_on_foot", lost))
    return bars(heads, rows, whole=float(lost), caption=caption)
