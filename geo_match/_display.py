"""How answers show themselves in a notebook: HTML in which whatever was given is text."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Table(NamedTuple):
    """A table to be shown.

    Parameters
    ----------
    heads
        What its columns are called.
    rows
        Its rows, a value a column.
    """

    heads: Sequence[object]
    rows: Sequence[Sequence[object]]


def card(title: object, *parts: object) -> str:
    """Return a title and what stands below it: tables, and sentences.

    All of it is shown and never acted upon, wherever names and ids come from.

    Examples
    --------
    >>> card("Jobs", "one & only", Table(["id"], [["<J1>"]]))
    '<div><strong>Jobs</strong><p>one &amp; only</p><table><thead><tr><th>id</th></tr></thead>\
<tbody><tr><td>&lt;J1&gt;</td></tr></tbody></table></div>'
    """
    inside = "".join(
        _table(part) if isinstance(part, Table) else f"<p>{_text(part)}</p>" for part in parts
    )
    return f"<div><strong>{_text(title)}</strong>{inside}</div>"


def _table(table: Table) -> str:
    head = _row("th", table.heads)
    body = "".join(_row("td", row) for row in table.rows)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _row(tag: str, cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{_text(cell)}</{tag}>' for cell in cells)}</tr>"


def _text(given: object) -> str:
    return html.escape(str(given), quote=True)
