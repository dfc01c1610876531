"""The options of `coverage`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo_match.cli import options, parsers
from geo_match.cli.coverage.asking import parsers as coverage_parsers

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.models import OptionInfo

_STORE: Final = "A store in place of files"
_ASKED: Final = "What is asked"
_PUBLISHING: Final = "What may go out"


def _input(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name, help=text, rich_help_panel=options.INPUT, show_default=False
    )
    return option


def _of_store(name: str, metavar: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name, metavar=metavar, show_default=False, help=text, rich_help_panel=_STORE
    )
    return option


def _asked(
    name: str,
    parser: Callable[[str], object],
    metavar: str,
    text: str,
    *,
    show_default: bool = True,
) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name,
        parser=parser,
        metavar=metavar,
        help=text,
        rich_help_panel=_ASKED,
        show_default=show_default,
    )
    return option


Out = Annotated[
    list[Path],
    typer.Option(
        "--out",
        show_default=False,
        help="Where to write: .gpkg, .xlsx, .html, or the first table alone as .parquet, .geojson "
        "or .csv. May be repeated. Appears when complete.",
        rich_help_panel=options.OUTPUT,
    ),
]
People = Annotated[Path | None, _input("--people", "The list of households, or of seekers.")]
Supply = Annotated[
    Path | None, _input("--supply", "The list of jobs, or of stations or sites, to be reached.")
]
Communities = Annotated[
    Path | None,
    _input("--communities", "The list of communities, with their codes, names and outlines."),
]
Employers = Annotated[
    Path | None,
    _input("--employers", "The list of the jobs' employers, by which the jobs are verified."),
]
Datum = Annotated[
    str | None,
    options.own_datum(
        "--datum",
        "Datum of the coordinates in all lists, where neither their rows nor a CRS say it: wgs84, "
        "cgcs2000, gcj02 (AMap, Tencent) or bd09 (Baidu). Nothing is guessed.",
    ),
]
PeopleDatum = Annotated[
    str | None,
    options.own_datum("--people-datum", "Datum of the people alone, where the files differ."),
]
SupplyDatum = Annotated[
    str | None,
    options.own_datum("--supply-datum", "Datum of the supply alone, where the files differ."),
]
CommunitiesDatum = Annotated[
    str | None,
    options.own_datum(
        "--communities-datum", "Datum of the communities alone, where the files differ."
    ),
]
AStore = Annotated[
    str | None,
    _of_store(
        "--store",
        "PATH|URL",
        "The store whose records are taken: a file, sqlite:///path, or "
        "postgresql://user@host/database.",
    ),
]
Who = Annotated[
    str | None,
    _of_store(
        "--who",
        "NAME",
        "Who reads the people, such as an account of the office; never an ID-card number.",
    ),
]
Purpose = Annotated[
    str | None, _of_store("--purpose", "WHY", "What they are read for, such as 缺口分析.")
]
Of = Annotated[
    str | None,
    _asked(
        "--of",
        coverage_parsers.parse_people,
        "KIND",
        "Whose coverage: households (each counts once; by default) or seekers (with --eligible).",
        show_default=False,
    ),
]
SupplyKind = Annotated[
    str,
    _asked(
        "--supply-kind",
        coverage_parsers.parse_supply,
        "KIND",
        "What is to be reached: jobs, stations or sites.",
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="NAME",
        show_default=False,
        help="What it is told by: community, street, district, city, h3, or a column of the "
        "people such as hukou; 'community by hukou' parts each community. May be repeated, the "
        "first is the first table. By default community and the levels above it.",
        rich_help_panel=_ASKED,
    ),
]
RadiusM = Annotated[
    float,
    _asked(
        "--radius-m",
        parsers.parse_radius,
        "METRES",
        "Radius in metres, inclusive; at most 200000.",
    ),
]
AtLeast = Annotated[
    int,
    _asked(
        "--at-least",
        coverage_parsers.parse_least,
        "N",
        "How many must be within the radius for a person to be reached.",
    ),
]
Count = Annotated[
    str | None,
    _asked(
        "--count",
        coverage_parsers.parse_counted,
        "WHAT",
        "vacancies (of jobs, by default) or places (of stations and sites).",
        show_default=False,
    ),
]
Standard = Annotated[
    float | None,
    _asked(
        "--standard",
        coverage_parsers.parse_standard,
        "Z",
        "Who has less is below the standard; with --competition less a head. By default what "
        "--at-least says.",
        show_default=False,
    ),
]
Competition = Annotated[
    str | None,
    _asked(
        "--competition",
        coverage_parsers.check_competition,
        "HOW",
        "Share what can be reached among all who reach it: binary, stepped:1000=1,3000=0.5 "
        "(weight up to metres), exponential:0.5 (per km) or gaussian:1500 (sigma in metres).",
        show_default=False,
    ),
]
Eligible = Annotated[
    bool,
    typer.Option(
        "--eligible",
        help="Count only the jobs that each seeker can and would take, as `match` judges it; who "
        "has some in the circle but none that fits, has the reason none_eligible.",
        rich_help_panel=_ASKED,
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        parser=parsers.parse_condition,
        metavar="NAME",
        help="Leave this condition aside: employer, to count jobs of employers that are not "
        "verified too; with --eligible any of match's but those that are always asked. May be "
        "repeated.",
        rich_help_panel=_ASKED,
        show_default=False,
    ),
]
EdgeEffect = Annotated[
    bool,
    typer.Option(
        "--edge-effect",
        help="Tell how much of the circles lies outside all communities.",
        rich_help_panel=_ASKED,
    ),
]
On = Annotated[
    str | None,
    _asked(
        "--on",
        parsers.parse_day,
        "DAY",
        "Day on which jobs and stations are to be open, and seekers registered, such as "
        "2025-03-01; today in China by default.",
        show_default=False,
    ),
]
FormerToo = Annotated[
    bool,
    typer.Option(
        "--former-too",
        help="Count also seekers whose registration is closed by the day (closed_on), or begins "
        "later; by default they are left out, and counted.",
        rich_help_panel=_ASKED,
    ),
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="Repair outlines of communities that cross themselves, and tell what that changes; "
        "by default they are rejected. One of which more than 1 % would be in doubt is refused.",
        rich_help_panel=options.INPUT,
    ),
]
AcceptSuspicions = Annotated[
    bool,
    typer.Option(
        "--accept-suspicions",
        help="Count with lists that look wrong as a whole, such as displaced as by another datum; "
        "what is suspicious is told as a warning.",
        rich_help_panel=options.INPUT,
    ),
]
GapAreas = Annotated[
    bool,
    typer.Option(
        "--gap-areas",
        help="Draw the inhabited ground beyond the radius of everything, into .gpkg, .xlsx and "
        ".html.",
        rich_help_panel=_ASKED,
    ),
]
MapApproval = Annotated[
    str | None,
    typer.Option(
        "--map-approval",
        metavar="NUMBER",
        show_default=False,
        help="The approval number of the map (审图号) that the .html shows; without one it says "
        "that the map is for internal work only.",
        rich_help_panel=_PUBLISHING,
    ),
]
PeopleOut = Annotated[
    Path | None,
    typer.Option(
        "--people-out",
        show_default=False,
        help="Where to write what was found of each person, by id: .parquet, .ndjson or .csv. As "
        "confidential as the list; no other file names persons.",
        rich_help_panel=options.OUTPUT,
    ),
]
Publish = Annotated[
    bool,
    typer.Option(
        "--publish",
        help="Write what may go out in place of exact figures: fewer than 10 are kept back, others "
        "rounded to 5.",
        rich_help_panel=_PUBLISHING,
    ),
]
StraightToo = Annotated[
    bool,
    typer.Option(
        "--straight-too",
        help="With --publish and --basis walking: let out who is reached straight as well, "
        "protected together with who is on foot; more is kept back then. Never publish the two "
        "each by itself.",
        rich_help_panel=_PUBLISHING,
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        show_default=False,
        help="The secret by which figures are rounded, in hexadecimal; drawn and written there if "
        "there is none. Keep it secret, and give the same one each time.",
        rich_help_panel=_PUBLISHING,
    ),
]
