"""What `demo` does: draw the demonstration city and write it into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.demo.city import NOTE, STEPS, draw_city
from geo_match.demo.files import MARKER, check_folder, write_city
from geo_match.demo.tables import read_dictionary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo_match.demo.scale import Scale


def write_demo(folder: Path, *, scale: Scale, seed: int, geopackage: bool) -> None:
    """Draw the city and write it.

    Parameters
    ----------
    folder
        Where to.
    scale
        How much of it.
    seed
        What it is drawn from.
    geopackage
        Whether to write a GeoPackage too.

    Raises
    ------
    GeoMatchError
        If the folder holds something else or cannot be written to; it is as it was then.
    """
    check_folder(folder)
    tables, _ = read_dictionary()
    others = (*(["city.gpkg"] if geopackage else []), "office", MARKER)
    with progress("drawing the city", len(STEPS) + len(tables) + len(others)) as advance:
        city = draw_city(scale, seed=seed, watch=lambda _: advance(1))
        rows = write_city(city, folder, geopackage=geopackage, watch=_watching(advance))
    say(NOTE)
    for name, count in rows.items():
        say(f"  {count:>11,}  {name}")
    more = "city.gpkg, " if geopackage else ""
    say(f"{len(rows)} tables, {more}README.md and {MARKER} written to {folder}")


def _watching(advance: Callable[[int], None]) -> Callable[[str], None]:
    """Return what is told of each file: once all are put in place, no signal may stop that."""

    def watch(name: str) -> None:
        if name == MARKER:
            finish_anyway()
        advance(1)

    return watch
