"""Whether a list says that what it holds is invented, and how a store keeps that.

A list of a demonstration has a column `invented` (虚构). No field of a record holds it: it is said
of where the records come from, and so stands in the source of their import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo_match.intake.lists.records_file import RecordsFile

_MARK: Final = "invented: "
_HEADERS: Final = frozenset({"invented", "虚构"})
_YES: Final = frozenset({"true", "yes", "1", "是"})


def source_of(file: RecordsFile) -> str:
    """Return the source of a list's records: its path, marked if any of its rows is invented."""
    return f"{_MARK}{file.source}" if _says_invented(file) else str(file.source)


def is_invented(sources: Iterable[str]) -> bool:
    """Return whether any of the sources is a list of something invented."""
    return any(source.startswith(_MARK) for source in sources)


def _says_invented(file: RecordsFile) -> bool:
    columns = file.table.columns
    return any(
        normalised(str(value)) in _YES
        for name in columns.column_names
        if normalised(name) in _HEADERS
        for value in pc.unique(columns.column(name)).to_pylist()
    )
