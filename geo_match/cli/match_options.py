"""The options of `match`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo_match.cli import options, parsers

if TYPE_CHECKING:
    from typer.models import OptionInfo

_STORE: Final = "A store in place of files"
_ASKED: Final = "What is asked"


def _input(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name, help=text, rich_help_panel=options.INPUT, show_default=False
    )
    return option


def _conditions(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name,
        parser=parsers.parse_condition,
        metavar="NAME",
        help=text,
        rich_help_panel=_ASKED,
        show_default=False,
    )
    return option


Out = Annotated[
    Path,
    typer.Option(
        "--out",
        show_default=False,
        help="Where to write the matches: .parquet, .ndjson or .csv. Appears when complete.",
        rich_help_panel=options.OUTPUT,
    ),
]
Seekers = Annotated[Path | None, _input("--seekers", "The list of seekers.")]
Jobs = Annotated[Path | None, _input("--jobs", "The list of jobs.")]
Employers = Annotated[
    Path | None,
    _input("--employers", "The list of their employers, by which the jobs are verified."),
]
Datum = Annotated[
    str | None,
    options.own_datum(
        "--datum",
        "Datum of the coordinates in both lists, where neither their rows nor a CRS say it: wgs84, "
        "cgcs2000, gcj02 (AMap, Tencent) or bd09 (Baidu). Nothing is guessed.",
    ),
]
SeekersDatum = Annotated[
    str | None,
    options.own_datum("--seekers-datum", "Datum of the seekers alone, where the files differ."),
]
JobsDatum = Annotated[
    str | None,
    options.own_datum("--jobs-datum", "Datum of the jobs alone, where the files differ."),
]
AStore = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="PATH|URL",
        show_default=False,
        help="The store whose seekers and jobs are matched: a file, sqlite:///path, or "
        "postgresql://user@host/database.",
        rich_help_panel=_STORE,
    ),
]
Who = Annotated[
    str | None,
    typer.Option(
        "--who",
        metavar="NAME",
        show_default=False,
        help="Who reads the seekers, such as an account of the office; never an ID-card number.",
        rich_help_panel=_STORE,
    ),
]
Purpose = Annotated[
    str | None,
    typer.Option(
        "--purpose",
        metavar="WHY",
        show_default=False,
        help="What they are read for, such as 岗位匹配.",
        rich_help_panel=_STORE,
    ),
]
ForJobs = Annotated[
    bool,
    typer.Option("--for-jobs", help="Seek the seekers for each job.", rich_help_panel=_ASKED),
]
RadiusM = Annotated[
    float,
    typer.Option(
        "--radius-m",
        parser=parsers.parse_radius,
        metavar="METRES",
        help="Radius in metres, inclusive; at most 200000. A seeker's own radius_m counts "
        "before it.",
        rich_help_panel=_ASKED,
    ),
]
Limit = Annotated[
    int,
    typer.Option(
        "--limit",
        parser=parsers.parse_most,
        metavar="K|all",
        help="The most matches that each one gets, the best.",
        rich_help_panel=_ASKED,
    ),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        parser=parsers.parse_day,
        metavar="DAY",
        show_default=False,
        help="Day on which jobs are to be open, seekers registered and ages count, such as "
        "2025-03-01; today in China by default.",
        rich_help_panel=_ASKED,
    ),
]
FormerToo = Annotated[
    bool,
    typer.Option(
        "--former-too",
        help="Match also seekers whose registration is closed by the day (closed_on), or begins "
        "later; by default they are left out, and counted.",
        rich_help_panel=_ASKED,
    ),
]
Condition = Annotated[
    list[str] | None,
    _conditions("--condition", "Ask this condition, and no others; may be repeated."),
]
Without = Annotated[
    list[str] | None,
    _conditions("--without", "Leave this condition aside, but never distance; may be repeated."),
]
UnknownFails = Annotated[
    list[str] | None,
    _conditions(
        "--unknown-fails",
        "Where not enough is stated to tell this condition, let it fail; by default the pair "
        "is kept, and said. May be repeated.",
    ),
]
OccupationLevel = Annotated[
    str,
    typer.Option(
        "--occupation-level",
        parser=parsers.parse_level,
        metavar="LEVEL",
        help="The widest group that two occupations must share: minor, middle or major.",
        rich_help_panel=_ASKED,
    ),
]
AccuracyM = Annotated[
    float,
    typer.Option(
        "--accuracy-m",
        parser=parsers.parse_accuracy,
        metavar="METRES",
        help="How well places are known that do not say it, for the certainty.",
        rich_help_panel=_ASKED,
    ),
]
Threads = Annotated[
    int,
    typer.Option(
        "--threads",
        parser=parsers.parse_threads,
        metavar="N",
        help="How many threads share the work; the answer is the same.",
    ),
]
Shortfall = Annotated[
    Path | None,
    typer.Option(
        "--shortfall",
        show_default=False,
        help="Where to write what stands in the way of each seeker, or of each job with "
        "--for-jobs: .parquet, .ndjson or .csv. A row a seeker and condition that alone keeps "
        "jobs from them: how many jobs, the nearest, and beside it the first job at any distance "
        "that would fit; of jobs the same with seekers.",
        rich_help_panel=options.OUTPUT,
    ),
]
