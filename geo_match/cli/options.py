"""The options that the commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo_match.cli import parsers

if TYPE_CHECKING:
    from typer.models import OptionInfo

INPUT = "Input files"
COLUMNS = "Columns (found by common names unless named here)"
OUTPUT = "Output files"


def _file(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(name, help=text, rich_help_panel=INPUT, show_default=False)
    return option


def own_datum(name: str, text: str) -> OptionInfo:
    """Return the option that says the datum of one file."""
    option: OptionInfo = typer.Option(
        name,
        help=text,
        parser=parsers.parse_datum,
        metavar="DATUM",
        rich_help_panel=INPUT,
        show_default=False,
    )
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
    float,
    typer.Option(
        "--radius-m",
        parser=parsers.parse_radius,
        metavar="METRES",
        help="Radius in metres, inclusive; at most 200000.",
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        parser=parsers.parse_limit,
        show_default=False,
        help="Only the nearest K sites of each origin, nearest first, with their rank.",
        metavar="K",
    ),
]
Weight = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        callback=parsers.check_different,
        metavar="COLUMN",
        show_default=False,
        help="Add up this column of the sites instead of counting them; may be repeated with "
        "other columns. A site without a figure is rejected, never taken for zero.",
    ),
]
Datum = Annotated[
    str | None,
    own_datum(
        "--datum",
        "Datum of the coordinates in both files: wgs84, cgcs2000, gcj02 (AMap, Tencent) or bd09 "
        "(Baidu). Nothing is guessed: it must be given for files that state no CRS, such as .csv. "
        "It overrules a file that says WGS 84 or CGCS2000; a file that says another datum, such as "
        "Xian 1980, is refused.",
    ),
]
SitesDatum = Annotated[
    str | None, own_datum("--sites-datum", "Datum of the sites alone, where the files differ.")
]
OriginsDatum = Annotated[
    str | None,
    own_datum("--origins-datum", "Datum of the origins alone, where the files differ."),
]
ServiceArea = Annotated[
    str | None,
    typer.Option(
        "--service-area",
        metavar="W,S,E,N",
        show_default=False,
        help="Where the places are expected, in degrees. Lets exchanged longitudes and latitudes "
        "be recognised. Other places outside it are used, with a warning; a file that has no "
        "place inside it is refused.",
        rich_help_panel=INPUT,
    ),
]
ListsServiceArea = Annotated[
    str | None,
    typer.Option(
        "--service-area",
        metavar="W,S,E,N",
        show_default=False,
        help="Where the places are expected, in degrees. Lets exchanged longitudes and latitudes "
        "be recognised. Other places outside it are taken with a warning; a list that has more "
        "than half of its places outside is refused.",
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
        ".rejected.csv behind it. Row 1 is the first below the header; blank rows keep their "
        "number, but are not counted as read. Written only if there are any; replaces, or "
        "without any removes, an older such list, and never another file.",
        rich_help_panel=OUTPUT,
    ),
]
KindOrTable = Annotated[
    str,
    typer.Argument(
        parser=parsers.parse_kind_or_table,
        metavar="KIND",
        show_default=False,
        help="What the rows are.",
    ),
]
RecordKind = Annotated[
    str,
    typer.Option(
        "--kind",
        parser=parsers.parse_kind,
        metavar="KIND",
        show_default=False,
        help="What the rows are.",
    ),
]
KindOrAll = Annotated[
    str | None,
    typer.Argument(
        parser=parsers.parse_kind,
        metavar="KIND",
        show_default=False,
        help="Which records; all if left out.",
    ),
]
RecordFormat = Annotated[
    str,
    typer.Option(
        "--format",
        parser=parsers.parse_record_format,
        metavar="FORMAT",
        help="schema: JSON Schema. dictionary: a table of the fields in Markdown, with their "
        "Chinese names, the headers that lists may have, and the rules of their values.",
    ),
]
_LISTS = ".csv (UTF-8 or GB18030), .xlsx, .ndjson, .geojson, .gpkg or .parquet"
Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        show_default=False,
        help=f"Lists: {_LISTS}; a gazetteer is one of them, occupations are one .csv. They are "
        "taken one after the other.",
    ),
]
File = Annotated[
    Path, typer.Argument(metavar="FILE", show_default=False, help=f"A list: {_LISTS}.")
]
StoreAt = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="PATH|URL",
        show_default=False,
        help="Where the records go: a file, made if nothing is there, sqlite:///path, or "
        "postgresql://user@host/database.",
    ),
]
GivenDatum = Annotated[
    str | None,
    own_datum(
        "--datum",
        "Datum of the coordinates, where neither the rows nor the mapping say it: wgs84, cgcs2000, "
        "gcj02 (AMap, Tencent) or bd09 (Baidu). Nothing is guessed.",
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        show_default=False,
        help="TOML that says which columns mean which fields; see `geo-match mapping`.",
        rich_help_panel=INPUT,
    ),
]
Report = Annotated[
    Path | None,
    typer.Option(
        "--report",
        show_default=False,
        help="Where to write rejected rows for mending, in the file's own format; by default "
        "beside it, under a name that nothing has yet. Written only if there are any.",
        rich_help_panel=OUTPUT,
    ),
]
ToldIn = Annotated[
    str | None,
    typer.Option(
        "--language",
        parser=parsers.parse_language,
        metavar="zh|en",
        show_default=False,
        help="Language of what is told and of the reasons in the file to be mended; by default "
        "that of the list's headers. 用中文说明: zh.",
        rich_help_panel=OUTPUT,
    ),
]
Actor = Annotated[
    str,
    typer.Option(
        "--actor",
        parser=parsers.parse_actor,
        metavar="NAME",
        show_default=False,
        help="Who imports, such as an account of the office; kept with each change. Never an "
        "ID-card number.",
    ),
]
AcceptSuspicions = Annotated[
    bool,
    typer.Option(
        "--accept-suspicions",
        help="Import files that look wrong as a whole; what is suspicious is told as a warning.",
    ),
]
Correct = Annotated[
    bool,
    typer.Option(
        "--correct",
        help="Take rows that are as new as the store's records and say otherwise, instead of "
        "rejecting them: for a list that comes again with its mistakes corrected, or with the "
        "right --datum. Older rows stay stale.",
    ),
]
ErasedToo = Annotated[
    bool,
    typer.Option(
        "--erased-too",
        help="Take rows of persons and households who were erased from the store, instead of "
        "rejecting them: if they have come back.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Tell what would become of the rows; write nothing.")
]
MappingOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        show_default=False,
        help="Where to write the mapping, a new file; standard output by default.",
        rich_help_panel=OUTPUT,
    ),
]
Folder = Annotated[
    Path,
    typer.Option(
        "--out",
        show_default=False,
        metavar="DIR",
        help="Folder to write to: a new or empty one, or that of an earlier city.",
    ),
]
CityScale = Annotated[
    str,
    typer.Option(
        "--scale",
        parser=parsers.parse_scale,
        metavar="SCALE",
        help="small: the four urban districts with a twentieth of the households and a fifth of "
        "the jobs. city: all, 1.24 million households. Or a factor of the city, from 0.01 to 10.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        parser=parsers.parse_seed,
        metavar="N",
        show_default=False,
        help="Another city for another number; by default that of the city that is shipped.",
    ),
]
GeoPackage = Annotated[
    bool,
    typer.Option("--geopackage", help="Write city.gpkg too, for QGIS and GDAL."),
]
