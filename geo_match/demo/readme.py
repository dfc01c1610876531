"""The README that goes with a city's files: what is real, what is drawn and how, each column."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from geo_match.demo import facts
from geo_match.demo.city import NOTE
from geo_match.demo.office.defects import DEFECTS
from geo_match.demo.tables import INVENTED, SUFFIX, Column, Table, read_dictionary
from geo_match.demo.vocabulary import REFERENCE_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo_match.demo.scale import Scale


def describe(scale: Scale, seed: int, rows: Mapping[str, int]) -> str:
    """Return the README of a city's files, Markdown.

    Parameters
    ----------
    scale, seed
        What they were drawn at.
    rows
        Rows of each file.
    """
    text = resources.files(__package__).joinpath("dictionary", "README.md").read_text("utf-8")
    for name, value in (
        ("note", NOTE),
        ("scale", scale.name),
        ("seed", str(seed)),
        ("date", REFERENCE_DATE.isoformat()),
    ):
        text = text.replace(f"{{{name}}}", value)
    tables, columns = read_dictionary()
    parts = [text, _list_files(tables, rows)]
    for table in tables:
        own = [column for column in columns if column.table == table.name]
        parts.append(_describe_table(table, own))
    parts.append(_describe_office(rows))
    parts.append(_sources())
    return "\n".join(parts)


def _list_files(tables: Sequence[Table], rows: Mapping[str, int]) -> str:
    lines = (
        (f"`{t.name}{SUFFIX}`", t.title, f"{rows[t.name + SUFFIX]:,}", t.real or "nothing")
        for t in tables
    )
    return _table(("file", "", "rows", "real of it"), lines)


def _describe_table(table: Table, columns: Sequence[Column]) -> str:
    head = f"### `{table.name}{SUFFIX}` · {table.title}\n\n{table.meaning}"
    if table.like:
        head += f" The columns of `{table.like}`"
        head += ", and:\n" if columns else ".\n"
    else:
        head += "" if table.real else f" Each row has `{INVENTED}` (true) besides."
        head += "\n"
    if not columns:
        return head
    lines = ((f"`{c.name}`", c.kind, "yes" if c.empty else "", c.meaning) for c in columns)
    return f"{head}\n{_table(('column', 'kind', 'may be null', 'meaning'), lines)}"


def _describe_office(rows: Mapping[str, int]) -> str:
    files = (
        (f"`{name}`", f"{count:,}") for name, count in rows.items() if name.startswith("office/")
    )
    defects = ((f"`{name}`", defect.meaning) for name, defect in DEFECTS.items())
    return (
        "### `office/` · an office's lists\n\n"
        + _table(("file", "rows"), files)
        + "\n`defects.csv` (UTF-8) has a row a defect: `file`, `row` (1 is the first below the "
        "header), `id`, `column`, `defect`, `value` (as written) and `truth` (what should stand "
        "there; empty where nobody knows). `id` is the row's true id, also where another one is "
        "written. A repeated name is no fault of the row: it is labelled because it cannot tell "
        "which is meant.\n\n" + _table(("defect", "what is wrong"), defects)
    )


def _sources() -> str:
    """Return where the facts come from, as a section."""
    text = resources.files(facts).joinpath("SOURCES.md").read_text("utf-8")
    return text.replace("# Where the facts come from", "## Where the facts come from", 1)


def _table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [header, ["---"] * len(header), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
