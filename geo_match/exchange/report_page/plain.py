"""A frame as it is, such as a service plan: in as many tables as its width needs, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geo_match.coverage.release import RELEASE
from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.listed import with_figures
from geo_match.exchange.report_page.markup import Markup, tag, together
from geo_match.exchange.report_page.not_given import not_given_name
from geo_match.exchange.report_page.table import (
    CLASSES,
    NUMBER,
    label_heads,
    label_of,
    records,
    rows_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geo_match.exchange.report_page.figures import Figures

_NOT_LABELS: Final = frozenset({"kind", "has_area", "date", "purpose", RELEASE, "geometry"})
_NOT_GIVEN: Final = "not_given"
_WIDE: Final = 9
"""So many columns of figures fit on paper beside the code and the name."""
_MOST_LINES: Final = 400
"""So many lines of tables are printed with all columns, some ten sheets; of more the main ones."""
MAIN: Final[tuple[str, ...]] = (
    "people",
    "working_age",
    "entities",
    "seekers",
    "vacancies",
    "stations",
    "seekers_reached_share",
    "people_near_station_share",
    "short_1_name",
    "short_1_shortfall",
)
"""The figures of a plan of many communities."""


def plain_table(figures: Figures, frame: pd.DataFrame, *, title: str) -> Markup:
    """Return the columns of a frame, in as many tables as its width needs.

    What is the same in all rows is told once, above them, and columns without any figure are named
    there. Rows that count nothing are not listed: how many there are is told. Where the tables
    would be very long, they have the figures of `MAIN` alone, and that is told.
    """
    say = figures.say
    names = [str(name) for name in frame if name not in _NOT_LABELS]
    labels = [name for name in names if name in CLASSES]
    rest = [name for name in names if name not in CLASSES]
    given = records(frame)
    nowhere = [name for name in rest if given and all(_is_none(row[name]) for row in given)]
    same = {
        name: given[0][name]
        for name in rest
        if name not in nowhere
        and (len(given) > 1 or name == _NOT_GIVEN)
        and len({repr(row[name]) for row in given}) == 1
    }
    rest = [name for name in rest if name not in same and name not in nowhere]
    rows = records(with_figures(frame))
    notes = [*_told_once(figures, same, nowhere)]
    if len(rows) < len(frame):
        notes.append(say("nothing_counted", n=f"{len(frame) - len(rows):,}"))
    main: list[str] = [name for name in MAIN if name in rest]
    if main and len(rest) > _WIDE and len(rows) * len(_blocks(rest)) > _MOST_LINES:
        notes.append(say("main_figures", n=f"{len(rows):,}", m=f"{len(rest):,}"))
        blocks = [main]
    else:
        blocks = _blocks(rest)
    found = [tag("p", note, class_="note") for note in notes]
    for at, block in enumerate(blocks, start=1):
        several = len(blocks) > 1
        caption = say("part", title=title, part=at, parts=len(blocks)) if several else title
        cells = (
            [label_of(figures, name, row) for name in labels]
            + [figures.cell(name, row[name]) for name in block]
            for row in rows
        )
        heads = label_heads(figures, labels)
        heads += [(figures.label(name), _class(figures, frame, name)) for name in block]
        found.append(rows_table(heads, cells, caption=caption, unseen=not several))
    return together(found)


def _told_once(
    figures: Figures, same: Mapping[str, object], nowhere: Sequence[str]
) -> Iterator[str]:
    """Give what is the same in all rows, what was not given, and what has no figure for it."""
    say = figures.say
    told = [
        say("same_for_all", label=figures.label(name), value=figures.cell(name, value))
        for name, value in same.items()
        if name != _NOT_GIVEN
    ]
    if told:
        yield say("in_all_rows", told=say.pick(("；", "; ")).join(told))
    between = say.pick(("、", ", "))
    if same.get(_NOT_GIVEN):
        given = (say.pick(not_given_name(name)) for name in str(same[_NOT_GIVEN]).split(", "))
        yield say("not_given", names=between.join(given))
    if left := [figures.label(name) for name in nowhere if name != _NOT_GIVEN]:
        yield say("no_figures", names=between.join(left))


def _is_none(value: object) -> bool:
    """Return whether a cell says nothing."""
    return numbers.is_missing(value) or (isinstance(value, str) and not value)


def _blocks(names: Sequence[str]) -> list[list[str]]:
    """Return columns parted by the width of the paper, one block at least."""
    return [list(names[at : at + _WIDE]) for at in range(0, len(names), _WIDE)] or [[]]


def _class(figures: Figures, frame: pd.DataFrame, name: str) -> str | None:
    numeric = pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(
        frame[name]
    )
    if numeric or figures.is_numeric(name):
        return NUMBER
    return name if name in CLASSES else None
