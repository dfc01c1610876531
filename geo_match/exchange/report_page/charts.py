"""Charts as tables: each bar beside its number, which is there as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.exchange.report_page.markup import Markup, tag, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDTH: Final = 1_000
_BAR: Final = "#1d4e79"
_GROUND: Final = "#e3e8ed"
_QUANTILE: Final = re.compile(r"_(?:median|p(?P<percent>\d+(?:\.\d+)?))(?:_m)?$")
_HALF: Final = 50.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart.

    Parameters
    ----------
    label
        What it is of.
    shown
        Its numbers, as text.
    length
        Of the bar, at least 0; None for no bar.
    """

    label: str
    shown: tuple[str, ...]
    length: float | None


def bars(heads: Sequence[str], rows: Iterable[Bar], *, whole: float, caption: str) -> Markup:
    """Return a chart.

    Parameters
    ----------
    heads
        Of the labels, the numbers and the bars.
    whole
        The length of a bar that is full.
    caption
        What the chart is of.
    """
    *first, last = heads
    head = [
        tag("th", name, scope="col", class_="n" if at else None) for at, name in enumerate(first)
    ]
    head.append(tag("th", last, scope="col", class_="bar"))
    body = [
        tag(
            "tr",
            tag("th", row.label, scope="row"),
            *(tag("td", shown, class_="n") for shown in row.shown),
            tag("td", _bar(row.length, whole), class_="bar"),
        )
        for row in rows
    ]
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *head)),
        tag("tbody", together(body, "\n")),
    )
    return tag("figure", table)


def _bar(length: float | None, whole: float) -> Markup:
    """Return a bar; the number beside it says the same, so that readers by ear pass over it."""
    if length is None:
        return Markup()
    part = 0.0 if whole <= 0 else min(length / whole, 1.0)
    # What is above 0 is seen.
    width = max(round(part * _WIDTH), 4) if part > 0 else 0
    return tag(
        "svg",
        tag("rect", width=_WIDTH, height=10, fill=_GROUND),
        tag("rect", width=width, height=10, fill=_BAR),
        viewBox=f"0 0 {_WIDTH} 10",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def quantity_of(column: str) -> str:
    """Return what a column is a quantile of: its name without which one.

    Examples
    --------
    >>> quantity_of("distance_straight_p10_m"), quantity_of("in_reach_median")
    ('distance_straight', 'in_reach')
    """
    return _QUANTILE.sub("", column)


def percent_of(column: str) -> float | None:
    """Return which quantile a column has, in per cent; None if it has none.

    Examples
    --------
    >>> percent_of("distance_p10_m"), percent_of("in_reach_median"), percent_of("people")
    (10.0, 50.0, None)
    """
    found = _QUANTILE.search(column)
    if found is None:
        return None
    return _HALF if found["percent"] is None else float(found["percent"])
