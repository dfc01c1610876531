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
from geo_match.demo.readme import describe
from geo_match.demo.tables import SUFFIX, tables_of
from geo_match.demo.vocabulary import REFERENCE_DATE
from geo_match.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from geo_match.demo.city import City

MARKER: Final = "city.json"
"""Says what a folder holds, and whether that is complete: such a folder may be written anew."""
README: Final = "README.md"
OFFICE: Final = "office"
GEOPACKAGE: Final = "city.gpkg"
_PART: Final = ".part"
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
    others = [path for path in folder.iterdir() if not _is_part(path)]
    if others and not (folder / MARKER).is_file():
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
    """Write a city into a folder.

    Everything is written beside its place first, so that a fault or a stop leaves the folder as
    it was. Then the files of an earlier city are replaced or removed; while that lasts `city.json`
    says that the city is not complete.

    Parameters
    ----------
    city
        What `draw_city` drew.
    folder
        New, empty, or with an earlier city; see `check_folder`.
    geopackage
        Whether to write `city.gpkg` too, a layer a geographic table, for QGIS and GDAL.
    watch
        Told the name of each file before it is written, and `MARKER` before all are put in place.

    Returns
    -------
    dict
        Rows of each table; `city.gpkg` and README are not among them.

    Raises
    ------
    FileError
        If the folder holds something else, or cannot be written to.
    """
    check_folder(folder)
    is_new = not folder.exists()
    part = folder / f".{secrets.token_hex(4)}{_PART}"
    try:
        part.mkdir(parents=True)
        rows = _write_all(city, part, geopackage=geopackage, watch=watch)
        watch(MARKER)
        _put_in_place(part, folder, city, rows)
    except OSError as error:
        raise FileError(folder, "be written to", error.strerror or str(error)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if is_new and folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
    return rows


def _is_part(path: Path) -> bool:
    return path.is_dir() and path.name.startswith(".") and path.suffix == _PART


def _put_in_place(part: Path, folder: Path, city: City, rows: dict[str, int]) -> None:
    """Move the files from beside to their places, and remove what is no longer of the city."""
    files = sorted(str(path.relative_to(part)) for path in part.rglob("*") if path.is_file())
    earlier = _files_of(folder)
    _write_marker(folder, city, rows, {*files, *earlier}, complete=False)
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        (part / name).replace(folder / name)
    for name in earlier - {*files}:
        (folder / name).unlink(missing_ok=True)
    for leftover in filter(_is_part, folder.iterdir()):
        if leftover != part:
            shutil.rmtree(leftover)
    _write_marker(folder, city, rows, files, complete=True)


def _files_of(folder: Path) -> set[str]:
    """Return the names of the files of the city that a folder holds."""
    try:
        about = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return set()
    return set(about.get("files", []))


def _write_marker(
    folder: Path, city: City, rows: dict[str, int], files: Iterable[str], *, complete: bool
) -> None:
    about = {
        "note": NOTE,
        "complete": complete,
        "scale": city.scale.name,
        "seed": city.seed,
        "reference_date": REFERENCE_DATE.isoformat(),
        "rows": rows,
        "files": sorted(files),
    }
    text = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
    new = folder / f".{MARKER}"
    new.write_text(text, encoding="utf-8")
    new.replace(folder / MARKER)


def _write_all(
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
    (folder / README).write_text(describe(city.scale, city.seed, rows), encoding="utf-8")
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
