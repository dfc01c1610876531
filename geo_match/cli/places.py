"""The two files of places that `within` and `count` ask of, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pyogrio.errors import DataSourceError

from geo_match.cli.terminal import progress
from geo_match.errors import FileError
from geo_match.intake import ColumnNames, read_places
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo_match.intake import PlacesFile

_PARQUET, _GEOPACKAGE = (".parquet", ".geoparquet"), ".gpkg"
_COLUMNS_ALONE = (".csv", ".xlsx", ".ndjson", ".jsonl")


@dataclass(frozen=True, slots=True)
class Input:
    """A file and how to read it.

    Parameters
    ----------
    path
        The file.
    datum
        Datum of its coordinates; None for that of the CRS that it states.
    columns
        Its columns of ids, longitudes and latitudes; None by common names.
    """

    path: Path
    datum: str | None
    columns: tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The two files of a question.

    Parameters
    ----------
    sites
        The places to be found.
    origins
        The centres of the circles.
    service_area
        Where both are expected; None if that is not known.
    """

    sites: Input
    origins: Input
    service_area: tuple[float, float, float, float] | None

    @property
    def paths(self) -> list[Path]:
        """The two files."""
        return [self.sites.path, self.origins.path]

    def read(self, *, numbers: Sequence[str] = ()) -> dict[str, PlacesFile]:
        """Read both, `sites` and `origins`.

        Parameters
        ----------
        numbers
            Columns of the sites that hold numbers.

        Raises
        ------
        GeoMatchError
            If one is refused as a whole, or none of its rows can be used.
        """
        files = {}
        for purpose, given, wanted in (
            ("sites", self.sites, numbers),
            ("origins", self.origins, ()),
        ):
            with progress(f"reading {given.path.name}"):
                read = read_places(
                    given.path,
                    datum=_datum(given),
                    columns=ColumnNames(*given.columns),
                    numbers=wanted,
                    service_area=self.service_area,
                )
            if len(read.places) == 0:
                first = read.rejections[0]
                raise FileError(
                    given.path,
                    "have a row that can be used",
                    f"{counted(read.n_read, 'row')} read and none used (row {first.row}, "
                    f"{first.field}: {first.rule})",
                    first.remedy,
                )
            files[purpose] = read
        return files


def _datum(given: Input) -> str:
    """Return the datum of a file's coordinates: as it was given, or by the CRS that it states.

    Raises
    ------
    FileError
        If it has coordinates in columns alone, and nobody says their datum.
    """
    if given.datum is not None:
        return given.datum
    if _states_crs(given.path):
        return "wgs84"
    raise FileError(
        given.path,
        "say the datum of its coordinates",
        "neither a CRS nor --datum",
        "Whoever made it knows: give --datum wgs84 (GPS), cgcs2000 (surveys), gcj02 (高德, 腾讯) "
        "or bd09 (百度). They differ by 0.5 to 1.2 km.",
    )


def _states_crs(path: Path) -> bool:
    """Return whether a file has shapes, and with them a CRS; if it cannot be read, its reader says.

    RFC 7946 gives GeoJSON one.
    """
    suffix = path.suffix.lower()
    try:
        if suffix in _PARQUET:
            with pq.ParquetFile(path) as file:
                return b"geo" in (file.metadata.metadata or {})
        if suffix == _GEOPACKAGE:
            return any(kind is not None for _, kind in pyogrio.list_layers(path))
    except (OSError, pa.ArrowException, DataSourceError):
        return True
    return suffix not in _COLUMNS_ALONE or not path.exists()
