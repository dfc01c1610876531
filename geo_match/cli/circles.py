"""What `within` and `count` do: read two files, ask the index, stream the answer into a third."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geo_match._validate import as_radius
from geo_match.cli.terminal import progress, say, tell_files
from geo_match.datums import as_datum
from geo_match.errors import FileError
from geo_match.exchange import (
    check_target,
    count_rows,
    is_geographic,
    pair_rows,
    write_rejections,
    write_rows,
)
from geo_match.index import PointIndex
from geo_match.intake import ColumnNames, read_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geo_match.intake import Places, PlacesFile
    from geo_match.spatial import Pairs, SpatialIndex

ALL_USED, SOME_REJECTED = 0, 3

_PAIRS_AT_ONCE = 1_000_000
_ORIGINS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Input:
    """A file and how to read it.

    Parameters
    ----------
    path
        The file.
    datum
        Datum of its coordinates.
    columns
        Its columns of ids, longitudes and latitudes; None by common names.
    """

    path: Path
    datum: str
    columns: tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The two files of a question.

    Parameters
    ----------
    sites
        The places to be found.
    origins
        The centres of the circles.
    service_area
        Where both are expected; None if that is not known.
    """

    sites: Input
    origins: Input
    service_area: tuple[float, float, float, float] | None


class Target:
    """The files that a command may write.

    Parameters
    ----------
    out
        For the answer.
    rejects
        For the rejected rows; beside the answer if None.
    """

    def __init__(self, out: Path, rejects: Path | None) -> None:
        self.out = out
        self.rejects = rejects or out.with_name(f"{out.name}.rejected.csv")

    def check(self, inputs: Inputs) -> None:
        """Raise `FileError` if something stands in the way of writing."""
        is_geographic(self.out)
        given = [inputs.sites.path, inputs.origins.path]
        check_target(self.out, inputs=given)
        check_target(self.rejects, inputs=given)
        if self.rejects.suffix.lower() != ".csv":
            found = repr(self.rejects.suffix) if self.rejects.suffix else "no suffix"
            raise FileError(self.rejects, "end in .csv", found)
        if self.rejects.resolve() == self.out.resolve():
            raise FileError(self.rejects, "differ from the output", "the same path")

    def finish(self, files: dict[str, PlacesFile]) -> int:
        """List the rejected rows, or remove an older list, and return the exit status."""
        if any(read.rejections for read in files.values()):
            n_faults = write_rejections(self.rejects, files)
            say(f"{n_faults:,} fault{'s' if n_faults > 1 else ''} listed in {self.rejects}")
            return SOME_REJECTED
        if self.rejects.exists():
            self.rejects.unlink()
            say(f"removed {self.rejects}, the list of an earlier run: no row is rejected now")
        return ALL_USED


def list_within(inputs: Inputs, target: Target, *, radius_m: float, limit: int | None) -> int:
    """Write a row for each pair of origin and site within the radius.

    Parameters
    ----------
    inputs, target
        What to read and where to write.
    radius_m
        Metres, inclusive.
    limit
        Most sites of an origin, the nearest; None for all.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    files = _read(inputs, target, radius_m)
    sites, origins = files["sites"].places, files["origins"].places
    index = _index(sites)
    with progress("answering", len(origins)) as advance:
        if limit is None:
            pairs = index.iter_within(
                lon=origins.lon, lat=origins.lat, radius_m=radius_m, max_pairs=_PAIRS_AT_ONCE
            )
        else:
            pairs = _nearest(index, origins, limit, radius_m)
        rows = pair_rows(
            origins,
            sites,
            _watched(pairs, advance),
            ranked=limit is not None,
            with_point=is_geographic(target.out),
        )
        n_pairs = write_rows(target.out, rows)
    tell_files(files)
    nearest = "" if limit is None else f", at most the nearest {limit:,} of each origin"
    say(
        f"{len(origins):,} origins answered: {n_pairs:,} pairs within {radius_m:,.15g} m{nearest}, "
        f"written to {target.out}"
    )
    return target.finish(files)


def count_within(inputs: Inputs, target: Target, *, radius_m: float, weights: Sequence[str]) -> int:
    """Write a row for each origin with the number of sites within the radius, or their sums.

    Parameters
    ----------
    inputs, target
        What to read and where to write.
    radius_m
        Metres, inclusive.
    weights
        Columns of the sites to add up; none to count the sites.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    files = _read(inputs, target, radius_m, numbers=weights)
    sites, origins = files["sites"].places, files["origins"].places
    index = _index(sites)
    with progress("answering", len(origins)) as advance:
        figures = _figures(index, sites, origins, radius_m, weights=weights, advance=advance)
    n_rows = write_rows(target.out, count_rows(origins, figures))
    tell_files(files)
    what = f"sums of {', '.join(weights)}" if weights else "counts"
    say(f"{n_rows:,} origins answered: {what} within {radius_m:,.15g} m, written to {target.out}")
    return target.finish(files)


def _read(
    inputs: Inputs, target: Target, radius_m: float, numbers: Sequence[str] = ()
) -> dict[str, PlacesFile]:
    """Check everything that can be checked first, and read both files."""
    as_radius(radius_m, 0)
    for given in (inputs.sites, inputs.origins):
        as_datum(given.datum)
    target.check(inputs)
    files = {}
    for purpose, given, wanted in (
        ("sites", inputs.sites, numbers),
        ("origins", inputs.origins, ()),
    ):
        with progress(f"reading {given.path.name}"):
            read = read_places(
                given.path,
                datum=given.datum,
                columns=ColumnNames(*given.columns),
                numbers=wanted,
                service_area=inputs.service_area,
            )
        if len(read.places) == 0:
            first = read.rejections[0]
            raise FileError(
                given.path,
                "have a row that can be used",
                f"{read.n_read:,} rows that are all rejected (row {first.row}, {first.field}: "
                f"{first.rule})",
                first.remedy,
            )
        files[purpose] = read
    return files


def _index(sites: Places) -> SpatialIndex:
    with progress("building the index"):
        return PointIndex(lon=sites.lon, lat=sites.lat)


def _nearest(index: SpatialIndex, origins: Places, limit: int, radius_m: float) -> Iterator[Pairs]:
    """Yield the nearest sites of the origins, so many origins at once as bound the pairs."""
    step = max(1, _PAIRS_AT_ONCE // min(limit, len(index)))
    for start in range(0, len(origins), step):
        part = slice(start, start + step)
        pairs = index.nearest(
            lon=origins.lon[part], lat=origins.lat[part], k=limit, max_distance_m=radius_m
        )
        yield replace(pairs, first_query=start)


def _watched(pairs: Iterator[Pairs], advance: Callable[[int], None]) -> Iterator[Pairs]:
    for block in pairs:
        yield block
        advance(block.n_queries)


def _figures(
    index: SpatialIndex,
    sites: Places,
    origins: Places,
    radius_m: float,
    *,
    weights: Sequence[str],
    advance: Callable[[int], None],
) -> dict[str, NDArray[np.int64 | np.float64]]:
    """Return the figures of all origins by the name of their column."""
    # Whole numbers apart from others: only together with their like are their sums exact.
    groups: dict[str, list[str]] = {}
    for name in weights:
        groups.setdefault(sites.attributes[name].dtype.kind, []).append(name)
    tables = [(names, sites.attributes[names].to_numpy()) for names in groups.values()]
    parts: dict[str, list[NDArray[np.int64 | np.float64]]] = {
        name: [] for name in (weights or ("count",))
    }
    for start in range(0, len(origins), _ORIGINS_AT_ONCE):
        part = slice(start, start + _ORIGINS_AT_ONCE)
        lon, lat = origins.lon[part], origins.lat[part]
        if not weights:
            parts["count"].append(index.count_within(lon=lon, lat=lat, radius_m=radius_m))
        for names, table in tables:
            sums = index.sum_within(lon=lon, lat=lat, radius_m=radius_m, weights=table)
            for column, name in enumerate(names):
                parts[name].append(sums[:, column])
        advance(len(lon))
    return {name: np.concatenate(columns) for name, columns in parts.items()}
