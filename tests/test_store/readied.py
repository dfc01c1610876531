"""What the tests of records that are made ready share: which rows the statements write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo_match.store.writing.ready import Ready


def lines_of(ready: Ready) -> list[dict[str, Any]]:
    """Return the new rows by the names of their columns."""
    same, width = tuple(ready.new.alike.values()), len(ready.new.names)
    assert all(values[: len(same)] == same for values in ready.new.many)
    lines = [
        (*same, *line)
        for values in ready.new.many
        for line in zip(*[iter(values[len(same) :])] * width, strict=True)
    ]
    return [dict(zip(ready.new.columns, line, strict=True)) for line in lines + ready.new.few]
