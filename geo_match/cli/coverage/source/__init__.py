"""Where coverage comes from: lists or a store, read into records that were judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.coverage.asking.lists import Lists
from geo_match.cli.coverage.source.lists import read_lists
from geo_match.cli.coverage.source.reading import Reading
from geo_match.cli.coverage.source.source import Source, tell_read
from geo_match.cli.coverage.source.store import read_store

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.cli.audited_store import Records
    from geo_match.cli.coverage.asking.asked import Asked

__all__ = [
    "Reading",
    "Source",
    "paths_of",
    "read_lists",
    "read_source",
    "read_store",
    "tell_read",
]


def paths_of(source: Lists | Records) -> list[Path]:
    """Return the files that are read; none of a store."""
    return source.paths if isinstance(source, Lists) else []


def read_source(
    source: Lists | Records,
    asked: Asked,
    *,
    language: str | None,
    accept_suspicions: bool = False,
    also: tuple[str, ...] = (),
) -> Source:
    """Read lists, or a store: see `read_lists` and `read_store`.

    Parameters
    ----------
    language
        As there.
    accept_suspicions
        Of lists: as of `Reading`.
    also
        Of a store: as there.
    """
    if isinstance(source, Lists):
        reading = Reading(language=language, accept_suspicions=accept_suspicions)
        return read_lists(source, asked, reading)
    read, _ = read_store(source, asked, language=language, also=also)
    return read
