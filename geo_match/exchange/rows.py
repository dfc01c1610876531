"""What is written: rows in blocks, so that a billion of them pass through little memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from geo_match.intake import Places
    from geo_match.spatial import Pairs

    Beside = Callable[[NDArray[np.int64], NDArray[np.int64]], Mapping[str, NDArray[np.float64]]]

BLOCK_ROWS = 1 << 17
"""Most rows in one block: about 16 MB of the widest text."""

_TAKEN = frozenset({"id", "lon", "lat", "fid", "geom", "geometry"})
_COORDINATES = [("lon", pa.float64()), ("lat", pa.float64())]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows on their way into a file.

    Parameters
    ----------
    schema
        Names and types of the columns, text or numbers. `lon` and `lat`, WGS-84 degrees, become
        the geometry in geographic formats.
    blocks
        Record batches of that schema, each of at most `BLOCK_ROWS`; walked once.
    n_rows
        How many rows there will be, where that is known beforehand.
    """

    schema: pa.Schema
    blocks: Iterable[pa.RecordBatch]
    n_rows: int | None = None


def pair_rows(
    origins: Places,
    sites: Places,
    pairs: Iterable[Pairs],
    *,
    ranked: bool,
    with_point: bool,
    beside: Beside | None = None,
) -> Rows:
    """Return a row a pair: `origin_id`, `site_id`, `rank` if wanted, `distance_m`.

    Parameters
    ----------
    origins, sites
        The places that the pairs' positions point to.
    pairs
        Blocks of pairs, consumed one at a time.
    ranked
        Whether to number the sites of each origin from 1, in the order of its pairs.
    with_point
        Whether to add the site's `lon` and `lat`, which geographic formats need.
    beside
        Returns further columns of some pairs, by the positions of their origins and sites, which
        stand behind the distance.
    """
    fields = [("origin_id", pa.string()), ("site_id", pa.string())]
    fields += [("rank", pa.int64())] if ranked else []
    fields += [("distance_m", pa.float64())]
    if beside is not None:
        nobody = np.empty(0, dtype=np.int64)
        fields += [(name, pa.float64()) for name in beside(nobody, nobody)]
    schema = pa.schema(fields + (_COORDINATES if with_point else []))
    return Rows(schema, _pair_blocks(schema, origins, sites, pairs, beside))


def _pair_blocks(
    schema: pa.Schema,
    origins: Places,
    sites: Places,
    pairs: Iterable[Pairs],
    beside: Beside | None,
) -> Iterator[pa.RecordBatch]:
    origin_ids = pa.array(origins.id, type=pa.string())
    site_ids = pa.array(sites.id, type=pa.string())
    for block in pairs:
        query, first = block.query, block.offsets[:-1]
        for start in range(0, len(block), BLOCK_ROWS):
            part = slice(start, start + BLOCK_ROWS)
            point = block.point[part]
            columns = {
                "origin_id": origin_ids.take(pa.array(query[part])),
                "site_id": site_ids.take(pa.array(point)),
                "distance_m": block.distance_m[part],
            }
            if beside is not None:
                columns |= beside(query[part], point)
            if "rank" in schema.names:
                position = np.arange(start, start + len(point), dtype=np.int64)
                columns["rank"] = position - first[query[part] - block.first_query] + 1
            if "lon" in schema.names:
                columns["lon"], columns["lat"] = sites.lon[point], sites.lat[point]
            yield pa.record_batch([columns[name] for name in schema.names], schema=schema)


def count_rows(origins: Places, figures: Mapping[str, NDArray[Any]]) -> Rows:
    """Return a row an origin: `id`, `lon`, `lat` and its figures.

    Parameters
    ----------
    origins
        The places that were asked for.
    figures
        Numbers or texts a place by the name of the column, each of shape (n,), without a value
        where an array is masked. A name that the row has
        already, or that a GeoPackage keeps for itself, gets `sum_` before it.
    """
    columns = {
        f"sum_{name}" if name.casefold() in _TAKEN else name: values
        for name, values in figures.items()
    }
    schema = pa.schema(
        [("id", pa.string()), *_COORDINATES]
        + [(name, pa.from_numpy_dtype(values.dtype)) for name, values in columns.items()]
    )
    return Rows(schema, _count_blocks(schema, origins, columns), n_rows=len(origins))


def _count_blocks(
    schema: pa.Schema, origins: Places, columns: Mapping[str, NDArray[Any]]
) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(origins), BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        values = [origins.id[part], origins.lon[part], origins.lat[part]]
        values += [column[part] for column in columns.values()]
        yield pa.record_batch(
            [pa.array(value, type=kind) for value, kind in zip(values, schema.types, strict=True)],
            schema=schema,
        )
