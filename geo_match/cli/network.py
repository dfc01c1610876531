"""What the commands of `network` do: make a network of streets for walks, and say what one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.exchange.target import check_target
from geo_match.walking import Network, WalkingProfile
from geo_match.walking.source.osm import MAX_NODES, suffix_of

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.walking import NetworkInfo


def build_network(
    file: Path, out: Path, *, obstacles: Path | None, ferries: bool, max_nodes: int | None
) -> None:
    """Make a network of a map, write it, and tell of it.

    Parameters
    ----------
    file
        An extract of OpenStreetMap, or lines.
    out
        The network's file.
    obstacles
        What is crossed only on lines; None with an extract.
    ferries
        Whether ferries are ways.
    max_nodes
        Most nodes of an extract's ways; None for `MAX_NODES`, and with lines.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    typer.BadParameter
        If an option means nothing with the file.
    """
    is_osm = suffix_of(file) is not None
    if is_osm and obstacles is not None:
        message = "means nothing with an extract of OpenStreetMap: it has its own."
        raise typer.BadParameter(message, param_hint="--obstacles")
    if not is_osm and max_nodes is not None:
        message = "means nothing with lines: all of them are read."
        raise typer.BadParameter(message, param_hint="--max-nodes")
    check_target(out, inputs=[file] if obstacles is None else [file, obstacles])
    with progress(f"reading {file.name}"):
        if is_osm:
            profile = WalkingProfile(ferries=ferries)
            made = Network.from_osm(file, profile=profile, max_nodes=max_nodes or MAX_NODES)
        else:
            made = Network.from_lines(file, obstacles, ferries=ferries)
        made.save(out)
        finish_anyway()
    for line in _told(made.info):
        say(line)
    say(f"written to {out}")


def print_info(net: Path) -> None:
    """Print what a network is.

    Raises
    ------
    FileError
        If the file is no network.
    """
    for line in _told(Network.open(net).info):
        typer.echo(line)


def _told(info: NetworkInfo) -> list[str]:
    """Return what is to be said of a network; of faults, those that there are."""
    skipped = f"{info.components_skipped:,}, {info.skipped_km:,.1f} km"
    lines = [
        f"{info.source}: {info.ways:,} ways on foot",
        f"  {info.edges:,} edges between {info.vertices:,} vertices, {info.length_km:,.1f} km",
        f"  components: {info.components:,}; too short for places to be led to: {skipped}",
        f"  segments of water, railways and motorways, crossed on edges alone: {info.obstacles:,}",
    ]
    faults = {
        "ends where the extract ends, not the street": info.clipped_ends,
        "points that ways name and the file does not have": info.missing_points,
        "ways left out because they have no two points": info.one_point_ways,
        "ways left out because they have no geometry": info.shapeless_ways,
        "segments of no length left out": info.zero_length_segments,
        "stretches left out because they are there twice": info.repeated_stretches,
        "closed gates and the like, where streets end": info.blocked_points,
    }
    lines += [f"  {what}: {n:,}" for what, n in faults.items() if n]
    return [*lines, f"  {info.attribution}"] if info.attribution else lines
