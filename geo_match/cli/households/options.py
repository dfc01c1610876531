"""The options of the commands of `households`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo_match.cli import options, parsers

if TYPE_CHECKING:
    from typer.models import OptionInfo

_ASKED: Final = "What is asked"
_STORE: Final = "The store"


def parse_clock(text: str) -> str:
    """Return from which day the clock runs."""
    from geo_match.policy.households.report import CLOCKS  # noqa: PLC0415 - help must not wait for it

    return parsers.one_of(text, CLOCKS)


def _store(name: str, metavar: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name, metavar=metavar, help=text, rich_help_panel=_STORE, show_default=False
    )
    return option


def _output(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(
        name, help=text, rich_help_panel=options.OUTPUT, show_default=False
    )
    return option


_A_STORE: Final = _store(
    "--store",
    "PATH|URL",
    "The store: a file, sqlite:///path, or postgresql://user@host/database.",
)
_WHO: Final = _store(
    "--who",
    "NAME",
    "Who reads the persons, such as an account of the office; noted in the store's audit. Never an "
    "ID-card number.",
)
_PURPOSE: Final = _store("--purpose", "WHY", "What they are read for, such as 零就业家庭清零.")

AStore = Annotated[str, _A_STORE]
Who = Annotated[str, _WHO]
Purpose = Annotated[str, _PURPOSE]
PerhapsAStore = Annotated[str | None, _A_STORE]
PerhapsWho = Annotated[str | None, _WHO]
PerhapsPurpose = Annotated[str | None, _PURPOSE]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        parser=parsers.parse_moment,
        metavar="MOMENT",
        show_default=False,
        help="What the store knew then, such as 2025-12-31T18:00+08:00; now by default.",
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
        help="The day, such as 2025-12-31; today in China by default.",
        rich_help_panel=_ASKED,
    ),
]
_CASES_HELP: Final = (
    "The list of cases (零就业家庭台账): .csv, .xlsx, .ndjson or .parquet with a column household "
    "家庭编号, and days suspected_on 疑似日期, applied_on 申请日期, verified_on 核实日期, "
    "helped_on 帮扶日期, cleared_on 清零日期, closed_on 销号日期, and cleared_by 就业人员, "
    "closed_reason 销号原因."
)
Cases = Annotated[
    Path,
    typer.Option("--cases", help=_CASES_HELP, rich_help_panel=options.INPUT, show_default=False),
]
PerhapsCases = Annotated[
    Path | None,
    typer.Option(
        "--cases",
        help=_CASES_HELP + " Without it the suspected households are taken.",
        rich_help_panel=options.INPUT,
        show_default=False,
    ),
]
Employments = Annotated[
    Path | None,
    typer.Option(
        "--employments",
        help="The list of employments: person 求职编号, form 就业形式, hired_on 就业日期, and "
        "spell. By it a traineeship (就业见习) is told from employment; without it no hire is "
        "proven.",
        rich_help_panel=options.INPUT,
        show_default=False,
    ),
]
Out = Annotated[
    Path,
    _output("--out", "Where to write the list: .xlsx, .csv, .ndjson or .parquet."),
]
JobsOut = Annotated[
    Path | None,
    _output("--jobs-out", "Where to write the jobs of each member; the same formats."),
]
All = Annotated[
    bool,
    typer.Option(
        "--all",
        help="Write every household or case, not only those asked about.",
        rich_help_panel=_ASKED,
    ),
]
ClockFrom = Annotated[
    str,
    typer.Option(
        "--clock-from",
        parser=parse_clock,
        metavar="STEP",
        help="From which day the limit runs: verified, or applied.",
        rich_help_panel=_ASKED,
    ),
]
RadiusM = Annotated[
    float,
    typer.Option(
        "--radius-m",
        parser=parsers.parse_radius,
        metavar="METRES",
        help="How far a job may be, inclusive; a seeker's own radius_m counts before it.",
        rich_help_panel=_ASKED,
    ),
]
Network = Annotated[
    Path | None,
    typer.Option(
        "--network",
        metavar="NET",
        show_default=False,
        help="The file of the streets, as `geo-match network build` makes it: jobs are then sought "
        "on foot, too.",
        rich_help_panel=_ASKED,
    ),
]
DecidedBy = Annotated[
    str,
    typer.Option(
        "--decided-by",
        metavar="BASIS",
        help="By which distance the market counts as having a job: geodesic, or walking with "
        "--network.",
        rich_help_panel=_ASKED,
    ),
]
JobsEach = Annotated[
    int,
    typer.Option(
        "--jobs-each",
        metavar="K",
        min=1,
        max=100,
        help="How many jobs are listed for a member, the best first.",
        rich_help_panel=_ASKED,
    ),
]


def check_suffix(path: Path | None, option: str) -> None:
    """Check that a list can be written to a file of this name.

    Raises
    ------
    typer.BadParameter
        If its suffix is none of those.
    """
    from geo_match.cli.households.written import SUFFIXES  # noqa: PLC0415 - as above

    if path is not None and path.suffix.lower() not in SUFFIXES:
        message = f"must end in one of {', '.join(SUFFIXES)}, got {str(path)!r}."
        raise typer.BadParameter(message, param_hint=option)
