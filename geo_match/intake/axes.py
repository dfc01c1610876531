"""Coordinates of a table's rows as degrees, judged first as a whole and then row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo_match.crs import crs_to_lonlat
from geo_match.errors import ColumnError, FileError, SwappedAxesError
from geo_match.intake.area import MAX_LAT, MAX_LON
from geo_match.intake.cells import as_numbers, as_text
from geo_match.intake.columns import LAT_NAMES, LON_NAMES, find_column, listed
from geo_match.intake.crs import look_exchanged

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.intake.area import Area
    from geo_match.intake.faults import Faults
    from geo_match.intake.readers.table import Geometry, Table

_METRES = 1_000.0  # no degree is as large; projected coordinates hardly ever are as small
_NO_LOCATION = "Find the place's coordinates: a place without them has no distance."
_EXCHANGE = "Longitude and latitude look exchanged here: write them the other way round."


@dataclass(frozen=True, slots=True)
class Axes:
    """The coordinates of a table's rows.

    Parameters
    ----------
    lon, lat
        Degrees in the datum of the file, float64, shape (n,); meaningless in rejected rows.
    columns
        The columns that they came from; empty where they came from shapes.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    columns: tuple[str, ...] = ()


def read_axes(
    table: Table,
    *,
    lon_column: str | None,
    lat_column: str | None,
    area: Area | None,
    faults: Faults,
) -> Axes:
    """Return the coordinates of a table, and add what is wrong with them to the faults.

    Parameters
    ----------
    table
        The file as read.
    lon_column, lat_column
        The columns that the caller chose; None to go by common names.
    area
        Where the places are expected, or None.
    faults
        Receives the rows without a usable coordinate.

    Raises
    ------
    ColumnError
        If a column is missing or ambiguous, or chosen for a file that has shapes.
    SwappedAxesError
        If the axes are exchanged throughout.
    FileError
        If the numbers are metres.
    DatumError
        If the shapes' CRS is not on WGS 84 or CGCS2000.
    """
    if table.geometry is None:
        axes = _from_columns(table, lon_column, lat_column, faults)
        lon, lat = axes.lon, axes.lat
        raw_zero = (lon == 0.0) & (lat == 0.0)
    else:
        if lon_column or lat_column:
            raise ColumnError(
                table.path,
                "be read by its geometry",
                f"a choice of the columns {lon_column or '?'} and {lat_column or '?'}",
                "Leave the choice out, or save the file as CSV.",
            )
        lon, lat = _from_shapes(table, table.geometry, faults)
        raw_zero = (table.geometry.x == 0.0) & (table.geometry.y == 0.0)
        axes = Axes(lon, lat)
    _judge(table, axes, raw_zero, area, faults)
    return axes


def _from_columns(
    table: Table, lon_column: str | None, lat_column: str | None, faults: Faults
) -> Axes:
    names = table.columns.column_names
    found: list[str] = []
    for wanted, common, what, keyword in (
        (lon_column, LON_NAMES, "longitudes", "lon"),
        (lat_column, LAT_NAMES, "latitudes", "lat"),
    ):
        name = find_column(
            table.path, names, wanted=wanted, common=common, what=what, keyword=keyword
        )
        if name is None:
            raise ColumnError(
                table.path,
                f"have a geometry or a column of {what}",
                f"the columns {listed(names)}",
                f"Name the column of {what} as `{keyword}` (on the command line --site-{keyword} "
                f"or --origin-{keyword}).{_not_by_itself(names)}",
            )
        found.append(name)
    columns = [table.columns.column(name) for name in found]
    lon, lat = (as_numbers(column) for column in columns)
    texts = [as_text(column) for column in columns]
    faults.add(
        lon.missing & lat.missing,
        ", ".join(found),
        lambda _: "",
        "must hold a longitude and a latitude",
        _NO_LOCATION,
    )
    for one, other, name, other_name, text in (
        (lon, lat, found[0], found[1], texts[0]),
        (lat, lon, found[1], found[0], texts[1]),
    ):
        faults.add(
            one.missing & ~other.missing,
            name,
            lambda _: "",
            f"must be given where {other_name} is",
            _NO_LOCATION,
        )
        faults.add(
            one.wrong | np.isinf(one.value),
            name,
            _text_of(text),
            "must be a finite number",
            "Write decimal degrees such as 117.3596, with a point and without separators, units "
            "or degree signs.",
        )
    return Axes(lon.value, lat.value, tuple(found))


def _not_by_itself(names: list[str]) -> str:
    """Return why columns called x and y are not taken, if they are there."""
    if not {"x", "y"} & {name.casefold() for name in names}:
        return ""
    return " x and y are not taken by themselves: surveys often write x for the northing."


def _from_shapes(
    table: Table, geometry: Geometry, faults: Faults
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y, instead = geometry.x, geometry.y, geometry.instead
    nothing = np.isin(instead, ("null", "Point EMPTY"))
    faults.add(
        nothing, "geometry", lambda at: instead[at], "must be a point, not empty", _NO_LOCATION
    )
    faults.add(
        (instead != "") & ~nothing,
        "geometry",
        lambda at: instead[at],
        "must be a point",
        "Use representative points (in QGIS: Vector geometry → Point on surface).",
    )
    point = instead == ""
    finite = point & np.isfinite(x) & np.isfinite(y)
    source = str(table.path)
    faults.add(point & ~finite, "geometry", _show(x, y), "must be finite", _NO_LOCATION)
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    lon[finite], lat[finite] = crs_to_lonlat(x[finite], y[finite], geometry.crs, source=source)
    faults.add(
        finite & ~(np.isfinite(lon) & np.isfinite(lat)),
        "geometry",
        _show(x, y),
        "must be a place in the file's CRS",
        "Are easting and northing exchanged, or is the CRS another one?",
    )
    exchanged = np.zeros(len(x), dtype=np.bool_)
    exchanged[finite] = look_exchanged(x[finite], y[finite], geometry.crs, source=source)
    if exchanged.any() and exchanged[finite].all():
        raise SwappedAxesError(
            table.path,
            "hold eastings as x and northings as y",
            f"points such as x, y = {_show(x, y)(int(np.flatnonzero(exchanged)[0]))}, all of which "
            "lie in the area of their CRS once the two are exchanged",
            "Exchange x and y (in QGIS: Swap X and Y coordinates).",
        )
    faults.add(
        exchanged,
        "geometry",
        _show(x, y),
        "must lie where its CRS is used, as it does once x and y are exchanged",
        "Easting and northing look exchanged here: write them the other way round.",
    )
    return lon, lat


def _judge(
    table: Table,
    axes: Axes,
    raw_zero: NDArray[np.bool_],
    area: Area | None,
    faults: Faults,
) -> None:
    """Refuse a file that is wrong throughout, then reject rows that are no likely place."""
    lon, lat = axes.lon, axes.lat
    field = ", ".join(axes.columns) or "geometry"
    located = np.isfinite(lon) & np.isfinite(lat)
    in_range = located & (np.abs(lon) <= MAX_LON) & (np.abs(lat) <= MAX_LAT)
    expected = in_range if area is None else in_range & area.holds(lon, lat)
    unknown = raw_zero & ~(expected if area is not None else np.False_)
    exchanged = located & (np.abs(lon) <= MAX_LAT) & (np.abs(lat) <= MAX_LON)
    exchanged &= ~expected & ~unknown
    if area is not None:
        exchanged &= area.holds(lat, lon)
    located &= ~unknown
    where = "on earth" if area is None else f"in the service area {area}"
    _refuse_whole(table, axes, located, expected & located, exchanged, where=where)

    faults.add(
        unknown,
        field,
        lambda _: "0, 0",
        "must not be (0, 0), which stands for an unknown place",
        f"{_NO_LOCATION} If (0, 0) is meant, give a service area that holds it.",
    )
    names = axes.columns or ("geometry", "geometry")
    for name, values, bound in ((names[0], lon, MAX_LON), (names[1], lat, MAX_LAT)):
        beyond = located & (np.abs(values) > bound)
        rule = f"must be between {-bound:g} and {bound:g} degrees"
        value = _show(lon, lat) if not axes.columns else _show(values)
        faults.add(beyond & exchanged, name, value, rule, _EXCHANGE)
        faults.add(beyond & ~exchanged, name, value, rule, "Look the place up again.")
    if area is not None:
        faults.add(
            in_range & exchanged,
            field,
            _show(lon, lat),
            f"must lie in the service area {area}, where its exchange does",
            _EXCHANGE,
        )


def _refuse_whole(
    table: Table,
    axes: Axes,
    located: NDArray[np.bool_],
    expected: NDArray[np.bool_],
    exchanged: NDArray[np.bool_],
    *,
    where: str,
) -> None:
    """Raise if no row is right as it stands, and most are wrong in one known way."""
    n = int(located.sum())
    if n == 0 or expected.any():
        return
    first = _show(axes.lon, axes.lat)(int(np.flatnonzero(located)[0]))
    if 2 * int(exchanged.sum()) >= n:
        remedy = "Exchange its longitudes and latitudes."
        if axes.columns:
            remedy = (
                f"Exchange the columns: name {axes.columns[1]!r} as `lon` and "
                f"{axes.columns[0]!r} as `lat`."
            )
        raise SwappedAxesError(
            table.path,
            f"hold longitudes and latitudes {where}",
            f"{n:,} rows such as lon, lat = {first} of which none is, and "
            f"{int(exchanged.sum()):,} are once the two are exchanged",
            remedy,
        )
    metres = located & ((np.abs(axes.lon) > _METRES) | (np.abs(axes.lat) > _METRES))
    if 2 * int(metres.sum()) >= n:
        raise FileError(
            table.path,
            "hold degrees",
            f"numbers such as {first}",
            "They look like metres of a projection: save the file as GeoPackage with its CRS, or "
            "convert it to longitude and latitude.",
        )


def _text_of(column: pa.ChunkedArray) -> Callable[[int], object]:
    """Return what gives the text of a row, by its position."""
    return lambda at: column[at].as_py()


def _show(*values: NDArray[np.float64]) -> Callable[[int], str]:
    """Return what gives the numbers of a row as text, by its position."""
    return lambda at: ", ".join(f"{one[at]:.15g}" for one in values)
