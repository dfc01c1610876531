"""A frame as it was given: pandas, Arrow or rows as dicts, column by column as Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from geo_match.matching.given.faults import Faults

_FRAME: Final = "be a GeoDataFrame, a DataFrame, an Arrow table, a dict or a list of dicts"
_EXTENSION: Final = b"ARROW:extension:name"
_GEOARROW: Final = b"geoarrow."


class Given:
    """A frame's columns by name.

    A column becomes Arrow when it is asked for, so that others, which need not even be of one
    type, cost nothing and do no harm.

    Parameters
    ----------
    frame
        A GeoDataFrame, a DataFrame, an Arrow table (or what exports one as a stream), a dict that
        is one row, or a list of such dicts, in which a missing key means null.
    faults
        Where what is wrong with a column goes, and the argument's name for messages.

    Raises
    ------
    ArgumentError
        If it is none of these.
    """

    def __init__(self, frame: object, faults: Faults) -> None:
        self._faults = faults
        self._geometry: Any = None
        self.needs_columns = True
        """Whether a column can be missing; not in an empty list, which names none."""
        self._repeated: frozenset[str] = frozenset()
        if isinstance(frame, pd.DataFrame):
            self._take_pandas(frame)
        elif isinstance(frame, pa.Table):
            self._take_arrow(frame)
        elif isinstance(frame, Mapping):
            names = frame.get("id", frame.get("code"))
            if isinstance(names, Sequence | np.ndarray | pd.Series) and not isinstance(
                names, str | bytes
            ):
                remedy = "Make a DataFrame of it: a dict is one row."
                raise ArgumentError(faults.frame, _FRAME, "a dict of columns", remedy)
            self._take_rows([frame])
        elif isinstance(frame, Sequence) and not isinstance(frame, str | bytes):
            self._take_rows(frame)
        elif hasattr(frame, "__arrow_c_stream__"):
            self._take_arrow(pa.table(frame))
        else:
            raise ArgumentError(faults.frame, _FRAME, type(frame).__name__)

    def __len__(self) -> int:
        return self._length

    def has(self, name: str) -> bool:
        """Return whether there is a column of a name."""
        return name in self._columns

    def column(self, name: str) -> pa.Array | None:
        """Return a column in one piece, NaN and NaT as null; None, and a fault, if it has no type.

        Categories stay encoded.
        """
        if name in self._repeated:
            self._faults.column(name, "be there once", "several of the name", "Rename the others.")
            return None
        given = self._columns[name]
        try:
            made = (
                given if isinstance(given, pa.ChunkedArray) else pa.array(given, from_pandas=True)
            )
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            first = str(error).partition("\n")[0]
            self._faults.column(name, "hold values of one kind", f"a mixture ({first})")
            return None
        return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made

    @property
    def geometry(self) -> Any:  # noqa: ANN401 - geopandas has no types, and need not be imported
        """The GeoSeries that says where the rows are; None if columns do."""
        if isinstance(self._geometry, pa.Table):
            from geopandas import GeoDataFrame  # noqa: PLC0415 - slow, and few tables need it

            self._geometry = GeoDataFrame.from_arrow(self._geometry).geometry
        return self._geometry

    def _take_pandas(self, frame: pd.DataFrame) -> None:
        self._length = len(frame)
        names = frame.columns
        self._repeated = (
            frozenset(names[names.duplicated()]) if not names.is_unique else frozenset()
        )
        self._columns: Mapping[Any, Any] = {
            name: None if name in self._repeated else frame[name] for name in names
        }
        if getattr(frame, "active_geometry_name", None) is not None:  # a GeoDataFrame's
            self._geometry = frame.geometry

    def _take_arrow(self, table: pa.Table) -> None:
        self._length = len(table)
        names = table.column_names
        self._columns = dict(zip(names, table.columns, strict=True))
        self._repeated = frozenset(name for name in names if names.count(name) > 1)
        if not self.has("lon") and not self.has("lat"):
            shapes = [field.name for field in table.schema if _is_geoarrow(field)]
            if len(shapes) == 1:
                self._geometry = table.select(shapes)

    def _take_rows(self, rows: Sequence[object]) -> None:
        for position, row in enumerate(rows):
            if not isinstance(row, Mapping):
                found = f"a {type(row).__name__} at position {position}"
                raise ArgumentError(self._faults.frame, _FRAME, found)
        self._length = len(rows)
        self.needs_columns = len(rows) > 0
        self._columns = _Keys(rows)  # type: ignore[arg-type]  # mappings, as was checked


class _Keys(Mapping[str, list[Any]]):
    """The values of each key of some mappings; None where one does not have it."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = rows
        self._names = dict.fromkeys(name for row in rows for name in row)

    def __getitem__(self, name: str) -> list[Any]:
        if name not in self._names:
            raise KeyError(name)
        return [row.get(name) for row in self._rows]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of names
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _is_geoarrow(field: pa.Field) -> bool:
    """Return whether a column says that it holds geometries, and in which CRS."""
    if isinstance(field.type, pa.BaseExtensionType):
        return bool(field.type.extension_name.startswith(_GEOARROW.decode()))
    return bool((field.metadata or {}).get(_EXTENSION, b"").startswith(_GEOARROW))
