"""The options that the commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer.models import OptionInfo

INPUT = "Input files"
COLUMNS = "Columns (found by common names unless named here)"
OUTPUT = "Output files"
GAZETTEER = "gazetteer"


# The parsers import what they need when a value is there: help must not wait for numpy.


def _radius(text: object) -> float:
    from geo_match._validate import MAX_RADIUS_M  # noqa: PLC0415 - as above

    try:
        radius = float(str(text))
    except ValueError:
        radius = -1.0
    if not 0.0 <= radius <= MAX_RADIUS_M:
        message = f"must be a number of metres from 0 to {MAX_RADIUS_M:.0f}, got {str(text)!r}."
        raise typer.BadParameter(message)
    return radius


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        message = f"must be a whole number of sites, 1 or more, got {text!r}."
        raise typer.BadParameter(message)
    return int(text)


def _datum(text: str) -> str:
    from geo_match.datums import as_datum  # noqa: PLC0415 - as above
    from geo_match.errors import DatumError  # noqa: PLC0415 - as above

    try:
        return as_datum(text)
    except DatumError as error:
        message = f"must {error.rule}, got {error.found}. {error.remedy}"
        raise typer.BadParameter(message) from None


def parse_area(text: str | None) -> tuple[float, float, float, float] | None:
    """Return the four edges that a text such as `117.0,32.7,117.8,33.2` holds.

    Raises
    ------
    typer.BadParameter
        If it holds no box of degrees.
    """
    from geo_match.errors import ArgumentError  # noqa: PLC0415 - as above
    from geo_match.intake.area import Area  # noqa: PLC0415 - as above

    if text is None:
        return None
    try:
        area = Area.checked(float(edge) for edge in text.split(","))
    except (ArgumentError, ValueError):
        message = (
            "must be west,south,east,north in degrees, such as 117.0,32.7,117.8,33.2, "
            f"got {text!r}."
        )
        raise typer.BadParameter(message, param_hint="--service-area") from None
    return area.west, area.south, area.east, area.north


def _scale(text: str) -> str:
    from geo_match.demo.scale import parse_scale  # noqa: PLC0415 - as above
    from geo_match.errors import ArgumentError  # noqa: PLC0415 - as above

    try:
        return parse_scale(text).name
    except ArgumentError as error:
        message = f"must {error.rule}, got {error.found}. {error.remedy}"
        raise typer.BadParameter(message) from None


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        message = f"must be a whole number of at least 0, got {text!r}."
        raise typer.BadParameter(message)
    return int(text)


def _kind(text: str) -> str:
    from geo_match.records import RECORDS  # noqa: PLC0415 - as above

    if text not in RECORDS:
        message = f"must be one of {', '.join(RECORDS)}, got {text!r}."
        raise typer.BadParameter(message)
    return text


def _kind_or_gazetteer(text: str) -> str:
    from geo_match.records import RECORDS  # noqa: PLC0415 - as above

    if text == GAZETTEER:
        return text
    if text not in RECORDS:
        message = f"must be one of {', '.join([*RECORDS, GAZETTEER])}, got {text!r}."
        raise typer.BadParameter(message)
    return text


def check_report(report: Path | None, files: Sequence[Path]) -> Path | None:
    """Return where rejected rows are written, if it suits the files.

    Raises
    ------
    typer.BadParameter
        If there are several files, or it has another suffix than the file.
    """
    if report is None:
        return None
    hint = "--report"
    if len(files) > 1:
        message = f"must not be given with several files, got {len(files)}."
        raise typer.BadParameter(message, param_hint=hint)
    if report.suffix.lower() != files[0].suffix.lower():
        message = f"must end in {files[0].suffix} as the file does, got {str(report)!r}."
        raise typer.BadParameter(message, param_hint=hint)
    return report


def _different(names: list[str] | None) -> list[str] | None:
    for name in names or ():
        if names and names.count(name) > 1:
            message = f"must name a column once, got {name!r} {names.count(name)} times."
            raise typer.BadParameter(message)
    return names


def check_outputs(out: Path, rejects: Path | None) -> Path:
    """Return where rejected rows are listed: as asked, or beside the answer.

    Raises
    ------
    typer.BadParameter
        If a suffix is none that can be written, or both are the same file.
    """
    from geo_match.exchange import SUFFIXES  # noqa: PLC0415 - as above

    if out.suffix.lower() not in SUFFIXES:
        message = f"must end in one of {', '.join(SUFFIXES)}, got {str(out)!r}."
        raise typer.BadParameter(message, param_hint="--out")
    if rejects is None:
        return out.with_name(f"{out.name}.rejected.csv")
    if rejects.suffix.lower() != ".csv":
        message = f"must end in .csv, got {str(rejects)!r}."
        raise typer.BadParameter(message, param_hint="--rejects")
    if rejects.resolve() == out.resolve():
        message = f"must be another file than --out, got {str(rejects)!r} for both."
        raise typer.BadParameter(message, param_hint="--rejects")
    return rejects


def _file(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(name, help=text, rich_help_panel=INPUT, show_default=False)
    return option


def _own_datum(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name, help=text, parser=_datum, metavar="DATUM", rich_help_panel=INPUT, show_default=False
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
        parser=_radius,
        metavar="METRES",
        help="Radius in metres, inclusive; at most 200000.",
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        parser=_limit,
        show_default=False,
        help="Only the nearest K sites of each origin, nearest first, with their rank.",
        metavar="K",
    ),
]
Weight = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        callback=_different,
        metavar="COLUMN",
        show_default=False,
        help="Add up this column of the sites instead of counting them; may be repeated with "
        "other columns. A site without a figure is rejected, never taken for zero.",
    ),
]
Datum = Annotated[
    str,
    typer.Option(
        "--datum",
        parser=_datum,
        metavar="DATUM",
        help="Datum of the coordinates in both files: wgs84, cgcs2000, gcj02 (AMap, Tencent) or "
        "bd09 (Baidu). It overrules a file that says WGS 84 or CGCS2000; a file that says another "
        "datum, such as Xian 1980, is refused.",
        rich_help_panel=INPUT,
    ),
]
SitesDatum = Annotated[
    str | None, _own_datum("--sites-datum", "Datum of the sites alone, where the files differ.")
]
OriginsDatum = Annotated[
    str | None,
    _own_datum("--origins-datum", "Datum of the origins alone, where the files differ."),
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
KindOrGazetteer = Annotated[
    str,
    typer.Argument(
        parser=_kind_or_gazetteer, metavar="KIND", show_default=False, help="What the rows are."
    ),
]
RecordKind = Annotated[
    str,
    typer.Option(
        "--kind", parser=_kind, metavar="KIND", show_default=False, help="What the rows are."
    ),
]
_LISTS = ".csv (UTF-8 or GB18030), .xlsx, .ndjson, .geojson, .gpkg or .parquet"
Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        show_default=False,
        help=f"Lists: {_LISTS}; a gazetteer is a .csv. They are taken one after the other.",
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
        help="Where the records go: a file, made if nothing is there, or sqlite:///path.",
    ),
]
GivenDatum = Annotated[
    str | None,
    _own_datum(
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
AcceptSuspicions = Annotated[
    bool,
    typer.Option(
        "--accept-suspicions",
        help="Import files that look wrong as a whole; what is suspicious is told as a warning.",
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
        parser=_scale,
        metavar="SCALE",
        help="small: the four urban districts with a twentieth of the households and a fifth of "
        "the jobs. city: all, 1.24 million households. Or a factor of the city, from 0.01 to 10.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        parser=_seed,
        metavar="N",
        show_default=False,
        help="Another city for another number; by default that of the city that is shipped.",
    ),
]
GeoPackage = Annotated[
    bool,
    typer.Option("--geopackage", help="Write city.gpkg too, for QGIS and GDAL."),
]
