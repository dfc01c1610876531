"""GeoJSON (RFC 7946), feature by feature with the standard library's parser.

GDAL's driver is not used here: it drops features that are none, renumbers repeated ids and
forgets text ids beside numbers, all without an error. Its speed is the same. One feature is
decoded at a time, so that memory holds the text and the columns, never the whole tree.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

import numpy as np

from geo_match.errors import FileError
from geo_match.intake.faults import Rejection, shown
from geo_match.intake.readers.json_columns import JsonColumns
from geo_match.intake.readers.table import Geometry, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo_match.intake.readers.json_columns import Json

MAX_BYTES = 1 << 29
"""Largest GeoJSON text that is read, bytes."""

FEATURE_ID = "feature id"
"""Name given to the column of the features' own `id` members."""

_SPACE = re.compile(r"[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_XY = 2
_NUMBER = (float, int)


def read_geojson(path: Path) -> Table:
    """Read a FeatureCollection, or one Feature.

    Without a `crs` member (which older writers add) the coordinates are WGS-84 degrees.

    Raises
    ------
    FileError
        If the file is larger than `MAX_BYTES`, no JSON in UTF-8, nested beyond what Python's
        parser allows, or no FeatureCollection.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileError(
            path,
            f"be at most {MAX_BYTES >> 20} MiB of GeoJSON",
            f"{size >> 20} MiB",
            "Save it as GeoPackage or GeoParquet, which have no such limit.",
        )
    try:
        document = Document(path, path.read_text(encoding="utf-8-sig"))
        features = _Features(path)
        for feature in document.features():
            features.add(feature)
        return features.table(document.crs())
    except RecursionError:
        raise FileError(path, "be nested like GeoJSON", "JSON nested too deeply") from None
    except UnicodeError:
        raise FileError(
            path, "be Unicode text in UTF-8", "other bytes", "Save it anew as UTF-8."
        ) from None


class Document:
    """The members of the top object, with `features` walked instead of held.

    Parameters
    ----------
    path
        The file, for messages.
    text
        Its whole text.
    """

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._at = 0
        self._members: dict[str, Json] = {}
        self._decode = json.JSONDecoder().raw_decode

    def features(self) -> Iterator[Json]:
        """Yield what stands in `features`, or the document itself if it is one Feature."""
        found = False
        self._expect("{")
        while self._next() != "}":
            name = self._value()
            self._expect(":")
            if name == "features" and self._next() == "[":
                found = True
                yield from self._array()
            else:
                self._members[str(name)] = self._value()
            if self._next() != ",":
                break
            self._expect(",")
        self._expect("}")
        if self._next():
            raise self._broken("text behind the end")
        if self._members.get("type") == "Feature" and not found:
            yield self._members
        elif not found or self._members.get("type") != "FeatureCollection":
            kind = shown(self._members.get("type"))
            raise FileError(
                self._path,
                "be a GeoJSON FeatureCollection",
                f"an object of type {kind!r}" if kind else "an object without `type`",
            )

    @property
    def members(self) -> dict[str, Json]:
        """The other members of the top object, once `features` has been walked."""
        return self._members

    def crs(self) -> str:
        """Return what the file says its coordinates are."""
        crs = self._members.get("crs")
        if crs is None:
            return "OGC:CRS84"
        try:
            return str(crs["properties"]["name"])
        except (KeyError, TypeError):
            raise FileError(
                self._path,
                "name its CRS or leave it out",
                f"a `crs` member {shown(crs)}",
                "Leave it out where the coordinates are WGS-84 degrees, as RFC 7946 has it.",
            ) from None

    def _array(self) -> Iterator[Json]:
        self._expect("[")
        while self._next() != "]":
            yield self._value()
            comma = _COMMA.match(self._text, self._at)
            if comma is None:
                break
            self._at = comma.end()
        self._expect("]")

    def _next(self) -> str:
        """Pass over white space and return the next character, empty at the end."""
        match = _SPACE.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return self._text[self._at : self._at + 1]

    def _expect(self, mark: str) -> None:
        if self._next() != mark:
            raise self._broken("no " + mark)
        self._at += 1

    def _value(self) -> Json:
        self._next()
        try:
            value, self._at = self._decode(self._text, self._at)
        except ValueError as error:  # a number of thousands of digits is one, too
            raise self._broken(getattr(error, "msg", str(error))) from None
        return value

    def _broken(self, what: str) -> FileError:
        line = self._text.count("\n", 0, self._at) + 1
        return FileError(self._path, "be JSON", f"text that is none near line {line} ({what})")


class _Features:
    """The columns that grow as features come.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._n = 0
        self._row: list[int] = []
        self._x: list[float] = []
        self._y: list[float] = []
        self._instead: list[str] = []
        self._columns = JsonColumns(path)
        self._faults: list[Rejection] = []

    def add(self, feature: Json) -> None:
        """Take the next feature, or reject what is none."""
        self._n += 1
        if not is_feature(feature):
            self._faults.append(
                Rejection(
                    self._n,
                    "(whole feature)",
                    shown(feature),
                    "must be a GeoJSON Feature whose properties are an object",
                    "Mend or remove it.",
                )
            )
            return
        x, y, instead = _point(feature.get("geometry"))
        self._x.append(x)
        self._y.append(y)
        self._instead.append(instead)
        own = [(FEATURE_ID, feature["id"])] if "id" in feature else []
        self._columns.add([*own, *(feature.get("properties") or {}).items()])
        self._row.append(self._n)

    def table(self, crs: str) -> Table:
        """Return everything that was taken."""
        return Table(
            self._path,
            np.array(self._row, dtype=np.int64),
            self._columns.table(),
            Geometry(
                np.array(self._x, dtype=np.float64),
                np.array(self._y, dtype=np.float64),
                np.array(self._instead, dtype=object),
                crs,
            ),
            tuple(self._faults),
        )


def is_feature(value: Json) -> bool:
    """Return whether a value is a Feature whose properties, if any, are an object."""
    return (
        isinstance(value, dict)
        and value.get("type") == "Feature"
        and isinstance(value.get("properties"), dict | None)
    )


def _point(geometry: Json) -> tuple[float, float, str]:
    """Return x, y and what stands instead of a point, as `Geometry` has them."""
    instead = ""
    coordinates: Json = None
    if geometry is None:
        instead = "null"
    elif not isinstance(geometry, dict):
        instead = shown(geometry)
    else:
        kind, coordinates = geometry.get("type"), geometry.get("coordinates")
        if kind == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
            coordinates = coordinates[0]
        elif kind != "Point":
            instead = shown(kind) or "an object without `type`"
    if not instead and coordinates == []:
        instead = "Point EMPTY"
    elif not instead and not _is_position(coordinates):
        instead = f"Point with coordinates {shown(coordinates)}"
    if instead:
        return math.nan, math.nan, instead
    try:
        return float(coordinates[0]), float(coordinates[1]), ""
    except OverflowError:  # a whole number of hundreds of digits
        return math.inf, math.inf, ""


def _is_position(coordinates: Json) -> bool:
    return (
        isinstance(coordinates, list)
        and len(coordinates) >= _XY
        and type(coordinates[0]) in _NUMBER  # not bool, which is an int to isinstance
        and type(coordinates[1]) in _NUMBER
    )
