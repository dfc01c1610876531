"""The options of a service plan: whether it is made, and of which lists of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from typer.models import OptionInfo

_PANEL: Final = "The service plan"


def _list(name: str, text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(name, show_default=False, help=text, rich_help_panel=_PANEL)
    return option


Plan = Annotated[
    bool,
    typer.Option(
        "--plan",
        help="Add the service plan of each community (社区服务方案): area, entities, working age, "
        "demand by group and occupation; into .gpkg, .xlsx and .html. Of a store all of it; of "
        "lists what --people and --supply have, and the lists below. What is not given is empty, "
        "and said.",
        rich_help_panel=_PANEL,
    ),
]
PlanToo = Annotated[
    bool,
    typer.Option(
        "--plan",
        help="Compare the service plans of the communities too; into .gpkg and .xlsx. The lists "
        "below hold for both days, as far as their own days say.",
        rich_help_panel=_PANEL,
    ),
]
Households = Annotated[
    Path | None, _list("--households", "Where --people has seekers: the list of households.")
]
Members = Annotated[
    Path | None,
    _list(
        "--members",
        "The households' members, a row each: the household's number and the year of birth. They "
        "stand in place of those that the list of households has.",
    ),
]
Entities = Annotated[
    Path | None,
    _list("--entities", "The sites of employers: each counts as an entity (经营实体) once."),
]
Seekers = Annotated[
    Path | None, _list("--seekers", "Where --people has households: the list of seekers.")
]
Jobs = Annotated[Path | None, _list("--jobs", "Where --supply has none: the list of jobs.")]
Stations = Annotated[
    Path | None, _list("--stations", "Where --supply has none: the list of stations.")
]
