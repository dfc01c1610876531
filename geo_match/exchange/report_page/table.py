"""One table of the page: its heads, its rows, what it is called; the heads repeat in print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.listed import OUTSIDE
from geo_match.exchange.report_page.markup import Markup, tag, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geo_match.exchange.report_page.figures import Figures

BETWEEN: Final = " by "
"""What stands between the parts of a table's name: "street by hukou"."""
NUMBER: Final = "n"
"""The class of columns of numbers in the style."""
CLASSES: Final = frozenset({"code", "name"})
"""The columns that have a class of their own."""
_LEVELS: Final = frozenset({"community", "street", "district", "city", "h3"})


def rows_table(
    heads: Sequence[tuple[str, str | None]],
    rows: Iterable[Sequence[str]],
    *,
    caption: str,
    unseen: bool = True,
    header_at: int = 0,
) -> Markup:
    """Return a table.

    Parameters
    ----------
    heads
        What each column is called, and its class in the style.
    unseen
        Whether the caption only repeats the heading above, and is for those who do not see it.
    header_at
        The column whose cells are the headers of their rows.
    """
    classes = [kind for _, kind in heads]
    head = tag("tr", *(tag("th", name, scope="col", class_=kind) for name, kind in heads))
    body = [
        tag(
            "tr",
            *(
                tag("th", cell, scope="row", class_=kind)
                if at == header_at
                else tag("td", cell, class_=kind)
                for at, (cell, kind) in enumerate(zip(cells, classes, strict=True))
            ),
        )
        for cells in rows
    ]
    table = tag(
        "table",
        tag("caption", caption, class_="unseen" if unseen else None),
        tag("thead", head),
        tag("tbody", together(body, "\n")),
    )
    # A screen that is too narrow scrolls it, by the keyboard too: so it can be reached, and is
    # named.
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=caption)


def labelled(
    frame: pd.DataFrame, level: str, names: Mapping[str, str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return rows of a level with what each is called, and the columns that tell them apart.

    Parameters
    ----------
    level
        What it is told by, such as "street", or "street by hukou".
    names
        What codes are called, where the frame does not say it.
    """
    rows = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    if "code" in rows:
        called = rows["code"].map(lambda code: names.get(str(code))).astype(object)
        if "name" in rows:
            called = rows["name"].astype(object).where(rows["name"].notna(), called)
        rows["name"] = called
        if rows["name"].isna().all():
            rows = rows.drop(columns="name")
    # A column of the people may have the name of a figure's: it is told by what was asked.
    of_people = set(level.split(BETWEEN)) - _LEVELS
    own = [str(name) for name in rows if find_column(str(name)) is None or name in of_people]
    labels = [name for name in ("code", "name") if name in rows and name not in own]
    return rows, (*labels, *own)


def label_heads(figures: Figures, labels: Iterable[str]) -> list[tuple[str, str | None]]:
    """Return the heads of columns that tell rows apart."""
    return [(figures.label(name), name if name in CLASSES else None) for name in labels]


def label_of(figures: Figures, name: str, row: Mapping[str, Any]) -> str:
    """Return a code, a name or a value of the people's: of none what that means."""
    if not numbers.is_missing(row[name]):
        return str(row[name])
    if name == "name":
        return ""
    outside = row.get("kind") == OUTSIDE and name == "code"
    return figures.say("outside" if outside else "no_value")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dicts by name, without outlines."""
    named = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    columns = {str(name): named[name].tolist() for name in named}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def floats(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Return a column of numbers, (n,); NaN for what is missing, all of it without the column."""
    return numbers.floats(frame[column]) if column in frame else np.full(len(frame), np.nan)
