"""Coverage into files: `write_coverage`, and several formats from one answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo_match.coverage.answers.report import CoverageReport
from geo_match.errors import ArgumentError
from geo_match.exchange.coverage.content import content_of
from geo_match.exchange.coverage.flat import write_csv
from geo_match.exchange.coverage.geographic import write_geojson, write_geopackage, write_parquet
from geo_match.exchange.coverage.page import write_html
from geo_match.exchange.coverage.workbook import write_workbook
from geo_match.exchange.tables import write_tables
from geo_match.exchange.target import check_suffix_among, naming, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from geo_match.coverage.plan.plan import ServicePlan
    from geo_match.coverage.publication.publish import Published
    from geo_match.exchange.coverage.content import Content

SUFFIXES: Final = (".parquet", ".geoparquet", ".gpkg", ".geojson", ".csv", ".xlsx", ".html")
"""Suffixes of files that coverage is written to."""
ONE_TABLE: Final = frozenset({".parquet", ".geoparquet", ".geojson", ".csv"})
"""Those whose files have the first table alone."""


def write_coverage(
    report: CoverageReport | Published,
    path: str | Path,
    *,
    by: Sequence[str] | None = None,
    language: str = "zh",
    date: str = "",
    gap_areas: gpd.GeoDataFrame | None = None,
    plan: ServicePlan | pd.DataFrame | Mapping[str, pd.DataFrame] | None = None,
    map_approval: str | None = None,
) -> list[str]:
    """Write coverage into one file, in the format of its suffix; it appears when it is complete.

    No person is in it, nor anybody's place: only figures of rows. What it says of itself is whether
    these are internal or published, in the column `release` of every table, and

    - `.parquet`, `.geoparquet`: the first table, GeoParquet where it has outlines. The file's
      metadata have `release`, and under `geo_match` what was asked.
    - `.gpkg`: a layer a table, `gap_areas`, `supply` (a point a place that can be reached, with
      its amount), the plan, and `columns`, what each column means. The file and each layer have
      `release` in their metadata.
    - `.geojson`: the first table, after RFC 7946, with `release` beside the features.
    - `.csv`: the first table without outlines, UTF-8 with a byte order mark.
    - `.xlsx`: a sheet a table as `geo_match.exchange.coverage.workbook` says, without outlines and
      without the places of the supply; `release` stands at the top of the first sheet.
    - `.html`: a page to print, as `geo_match.exchange.report_page` says.

    GeoParquet has figures as they were computed; the others have distances to the millimetre and
    other figures to twelve digits, behind which there is only noise.

    Parameters
    ----------
    report
        A `CoverageReport`, or what `geo_match.publish` made of some.
    path
        Where to write.
    by
        What it is told by: levels or columns of the people, parted as in "community by hukou"; of
        what was published, names of its tables. None for community, street, district and city, as
        far as the communities have them, and for all tables that were published, these first.
    language
        "zh" or "en": of what is said beside the figures. Columns keep their names in each; in a
        workbook they have Chinese and English ones.
    date
        The day that the figures are of, as it is to be shown.
    gap_areas
        As `geo_match.gap_areas` gives them: internal, so only beside a report.
    plan
        A `ServicePlan`: its communities, and its occupations by community and in the whole city; or
        a frame, or frames by name, with a column `release`. Internal, as gap areas are.
    map_approval
        The approval number of the map, 审图号, which a page shows below it; without one the page
        says that the map is for internal work.

    Returns
    -------
    list of str
        The names of the tables that are in the file.

    Raises
    ------
    ArgumentError
        If the report, the language or a name of `by` is none of these, or a frame has another
        release than the report.
    FileError
        If the suffix is none of `SUFFIXES`, or the file cannot be written.
    """
    check_suffix(path)
    content = content_of(
        report,
        by=by,
        language=language,
        date=date,
        gap_areas=gap_areas,
        plan=plan,
        map_approval=map_approval,
    )
    return write_files(content, path)[0]


def write_files(
    content: Content,
    *paths: str | Path,
    also: Mapping[Path, Callable[[Path], object]] | None = None,
) -> list[list[str]]:
    """Write one answer into several files, each in the format of its suffix; all appear, or none.

    Parameters
    ----------
    content
        As `geo_match.exchange.coverage.content.content_of` makes it.
    paths
        All different.
    also
        Other files that appear with these, before them: what writes each to the path that it is
        given.

    Returns
    -------
    list of list of str
        For each path the names of the tables that are in it.

    Raises
    ------
    FileError
        As `write_coverage`.
    """
    for path in paths:
        check_suffix(path)
    others = dict(also or {})
    with replacing(*others, *paths) as temporaries:
        for (path, write), temporary in zip(others.items(), temporaries, strict=False):
            with naming(path):
                write(temporary)
        for path, temporary in zip(paths, temporaries[len(others) :], strict=True):
            with naming(path):
                _write(temporary, content, Path(path))
    return [_told(content, Path(path)) for path in paths]


def write_people(report: CoverageReport, path: str | Path) -> int:
    """Write what was found of each person: `CoverageReport.people`, a row a person, by id.

    It is as confidential as the list of the people. No other function here writes persons.

    Parameters
    ----------
    report
        Internal; what was published has no persons.
    path
        `.csv`, `.ndjson`, `.jsonl` or `.parquet`.

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    ArgumentError
        If the report is no `CoverageReport`.
    FileError
        If the suffix is none of these, or the file cannot be written.
    """
    import pyarrow as pa  # noqa: PLC0415 - loaded by what stands above, and named here alone

    if not isinstance(report, CoverageReport):
        raise ArgumentError("report", "be a CoverageReport", type(report).__name__)
    table = pa.Table.from_pandas(report.people, preserve_index=False)
    return write_tables([table.replace_schema_metadata(None)], path)


def check_suffix(path: str | Path) -> None:
    """Check that coverage can be written to a file of this name.

    Raises
    ------
    FileError
        If its suffix is none of `SUFFIXES`.
    """
    check_suffix_among(path, SUFFIXES)


def _write(path: Path, content: Content, target: Path) -> None:
    match target.suffix.lower():
        case ".gpkg":
            write_geopackage(path, content, target)
        case ".geojson":
            write_geojson(path, content)
        case ".csv":
            write_csv(path, content)
        case ".xlsx":
            write_workbook(path, content, target)
        case ".html":
            write_html(path, content)
        case _:
            write_parquet(path, content)


def _told(content: Content, path: Path) -> list[str]:
    return [content.first] if path.suffix.lower() in ONE_TABLE else list(content.tables)
