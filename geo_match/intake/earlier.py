"""What should be known of a list beside what was imported before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.intake.faults import counted
from geo_match.intake.invented import source_of
from geo_match.intake.own_area import RULE
from geo_match.intake.references import are_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Applied, Store


def unfinished(file: RecordsFile, store: Store) -> Iterator[str]:
    """Yield that an earlier import of a list has not come to its end.

    What it rejected may never have been told to anybody.
    """
    source = source_of(file)
    for one in store.status().unfinished:
        if (one.kind, one.source) == (file.kind, source):
            yield (
                f"an import of this list, begun {one.begun_at:%Y-%m-%d %H:%M:%S} UTC, has not come "
                f"to its end: it had taken {counted(one.accepted, 'record')}, and its rejected "
                "rows may not have been told to anybody"
            )


def mended_before(file: RecordsFile, store: Store, area: str | None = None) -> Iterator[str]:
    """Yield that the store has the ids of all rows that a list has rejected.

    Rows that contradict the store do not count: they say what to do themselves. Of a list of one
    area those outside do not count either, nor what the store has elsewhere.
    """
    rejected = np.unique(file.rejections.row)
    if area is not None:
        faulty = [one.row for one in file.rejections if one.rule != RULE]
        rejected = np.unique(np.array(faulty, dtype=np.int64))
    if not len(rejected) or "id" not in file.columns:
        return
    if file.joined is not None:  # the store has their households, whoever of them is in it
        return
    header = file.columns["id"]
    at = np.searchsorted(file.table.row, rejected)
    if header not in file.table.columns.column_names or not np.isin(rejected, file.table.row).all():
        return
    cells = file.table.columns.column(header).take(at).to_pylist()
    ids = ["" if one is None else str(one).strip() for one in cells]
    if all(ids) and are_known(file.kind, ids, store, area):
        yield (
            "the store has the ids of all rejected rows already: if they were mended and imported "
            "before, nothing is left to mend here"
        )


def replaced(applied: Applied) -> Iterator[str]:
    """Yield what should be known of the records that others replace."""
    if n := int(applied.coarser.sum()):
        what = f"{counted(n, 'record')} that the store had coordinates for came without any"
        yield f"{what}: their places were looked up anew and are less exact"
    if n := int(applied.undated.sum()):
        yield (
            "dated records of the store are replaced by rows that have no version or moment to "
            f"compare, since the later arrival counts as the newer: {counted(n, 'row')}"
        )
