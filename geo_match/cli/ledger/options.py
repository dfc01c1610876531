"""The options of the commands of `ledger`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo_match.cli import options, parsers

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASKED: Final = "What is asked"
TABLES: Final = (".csv", ".ndjson", ".jsonl", ".parquet")


def parse_reason(text: str) -> str:
    """Return the name of a reason."""
    from geo_match.policy.due.words import REASONS  # noqa: PLC0415 - help must not wait for it

    return parsers.one_of(text, REASONS)


def parse_group(text: str) -> str:
    """Return the name of a group, or `all`."""
    from geo_match.policy.ledger.groups import GROUPS  # noqa: PLC0415 - as above

    return parsers.one_of(text, ("all", *GROUPS))


def intervals_of(given: Sequence[str] | None) -> dict[str, int]:
    """Return how often groups are contacted, of texts such as `veteran=30`.

    Raises
    ------
    typer.BadParameter
        If one is no group and days, or a group is given twice.
    """
    found: dict[str, int] = {}
    for one in given or ():
        group, _, days = one.partition("=")
        if not (days.isascii() and days.isdigit() and int(days)) or group in found:
            message = f"must be a group and days, each group once, such as veteran=30, got {one!r}."
            raise typer.BadParameter(message, param_hint="--interval")
        found[parse_group(group)] = int(days)
    if "all" in found:
        message = "must name a group, got 'all'."
        raise typer.BadParameter(message, param_hint="--interval")
    return found


def check_table(path: Path | None, option: str = "--out") -> Path | None:
    """Check that a table can be written to a file of this name.

    Raises
    ------
    typer.BadParameter
        If its suffix is none of `TABLES`.
    """
    if path is not None and path.suffix.lower() not in TABLES:
        message = f"must end in one of {', '.join(TABLES)}, got {str(path)!r}."
        raise typer.BadParameter(message, param_hint=option)
    return path


Who = Annotated[
    str,
    typer.Option(
        "--who",
        metavar="NAME",
        show_default=False,
        help="Who reads the persons, such as an account of the office; noted in the store's audit. "
        "Never an ID-card number.",
    ),
]
Purpose = Annotated[
    str,
    typer.Option(
        "--purpose",
        metavar="WHY",
        show_default=False,
        help="What they are read for, such as 走访; noted as well.",
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
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        parser=parsers.parse_moment,
        metavar="MOMENT",
        show_default=False,
        help="What was known then, such as 2025-12-31T18:00+08:00; now by default.",
        rich_help_panel=_ASKED,
    ),
]
TableOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        show_default=False,
        help="Where to write the rows: .csv, .ndjson or .parquet. Without it they are only "
        "counted.",
        rich_help_panel=options.OUTPUT,
    ),
]
AnalysisOut = Annotated[
    Path,
    typer.Option(
        "--out",
        show_default=False,
        help="Where to write the figures: .csv, .ndjson or .parquet.",
        rich_help_panel=options.OUTPUT,
    ),
]
DueOut = Annotated[
    Path,
    typer.Option(
        "--out",
        show_default=False,
        help="Where to write the list: .xlsx, to be filled in; or .csv, .ndjson or .parquet.",
        rich_help_panel=options.OUTPUT,
    ),
]
Person = Annotated[
    str | None,
    typer.Option(
        "--person",
        metavar="ID",
        show_default=False,
        help="Print what one person was, spell by spell.",
        rich_help_panel=_ASKED,
    ),
]
Community = Annotated[
    str | None,
    typer.Option(
        "--community",
        metavar="CODE",
        show_default=False,
        help="Only those of this community, 12 digits.",
        rich_help_panel=_ASKED,
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        parser=parse_group,
        metavar="GROUP",
        show_default=False,
        help="Only this group; may be repeated. `all` is everybody.",
        rich_help_panel=_ASKED,
    ),
]
Least = Annotated[
    int,
    typer.Option(
        "--least",
        metavar="N",
        min=1,
        help="Keep figures of fewer people back.",
        rich_help_panel=_ASKED,
    ),
]
Reasons = Annotated[
    list[str] | None,
    typer.Option(
        "--reason",
        parser=parse_reason,
        metavar="NAME",
        show_default=False,
        help="Only this reason; may be repeated.",
        rich_help_panel=_ASKED,
    ),
]
Interval = Annotated[
    list[str] | None,
    typer.Option(
        "--interval",
        metavar="GROUP=DAYS",
        show_default=False,
        help="How often members of a group are contacted, such as registered_unemployed=30; may "
        "be repeated. No source says it: without it nobody is due for regular contact.",
        rich_help_panel=_ASKED,
    ),
]
VerifyWithin = Annotated[
    int | None,
    typer.Option(
        "--verify-within",
        metavar="DAYS",
        min=0,
        show_default=False,
        help="Within how many days a status is to be verified. No source says it: without it "
        "unverified ones are listed last, without a day.",
        rich_help_panel=_ASKED,
    ),
]
Horizon = Annotated[
    int,
    typer.Option(
        "--horizon",
        metavar="DAYS",
        min=0,
        help="List who becomes due within so many days, too.",
        rich_help_panel=_ASKED,
    ),
]
LimitNotice = Annotated[
    int,
    typer.Option(
        "--limit-notice",
        metavar="DAYS",
        min=0,
        help="How many days ahead the limit of months without contact is told.",
        rich_help_panel=_ASKED,
    ),
]
NJobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        metavar="K",
        min=0,
        max=10,
        help="How many jobs in reach are to be read aloud to each.",
        rich_help_panel=_ASKED,
    ),
]
RadiusM = Annotated[
    float,
    typer.Option(
        "--radius-m",
        parser=parsers.parse_radius,
        metavar="METRES",
        help="How far such jobs may be; a person's own radius counts before it.",
        rich_help_panel=_ASKED,
    ),
]
Unmasked = Annotated[
    bool,
    typer.Option(
        "--unmasked",
        help="Show names, phone numbers and doors whole; by default a name shows one character, a "
        "phone number hides six digits, and a door is told to its building.",
        rich_help_panel=_ASKED,
    ),
]
Clocks = Annotated[
    Path | None,
    typer.Option(
        "--clocks",
        metavar="FILE",
        show_default=False,
        help="Judged cases of zero-employment households, as `households open` writes them: "
        "household 家庭编号 and due_on 最后期限; of those that say open 未结 only the open ones "
        "count.",
        rich_help_panel=options.INPUT,
    ),
]
Cases = Annotated[
    Path | None,
    typer.Option(
        "--cases",
        metavar="FILE",
        show_default=False,
        help="The list of cases itself (零就业家庭台账), as `households open` takes it, instead of "
        "--clocks: it is judged on the day, membership by the store's seekers, of whom all are "
        "read then, former ones too.",
        rich_help_panel=options.INPUT,
    ),
]


def check_households(clocks: Path | None, cases: Path | None, employments: Path | None) -> None:
    """Check that households come from one list, and hires with the list that is judged by them.

    Raises
    ------
    typer.BadParameter
        If not.
    """
    if clocks is not None and cases is not None:
        raise typer.BadParameter("must not be given with --cases.", param_hint="--clocks")
    if employments is not None and cases is None:
        raise typer.BadParameter("must not be given without --cases.", param_hint="--employments")


Station = Annotated[
    str | None,
    typer.Option(
        "--station", metavar="ID", show_default=False, help="Station that works through it."
    ),
]
Operator = Annotated[
    str | None,
    typer.Option(
        "--operator", metavar="ID", show_default=False, help="Operator that works through it."
    ),
]
Sheet = Annotated[
    Path,
    typer.Argument(metavar="SHEET", show_default=False, help="The filled sheet: .xlsx or .csv."),
]
