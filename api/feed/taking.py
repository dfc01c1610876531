"""A snapshot taken into a file, so that the store waits for no reader however slow."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from api.feed.lines import key_line, line, record_line
from geo_match.store.schema.images import PERSONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo_match.store import Cursor, Store
    from geo_match.store.reading.snapshot import StoreSnapshot

MOST_SNAPSHOTS: Final = 4
"""How many a worker takes and sends at a time: each is a file, and first a connection as well."""
_BUFFER: Final = 256 * 1_024


@dataclass(frozen=True, slots=True)
class TakenSnapshot:
    """A snapshot as it is sent.

    Parameters
    ----------
    file
        Its lines, from the beginning; it has no name, and is gone once it is closed.
    n_bytes
        How long it is.
    n_persons
        How many records of persons are among its lines.
    cursor
        Its place in the feed.
    """

    file: IO[bytes]
    n_bytes: int
    n_persons: int
    cursor: Cursor


def take_snapshot(store: Store, kinds: Sequence[str]) -> TakenSnapshot:
    """Write all records of some kinds, as of one moment, into a file.

    The first line says what comes; the last, that it is all there. Who does not see that one has
    been cut off.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    file = tempfile.TemporaryFile(buffering=_BUFFER)  # noqa: SIM115 - closed by who sends it
    try:
        with store.snapshot(kinds) as now:
            about = {"cursor": str(now.cursor), "committed_at": now.committed_at}
            file.write(line({"snapshot": "begins", **about, "counts": now.counts}))
            for kind in kinds:
                file.writelines(_lines(now, kind))
        count = sum(now.counts.values())
        file.write(line({"snapshot": "complete", "cursor": str(now.cursor), "count": count}))
        n_bytes = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    n_persons = sum(count for kind, count in now.counts.items() if kind in PERSONS)
    return TakenSnapshot(file, n_bytes, n_persons, now.cursor)


def _lines(now: StoreSnapshot, kind: str) -> Iterator[bytes]:
    if kind in PERSONS:
        return (key_line(kind, key) for key in now.keys(kind))
    return (record_line(kind, record) for record in now.records(kind))
