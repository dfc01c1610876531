"""The options that the commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from typer.models import OptionInfo

INPUT = "Input files"
COLUMNS = "Columns (found by common names unless named here)"
OUTPUT = "Output files"


def parse_area(text: str | None) -> tuple[float, float, float, float] | None:
    """Return the four edges that a text such as `117.0,32.7,117.8,33.2` holds.

    Raises
    ------
    typer.BadParameter
        If it holds no box of degrees.
    """
    from geo_match.errors import ArgumentError  # noqa: PLC0415 - help must not wait for numpy
    from geo_match.intake.area import Area  # noqa: PLC0415 - the same

    if text is None:
        return None
    try:
        area = Area.checked(float(edge) for edge in text.split(","))
    except (ArgumentError, ValueError):
        message = f"{text!r} is not west,south,east,north in degrees, such as 117.0,32.7,117.8,33.2"
        raise typer.BadParameter(message, param_hint="--service-area") from None
    return area.west, area.south, area.east, area.north


def _file(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(name, help=text, rich_help_panel=INPUT, show_default=False)
    return option


def _column(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name, help=text, metavar="COLUMN", rich_help_panel=COLUMNS, show_default=False
    )
    return option


Sites = Annotated[
    Path,
    _file(
        "--sites",
        "The places to be found: .csv (UTF-8 or GB18030), .geojson, .gpkg or .parquet.",
    ),
]
Origins = Annotated[Path, _file("--origins", "The centres of the circles; the same formats.")]
RadiusM = Annotated[
    float, typer.Option("--radius-m", help="Radius in metres, inclusive; at most 200000.")
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        min=1,
        show_default=False,
        help="Only the nearest K sites of each origin, nearest first, with their rank.",
        metavar="K",
    ),
]
Weight = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        metavar="COLUMN",
        show_default=False,
        help="Add up this column of the sites instead of counting them; may be repeated. A site "
        "without a figure is rejected, never taken for zero.",
    ),
]
Datum = Annotated[
    str,
    typer.Option(
        "--datum",
        help="Datum of the coordinates in both files: wgs84, cgcs2000, gcj02 (AMap, Tencent) or "
        "bd09 (Baidu). It overrules what a GeoJSON or an EPSG code says.",
        rich_help_panel=INPUT,
    ),
]
SitesDatum = Annotated[
    str | None, _file("--sites-datum", "Datum of the sites alone, where the files differ.")
]
OriginsDatum = Annotated[
    str | None, _file("--origins-datum", "Datum of the origins alone, where the files differ.")
]
ServiceArea = Annotated[
    str | None,
    typer.Option(
        "--service-area",
        metavar="W,S,E,N",
        show_default=False,
        help="Where the places are expected, in degrees. Lets exchanged longitudes and latitudes "
        "be recognised; other places outside it are used, with a warning.",
        rich_help_panel=INPUT,
    ),
]
SiteId = Annotated[str | None, _column("--site-id", "Ids of the sites.")]
SiteLon = Annotated[str | None, _column("--site-lon", "Longitudes of the sites.")]
SiteLat = Annotated[str | None, _column("--site-lat", "Latitudes of the sites.")]
OriginId = Annotated[str | None, _column("--origin-id", "Ids of the origins.")]
OriginLon = Annotated[str | None, _column("--origin-lon", "Longitudes of the origins.")]
OriginLat = Annotated[str | None, _column("--origin-lat", "Latitudes of the origins.")]
Out = Annotated[
    Path,
    typer.Option(
        "--out",
        show_default=False,
        help="Where to write: .csv, .ndjson, .geojson, .gpkg or .parquet. Appears when complete.",
        rich_help_panel=OUTPUT,
    ),
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        show_default=False,
        help="Where to list rejected rows, as CSV; by default the output's name with "
        ".rejected.csv behind it. Written only if there are any.",
        rich_help_panel=OUTPUT,
    ),
]
