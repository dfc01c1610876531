"""The commands of `network`; what they do stands in a module that is imported when one runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

_NETWORK: Final = "Make a network of streets for walks, and say what one is."
_STATUS: Final = (
    "Exit status: 0 done; 1 refused, and nothing written; 2 the command line is wrong; 128 + n "
    "stopped by the signal n, and nothing written."
)
_BUILD: Final = (
    "Make a network of streets from an extract of OpenStreetMap, or from lines of another map.\n\n"
    "FILE is .osm.pbf, .osm, .osm.gz or .osm.bz2, read by osmium, the extra osm of geo-match; or "
    "lines in .parquet or .gpkg, in any CRS on WGS 84 or CGCS2000.\n\n"
    "Lines may have the columns walkable, bridge, tunnel, ferry (true or false), level (above 0 a "
    "bridge, below 0 a tunnel) and name. They meet where they have the same end, and where they "
    "have a point and the level in common; not where they merely cross.\n\n"
    "What is told of the network is kept in it: geo-match network info."
)
_INFO: Final = "Print what a network is, and what it was made of."

_File = Annotated[
    Path, typer.Argument(metavar="FILE", show_default=False, help="The map, as described above.")
]
_Out = Annotated[
    Path,
    typer.Option("--out", metavar="NET", show_default=False, help="The network's file."),
]
_Obstacles = Annotated[
    Path | None,
    typer.Option(
        "--obstacles",
        metavar="FILE",
        show_default=False,
        help="With lines: what is crossed only on them, lines or areas; column obstacle: water or "
        "way. An extract has its own.",
    ),
]
_Ferries = Annotated[bool, typer.Option("--ferries", help="Ferries are ways, too.")]
_MaxNodes = Annotated[
    int | None,
    typer.Option(
        "--max-nodes",
        metavar="N",
        min=1,
        show_default=False,
        help="Refuse an extract whose ways have more nodes; 50 million if not given.",
    ),
]
_Net = Annotated[
    Path, typer.Argument(metavar="NET", show_default=False, help="The file of a network.")
]

network = typer.Typer(help=_NETWORK, epilog=_STATUS, no_args_is_help=True)


@network.command(help=_BUILD, epilog=_STATUS)
def build(
    *,
    file: _File,
    out: _Out,
    obstacles: _Obstacles = None,
    ferries: _Ferries = False,
    max_nodes: _MaxNodes = None,
) -> None:
    """Make a network of a map."""
    from geo_match.cli.network import build_network  # noqa: PLC0415 - help must not wait for it

    build_network(file, out, obstacles=obstacles, ferries=ferries, max_nodes=max_nodes)


@network.command(help=_INFO, epilog=_STATUS)
def info(*, net: _Net) -> None:
    """Print what a network is."""
    from geo_match.cli.network import print_info  # noqa: PLC0415 - as above

    print_info(net)
