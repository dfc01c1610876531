"""A folder with the first rows of each list of the city, enough to be imported in no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo_match.demo.importing import LISTS

if TYPE_CHECKING:
    from pathlib import Path


def write_little_city(shipped: Path, folder: Path, *, rows: int) -> None:
    """Write the first rows of each list of the shipped city, and the communities that they name."""
    (folder / "history").mkdir(parents=True)
    tables = {one.table: pq.read_table(shipped / f"{one.table}.parquet") for one in LISTS}
    communities = tables.pop("communities")
    named = set()
    for name, table in tables.items():
        first = table[:rows]
        pq.write_table(first, folder / f"{name}.parquet")
        for column in first.column_names:
            if column.endswith("community"):
                named |= set(first.column(column).to_pylist())
    # Each has an outline of hundreds of corners: all of them would take most of the time.
    known = pc.is_in(communities.column("code"), pa.array(named - {None}, pa.string()))
    pq.write_table(communities.filter(known), folder / "communities.parquet")
    (folder / "city.json").write_text('{"complete": true}', encoding="utf-8")
