"""Where the records of a list are: columns or shapes, each row's datum, as WGS-84.

A record may be unlocated. (0, 0), which many systems write for an unknown place, counts as that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pyarrow as pa
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_match.crs import crs_to_lonlat
from geo_match.datums import to_wgs84
from geo_match.intake.area import MAX_LAT, MAX_LON
from geo_match.intake.crs import no_datum

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.datums import Datum
    from geo_match.intake.area import Area
    from geo_match.intake.lists._judgement import Judgement
    from geo_match.intake.readers.table import Geometry, Table

    _Axis = NDArray[np.float64]
    _Mask = NDArray[np.bool_]

AREA: Final = "area"
"""What stands instead of a point where the record has an area, which says where it is."""
_EXCHANGE: Final = "Longitude and latitude look exchanged here: write them the other way round."
_COARSE_DECIMALS: Final = 2
_COARSE: Final = 10**_COARSE_DECIMALS
_ROUNDING: Final = 1e-7
"""Of degrees times 100 from a whole number; six decimals differ from it by 1e-4 at least."""
_METRES_A_DEGREE: Final = 111_320.0
_UNKNOWN_DATUM: Final = "must be said where there are coordinates"
_HOW_DATUM: Final = (
    "Write the datum of the coordinates: WGS84, CGCS2000, 高德 (GCJ-02) or 百度 (BD-09); for a "
    "whole list, give it with the import."
)


@dataclass(frozen=True, slots=True)
class RecordPlaces:
    """The places of a list's records.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84, shape (n,); NaN where a record is unlocated or at fault.
    datum
        Of origin, objects of str or None, shape (n,).
    rounded_m
        How far the rounding to few decimals may have moved a place, metres, shape (n,); NaN
        where it has more.
    """

    lon: _Axis
    lat: _Axis
    datum: NDArray[np.object_]
    rounded_m: _Axis


def place_columns(
    lon: _Axis,
    lat: _Axis,
    datums: NDArray[np.object_],
    headers: tuple[str, str, str],
    *,
    default: Datum | None,
    area: Area | None,
    judgement: Judgement,
) -> RecordPlaces:
    """Return the places of records by their columns.

    Parameters
    ----------
    lon, lat
        As they stand, shape (n,); NaN where nothing does, or something at fault.
    datums
        Of each row, None where nothing says it, shape (n,).
    headers
        Of longitudes, latitudes and datums.
    default
        Datum of the rows that do not say theirs.
    area
        Where places are expected, or None.
    judgement
        Receives what is wrong or doubtful.

    Raises
    ------
    DatumError
        If no row says its datum and there is no default.
    """
    lon_header, lat_header, datum_header = headers
    pair = f"{lon_header}, {lat_header}"
    given_lon, given_lat = ~np.isnan(lon), ~np.isnan(lat)
    good = ~judgement.faulty(lon_header) & ~judgement.faulty(lat_header)
    for missing, header, other_header in (
        (~given_lon & given_lat & good, lon_header, lat_header),
        (~given_lat & given_lon & good, lat_header, lon_header),
    ):
        judgement.reject(
            missing,
            header,
            f"must be given where {other_header} is",
            "Find the other coordinate, or leave both empty.",
        )
    judgement.note(
        ~given_lon & ~given_lat & good,
        pair,
        "must hold a place's coordinates for it to be located",
        "It was kept without a place; its address or community may still locate it.",
    )
    both = given_lon & given_lat
    zero = both & (lon == 0.0) & (lat == 0.0)
    return _judged(
        lon,
        lat,
        _only(datums, both & ~zero),
        used=both & ~zero,
        zero=zero,
        headers=(pair, datum_header),
        default=default,
        area=area,
        judgement=judgement,
        coarse=True,
    )


def place_shapes(
    table: Table,
    geometry: Geometry,
    *,
    datums: NDArray[np.object_],
    datum_header: str,
    default: Datum,
    area: Area | None,
    judgement: Judgement,
) -> RecordPlaces:
    """Return the places of records by their shapes.

    A row that says its datum is believed against the file's CRS: software writes WGS 84 there for
    whatever it was given. The CRS then says only how the coordinates become degrees.

    Parameters
    ----------
    table, geometry
        The file, and its shapes.
    datums
        Of each row, None where nothing says it, shape (n,).
    datum_header
        Of the column of datums.
    default
        Datum of the rows that do not say theirs.
    area, judgement
        As in `place_columns`.

    Raises
    ------
    DatumError
        If the CRS is not on WGS 84 or CGCS2000.
    """
    instead = geometry.instead
    nothing = np.isin(instead, ("null", "Point EMPTY"))
    header = "geometry"
    judgement.reject(
        ~np.isin(instead, ("", AREA)) & ~nothing,
        header,
        "must be a point",
        "Use representative points (in QGIS: Vector geometry → Point on surface).",
        lambda at: str(instead[at]),
    )
    judgement.note(
        nothing,
        header,
        "must hold a place's coordinates for it to be located",
        "It was kept without a place; its address or community may still locate it.",
        lambda _: "",
    )
    point = instead == ""
    finite = point & np.isfinite(geometry.x) & np.isfinite(geometry.y)
    judgement.reject(
        point & ~finite,
        header,
        "must be finite",
        "Look the place up again.",
        _show(geometry.x, geometry.y),
    )
    zero = finite & (geometry.x == 0.0) & (geometry.y == 0.0)
    lon, lat = np.full(len(finite), np.nan), np.full(len(finite), np.nan)
    used = finite & ~zero
    lon[used], lat[used] = crs_to_lonlat(
        geometry.x[used], geometry.y[used], geometry.crs, source=str(table.path)
    )
    nowhere = used & ~(np.isfinite(lon) & np.isfinite(lat))
    judgement.reject(
        nowhere,
        header,
        "must be a place in the file's CRS",
        "Are easting and northing exchanged, or is the CRS another one?",
        _show(geometry.x, geometry.y),
    )
    used &= ~nowhere
    return _judged(
        lon,
        lat,
        _only(datums, used),
        used=used,
        zero=zero,
        headers=(header, datum_header),
        default=default,
        area=area,
        judgement=judgement,
        coarse=False,
    )


def _judged(
    lon: _Axis,
    lat: _Axis,
    datums: NDArray[np.object_],
    *,
    used: _Mask,
    zero: _Mask,
    headers: tuple[str, str],
    default: Datum | None,
    area: Area | None,
    judgement: Judgement,
    coarse: bool,
) -> RecordPlaces:
    """Return places whose coordinates stand there, as WGS-84, and judge each."""
    pair, datum_header = headers
    show = _show(lon, lat)
    judgement.note(
        zero,
        pair,
        "must not be (0, 0), which stands for an unknown place",
        "It was kept without a place; its address or community may still locate it.",
        lambda _: "0, 0",
    )
    unsaid = used & (datums == None)  # noqa: E711 - elementwise
    unsaid &= ~judgement.faulty(datum_header)
    if default is not None:
        datums = np.where(unsaid, default, datums)
    elif unsaid.any():
        if unsaid[used].all():
            raise no_datum()
        judgement.reject(unsaid, datum_header, _UNKNOWN_DATUM, _HOW_DATUM, lambda _: "")
    in_range = used & (np.abs(lon) <= MAX_LON) & (np.abs(lat) <= MAX_LAT)
    turned = used & (np.abs(lon) <= MAX_LAT) & (np.abs(lat) <= MAX_LON)
    for values, bound, name in ((lon, MAX_LON, "longitude"), (lat, MAX_LAT, "latitude")):
        beyond = used & (np.abs(values) > bound)
        rule = f"must have its {name} between {-bound:g} and {bound:g} degrees"
        judgement.reject(beyond & turned, pair, rule, _EXCHANGE, show)
        judgement.reject(beyond & ~turned, pair, rule, "Look the place up again.", show)
    kept = in_range & (datums != None)  # noqa: E711 - elementwise
    out_lon, out_lat = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    for datum in sorted({str(one) for one in set(datums[kept].tolist())}):
        here = kept & (datums == datum)
        out_lon[here], out_lat[here] = to_wgs84(
            lon=lon[here], lat=lat[here], datum=cast("Datum", datum)
        )
    if area is not None:
        outside = kept & ~area.holds(out_lon, out_lat)
        exchanged = outside & turned & area.holds(out_lat, out_lon)
        inside = f"must lie in the service area {area}"
        judgement.reject(exchanged, pair, f"{inside}, where its exchange does", _EXCHANGE, show)
        judgement.note(outside & ~exchanged, pair, inside, "It was kept; is the place right?", show)
    rounded_m = np.full(len(lon), np.nan)
    if coarse:
        few = kept & _has_few_decimals(lon) & _has_few_decimals(lat)
        half = 0.5 / _COARSE * _METRES_A_DEGREE
        rounded_m[few] = np.ceil(half * np.hypot(1.0, np.cos(np.radians(out_lat[few]))))
        judgement.note(
            few,
            pair,
            f"must have more than {_COARSE_DECIMALS} decimals, which tell a place to a kilometre",
            "It was kept as a coarse location; look the place up again.",
            show,
        )
    return RecordPlaces(out_lon, out_lat, _only(datums, kept), rounded_m)


def _only(values: NDArray[np.object_], mask: _Mask) -> NDArray[np.object_]:
    """Return values where a mask is true, and None elsewhere."""
    some = values.copy()
    some[~mask] = None
    return some


def _has_few_decimals(values: _Axis) -> _Mask:
    with np.errstate(invalid="ignore"):
        scaled = values * _COARSE
        return np.asarray(np.abs(scaled - np.round(scaled)) < _ROUNDING, dtype=np.bool_)


def _show(*values: NDArray[Any]) -> Callable[[int], str]:
    return lambda at: ", ".join(f"{one[at]:.15g}" for one in values)


def datum_of_crs(crs: object) -> Datum:
    """Return the datum that a CRS is on, as far as coordinates can tell the two apart.

    What is no CRS, or on another datum, is refused where its coordinates are read.
    """
    try:
        datum = CRS.from_user_input(crs).datum
    except CRSError:
        return "wgs84"
    return "cgcs2000" if datum is not None and datum.name == "China 2000" else "wgs84"


def as_column(values: NDArray[np.float64]) -> pa.ChunkedArray:
    """Return numbers as an arrow column, NaN as null."""
    return pa.chunked_array([pa.array(values, from_pandas=True)])
