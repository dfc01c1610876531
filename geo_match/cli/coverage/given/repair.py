"""Communities whose outlines cross themselves, kept for their repair where that is asked for.

A list that is judged as an import judges it has no such outline: its row is rejected. Here these
rows are read once more without their outlines, which `Coverage` then repairs and tells of. A row
with any other fault stays rejected.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from geo_match.cli.lists import read_list
from geo_match.cli.telling import told
from geo_match.cli.terminal import progress
from geo_match.coverage.given.repair import INVALID
from geo_match.crs import crs_to_lonlat
from geo_match.datums import as_datum, to_wgs84
from geo_match.errors import GeoMatchError
from geo_match.intake.findings import Findings
from geo_match.intake.lists.records_file import read_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile

_KIND: Final = "communities"
_RULE: Final = f"must {INVALID}"
_DECIMALS: Final = 8
"""Of degrees, as areas of lists are kept."""


def read_crossing(path: Path, *, datum: str | None, language: str | None) -> RecordsFile:
    """Read a list of communities, those included whose outlines cross themselves.

    Parameters
    ----------
    datum, language
        As `geo_match.cli.lists.read_list` takes them.

    Raises
    ------
    GeoMatchError
        As there.
    """
    with progress(f"reading {path.name}"):
        try:
            file = _with_crossing(read_records(path, _KIND, datum=datum), datum)
        except GeoMatchError as error:
            said = told(error, path, language)
            raise said from (error.__cause__ if said is error else error)
    # Where nothing can be used, it is refused as every list is.
    return file if len(file.records) else read_list(path, _KIND, datum=datum, language=language)


def _with_crossing(file: RecordsFile, datum: str | None) -> RecordsFile:
    """Return a list with the rows that were rejected for crossing outlines alone."""
    rules: dict[int, set[str]] = {}
    for one in file.rejections:
        rules.setdefault(one.row, set()).add(one.rule)
    wanted = [row for row, broken in sorted(rules.items()) if broken == {_RULE}]
    if not wanted:
        return file
    at = np.searchsorted(file.table.row, wanted)
    again = _without_areas(file, at)
    # A row whose id another one has was not the only one with it: it stays rejected.
    is_new = pc.invert(pc.is_in(again.records.column("id"), value_set=file.records.column("id")))
    kept = again.row[np.asarray(is_new)] - 1
    areas = _areas(file, at[kept], datum)
    records = again.records.filter(is_new)
    for name, values in (("row", np.asarray(wanted)[kept]), ("area", areas)):
        place = records.column_names.index(name)
        field = records.schema.field(name)
        records = records.set_column(place, field, pa.array(values, type=field.type))
    row = np.concatenate([file.row, np.asarray(wanted, dtype=np.int64)[kept]])
    order = np.argsort(row, kind="stable")
    taken = set(row.tolist())
    return replace(
        file,
        row=row[order],
        records=pa.concat_tables([file.records, records]).take(pa.array(order)),
        rejections=Findings(others=[one for one in file.rejections if one.row not in taken]),
    )


def _without_areas(file: RecordsFile, at: NDArray[np.int64]) -> RecordsFile:
    """Return some rows of a list, judged without their outlines."""
    columns = file.table.columns
    header = file.columns.get("area")
    if header in columns.column_names:
        columns = columns.drop_columns([header])
    with TemporaryDirectory() as folder:
        path = Path(folder, "communities.parquet")
        pq.write_table(columns.take(pa.array(at)).replace_schema_metadata(None), path)
        return read_records(path, _KIND)


def _areas(file: RecordsFile, at: NDArray[np.int64], datum: str | None) -> list[str]:
    """Return the outlines of some rows as text, degrees WGS-84."""
    header = file.columns.get("area")
    if file.table.geometry is None or header in file.table.columns.column_names:
        texts = file.table.columns.column(header).take(pa.array(at)).to_pylist()
        shapes = np.array([shapely.from_wkt(one) for one in texts], dtype=object)
    else:
        shapes = _shapes(file.source, file.table.row[at] - 1)
    shapes = shapely.force_2d(shapes)
    xy = shapely.get_coordinates(shapes)
    lon, lat = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    if file.table.geometry is not None:
        lon, lat = crs_to_lonlat(lon, lat, file.table.geometry.crs, source=str(file.source))
    lon, lat = to_wgs84(lon=lon, lat=lat, datum=as_datum(datum or "wgs84"))
    moved = shapely.set_coordinates(shapes, np.column_stack([lon, lat]))
    return [str(shapely.to_wkt(one, rounding_precision=_DECIMALS)) for one in moved]


def _shapes(path: Path, places: Sequence[Any] | NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the shapes of some rows of a file that has them, by their place in it."""
    import geopandas as gpd  # noqa: PLC0415 - only where there is something to repair

    is_parquet = path.suffix.lower() in {".parquet", ".geoparquet"}
    frame = gpd.read_parquet(path) if is_parquet else gpd.read_file(path)
    return np.asarray(frame.geometry.array[places], dtype=object)
