"""The options of `what-if`, `rank` and `difference` that `coverage` does not have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo_match.cli import options, parsers
from geo_match.cli.coverage.asking.parsers import check_street, parse_least, parse_only

if TYPE_CHECKING:
    from typer.models import OptionInfo

_CHANGE: Final = "What would change"
_CANDIDATES: Final = "What is ranked"
_INVITING: Final = "Whom to invite (personal data)"
_TWO: Final = "The earlier of the two days"
_ELSE: Final = "; by default that of --supply-datum, else of --datum."
"""What holds of each list whose rows are as those of the supply."""


def _list(name: str, text: str, panel: str) -> OptionInfo:
    option: OptionInfo = typer.Option(name, show_default=False, help=text, rich_help_panel=panel)
    return option


Out = Annotated[
    list[Path],
    typer.Option(
        "--out",
        show_default=False,
        help="Where to write: .gpkg, .xlsx, or the first table alone as .parquet, .geojson or "
        ".csv. May be repeated. Appears when complete.",
        rich_help_panel=options.OUTPUT,
    ),
]
Add = Annotated[
    Path | None,
    _list("--add", "A list of rows more of the supply, each with a new id and a place.", _CHANGE),
]
Move = Annotated[
    Path | None,
    _list("--move", "A list of rows of the supply, by id, with their new places.", _CHANGE),
]
Close = Annotated[
    list[str] | None,
    typer.Option(
        "--close",
        metavar="ID",
        show_default=False,
        help="The id of a row of the supply that is closed. May be repeated.",
        rich_help_panel=_CHANGE,
    ),
]
NewRadiusM = Annotated[
    float | None,
    typer.Option(
        "--new-radius-m",
        parser=parsers.parse_radius,
        metavar="METRES",
        show_default=False,
        help="Another radius than --radius-m.",
        rich_help_panel=_CHANGE,
    ),
]
OpenStreet = Annotated[
    str | None,
    typer.Option(
        "--open-street",
        parser=check_street,
        metavar="LON,LAT,LON,LAT",
        show_default=False,
        help="With --basis walking: the two ends, WGS-84, of a street or bridge that would open; "
        "nothing else changes then.",
        rich_help_panel=_CHANGE,
    ),
]
AddDatum = Annotated[
    str | None, options.own_datum("--add-datum", f"Datum of the rows of --add alone{_ELSE}")
]
MoveDatum = Annotated[
    str | None, options.own_datum("--move-datum", f"Datum of the rows of --move alone{_ELSE}")
]
ChangedOut = Annotated[
    Path | None,
    typer.Option(
        "--people-out",
        show_default=False,
        help="Where to write what changes for each person, by id: .parquet, .ndjson or .csv. As "
        "confidential as the list; no other file names persons.",
        rich_help_panel=options.OUTPUT,
    ),
]
Candidates = Annotated[
    Path,
    _list(
        "--candidates",
        "A list of candidate places: rows as the supply has them, each with a new id and a place; "
        "stations, sites, or places of a job fair.",
        _CANDIDATES,
    ),
]
CandidatesDatum = Annotated[
    str | None, options.own_datum("--candidates-datum", f"Datum of the candidates alone{_ELSE}")
]
Choose = Annotated[
    int | None,
    typer.Option(
        "--choose",
        parser=parse_least,
        metavar="N",
        show_default=False,
        help="How many to choose one after the other; all if it is not given.",
        rich_help_panel=_CANDIDATES,
    ),
]
InvitePeople = Annotated[
    Path | None,
    _list(
        "--invite-people",
        "Where to write the people around the place, by id: .parquet, .ndjson or .csv. For those "
        "alone who may see it.",
        _INVITING,
    ),
]
InviteEmployers = Annotated[
    Path | None,
    _list(
        "--invite-employers",
        "Where to write the employers' sites around the place, by id: those of --sites, or of the "
        "store.",
        _INVITING,
    ),
]
Sites = Annotated[
    Path | None,
    _list(
        "--sites",
        "The list of employers' sites to choose from; by default those of the store, or the "
        "supply where it is sites.",
        _INVITING,
    ),
]
SitesDatum = Annotated[
    str | None,
    options.own_datum(
        "--sites-datum", "Datum of the employers' sites alone; by default that of --datum."
    ),
]
InviteTo = Annotated[
    str | None,
    typer.Option(
        "--invite-to",
        metavar="ID",
        show_default=False,
        help="The place: a candidate, or a row of the supply; by default the first of the ranking.",
        rich_help_panel=_INVITING,
    ),
]
Only = Annotated[
    str,
    typer.Option(
        "--only",
        parser=parse_only,
        metavar="WHO",
        help="Who of the people: below (the standard), unreached (less than --at-least in reach) "
        "or all.",
        rich_help_panel=_INVITING,
    ),
]
FairOn = Annotated[
    str | None,
    typer.Option(
        "--fair-on",
        parser=parsers.parse_day,
        metavar="DAY",
        show_default=False,
        help="The day of the fair, which stands in the lists; by default that of --on.",
        rich_help_panel=_INVITING,
    ),
]
Before = Annotated[
    str,
    typer.Option(
        "--before",
        parser=parsers.parse_day,
        metavar="DAY",
        show_default=False,
        help="The earlier day: what was open then, and who was registered.",
        rich_help_panel=_TWO,
    ),
]
PeopleBefore = Annotated[
    Path | None,
    _list("--people-before", "The people of that day; the same list if not given.", _TWO),
]
SupplyBefore = Annotated[
    Path | None,
    _list("--supply-before", "The supply of that day; the same list if not given.", _TWO),
]
CommunitiesBefore = Annotated[
    Path | None,
    _list("--communities-before", "The communities of that day; the same if not given.", _TWO),
]
NetworkBefore = Annotated[
    Path | None,
    _list(
        "--network-before",
        "With --basis walking: the streets of that day, such as before a bridge was opened; the "
        "same if not given.",
        _TWO,
    ),
]
Renumbered = Annotated[
    Path | None,
    _list(
        "--renumbered",
        "A .csv of communities whose code changed: the code before, the code after, under a "
        "header. Without it they are shown as gone and new.",
        _TWO,
    ),
]
