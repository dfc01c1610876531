"""Rows as text: CSV, newline-delimited JSON, and GeoJSON, a block at a time and column by column.

Each column of a block becomes text at once, and the columns are joined by Arrow into one buffer
that is the block's part of the file. Different texts are escaped once a block. Numbers are written
with as few digits as give the same float64 back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.exchange.cells import csv_cell, json_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from geo_match.exchange.rows import Rows

_SEPARATOR = ",\n"


def write_csv(path: Path, rows: Rows, *, for_people: bool = False, encoding: str = "utf-8") -> None:
    """Write comma-separated text with a header.

    Text that a spreadsheet would run as a formula gets an apostrophe before it, which reading
    takes away again; numbers are not text, and text that is nothing but a number is harmless.

    Parameters
    ----------
    path
        Where to write.
    rows
        What to write.
    for_people
        Whether UTF-8 begins with the byte order mark, without which Excel garbles Chinese text.
    encoding
        `utf-8`, or another one that holds every character, as GB18030 does.
    """
    plain = encoding == "utf-8"
    with path.open("wb") as stream:
        header = ",".join(map(csv_cell, rows.schema.names))
        stream.write(f"{header}\n".encode("utf-8-sig" if for_people and plain else encoding))
        for block in rows.blocks:
            texts = _texts(block, csv_cell, missing="")
            between = [","] * (len(texts) - 1)
            joined = _joined(["", *between, "\n"], texts)
            stream.write(joined if plain else str(joined, "utf-8").encode(encoding))


def write_ndjson(path: Path, rows: Rows) -> None:
    """Write one JSON object a line, in UTF-8."""
    with path.open("wb") as stream:
        for block in rows.blocks:
            stream.write(_joined(*_members(block, rows.schema.names, "{", "}\n")))


def write_geojson(path: Path, rows: Rows) -> None:
    """Write a FeatureCollection of points after RFC 7946: `lon` and `lat` become the geometry."""
    properties = [name for name in rows.schema.names if name not in {"lon", "lat"}]
    begin = b'{"type":"FeatureCollection","features":[\n'
    with path.open("wb") as stream:
        stream.write(begin)
        separated = False
        for block in rows.blocks:
            if not block.num_rows:
                continue
            between, texts = _members(block, properties, "", "}}")
            geometry = _texts(block.select(["lon", "lat"]), json_cell, missing="null")
            feature = _SEPARATOR + '{"type":"Feature","geometry":{"type":"Point","coordinates":['
            joined = _joined(
                [feature, ",", ']},"properties":{' + between[0], *between[1:]], geometry + texts
            )
            # Each feature brings the comma that parts it from the one before.
            stream.write(joined if separated else joined[len(_SEPARATOR) :])
            separated = True
        stream.write(b"\n]}\n")


def _members(
    block: pa.RecordBatch, names: list[str], begin: str, end: str
) -> tuple[list[str], list[pa.Array]]:
    """Return the texts of JSON members, and what stands before, between and behind them."""
    keys = [f"{json_cell(name)}:" for name in names]
    between = [begin + keys[0], *("," + key for key in keys[1:]), end]
    return between, _texts(block.select(names), json_cell, missing="null")


def _texts(block: pa.RecordBatch, escape: Callable[[str], str], *, missing: str) -> list[pa.Array]:
    """Return each column as text, text columns escaped, and what stands for no value."""
    return [
        (
            _escaped(column, escape)
            if pa.types.is_string(column.type)
            else column.cast(pa.string())
        ).fill_null(missing)
        for column in block.columns
    ]


def _escaped(column: pa.Array, escape: Callable[[str], str]) -> pa.Array:
    encoded = column.dictionary_encode()
    different = [escape(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(different, type=pa.string()).take(encoded.indices)


def _joined(between: list[str], texts: list[pa.Array]) -> memoryview:
    """Return the rows one after another, as the bytes of the one string array they become."""
    parts: Iterator[object] = (part for pair in zip(between, texts, strict=False) for part in pair)
    rows = pc.binary_join_element_wise(*parts, between[-1], "")
    _, offsets, data = rows.buffers()
    ends = memoryview(offsets).cast("i")
    if not len(rows) or data is None:
        return memoryview(b"")
    return memoryview(data)[ends[rows.offset] : ends[rows.offset + len(rows)]]
