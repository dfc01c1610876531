"""The commands and their options; what they do stands in other modules, imported when one runs."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo_match import __version__
from geo_match.cli import (
    keys_command,
    match_command,
    network_command,
    on_foot,
    options,
    parsers,
    store_command,
)
from geo_match.cli.coverage import command as coverage_command
from geo_match.cli.coverage import difference_command as coverage_difference_command
from geo_match.cli.coverage import what_if_command as coverage_what_if_command
from geo_match.cli.households import command as households_command
from geo_match.cli.ledger import command as ledger_command
from geo_match.cli.payments import command as payments_command
from geo_match.cli.priority import giving_way
from geo_match.cli.stopping import Stopped, stoppable
from geo_match.errors import GeoMatchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COLLECT_AFTER: Final = (100_000, 20, 20)
"""When cycles are looked for: after so many more objects, and so many looks."""
_STATUS = (
    "Exit status: 0 all rows were used; 1 refused, and nothing written; 2 the command line is "
    "wrong; 3 answered, but some rows were rejected; 128 + n stopped by the signal n, and nothing "
    "written."
)

_IMPORT_STATUS = (
    "Exit status: 0 all rows were used; 1 a file was refused, and nothing of it written, or the "
    "store failed; 2 the command line is wrong; 3 imported, but some rows were rejected; 128 + n "
    "stopped by the signal n: what was written by then stays."
)

# One line a paragraph: help wraps lines, but does not join them.
_WITHIN = (
    "List the sites within the radius of each origin.\n\n"
    "One row a pair: origin_id, site_id, distance_m (metres on the WGS-84 ellipsoid), and rank "
    "with --limit. Geographic formats show the site's point. Without --limit the sites of an "
    "origin stand in the order of their file. An origin without any site has no row.\n\n"
    "With --basis walking and --network a distance is the shortest way along the streets, and "
    "there are straight_m, the straight line, and origin_snap_m and site_snap_m, how far the two "
    "are from their streets, which is in distance_m. Places that no street leads to are counted."
)
_COUNT = (
    "Count the sites within the radius of each origin, or add up their weights.\n\n"
    "One row an origin: id, lon, lat (WGS-84), and count, or with --weight the sum of each of "
    "these columns under its own name. Geographic formats show the origin's point. 0 is written "
    "where nothing is in reach. Sums of whole numbers are exact.\n\n"
    "With --basis walking and --network a site counts that is within the radius along the streets, "
    "and there are count_straight, or each column with _straight, which are of straight lines; "
    "snap_m, how far the origin is from its street; and unreachable, why no street leads to it "
    "(too_far, blocked), and what is on foot is empty then."
)
_DEMO = (
    "Draw the demonstration city on Bengbu's ground and write it into a folder.\n\n"
    "Outlines, names, codes and census totals are facts; every person, employer, job, address, "
    "street and record is invented. The same seed gives the same bytes. The folder gets "
    "GeoParquet, histories of 2022 to 2025, an office's faulty lists in GB18030 with the faults "
    "labelled, and a README.md that explains every column."
)
_IMPORT = (
    "Import an office's lists into a store.\n\n"
    "KIND is households, seekers, employers, sites, jobs, stations, communities, spells or "
    "services; or one of two tables that lists are judged by, each a CSV file that replaces the "
    "whole one in the store:\n\n"
    "gazetteer: names of places, by which addresses are located. Columns name 名称 (at least two "
    "characters), lon 经度, lat 纬度, accuracy_m 定位精度(米) (all of the place lies so near its "
    "point), and where it is known community 社区代码 (12 digits).\n\n"
    "occupations: finer ones than the shipped groups of GB/T 6565. Columns code 代码 (as 4-01-01 "
    "or 40101) and name 名称; level 级别, parent 上级代码 and version 版本 may be left out. One of "
    "another version stands alone.\n\n"
    "Or KIND is city: FILE is then the folder that the command demo wrote, whose lists of records "
    "are imported one after the other.\n\n"
    "Every row is accepted, unchanged, stale, duplicate or rejected, and these add up to the rows "
    "read. Rejected rows are written to NAME.mend.SUFFIX beside the file, with what is wrong in "
    "each: mend them there, and import that file. A list that says when its rows were brought up "
    "to date changes nothing when it is imported again. One whose mistakes were corrected without "
    "a later version or moment, such as another datum, is taken with --correct. Rows of persons "
    "and households who were erased from the store are rejected, unless --erased-too takes "
    "them. NAME.mend.SUFFIX has these whole, too: remove them there and in the list.\n\n"
    "A file that looks wrong as a whole is refused: if its places look displaced as by another "
    "datum, or more than half of them have their axes exchanged, lie outside the service area or "
    "in other communities than their codes say. Of a refused file nothing is written, and files "
    "before it are in the store. An accepted one is written in transactions of at most 500 rows, "
    "between which others may write: stopped on the way, it goes on there when it is imported "
    "again."
)
_MAPPING = (
    "Propose which columns of a file mean which fields, as TOML.\n\n"
    "Look it through, correct it, and import with --mapping."
)
_RECORDS = (
    "Print what a record holds: its fields, their meaning and their rules.\n\n"
    "KIND is households, seekers, employers, sites, jobs, stations, communities, spells or "
    "services. Without one the schemas of all kinds are printed as one JSON document, each under "
    "$defs, or all chapters of the dictionary."
)
app = typer.Typer(
    name="geo-match",
    help="Who can reach which work within three kilometres, exactly, and who cannot, and why.",
    epilog=_STATUS,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(store_command.store, name="store")
app.add_typer(keys_command.keys, name="keys")
app.add_typer(network_command.network, name="network")
app.add_typer(ledger_command.ledger, name="ledger")
app.add_typer(households_command.households, name="households")
app.add_typer(payments_command.payments, name="payments")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command, and end the process with its exit status.

    What geo_match refuses, what the system denies, and that a signal stopped it, is told in one
    message without a trace.

    Parameters
    ----------
    arguments
        The command line without the program's name; that of the process if None.
    """
    try:
        with stoppable(), _few_collections():
            app(args=arguments, prog_name="geo-match")
    except Stopped as stop:
        typer.echo("geo-match: stopped; nothing was written", err=True)
        sys.exit(stop.status)
    except (GeoMatchError, OSError) as error:
        typer.echo(f"geo-match: {error}", err=True)
        sys.exit(1)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for cycles seldom: lists make millions of records, hardly a cycle among them.

    As Python is set, a tenth of an import's time would go into it.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _print_version(value: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if value:
        typer.echo(f"geo-match {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Name the options that stand before a command."""


@app.command(help=_WITHIN, epilog=_STATUS)
def within(
    *,
    sites: options.Sites,
    origins: options.Origins,
    out: options.Out,
    radius_m: options.RadiusM = 3000.0,
    limit: options.Limit = None,
    basis: on_foot.Basis = "geodesic",
    network_file: on_foot.Streets = None,
    datum: options.Datum = None,
    sites_datum: options.SitesDatum = None,
    origins_datum: options.OriginsDatum = None,
    service_area: options.ServiceArea = None,
    site_id: options.SiteId = None,
    site_lon: options.SiteLon = None,
    site_lat: options.SiteLat = None,
    origin_id: options.OriginId = None,
    origin_lon: options.OriginLon = None,
    origin_lat: options.OriginLat = None,
    rejects: options.Rejects = None,
) -> None:
    """List the sites within the radius of each origin."""
    from geo_match.cli import circles, places  # noqa: PLC0415 - help must not wait for the index

    files = places.Inputs(
        sites=places.Input(sites, sites_datum or datum, (site_id, site_lon, site_lat)),
        origins=places.Input(origins, origins_datum or datum, (origin_id, origin_lon, origin_lat)),
        service_area=parsers.parse_area(service_area),
    )
    target = circles.Target(out, parsers.check_outputs(out, rejects))
    streets = on_foot.network_of(basis, network_file)
    raise typer.Exit(
        circles.list_within(files, target, radius_m=radius_m, limit=limit, network=streets)
    )


@app.command(help=_COUNT, epilog=_STATUS)
def count(
    *,
    sites: options.Sites,
    origins: options.Origins,
    out: options.Out,
    radius_m: options.RadiusM = 3000.0,
    weight: options.Weight = None,
    basis: on_foot.Basis = "geodesic",
    network_file: on_foot.Streets = None,
    datum: options.Datum = None,
    sites_datum: options.SitesDatum = None,
    origins_datum: options.OriginsDatum = None,
    service_area: options.ServiceArea = None,
    site_id: options.SiteId = None,
    site_lon: options.SiteLon = None,
    site_lat: options.SiteLat = None,
    origin_id: options.OriginId = None,
    origin_lon: options.OriginLon = None,
    origin_lat: options.OriginLat = None,
    rejects: options.Rejects = None,
) -> None:
    """Count the sites within the radius of each origin, or add up their weights."""
    on_foot.check_weights(weight or (), basis)

    from geo_match.cli import circles, places  # noqa: PLC0415 - help must not wait for the index

    files = places.Inputs(
        sites=places.Input(sites, sites_datum or datum, (site_id, site_lon, site_lat)),
        origins=places.Input(origins, origins_datum or datum, (origin_id, origin_lon, origin_lat)),
        service_area=parsers.parse_area(service_area),
    )
    target = circles.Target(out, parsers.check_outputs(out, rejects))
    streets = on_foot.network_of(basis, network_file)
    raise typer.Exit(
        circles.count_within(
            files, target, radius_m=radius_m, weights=weight or (), network=streets
        )
    )


app.command(help=match_command.HELP, epilog=_STATUS)(match_command.match)
app.command(help=coverage_command.HELP, epilog=_STATUS)(coverage_command.coverage)
app.command(help=coverage_what_if_command.WHAT_IF_HELP, epilog=_STATUS)(
    coverage_what_if_command.what_if
)
app.command(help=coverage_what_if_command.RANK_HELP, epilog=_STATUS)(coverage_what_if_command.rank)
app.command(help=coverage_difference_command.HELP, epilog=_STATUS)(
    coverage_difference_command.difference
)


@app.command(help=_DEMO, epilog=_STATUS)
def demo(
    *,
    out: options.Folder,
    scale: options.CityScale = "small",
    seed: options.Seed = None,
    geopackage: options.GeoPackage = False,
) -> None:
    """Draw the demonstration city and write it into a folder."""
    from geo_match.cli.demo import write_demo  # noqa: PLC0415 - help must not wait for the city
    from geo_match.demo.city import SEED  # noqa: PLC0415 - as above
    from geo_match.demo.scale import parse_scale  # noqa: PLC0415 - as above

    write_demo(
        out,
        scale=parse_scale(scale),
        seed=SEED if seed is None else seed,
        geopackage=geopackage,
    )


@app.command("import", help=_IMPORT, epilog=_IMPORT_STATUS)
def import_(
    *,
    kind: options.KindOrTable,
    files: options.Files,
    store: options.StoreAt,
    datum: options.GivenDatum = None,
    mapping: options.Mapping = None,
    service_area: options.ListsServiceArea = None,
    report: options.Report = None,
    accept_suspicions: options.AcceptSuspicions = False,
    correct: options.Correct = False,
    erased_too: options.ErasedToo = False,
    dry_run: options.DryRun = False,
    language: options.ToldIn = None,
    actor: options.Actor = "",
) -> None:
    """Import an office's lists into a store."""
    of_lists = {
        "--datum": datum is not None,
        "--mapping": mapping is not None,
        "--service-area": service_area is not None,
        "--report": report is not None,
        "--accept-suspicions": accept_suspicions,
        "--correct": correct,
        "--erased-too": erased_too,
        "--actor": actor != "",
    }
    if kind == parsers.OCCUPATIONS:
        from geo_match.cli.occupations import import_occupations  # noqa: PLC0415 - as below

        raise typer.Exit(
            import_occupations(files, store, dry_run=dry_run, others=of_lists, language=language)
        )
    if kind == parsers.CITY:
        from geo_match.cli.city import import_city_folder  # noqa: PLC0415 - as below

        others = of_lists | {"--dry-run": dry_run}
        raise typer.Exit(import_city_folder(files, store, others=others, language=language))
    if kind == parsers.GAZETTEER:
        from geo_match.cli.gazetteer import import_gazetteer  # noqa: PLC0415 - as below

        del of_lists["--datum"]
        status = import_gazetteer(
            files, store, datum=datum, dry_run=dry_run, others=of_lists, language=language
        )
        raise typer.Exit(status)
    from geo_match.cli import importing  # noqa: PLC0415 - help must not wait for the store

    how = importing.Options(
        datum=datum,
        mapping=mapping,
        service_area=parsers.parse_area(service_area),
        report=parsers.check_report(report, files),
        accept_suspicions=accept_suspicions,
        correct=correct,
        erased_too=erased_too,
        dry_run=dry_run,
        language=language,
        actor=actor,
    )
    with giving_way():
        status = importing.import_files(kind, files, store, how)
    raise typer.Exit(status)


@app.command(help=_MAPPING, epilog=_STATUS)
def mapping(
    *,
    file: options.File,
    kind: options.RecordKind,
    out: options.MappingOut = None,
) -> None:
    """Propose which columns of a file mean which fields."""
    from geo_match.cli.mapping import write_mapping  # noqa: PLC0415 - help must not wait for it

    write_mapping(file, kind, out)


@app.command(help=_RECORDS, epilog=_STATUS)
def records(
    *,
    kind: options.KindOrAll = None,
    form: options.RecordFormat = "schema",
) -> None:
    """Print what records hold."""
    from geo_match.cli.records import print_records  # noqa: PLC0415 - help must not wait for it

    print_records(kind, form)
