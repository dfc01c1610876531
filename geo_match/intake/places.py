"""Files of places: every row becomes a checked WGS-84 point, or is named with what is wrong.

A file is judged as a whole first. It is refused, and nothing of it answered, if its axes are
exchanged throughout or its numbers are metres: then each row would be wrong in the same way. After
that each row is judged by itself; a bad row never stops the good ones.

**(0, 0)** is what many systems write for "unknown place". A point stored as (0, 0) is rejected,
unless a service area is given and holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from geo_match.datums import as_datum, to_wgs84
from geo_match.errors import ColumnError, FileError
from geo_match.intake.area import Area
from geo_match.intake.axes import read_axes
from geo_match.intake.cells import as_numbers, as_text, as_weights
from geo_match.intake.columns import ID_NAMES, find_column, listed
from geo_match.intake.crs import no_datum, no_web_map
from geo_match.intake.faults import Faults, Rejection, counted, shown
from geo_match.intake.readers.files import read_table
from geo_match.intake.readers.geojson import FEATURE_ID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geo_match.intake.readers.table import Table

_MOVED = ("gcj02", "bd09")


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """The columns of a file that hold its ids and coordinates; None to go by common names.

    Common names are `id` and `编号`; `lon`, `lng`, `long`, `longitude`, `经度`, `东经`; `lat`,
    `latitude`, `纬度`, `北纬`. Where none of them is there, `uid`, `uuid`, `序号`, a GeoPackage's
    `fid` and a GeoJSON feature's own id count as ids. `x` and `y` must be named: surveys often
    write x for the northing. Case, white space and the width of characters do not matter.
    """

    id: str | None = None
    lon: str | None = None
    lat: str | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """The good rows of a file, in its order.

    Parameters
    ----------
    id
        Objects of str, shape (n,), all different, without white space around them.
    lon, lat
        Degrees, WGS-84, float64, shape (n,).
    attributes
        Every other column, n rows with a RangeIndex: text as it stands in a CSV, typed from the
        other formats. Columns that were asked for as numbers are int64 or float64.
    """

    id: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    attributes: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.id)


@dataclass(frozen=True, slots=True)
class PlacesFile:
    """What became of a file: `n_read == len(places) + n_rejected`.

    Parameters
    ----------
    source
        The file.
    n_read
        Rows that were read; blank ones are not counted.
    places
        The good rows.
    row
        Number of each place's row as `Rejection.row` counts, int64, shape (n,).
    rejections
        The faults of the other rows, by row; a row may have several.
    warnings
        What a person should know, in whole sentences without a full stop.
    """

    source: Path
    n_read: int
    places: Places
    row: NDArray[np.int64]
    rejections: tuple[Rejection, ...]
    warnings: tuple[str, ...] = ()

    @property
    def n_rejected(self) -> int:
        """Number of rows that were rejected."""
        return self.n_read - len(self.places)


def read_places(
    path: str | Path,
    *,
    datum: str | None = "wgs84",
    columns: ColumnNames | None = None,
    numbers: Sequence[str] = (),
    service_area: tuple[float, float, float, float] | None = None,
) -> PlacesFile:
    """Read a CSV, GeoJSON, GeoPackage or GeoParquet file of places.

    Parameters
    ----------
    path
        The file; its suffix says how it is read (`.csv`, `.geojson`, `.json`, `.gpkg`,
        `.parquet`, `.geoparquet`).
    datum
        Datum of the coordinates, one of `geo_match.datums.DATUMS`. For a file that names a CRS,
        the CRS says how its numbers become longitudes and latitudes, and the datum says what
        these then are: a web map's GCJ-02 is often saved as if it were EPSG:4326 or EPSG:3857.
        For any other CRS this is done with a warning. None for what the CRS alone says: a file of
        columns, which has none, is then refused.
    columns
        Which columns hold ids and coordinates; by common names if None. A file without ids gets
        its row numbers, with a warning.
    numbers
        Columns in which every row must have a finite number, such as weights. A row without one
        is rejected, never taken for zero.
    service_area
        West, south, east, north, degrees WGS-84, where the places are expected. It lets exchanged
        axes be recognised that would pass a check of ranges. Places elsewhere are otherwise
        accepted, with a warning, unless all of them lie elsewhere.

    Raises
    ------
    FileError
        If the file is missing, unreadable, empty, or not what its suffix says, if its numbers
        are metres, or if no place lies in the service area.
    ColumnError
        If a column is missing, repeated or ambiguous, or asked for as numbers and holds none.
    SwappedAxesError
        If longitudes and latitudes are exchanged throughout.
    DatumError
        If the datum is unknown, or none is given and nothing in the file says it; or the file's
        CRS is not on WGS 84 or CGCS2000.
    ArgumentError
        If `service_area` is no box.
    """
    checked_datum = as_datum("wgs84" if datum is None else datum)
    area = None if service_area is None else Area.checked(service_area)
    table = read_table(path)
    if datum is None and table.geometry is None:
        raise no_datum()
    wanted = columns or ColumnNames()
    faults = Faults(table.row)
    warnings = list(table.warnings)

    id_column = find_column(
        table.path,
        table.columns.column_names,
        wanted=wanted.id,
        common=ID_NAMES,
        what="ids",
        keyword="id",
    )
    ids = _ids(table, id_column, faults)
    if id_column is None:
        warnings.append("there is no column of ids: the row numbers are the ids")
    axes = read_axes(table, lon_column=wanted.lon, lat_column=wanted.lat, area=area, faults=faults)
    if checked_datum in _MOVED and table.geometry is not None:
        stated = no_web_map(table.geometry.crs, source=str(table.path))
        if stated is not None:
            warnings.append(
                f"the file states the CRS {stated!r}; its places are taken for {checked_datum} all "
                "the same and moved, as the datum given asks"
            )
    parsed = {name: _numbers(table, name, faults, (id_column, *axes.columns)) for name in numbers}
    _reject_repeated(ids, id_column, faults)

    good = ~faults.rejected
    lon, lat = to_wgs84(lon=axes.lon[good], lat=axes.lat[good], datum=checked_datum)
    if area is not None:
        warnings += _outside(table, lon, lat, area)
    attributes = _attributes(
        table,
        good,
        leave_out={id_column, FEATURE_ID, *axes.columns, *(found for found, _ in parsed.values())},
    )
    for name, (_, column) in parsed.items():
        attributes[name] = as_weights(column.filter(pa.array(good)))
    return PlacesFile(
        source=table.path,
        n_read=table.n_read,
        places=Places(ids[good], lon, lat, attributes),
        row=table.row[good],
        rejections=faults.in_order(table.faults),
        warnings=tuple(warnings),
    )


def _ids(table: Table, column: str | None, faults: Faults) -> NDArray[np.object_]:
    """Return every row's id as text, and reject the rows without one."""
    if column is None:
        return table.row.astype(str).astype(object)
    ids = np.asarray(as_text(table.columns.column(column)).to_numpy(), dtype=object)
    faults.add(
        ids == "",
        column,
        lambda _: "",
        "must not be empty",
        "Give the row an id that no other row has.",
    )
    return ids


def _reject_repeated(ids: NDArray[np.object_], column: str | None, faults: Faults) -> None:
    """Reject every row whose id an earlier good row has."""
    repeated = np.zeros(len(ids), dtype=np.bool_)
    good = np.flatnonzero(~faults.rejected)
    repeated[good] = pd.Series(ids[good]).duplicated().to_numpy()
    faults.add(
        repeated,
        column or "id",
        lambda at: ids[at],
        "must differ from the ids above it",
        "The first good row with an id keeps it: give this one its own, or remove it.",
    )


def _outside(
    table: Table, lon: NDArray[np.float64], lat: NDArray[np.float64], area: Area
) -> list[str]:
    """Return a warning if some places lie outside the service area, and raise if all do."""
    n_outside = int((~area.holds(lon, lat)).sum())
    if not n_outside:
        return []
    if n_outside == len(lon):
        raise FileError(
            table.path,
            f"hold places in the service area {area}",
            f"{counted(n_outside, 'place')} outside it, such as lon, lat = "
            f"{lon[0]:.15g}, {lat[0]:.15g}",
            "Is the area given as west, south, east, north, are these the columns and the datum "
            "of the file, and is it the right file?",
        )
    lie = "lies" if n_outside == 1 else "lie"
    where = f"{n_outside:,} of {len(lon):,} places {lie} outside the service area {area}"
    return [f"{where}; used like the others"]


def _numbers(
    table: Table, name: str, faults: Faults, others: Sequence[str | None]
) -> tuple[str, pa.ChunkedArray]:
    """Return a column of finite numbers and its name in the file; reject the rows without one.

    A column without any number is refused, with the names of those that have some; `others` hold
    ids and coordinates, and are not meant.
    """
    names = table.columns.column_names
    found = find_column(
        table.path, names, wanted=name, common=(), what=f"the numbers {name!r}", keyword=None
    )
    field = str(found)
    column = table.columns.column(field)
    parsed, text = as_numbers(column), as_text(column)
    if len(text) and not np.isfinite(parsed.value).any():
        first = np.flatnonzero(~parsed.missing)[:1].tolist()
        numeric = [one for one in names if one not in others and _has_numbers(table, one)]
        raise ColumnError(
            table.path,
            f"have numbers in the column {field!r}",
            f"text such as {shown(text[first[0]].as_py())!r}" if first else "nothing in it",
            f"Was another column meant? Numbers stand in: {listed(numeric)}.",
        )
    faults.add(
        parsed.missing,
        field,
        lambda _: "",
        "must have a figure in each row",
        "Write the figure, 0 where there is none: a missing one is never taken for zero.",
    )
    faults.add(
        parsed.wrong | np.isinf(parsed.value),
        field,
        lambda at: text[at].as_py(),
        "must be a finite number",
        "Write it with a decimal point and without separators or units.",
    )
    return field, column


def _has_numbers(table: Table, name: str) -> bool:
    return bool(np.isfinite(as_numbers(table.columns.column(name)).value).any())


def _attributes(
    table: Table, good: NDArray[np.bool_], *, leave_out: set[str | None]
) -> pd.DataFrame:
    """Return the other columns of the good rows; whole numbers with gaps stay whole numbers."""
    kept = [name for name in table.columns.column_names if name not in leave_out]
    mask = pa.array(good)  # not on the table: one without columns has forgotten its rows
    series = {}
    for name in kept:
        column = table.columns.column(name).filter(mask)
        if isinstance(column.type, pa.BaseExtensionType):
            column = column.cast(column.type.storage_type)
        gaps = pa.types.is_integer(column.type) and column.null_count
        series[name] = column.to_pandas(
            types_mapper={column.type: pd.Int64Dtype()}.get if gaps else None
        )
    return pd.DataFrame(series, index=pd.RangeIndex(int(good.sum())))
