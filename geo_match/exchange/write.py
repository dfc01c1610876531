"""One door for all formats: the suffix of the file says how rows are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geo_match.exchange.geopackage import write_geopackage
from geo_match.exchange.geoparquet import write_geoparquet
from geo_match.exchange.rejections import write_rejections
from geo_match.exchange.target import check_suffix_among, naming, replacing
from geo_match.exchange.text import write_csv, write_geojson, write_ndjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from geo_match.exchange.rows import Rows
    from geo_match.intake import PlacesFile

_GEOGRAPHIC = (".geojson", ".json", ".gpkg", ".parquet", ".geoparquet")
SUFFIXES = (".csv", ".ndjson", ".jsonl", *_GEOGRAPHIC)
"""Suffixes that can be written."""


def is_geographic(path: str | Path) -> bool:
    """Return whether the format of a path has a geometry, made of the columns `lon` and `lat`.

    Raises
    ------
    FileError
        If the suffix is none that can be written.
    """
    check_suffix_among(path, SUFFIXES)
    return Path(path).suffix.lower() in _GEOGRAPHIC


@dataclass(frozen=True, slots=True)
class Rejected:
    """The rows that are not in the answer, and where they are listed.

    Parameters
    ----------
    path
        The list, a CSV file.
    files
        What was read, by what it was for.
    """

    path: Path
    files: Mapping[str, PlacesFile]


def write_rows(path: str | Path, rows: Rows, *, rejected: Rejected | None = None) -> int:
    """Write rows to a file in the format of its suffix; it appears when it is complete.

    A file that stood there is replaced. Blocks are asked for one at a time and forgotten once
    written. If anything fails, the error passes through and the target is as it was.

    Parameters
    ----------
    path
        `.csv`, `.ndjson` or `.jsonl`, `.geojson` or `.json`, `.gpkg`, `.parquet` or
        `.geoparquet`. The last three kinds turn `lon` and `lat` into a geometry.
    rows
        What to write.
    rejected
        A list of rejected rows that appears together with the file, or not at all; None for none.

    Returns
    -------
    int
        Number of rows written.

    Raises
    ------
    FileError
        If the suffix is none of these, or the file cannot be written.
    """
    is_geographic(path)
    counted = _Counted(rows)
    counted_rows = replace(rows, blocks=counted.blocks())
    target = Path(path)
    with replacing(*([rejected.path] if rejected else []), target) as temporaries:
        if rejected:
            with naming(rejected.path):
                write_rejections(temporaries[0], rejected.files)
        with naming(target):
            _write(temporaries[-1], counted_rows, target)
    return counted.n


def _write(path: Path, rows: Rows, target: Path) -> None:
    match target.suffix.lower():
        case ".csv":
            write_csv(path, rows)
        case ".ndjson" | ".jsonl":
            write_ndjson(path, rows)
        case ".geojson" | ".json":
            write_geojson(path, rows)
        case ".gpkg":
            write_geopackage(path, rows, target=target)
        case _:
            write_geoparquet(path, rows)


@dataclass(slots=True)
class _Counted:
    """Counts the rows that pass.

    Parameters
    ----------
    rows
        The rows on their way.
    n
        How many have passed.
    """

    rows: Rows
    n: int = 0

    def blocks(self) -> Iterator[pa.RecordBatch]:
        """Yield the blocks."""
        for block in self.rows.blocks:
            self.n += block.num_rows
            yield block
