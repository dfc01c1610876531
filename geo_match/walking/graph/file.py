"""A network in one file, whose arrays stay on disk until they are looked at.

The file is Arrow's IPC: one row, a column an array, its numbers as they are in memory. Metadata
of the schema says what it is: the version of the form, figures of the network, shapes of grids.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from geo_match.errors import FileError
from geo_match.walking.graph.graph import Graph, Grid
from geo_match.walking.graph.info import NetworkInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    _Array = NDArray[Any]

VERSION: Final = 2
"""Of the form: raised by each change of what the arrays mean."""

_KEY: Final = b"geo_match.network"
_NAMES: Final = "names"
_WIDTH: Final = {"half": 3, "obstacle": 4}
"""Columns of those arrays that have several."""
_AS_BYTES: Final = frozenset({"is_snapped"})
"""Arrow would pack booleans into bits."""
_GRID_NUMBERS: Final = tuple(name for name in Grid._fields if name not in {"offsets", "segment"})
_REMEDY: Final = "Build it again: geo-match network build"


def write_network(
    path: str | Path, graph: Graph, names: tuple[str, ...], info: NetworkInfo
) -> None:
    """Write a network into a file; it is in its place when it is whole.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    arrays = dict(_arrays_of(graph))
    columns = {name: _column(np.ascontiguousarray(array)) for name, array in arrays.items()}
    texts = pa.array([list(names)], pa.large_list(pa.large_string()))
    meta: dict[str, Any] = {
        "version": VERSION,
        "info": asdict(info),
        "grids": {name: _numbers(getattr(graph, name)) for name in ("streets", "obstacles")},
    }
    meta["check"] = _check(list(arrays.values()), names, meta)
    batch = pa.record_batch([*columns.values(), texts], names=[*columns, _NAMES])
    batch = batch.replace_schema_metadata({_KEY: json.dumps(meta, ensure_ascii=False)})
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            with part.open("wb") as stream:
                with pa.ipc.new_file(stream, batch.schema) as writer:
                    writer.write_batch(batch)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(path, "be written", error.strerror or str(error)) from error


def read_network(path: str | Path) -> tuple[Graph, tuple[str, ...], NetworkInfo]:
    """Return a network that was written; its arrays are copied when they are written to.

    The file is read through once, so that a damaged one is refused, not searched.

    Raises
    ------
    FileError
        If it is not there, no such file, of another version, cut off or damaged.
    """
    if not Path(path).is_file():
        found = "a folder" if Path(path).is_dir() else "nothing there"
        raise FileError(path, "be a network that was saved", found, _REMEDY)
    try:
        # Who writes into an array changes a copy in this process, never the file.
        whole = np.memmap(path, dtype=np.uint8, mode="c")
        batch = pa.ipc.open_file(pa.py_buffer(whole)).get_batch(0)
        meta = json.loads((batch.schema.metadata or {})[_KEY])
        version = meta["version"]
        if version == VERSION:
            arrays = {
                name: _array(whole, batch.column(name), name)
                for name in batch.schema.names
                if name != _NAMES
            }
            names = tuple(batch.column(_NAMES)[0].as_py())
            graph = _graph(arrays, meta["grids"])
            info = NetworkInfo(**meta["info"])
            is_whole = _check(list(arrays.values()), names, meta) == meta["check"]
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        first = str(error).partition("\n")[0]
        found = f"something else, or only a part of one ({type(error).__name__}: {first})"
        raise FileError(path, "be a network that was saved", found, _REMEDY) from error
    if version != VERSION:
        raise FileError(path, f"be of version {VERSION}", f"version {version}", _REMEDY)
    if not is_whole:
        raise FileError(path, "be as it was saved", "bytes that have changed since", _REMEDY)
    return graph, names, info


def _arrays_of(graph: Graph) -> Iterator[tuple[str, _Array]]:
    for name, value in graph._asdict().items():
        if isinstance(value, Grid):
            yield f"{name}.offsets", value.offsets
            yield f"{name}.segment", value.segment
        else:
            yield name, value


def _numbers(grid: Grid) -> dict[str, float | int]:
    return {name: getattr(grid, name) for name in _GRID_NUMBERS}


def _column(array: _Array) -> pa.Array:
    """Return an array as one row."""
    flat = array.view(np.uint8) if array.dtype == np.bool_ else array
    values = pa.array(flat.ravel())
    return pa.LargeListArray.from_arrays(pa.array([0, len(values)], pa.int64()), values)


def _array(whole: NDArray[np.uint8], column: pa.Array, name: str) -> _Array:
    """Return the numbers of a column where they are in the file."""
    values = column.values
    dtype = np.dtype(values.type.to_pandas_dtype())
    buffer = values.buffers()[1]
    if not len(values):
        empty = np.zeros(0, dtype)
        return empty.reshape(-1, _WIDTH[name]) if name in _WIDTH else empty
    if values.null_count or values.offset or len(values) * dtype.itemsize > buffer.size:
        message = f"column {name} is no plain array"
        raise ValueError(message)
    begin = buffer.address - whole.ctypes.data
    flat = np.asarray(whole[begin : begin + len(values) * dtype.itemsize]).view(dtype)
    if name in _AS_BYTES:
        flat = flat.view(np.bool_)
    return np.asarray(flat.reshape(-1, _WIDTH[name]) if name in _WIDTH else flat)


def _graph(arrays: dict[str, _Array], grids: dict[str, dict[str, Any]]) -> Graph:
    made: dict[str, Any] = {name: array for name, array in arrays.items() if name in Graph._fields}
    for name, numbers in grids.items():
        made[name] = Grid(
            **numbers, offsets=arrays[f"{name}.offsets"], segment=arrays[f"{name}.segment"]
        )
    return Graph(**made)


def _check(arrays: list[_Array], names: tuple[str, ...], meta: dict[str, Any]) -> int:
    """Return a sum by which it is seen that a byte has changed."""
    told = json.dumps([names, meta["info"], meta["grids"]], sort_keys=True)
    total = zlib.crc32(told.encode())
    for array in arrays:
        total = zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data, total)
    return total


__all__ = ["VERSION", "read_network", "write_network"]
