"""The files of a city: GeoParquet and Parquet, an office's lists, and what explains them."""

from __future__ import annotations

import json
import secrets
import shutil
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from geo_match.demo.city import NOTE
from geo_match.demo.office import write_office
from geo_match.demo.people.working_life import REFERENCE_DATE
from geo_match.demo.readme import describe
from geo_match.demo.tables import SUFFIX, tables_of
from geo_match.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo_match.demo.city import City

MARKER: Final = "city.json"
"""Written last: a folder with it holds a whole city, and may be written anew."""
OFFICE: Final = "office"
GEOPACKAGE: Final = "city.gpkg"
_COMPRESSION: Final = ("zstd", 19)
_DIFFERENCES: Final = {"text": "DELTA_BYTE_ARRAY", "number": "DELTA_BINARY_PACKED"}


def check_folder(folder: Path) -> None:
    """Check that a city can be written into a folder, before it is drawn.

    Raises
    ------
    FileError
        If it is no folder, or holds something and no city: nothing else is ever replaced.
    """
    if not folder.exists():
        if not folder.resolve().parent.is_dir():
            raise FileError(folder, "lie in a folder that exists", str(folder.resolve().parent))
        return
    if not folder.is_dir():
        raise FileError(folder, "be a folder", "a file", "Choose another name.")
    if any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise FileError(
            folder,
            f"be new or empty, or hold a city ({MARKER})",
            "other files in it",
            "Choose another folder.",
        )


def write_city(
    city: City,
    folder: Path,
    *,
    geopackage: bool = False,
    watch: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:
    """Write a city into a folder; it stands there whole or not at all.

    Everything is written beside its place first. Of an earlier city in the folder the files are
    replaced, and `city.json`, which says that it is whole, goes first and comes last.

    Parameters
    ----------
    city
        What `draw_city` drew.
    folder
        New, empty, or with an earlier city; see `check_folder`.
    geopackage
        Whether to write `city.gpkg` too, a layer a geographic table, for QGIS and GDAL.
    watch
        Told the name of each file before it is written.

    Returns
    -------
    dict
        Rows of each file.

    Raises
    ------
    FileError
        If the folder holds something else, or cannot be written to.
    """
    check_folder(folder)
    is_new = not folder.exists()
    part = folder / f".{secrets.token_hex(4)}.part"
    try:
        part.mkdir(parents=True)
        rows = _write(city, part, geopackage=geopackage, watch=watch)
        (folder / MARKER).unlink(missing_ok=True)
        files = sorted(path for path in part.rglob("*") if path.is_file())
        for path in sorted(files, key=lambda path: path.name == MARKER):
            place = folder / path.relative_to(part)
            place.parent.mkdir(exist_ok=True)
            path.replace(place)
    except OSError as error:
        raise FileError(folder, "be written to", error.strerror or str(error)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if is_new and folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
    return rows


def _write(
    city: City, folder: Path, *, geopackage: bool, watch: Callable[[str], None]
) -> dict[str, int]:
    rows = {}
    tables = tables_of(city)
    for name, frame in tables.items():
        watch(name)
        path = folder / f"{name}{SUFFIX}"
        path.parent.mkdir(exist_ok=True)
        _write_table(frame, path)
        rows[f"{name}{SUFFIX}"] = len(frame)
    if geopackage:
        watch(GEOPACKAGE)
        for name, frame in tables.items():
            if isinstance(frame, gpd.GeoDataFrame):
                layer = name.rpartition("/")[2]
                frame.to_file(folder / GEOPACKAGE, layer=layer, driver="GPKG", engine="pyogrio")
    watch(OFFICE)
    (folder / OFFICE).mkdir()
    write_office(city.office, folder / OFFICE)
    rows |= {f"{OFFICE}/{name}": len(frame) for name, frame in city.office.lists.items()}
    rows[f"{OFFICE}/defects.csv"] = len(city.office.defects)
    about = {
        "note": NOTE,
        "scale": city.scale.name,
        "seed": city.seed,
        "reference_date": REFERENCE_DATE.isoformat(),
        "rows": rows,
    }
    text = json.dumps(about, ensure_ascii=False, indent=2)
    (folder / MARKER).write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(describe(city.scale, city.seed, rows), encoding="utf-8")
    return rows


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; what runs in order is written as differences, a tenth of its size."""
    steps = {
        str(name): _DIFFERENCES[kind]
        for name, kind in ((name, _kind_of(frame[name])) for name in frame)
        if kind in _DIFFERENCES and frame[name].is_monotonic_increasing
    }
    options: dict[str, Any] = {
        "index": False,
        "compression": _COMPRESSION[0],
        "compression_level": _COMPRESSION[1],
        "use_dictionary": [str(name) for name in frame if str(name) not in steps],
        "column_encoding": steps,
    }
    frame.to_parquet(path, **options)


def _kind_of(column: pd.Series) -> str:
    if isinstance(column.dtype, pd.StringDtype):
        return "text"
    return "number" if pd.api.types.is_integer_dtype(column.dtype) else "other"
