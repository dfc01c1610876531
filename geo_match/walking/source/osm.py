"""Streets and obstacles of an extract of OpenStreetMap, read by osmium."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match.errors import FileError
from geo_match.walking.graph.graph import Obstacle
from geo_match.walking.source.cuts import NOWHERE, Nodes, runs_of
from geo_match.walking.source.profile import KEYS, is_water
from geo_match.walking.source.ways import ObstacleLines, Read, Ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import osmium
    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Kind
    from geo_match.walking.source.profile import WalkingProfile

ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
MAX_NODES: Final = 50_000_000

_BYTES_A_NODE: Final = {".pbf": 20, ".osm.gz": 40, ".osm.bz2": 30, ".osm": 400}
"""Of a file with more bytes for each node that is allowed, the ways' nodes are counted first."""
_MANY_BYTES: Final = 500_000_000
"""From here on the nodes' places are kept in a file, not in memory."""
_DEGREE: Final = 10_000_000
"""osmium counts in ten-millionths of a degree."""


def suffix_of(path: str | Path) -> str | None:
    """Return the suffix by which a file is known as an extract of OpenStreetMap, else None."""
    name = Path(path).name.lower()
    return next((suffix for suffix in _BYTES_A_NODE if name.endswith(suffix)), None)


def read_osm(path: str | Path, profile: WalkingProfile, *, max_nodes: int = MAX_NODES) -> Read:
    """Read streets and obstacles of an extract.

    Ways are cut where nodes of theirs are missing, and where they leave the area that the file's
    head says it is of; their ends are clipped there.

    Parameters
    ----------
    path
        A file: .osm.pbf (or .pbf), .osm, .osm.gz or .osm.bz2.
    profile
        Which ways are walked.
    max_nodes
        How many nodes the ways may have in all.

    Raises
    ------
    FileError
        If osmium is not installed; if the file is not there, of another form, broken or cut off;
        if it has no way that is walked with its nodes, or more nodes than that.
    """
    suffix = _check_file(path)
    osm = _osmium(path)
    # Told its form: osmium knows suffixes in small letters only.
    file = osm.io.File(str(path), suffix.removeprefix("."))
    size = Path(path).stat().st_size
    try:
        found = _Found(profile, path, max_nodes)
        if size > max_nodes * _BYTES_A_NODE[suffix]:
            ways = osm.FileProcessor(file, osm.osm.WAY)
            found.count(ways.with_filter(osm.filter.KeyFilter(*KEYS)))
        processor = osm.FileProcessor(file, osm.osm.NODE | osm.osm.WAY)
        box = processor.header.box()
        bounds = None
        if box.valid():
            bounds = (box.bottom_left.x, box.bottom_left.y, box.top_right.x, box.top_right.y)
        # Relations come last in a file, and their ways must be known when these are read.
        members = _members(osm, file)
        in_file = size > _MANY_BYTES
        processor.with_locations("sparse_file_array" if in_file else "sparse_mem_array")
        for one in processor.with_filter(osm.filter.KeyFilter(*KEYS)):
            if one.is_node():
                found.take_gate(one)
            else:
                found.take_way(one)
        if left := members - found.shores:
            found.take_shores(_ways(osm, file, processor, left))
    except FileError:
        raise
    except (RuntimeError, ValueError, osm.InvalidLocationError) as error:
        form = "OpenStreetMap's PBF" if suffix == ".pbf" else "OpenStreetMap's XML"
        raise FileError(
            path,
            f"be a whole file in {form}",
            f"one that is broken or cut off ({error})",
            "Download or extract it again.",
        ) from error
    return found.read(bounds)


def _check_file(path: str | Path) -> str:
    """Return the suffix of a file that may be read."""
    file = Path(path)
    suffix = suffix_of(path)
    if suffix is None:
        raise FileError(
            path,
            f"end in {', '.join(_BYTES_A_NODE)}",
            repr(file.suffix),
            "Streets of other maps are read with `Network.from_lines`.",
        )
    if not file.is_file():
        raise FileError(path, "be a file", "a folder" if file.is_dir() else "nothing there")
    return suffix


def _osmium(path: str | Path) -> Any:  # noqa: ANN401 - a module
    try:
        import osmium  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise FileError(
            path,
            "be read by osmium",
            "no osmium on this machine",
            "Install it: pip install geo-match[osm]",
        ) from error
    return osmium


def _members(osm: Any, file: osmium.io.File) -> set[int]:  # noqa: ANN401 - the module osmium
    """Return the ways that make the shores of relations."""
    keys = osm.filter.KeyFilter("natural", "waterway", "landuse")
    return {
        member.ref
        for relation in osm.FileProcessor(file, osm.osm.RELATION).with_filter(keys)
        if is_water(dict(relation.tags))
        for member in relation.members
        if member.type == "w"
    }


def _ways(
    osm: Any,  # noqa: ANN401 - the module osmium, an extra
    file: osmium.io.File,
    processor: osmium.FileProcessor,
    ids: set[int],
) -> Iterator[osmium.osm.Way]:
    """Yield ways by their ids, with the places that were read with the others."""
    places = osm.NodeLocationsForWays(processor.node_location_storage)
    places.ignore_errors()
    chosen = osm.filter.IdFilter(ids)  # held here: the iterator does not keep it alive
    with osm.io.Reader(file, osm.osm.WAY) as reader:
        yield from osm.OsmFileIterator(reader, places, chosen)


def _too_many(path: str | Path, found: str, max_nodes: int) -> FileError:
    return FileError(
        path,
        f"have at most {max_nodes:,} nodes",
        found,
        "Cut out the area that is asked about (osmium extract), or raise `max_nodes`.",
    )


class _Found:
    """What is found in a file, one after the other."""

    def __init__(self, profile: WalkingProfile, path: str | Path, max_nodes: int) -> None:
        self._profile = profile
        self._path = path
        self._max_nodes = max_nodes
        self._streets, self._obstacles = _Collected(), _Collected()
        self._names: dict[str, int] = {}
        self._name = array("i")
        self._blocked: set[int] = set()
        self.shores: set[int] = set()

    def take_gate(self, node: osmium.osm.Node) -> None:
        """Take a node, if nobody passes it."""
        if self._profile.blocks(dict(node.tags)):
            self._blocked.add(node.id)

    def take_way(self, way: osmium.osm.Way) -> None:
        """Take a way that is walked, or that is in the way."""
        tags = dict(way.tags)
        kind = self._profile.kind(tags)
        if kind is not None:
            self._streets.take(way, kind)
            name = tags.get("name", "")
            number = self._names.setdefault(name, len(self._names)) if name else -1
            self._name.append(number)
        obstacle = self._profile.obstacle(tags)
        if obstacle is not None:
            self._obstacles.take(way, obstacle)
            self.shores.add(way.id)
        self._check(len(self._streets.ref) + len(self._obstacles.ref))

    def take_shores(self, ways: Iterator[osmium.osm.Way]) -> None:
        """Take ways as shores, whatever their tags say."""
        for way in ways:
            self._obstacles.take(way, Obstacle.WATER)
            self._check(len(self._streets.ref) + len(self._obstacles.ref))

    def count(self, ways: Iterable[osmium.osm.Way]) -> None:
        """Refuse ways that have too many nodes; of an enormous extract none is kept till then."""
        n_nodes = 0
        for way in ways:
            tags = dict(way.tags)
            taken = (self._profile.kind(tags), self._profile.obstacle(tags))
            n_nodes += len(way.nodes) * sum(one is not None for one in taken)
            self._check(n_nodes)

    def _check(self, n_nodes: int) -> None:
        if n_nodes > self._max_nodes:
            raise _too_many(self._path, f"{n_nodes:,} and more", self._max_nodes)

    def read(self, bounds: tuple[int, int, int, int] | None) -> Read:
        """Return all that was found."""
        nodes, kinds = self._streets.arrays()
        n_ways = len(kinds)
        if n_ways == 0:
            raise FileError(
                self._path,
                "have ways that are walked",
                "none",
                "Is it an extract with streets, not of boundaries or houses alone?",
            )
        self._check_places(nodes)
        is_missing = nodes.x == NOWHERE
        if is_missing.all():
            raise FileError(
                self._path,
                "have the nodes of its ways, before them",
                f"none of those of {n_ways:,} ways",
                "Extract it with the nodes (osmium extract), or sort it (osmium sort).",
            )
        blocked = np.fromiter(self._blocked, dtype=np.int64, count=len(self._blocked))
        runs = runs_of(nodes, bounds, blocked)
        if not len(runs.way):
            raise FileError(
                self._path,
                "have ways in the area that its head says it is of",
                f"none of {n_ways:,} ways",
                "Is the head right? Extract it again (osmium extract), or leave the bounds out.",
            )
        ways = Ways(
            runs.offsets,
            runs.point,
            runs.x / _DEGREE,
            runs.y / _DEGREE,
            kinds[runs.way],
            np.frombuffer(self._name, dtype=np.int32)[runs.way],
            runs.clipped,
        )
        return Read(
            ways,
            self._shores(),
            tuple(self._names),
            n_ways=n_ways,
            n_one_point=0,
            n_missing=int(is_missing.sum()),
            n_blocked=runs.n_blocked,
        )

    def _check_places(self, nodes: Nodes) -> None:
        """Refuse nodes that are none on earth: osmium takes what fits into 32 bits."""
        is_off = (np.abs(nodes.x) > 180 * _DEGREE) | (np.abs(nodes.y) > 90 * _DEGREE)
        off = np.flatnonzero((nodes.x != NOWHERE) & is_off)
        if len(off):
            x, y = nodes.x[off[0]] / _DEGREE, nodes.y[off[0]] / _DEGREE
            raise FileError(
                self._path,
                "have nodes between -180 and 180 degrees of longitude, -90 and 90 of latitude",
                f"{len(off):,} that are not (node {nodes.ref[off[0]]}: lon {x:g}, lat {y:g})",
                "Download or extract it again, or mend these nodes.",
            )

    def _shores(self) -> ObstacleLines:
        nodes, kinds = self._obstacles.arrays()
        self._check_places(nodes)
        runs = runs_of(nodes, None, np.zeros(0, dtype=np.int64))
        lon, lat = runs.x[runs.point] / _DEGREE, runs.y[runs.point] / _DEGREE
        return ObstacleLines(runs.offsets, lon, lat, kinds[runs.way])


class _Collected:
    """Nodes of ways, and a number of each way, in arrays that grow."""

    def __init__(self) -> None:
        self.ref, self._x, self._y = array("q"), array("i"), array("i")
        self._size, self._kind = array("q"), array("B")

    def take(self, way: osmium.osm.Way, kind: Kind | Obstacle) -> None:
        """Take the nodes of a way."""
        before = len(self.ref)
        for node in way.nodes:
            self.ref.append(node.ref)
            self._x.append(node.x)
            self._y.append(node.y)
        self._size.append(len(self.ref) - before)
        self._kind.append(int(kind))

    def arrays(self) -> tuple[Nodes, NDArray[np.uint8]]:
        """Return the nodes of all ways, and the kind of each way."""
        nodes = Nodes(
            np.frombuffer(self.ref, dtype=np.int64),
            np.frombuffer(self._x, dtype=np.int32),
            np.frombuffer(self._y, dtype=np.int32),
            np.repeat(np.arange(len(self._size)), np.frombuffer(self._size, dtype=np.int64)),
        )
        return nodes, np.frombuffer(self._kind, dtype=np.uint8)
