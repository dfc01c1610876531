"""How accurate the figures are: what the page says of it, as far as its frames tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.figures import REASON
from geo_match.exchange.report_page.listed import OUTSIDE
from geo_match.exchange.report_page.markup import Markup, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from geo_match.exchange.report_page.data import PageData
    from geo_match.exchange.report_page.figures import Figures

_TOLERANCE: Final = "tolerance_m"


def accuracy(page: PageData, figures: Figures) -> Markup:
    """Return a list of sentences, the page's own notes behind them."""
    told = (*_distances(page, figures), *_people(page, figures), *_rest(page, figures))
    return tag("ul", *(tag("li", line) for line in (*told, *page.notes)))


def _distances(page: PageData, figures: Figures) -> Iterator[str]:
    """Say how distances are found; of circles only where there are some."""
    say = figures.say
    if page.is_on_foot:
        yield say("accurate_on_foot")
    if page.has_straight:
        yield say("accurate_beside")
    if page.has_straight or not page.is_on_foot:
        yield say("accurate_circle")
    if not page.is_on_foot:
        yield say("accurate_straight")


def _people(page: PageData, figures: Figures) -> Iterator[str]:
    """Say where people are counted, and who has no place."""
    say = figures.say
    yield say("accurate_people")
    unlocated, share = (page.totals.get(name) for name in (f"{REASON}no_location", "located_share"))
    if not numbers.is_missing(unlocated) and unlocated == 0:
        yield say("accurate_all_located")
    elif not numbers.is_missing(share):
        yield say("accurate_located", share=figures.cell("located_share", share))
    outside = _outside(page)
    if outside is not None:
        nobody = not numbers.is_missing(outside) and outside == 0
        key = "accurate_none_outside" if nobody else "accurate_outside"
        yield say(key, n=figures.cell("people", outside))
    several = page.totals.get("people_in_several_areas")
    if not numbers.is_missing(several) and several:
        yield say("accurate_several", n=figures.cell("people_in_several_areas", several))


def _outside(page: PageData) -> object:
    """Return how many people are outside all communities; None where no table tells it."""
    communities = page.levels.get("community")
    if communities is None or "kind" not in communities:
        return None
    outside: pd.Series = communities["people"][communities["kind"] == OUTSIDE]
    return outside.iloc[0] if len(outside) else None


def _rest(page: PageData, figures: Figures) -> Iterator[str]:
    """Say what of circles, outlines and rounded figures is not exact."""
    say = figures.say
    edge = page.totals.get("outside_data_share")
    if not numbers.is_missing(edge):
        yield say("accurate_edge", share=figures.cell("outside_data_share", edge))
    gaps = page.gap_areas
    if gaps is not None and len(gaps) and _TOLERANCE in gaps:
        yield say("accurate_gap", tolerance=f"{float(gaps[_TOLERANCE].max()):g}")
    if page.is_published:
        yield say("accurate_published")
    if page.steps:
        yield say("accurate_steps")
