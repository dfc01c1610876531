"""What each figure means that the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.figures import LOST, REASON
from geo_match.exchange.report_page.markup import Markup, tag, together
from geo_match.exchange.report_page.tables import SHOWN

if TYPE_CHECKING:
    from geo_match.exchange.report_page.data import PageData
    from geo_match.exchange.report_page.figures import Figures

_OF_TABLES: Final = (*SHOWN, "reached_straight", "lost_on_foot", "located", "below_share")
_OF_TOTALS: Final = (
    *(REASON, LOST, "supply_amount", "supply_rows", "supply_unlocated"),
    *("people_not_on_network", "supply_not_on_network"),
)
"""How the names of those totals begin that are somewhere on the page."""


def glossary(page: PageData, figures: Figures) -> Markup:
    """Return the figures of the tables, of the totals, of gap areas and plans, each once."""
    there = {str(name) for frame in page.levels.values() for name in frame} | set(page.totals)
    names: list[str] = [name for name in _OF_TABLES if name in there]
    names += [name for name in page.totals if _is_told(page, name)]
    for frame in (page.gap_areas, *page.plans.values()):
        if frame is not None:
            names += [str(name) for name in frame if frame[name].notna().any()]
    found = [meant for name in dict.fromkeys(names) if (meant := figures.meaning(name)) is not None]
    entries = (tag("div", tag("dt", name), tag("dd", meaning)) for name, meaning in found)
    return tag("dl", together(entries, "\n"), class_="glossary")


def _is_told(page: PageData, name: str) -> bool:
    """Return whether one of the totals is on the page; of what is published some is kept back."""
    is_there = page.is_published or not numbers.is_missing(page.totals[name])
    return is_there and name.startswith(_OF_TOTALS)
