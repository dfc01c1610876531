"""A gazetteer's file: a table of names with their places, all of it good or none of it used."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match import codes
from geo_match.datums import as_datum, to_wgs84
from geo_match.errors import ColumnError, FileError
from geo_match.intake.area import MAX_LAT, MAX_LON
from geo_match.intake.cells import as_numbers, as_text
from geo_match.intake.columns import LAT_NAMES, LON_NAMES, find_column, listed
from geo_match.intake.faults import Faults, counted, shown
from geo_match.intake.locating.names import (
    ACCURACY_RULE,
    LEAST_CHARACTERS,
    MOST_ACCURACY_M,
    NAME_RULE,
)
from geo_match.intake.readers.files import read_table
from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geo_match.datums import Datum
    from geo_match.intake.readers.table import Table

CARD_RULE = "hold no ID-card number"
COMMUNITY_RULE = "be a community's code of 12 digits, or empty"
_SHOWN = 5
_HEADERS = {
    "name": (frozenset({"name", "名称", "地名", "小区名称", "道路名称"}),),
    "lon": LON_NAMES,
    "lat": LAT_NAMES,
    "accuracy_m": (
        frozenset({"accuracy_m", "location_accuracy_m", "定位精度(米)", "定位精度", "精度"}),
    ),
    "community": (
        frozenset({"community", "community_code", "社区代码", "社区编码", "所属社区代码"}),
    ),
}


class Entries(NamedTuple):
    """What a gazetteer is made of; shapes and units as there.

    Parameters
    ----------
    names, communities
        Texts, m of each; an empty community is unknown.
    lon, lat, accuracy_m
        Degrees, WGS-84, and metres, shape (m,).
    """

    names: list[str]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    accuracy_m: NDArray[np.float64]
    communities: list[str]


def read_entries(path: str | Path, datum: Datum) -> Entries:
    """Read a file of any format that has columns of longitudes and latitudes, such as CSV or XLSX.

    Raises
    ------
    FileError, ColumnError, DatumError
        As `Gazetteer.read` says.
    """
    checked = as_datum(datum)
    # Refused without a row, too: it would take the place of every name that is kept.
    table = read_table(path)
    columns = _columns(table)
    texts = {
        name: as_text(table.columns.column(column)).to_pylist() if column else [""] * len(table.row)
        for name, column in columns.items()
    }
    communities, no_code = codes.community_codes_kept(
        np.array([code.strip() or None for code in texts["community"]], dtype=object)
    )
    lon, lat, accuracy_m = (
        as_numbers(table.columns.column(columns[name])).value
        for name in ("lon", "lat", "accuracy_m")
    )
    faults = Faults(table.row)
    too_short = [len(normalised(name)) < LEAST_CHARACTERS for name in texts["name"]]
    for name, bad, rule in (
        ("name", np.array(too_short, dtype=np.bool_), NAME_RULE),
        ("name", codes.has_id_card(np.array(texts["name"], dtype=object)), CARD_RULE),
        ("community", no_code, COMMUNITY_RULE),
        ("lon", ~(np.abs(lon) <= MAX_LON), "be degrees from -180 to 180"),
        ("lat", ~(np.abs(lat) <= MAX_LAT), "be degrees from -90 to 90"),
        ("lon", (lon == 0.0) & (lat == 0.0), "not be (0, 0), which stands for an unknown place"),
        ("accuracy_m", ~((accuracy_m >= 0.0) & (accuracy_m <= MOST_ACCURACY_M)), ACCURACY_RULE),
    ):
        value = texts[name].__getitem__
        faults.add(bad, columns[name] or name, value, f"must {rule}", "")
    # A latitude that is none as it stands, where both are within range the other way round.
    exchanged = (np.abs(lon) <= MAX_LAT) & (np.abs(lat) > MAX_LAT) & (np.abs(lat) <= MAX_LON)
    found = faults.in_order(table.faults)
    if found:
        first = "; ".join(
            f"row {one.row} {one.field} {one.value!r} ({one.rule})" for one in found[:_SHOWN]
        )
        raise FileError(
            path,
            "have a usable name, place and accuracy in every row",
            f"{counted(len(found), 'fault')}: {first}{'; …' if len(found) > _SHOWN else ''}",
            "Longitude and latitude look exchanged: write them the other way round, or exchange "
            "the two columns' headers. Nothing of the file was used."
            if exchanged.any()
            else "Mend these rows, or take them out; nothing of the file was used.",
        )
    lon, lat = to_wgs84(lon=lon, lat=lat, datum=checked)
    known = [code or "" for code in communities.tolist()]
    return Entries(texts["name"], lon, lat, accuracy_m, known)


def _columns(table: Table) -> dict[str, str | None]:
    """Return which column of the file holds what; None for communities that it does not tell."""
    names = table.columns.column_names
    columns = {
        name: find_column(
            table.path, names, wanted=None, common=common, what=f"{name}s", keyword=None
        )
        for name, common in _HEADERS.items()
    }
    missing = [name for name, column in columns.items() if column is None and name != "community"]
    if missing:
        wanted = "; ".join(
            f"{name} ({'、'.join(sorted(_HEADERS[name][0] - {name}))})" for name in missing
        )
        raise ColumnError(
            table.path,
            f"have the columns {wanted}",
            f"the columns {shown(listed(names))}",
            "Add them: a place counts only with how well it is known.",
        )
    return columns
