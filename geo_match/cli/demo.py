"""What `demo` does: draw the demonstration city and write it into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.demo.city import NOTE, STEPS, draw_city
from geo_match.demo.files import check_folder, write_city
from geo_match.demo.tables import read_dictionary

if TYPE_CHECKING:
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
    with progress("drawing the city", len(STEPS)) as advance:
        city = draw_city(scale, seed=seed, watch=lambda _: advance(1))
    tables, _ = read_dictionary()
    with progress("writing", len(tables) + geopackage + 1) as advance:
        rows = write_city(city, folder, geopackage=geopackage, watch=lambda _: advance(1))
    finish_anyway()
    say(NOTE)
    for name, count in rows.items():
        say(f"  {count:>11,}  {name}")
    say(f"{len(rows)} files written to {folder}; README.md there explains every column")
