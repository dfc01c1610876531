"""The tables: communities worst first, the levels above, groups, plans; headers repeat in print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match.coverage.release import RELEASE
from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.figures import REASON
from geo_match.exchange.report_page.listed import OUTSIDE, with_figures
from geo_match.exchange.report_page.markup import Markup, tag, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geo_match.exchange.report_page.figures import Figures

BETWEEN: Final = " by "
"""What stands between the parts of a table's name: "street by hukou"."""
SHOWN: Final = (
    "people",
    "located_share",
    "reached",
    "reached_share",
    "reached_straight",
    "lost_on_foot",
    "below",
    "in_reach_median",
    "eligible_median",
    "availability_median",
    "distance_median_m",
)
"""The figures that a table of rows has, as far as the frame has them."""
_NUMBER: Final = "n"
_CLASSES: Final = frozenset({"code", "name"})
_MAIN: Final = "main_reason"
_NOT_LABELS: Final = frozenset({"kind", "has_area", "date", "purpose", RELEASE, "geometry"})
_LEVELS: Final = frozenset({"community", "street", "district", "city", "h3"})
_WIDE: Final = 9


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of communities, most people below the standard first.

    Then the greater share of the people, then the code; a count that is kept back comes last. Who
    is outside is in no community, and not among them.
    """
    own = frame[frame["kind"] != OUTSIDE] if "kind" in frame else frame
    below = _floats(own, "below")
    people = _floats(own, "people")
    share = np.divide(below, people, out=np.zeros(len(own)), where=people > 0)
    code = own["code"].astype(str).to_numpy(dtype=object)
    # A count that is kept back has no share either: only codes tell such rows apart.
    keys = (code, np.nan_to_num(-share, nan=0.0), np.where(np.isnan(below), 1.0, -below))
    return own.iloc[np.lexsort(keys)].reset_index(drop=True)


def community_table(
    figures: Figures, rows: pd.DataFrame, ranks: Sequence[int], *, caption: str
) -> Markup:
    """Return a table of communities with their ranks."""
    say = figures.say
    return _table(
        figures,
        rows,
        labels=("code", "name"),
        caption=caption,
        first=(say("rank"), [f"{rank:,}" for rank in ranks]),
    )


def level_table(
    figures: Figures, frame: pd.DataFrame, *, level: str, names: Mapping[str, str], caption: str
) -> Markup:
    """Return a table of a level above the communities, or of groups of people.

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
    return _table(figures, rows, labels=(*labels, *own), caption=caption)


def plain_table(figures: Figures, frame: pd.DataFrame, *, title: str) -> Markup:
    """Return all columns of a frame, in as many tables as its width needs.

    What is the same in all rows is told once, above them. Rows that count nothing are not listed:
    how many there are is told.
    """
    names = [str(name) for name in frame if name not in _NOT_LABELS]
    labels = [name for name in names if name in {"code", "name"}]
    rows = _records(frame)
    rest = [name for name in names if name not in labels]
    same = {
        name: rows[0][name]
        for name in rest
        if len(rows) > 1 and len({repr(row[name]) for row in rows}) == 1
    }
    rest = [name for name in rest if name not in same]
    rows = _records(with_figures(frame))
    blocks = [rest[at : at + _WIDE] for at in range(0, len(rest), _WIDE)] or [[]]
    found = [
        tag(
            "p",
            figures.say("same_for_all", label=figures.label(name), value=figures.cell(name, value)),
            class_="note",
        )
        for name, value in same.items()
    ]
    if len(rows) < len(frame):
        left = f"{len(frame) - len(rows):,}"
        found.append(tag("p", figures.say("nothing_counted", n=left), class_="note"))
    for at, block in enumerate(blocks, start=1):
        several = len(blocks) > 1
        caption = figures.say("part", title=title, part=at, parts=len(blocks))
        cells = (
            [_label(figures, name, row) for name in labels]
            + [figures.cell(name, row[name]) for name in block]
            for row in rows
        )
        heads = [(figures.label(name), _class(figures, frame, name)) for name in (*labels, *block)]
        found.append(
            _rows_table(heads, cells, caption=caption if several else title, unseen=not several)
        )
    return together(found)


def _table(
    figures: Figures,
    frame: pd.DataFrame,
    *,
    labels: tuple[str, ...],
    caption: str,
    first: tuple[str, list[str]] | None = None,
) -> Markup:
    """Return a table of rows of a report: labels, the figures of `SHOWN`, the main reason.

    Where all rows have one reason alone, it is told above them once.
    """
    shown = [name for name in SHOWN if name in frame]
    reasons = [str(name) for name in frame if str(name).startswith(REASON)]
    say = figures.say
    only = _only(frame, reasons)
    if only is not None:
        reasons = []
    heads = [(figures.label(name), name if name in _CLASSES else None) for name in labels]
    heads += [(figures.head(name), _NUMBER) for name in shown]
    if reasons:
        heads.append((say(_MAIN), "why"))
    ranks: Iterable[str] = [] if first is None else first[1]
    if first is not None:
        heads.insert(0, (first[0], _NUMBER))
    rows = []
    for row in _records(frame):
        cells = [_label(figures, name, row) for name in labels]
        cells += [figures.cell_of(row, name) for name in shown]
        if reasons:
            cells.append(figures.main_reason(row, reasons))
        rows.append(cells)
    if first is not None:
        rows = [[rank, *cells] for rank, cells in zip(ranks, rows, strict=True)]
    table = _rows_table(heads, rows, caption=caption, header_at=0 if first is None else 1)
    if only is None:
        return table
    told = say("only_reason", reason=figures.label(only))
    return together((tag("p", told, class_="note"), table))


def _only(frame: pd.DataFrame, reasons: Sequence[str]) -> str | None:
    """Return the one reason that anybody in a table has; None of several, of none, of one row."""
    some = [name for name in reasons if not (_floats(frame, name) == 0).all()]
    return some[0] if len(some) == 1 and len(frame) > 1 else None


def _label(figures: Figures, name: str, row: Mapping[str, Any]) -> str:
    """Return a code, a name or a value of the people's: of none what that means."""
    if not numbers.is_missing(row[name]):
        return str(row[name])
    if name == "name":
        return ""
    outside = row.get("kind") == OUTSIDE and name == "code"
    return figures.say("outside" if outside else "no_value")


def _rows_table(
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
    head = tag(
        "tr",
        *(
            tag("th", name, scope="col", class_=kind)
            for (name, _), kind in zip(heads, classes, strict=True)
        ),
    )
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


def _class(figures: Figures, frame: pd.DataFrame, name: str) -> str | None:
    numeric = pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(
        frame[name]
    )
    if numeric or figures.is_numeric(name):
        return _NUMBER
    return name if name in _CLASSES else None


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dicts by name, without outlines."""
    named = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    columns = {str(name): named[name].tolist() for name in named}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _floats(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    if column not in frame:
        return np.full(len(frame), np.nan)
    return numbers.floats(frame[column])
