"""A network of streets: made once from a map, saved, opened at once, and walked on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geo_match._validate import as_lonlat
from geo_match.errors import ArgumentError
from geo_match.walking.answers.distances import distance
from geo_match.walking.answers.isochrone import find_isochrone
from geo_match.walking.answers.path import DEFAULT_SPEED_M_S, find_path
from geo_match.walking.builder.build import build
from geo_match.walking.change.opened import open_street
from geo_match.walking.graph.file import read_network, write_network
from geo_match.walking.graph.info import NetworkInfo
from geo_match.walking.index.walking_index import WalkingIndex
from geo_match.walking.snapping.elsewhere import refuse_elsewhere
from geo_match.walking.snapping.snap import DEFAULT_MAX_SNAP_M, as_max_snap, snap
from geo_match.walking.source.lines import read_lines
from geo_match.walking.source.osm import ATTRIBUTION, MAX_NODES, read_osm
from geo_match.walking.source.profile import WalkingProfile
from geo_match.walking.source.subject import Subject

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike

    from geo_match.walking.answers.distances import Distances
    from geo_match.walking.answers.isochrone import Isochrone
    from geo_match.walking.answers.path import Path as WalkedPath
    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.graph.opening import Opening
    from geo_match.walking.snapping.snap import Snaps
    from geo_match.walking.source.ways import Read


class Network:
    """Streets that are walked, both ways, and what cannot be crossed but on them.

    Make one by `from_osm` or `from_lines`, and open one that was saved by `open`. It does not
    change; `opened` gives another.

    Parameters
    ----------
    graph
        Its streets as arrays.
    names
        Names of streets, by number.
    info
        What it was made of.
    max_snap_m
        How far a place may be from the streets, metres, from 0 to 10 km.
    openings
        Where streets that are thought of begin on edges; see `opened`.
    """

    def __init__(
        self,
        graph: Graph,
        names: tuple[str, ...],
        info: NetworkInfo,
        *,
        max_snap_m: float = DEFAULT_MAX_SNAP_M,
        openings: tuple[Opening, ...] = (),
    ) -> None:
        self.graph = graph
        self.names = names
        self.info = info
        self.max_snap_m = as_max_snap(max_snap_m)
        self.openings = openings

    @classmethod
    def from_osm(
        cls,
        path: str | Path,
        *,
        profile: WalkingProfile | None = None,
        max_snap_m: float = DEFAULT_MAX_SNAP_M,
        max_nodes: int = MAX_NODES,
    ) -> Network:
        """Make a network of an extract of OpenStreetMap.

        Parameters
        ----------
        path
            A file: .osm.pbf (or .pbf), .osm, .osm.gz or .osm.bz2.
        profile
            Which ways are walked; `WalkingProfile()` if None.
        max_snap_m
            How far a place may be from the streets, metres.
        max_nodes
            How many nodes the extract's ways may have; more take more memory, some 200 bytes each.

        Raises
        ------
        FileError
            If the file is not there, not an extract, broken or cut off, has no way that is
            walked, or more nodes than `max_nodes`; or if osmium is not installed.
        """
        as_max_snap(max_snap_m)
        read = read_osm(path, profile or WalkingProfile(), max_nodes=max_nodes)
        return cls._made(read, Subject.of(path, "path"), max_snap_m, ATTRIBUTION)

    @classmethod
    def from_lines(
        cls,
        lines: gpd.GeoDataFrame | str | Path,
        obstacles: gpd.GeoDataFrame | str | Path | None = None,
        *,
        ferries: bool = False,
        max_snap_m: float = DEFAULT_MAX_SNAP_M,
    ) -> Network:
        """Make a network of lines.

        Lines meet where their ends are the same spot, to 1e-7 degrees, and where any points of
        theirs are and their levels are equal; not where they merely cross.

        Parameters
        ----------
        lines
            A GeoDataFrame of lines, or a GeoParquet or GeoPackage file, in any CRS on WGS 84 or
            CGCS2000. Columns that count, where they are there: `walkable`, `bridge`, `tunnel`,
            `ferry` (true or false), `level` (a whole number: above 0 is a bridge, below 0 a
            tunnel), `name`.
        obstacles
            The same of lines, or of areas, whose outlines count. Column that counts, where it is
            there: `obstacle`, `water` or `way`; water where it is empty.
        ferries
            Whether lines that are ferries count.
        max_snap_m
            How far a place may be from the streets, metres.

        Raises
        ------
        ArgumentError, FileError
            If one of them cannot be read, holds something else, or no line that is walked.
        DatumError
            If a CRS is not known, or not on WGS 84 or CGCS2000.
        CoordinateError
            If a point is none on earth.
        """
        as_max_snap(max_snap_m)
        read = read_lines(lines, obstacles, ferries=ferries)
        return cls._made(read, Subject.of(lines, "lines"), max_snap_m)

    @classmethod
    def open(cls, path: str | Path, *, max_snap_m: float = DEFAULT_MAX_SNAP_M) -> Network:
        """Open a network that was saved; its arrays stay on disk until they are looked at.

        Parameters
        ----------
        path
            The file that `save` wrote.
        max_snap_m
            How far a place may be from the streets, metres.

        Raises
        ------
        FileError
            If it is not there, no such file, of another version, cut off or damaged.
        """
        graph, names, info = read_network(path)
        return cls(graph, names, info, max_snap_m=max_snap_m)

    def save(self, path: str | Path) -> None:
        """Write the network into a file, which replaces one of the name when it is whole.

        Raises
        ------
        ArgumentError
            If the network was opened by a street that is thought of: it stands in no file.
        FileError
            If the file cannot be written.
        """
        if self.openings:
            raise ArgumentError(
                "network",
                "have only streets that are there to be saved",
                f"one with {len(self.openings):,} ends of streets that are thought of",
                "Save the network that it was opened from, and open them again.",
            )
        write_network(path, self.graph, self.names, self.info)

    @classmethod
    def _made(
        cls, read: Read, subject: Subject, max_snap_m: float, attribution: str = ""
    ) -> Network:
        built = build(read.ways, read.obstacles)
        graph = built.graph
        if not len(graph.start):
            missing = f"; {read.n_missing:,} of their points are missing" if read.n_missing else ""
            found = f"none among {read.n_ways:,} ways{missing}"
            raise subject.error("have a street of some length", found)
        skipped = built.component_mm[built.is_skipped]
        info = NetworkInfo(
            source=Path(subject.name).name if subject.is_file else subject.name,
            ways=read.n_ways,
            vertices=len(graph.lon),
            edges=len(graph.start),
            length_km=int(built.component_mm.sum()) / 1e6,
            components=len(built.component_mm),
            components_skipped=len(skipped),
            skipped_km=int(skipped.sum()) / 1e6,
            obstacles=len(graph.obstacle),
            clipped_ends=built.n_clipped,
            missing_points=read.n_missing,
            one_point_ways=read.n_one_point + built.n_one_point,
            zero_length_segments=built.n_zero,
            repeated_stretches=built.n_double,
            blocked_points=read.n_blocked,
            attribution=attribution,
            shapeless_ways=read.n_shapeless,
        )
        return cls(graph, read.names, info, max_snap_m=max_snap_m)

    def __repr__(self) -> str:
        """Say what it is made of."""
        return (
            f"<Network of {self.info.source}: {len(self.graph.start):,} edges, "
            f"{self.info.length_km:,.1f} km>"
        )

    def snap(self, *, lon: ArrayLike, lat: ArrayLike) -> Snaps:
        """Lead places to the nearest streets; see `geo_match.walking.snapping.snap.snap`."""
        return snap(self.graph, lon, lat, max_snap_m=self.max_snap_m)

    def refuse_elsewhere(self, *, lon: ArrayLike, lat: ArrayLike) -> None:
        """Refuse places that show that the network is another city's.

        For who asks about parts of many places: of all of them it is asked once.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, shape (m,): of all places.

        Raises
        ------
        ArgumentError, CoordinateError
            As `index` says.
        """
        checked_lon, checked_lat = as_lonlat(lon, lat)
        refuse_elsewhere(self.graph, checked_lon, checked_lat, self.info.source)

    def index(self, *, lon: ArrayLike, lat: ArrayLike, is_part: bool = False) -> WalkingIndex:
        """Return an index of places, with the methods of `PointIndex`, on foot.

        Places that no street leads to are in it, with their reason in its `snaps`.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, shape (m,); copied.
        is_part
            Whether they are some of many, which may all be elsewhere: then none is refused for
            that, and all are asked about once by `refuse_elsewhere`.

        Raises
        ------
        ArgumentError
            If the arrays are not numbers of one length; or if there are two places or more, and
            all are over 50 km beyond the bounds of the streets: the network is another city's.
        CoordinateError
            If a value is not a place on earth.
        """
        if not is_part:
            self.refuse_elsewhere(lon=lon, lat=lat)
        return WalkingIndex(self, lon=lon, lat=lat, max_snap_m=self.max_snap_m)

    def distance(
        self,
        *,
        lon1: ArrayLike,
        lat1: ArrayLike,
        lon2: ArrayLike,
        lat2: ArrayLike,
        max_distance_m: float | None = None,
    ) -> Distances:
        """Return how far the places of each pair are apart on foot."""
        return distance(
            self.graph,
            self.snap(lon=lon1, lat=lat1),
            self.snap(lon=lon2, lat=lat2),
            max_distance_m=max_distance_m,
            openings=self.openings,
        )

    def path(
        self,
        *,
        lon1: float,
        lat1: float,
        lon2: float,
        lat2: float,
        speed_m_s: float = DEFAULT_SPEED_M_S,
    ) -> WalkedPath:
        """Return the shortest way from one place to another."""
        return find_path(
            self.graph,
            self.names,
            lon1=lon1,
            lat1=lat1,
            lon2=lon2,
            lat2=lat2,
            max_snap_m=self.max_snap_m,
            speed_m_s=speed_m_s,
            openings=self.openings,
        )

    def isochrone(self, *, lon: float, lat: float, radius_m: float) -> Isochrone:
        """Return the streets within a walk of a place, for drawing, not for counting."""
        return find_isochrone(
            self.graph,
            self.names,
            lon=lon,
            lat=lat,
            radius_m=radius_m,
            max_snap_m=self.max_snap_m,
            openings=self.openings,
        )

    def opened(
        self, *, lon1: float, lat1: float, lon2: float, lat2: float, name: str = ""
    ) -> Network:
        """Return the network as it were with a street, such as a bridge, between two places."""
        opened = open_street(
            self.graph,
            self.names,
            lon1=lon1,
            lat1=lat1,
            lon2=lon2,
            lat2=lat2,
            name=name,
            max_snap_m=self.max_snap_m,
            openings=self.openings,
        )
        return Network(
            opened.graph,
            opened.names,
            self.info,
            max_snap_m=self.max_snap_m,
            openings=opened.openings,
        )


__all__ = ["Network"]
