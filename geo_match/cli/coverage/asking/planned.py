"""The lists that a service plan alone is made of, by their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.cli import parsers

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMBERS: Final = "members"
"""A list of households too, with a row a member."""
PLANNED: Final = {
    "--households": "households",
    "--members": MEMBERS,
    "--entities": "sites",
    "--seekers": "seekers",
    "--jobs": "jobs",
    "--stations": "stations",
}
"""Of what kind of records each is, but for the members."""


def check_planned(given: Mapping[str, object], *, plan: bool, of: str, supply_kind: str) -> None:
    """Check that the lists of a service plan are of what people and supply are not.

    Parameters
    ----------
    given
        By the options of `PLANNED`; None each of what was not given.
    plan
        Whether one is asked for.
    of, supply_kind
        What people and supply are.

    Raises
    ------
    typer.BadParameter
        If one is there twice, or means nothing.
    """
    there = {name: value is not None for name, value in given.items()}
    if not plan:
        parsers.check_unused(there, "without --plan.")
    for name, kind in PLANNED.items():
        if kind in {of, supply_kind}:
            where = "--people" if kind == of else "--supply"
            why = f"with {kind} in {where}: these are counted."
            parsers.check_unused({name: there[name]}, why)
    if of != "households" and not there["--households"]:
        why = "without households, whose members they are: give --households."
        parsers.check_unused({"--members": there["--members"]}, why)
