"""What `within` and `count` do: read two files, ask the index, stream the answer into a third."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geo_match.cli.on_foot import Walked
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say, tell_files
from geo_match.exchange import (
    Rejected,
    check_is_rejection_list,
    check_target,
    count_rows,
    is_geographic,
    is_rejection_list,
    pair_rows,
    write_rows,
)
from geo_match.index import PointIndex
from geo_match.intake.faults import counted
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geo_match.cli.places import Inputs
    from geo_match.intake import Places, PlacesFile
    from geo_match.spatial import SpatialIndex
    from geo_match.walking import Network

    Numbers = NDArray[np.int64 | np.float64]
    Figures = dict[str, NDArray[Any]]

ALL_USED, SOME_REJECTED = 0, 3

_PAIRS_AT_ONCE = 1_000_000
_ORIGINS_AT_ONCE = 100_000
_STEPS, _LEAST_ORIGINS = 64, 256  # a bar that moves, and blocks that are worth their while


@dataclass(frozen=True, slots=True)
class Target:
    """The files that a command may write.

    Parameters
    ----------
    out
        For the answer.
    rejects
        For the rejected rows.
    """

    out: Path
    rejects: Path

    def check(self, inputs: Inputs) -> None:
        """Raise `FileError` if something stands in the way of writing."""
        given = inputs.paths
        check_target(self.out, inputs=given)
        check_target(self.rejects, inputs=given)

    def rejected(self, files: dict[str, PlacesFile]) -> Rejected | None:
        """Return what is to be listed as rejected, if anything is.

        Raises
        ------
        FileError
            If it would replace a file that is no such list.
        """
        if not any(read.rejections for read in files.values()):
            return None
        check_is_rejection_list(
            self.rejects, "Name another file with --rejects, or move this one away."
        )
        return Rejected(self.rejects, files)

    def finish(self, files: dict[str, PlacesFile]) -> int:
        """Tell of the rejected rows, or remove an older list of them; return the exit status."""
        if n_faults := sum(len(read.rejections) for read in files.values()):
            say(f"{counted(n_faults, 'fault')} listed in {self.rejects}")
            return SOME_REJECTED
        if self.rejects.exists() and is_rejection_list(self.rejects):
            self.rejects.unlink()
            say(f"removed {self.rejects}, the list of an earlier run: no row is rejected now")
        return ALL_USED


def list_within(
    inputs: Inputs,
    target: Target,
    *,
    radius_m: float,
    limit: int | None,
    network: Network | None = None,
) -> int:
    """Write a row for each pair of origin and site within the radius.

    Parameters
    ----------
    inputs, target
        What to read and where to write.
    radius_m
        Metres, inclusive.
    limit
        Most sites of an origin, the nearest; None for all.
    network
        The streets that are walked; None for straight lines.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    target.check(inputs)
    files = inputs.read()
    rejected = target.rejected(files)
    sites, origins = files["sites"].places, files["origins"].places
    index = _index(sites, network)
    walked = None if network is None else Walked(network, origins, sites)
    with progress("answering", len(origins), compiles="en") as advance:
        if limit is None:
            pairs = index.iter_within(
                lon=origins.lon, lat=origins.lat, radius_m=radius_m, max_pairs=_PAIRS_AT_ONCE
            )
        else:
            pairs = _nearest(index, origins, limit, radius_m)
        rows = pair_rows(
            origins,
            sites,
            _watched(_in_steps(pairs, len(origins)), advance),
            ranked=limit is not None,
            with_point=is_geographic(target.out),
            beside=None if walked is None else walked.beside,
        )
        n_pairs = write_rows(target.out, rows, rejected=rejected)
    finish_anyway()
    tell_files(files)
    nearest = "" if limit is None else f", at most the nearest {limit:,} of each origin"
    on_foot = "" if walked is None else " on foot"
    say(
        f"{counted(len(origins), 'origin')} answered: {counted(n_pairs, 'pair')} within "
        f"{radius_m:,.15g} m{on_foot}{nearest}, written to {target.out}"
    )
    for line in () if walked is None else walked.lines():
        say(line)
    if n_pairs == 0:
        _wonder(f"{radius_m:,.15g} m{on_foot}")
    return target.finish(files)


def count_within(
    inputs: Inputs,
    target: Target,
    *,
    radius_m: float,
    weights: Sequence[str],
    network: Network | None = None,
) -> int:
    """Write a row for each origin with the number of sites within the radius, or their sums.

    Parameters
    ----------
    inputs, target
        What to read and where to write.
    radius_m
        Metres, inclusive.
    weights
        Columns of the sites to add up; none to count the sites.
    network
        The streets that are walked, what is straight standing beside; None for straight lines.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    target.check(inputs)
    files = inputs.read(numbers=weights)
    rejected = target.rejected(files)
    sites, origins = files["sites"].places, files["origins"].places
    walked = None if network is None else Walked(network, origins, sites)
    indexes = (
        [_index(sites, network)] if walked is None else [_index(sites, network), _index(sites)]
    )
    with progress("answering", len(indexes) * len(origins), compiles="en") as advance:
        figures, *straight = (
            _figures(one, sites, origins, radius_m, weights=weights, advance=advance)
            for one in indexes
        )
    if walked is not None:
        figures = walked.counted(figures, *straight)
    n_rows = write_rows(target.out, count_rows(origins, figures), rejected=rejected)
    finish_anyway()
    tell_files(files)
    what = f"sums of {', '.join(weights)}" if weights else "counts"
    on_foot = "" if walked is None else " on foot"
    say(
        f"{counted(n_rows, 'origin')} answered: {what} within {radius_m:,.15g} m{on_foot}, "
        f"written to {target.out}"
    )
    for line in () if walked is None else walked.lines():
        say(line)
    if not weights and not figures["count"].any():
        _wonder(f"{radius_m:,.15g} m{on_foot}")
    return target.finish(files)


def _wonder(radius: str) -> None:
    say(
        f"  no site lies within {radius} of any origin: are both files in the datum "
        "given, longitudes and latitudes in order?"
    )


def _index(sites: Places, network: Network | None = None) -> SpatialIndex:
    with progress("building the index", compiles="en"):
        if network is not None:
            return network.index(lon=sites.lon, lat=sites.lat)
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


def _in_steps(pairs: Iterable[Pairs], n_origins: int) -> Iterator[Pairs]:
    """Yield the pairs in blocks of few origins: writing takes longer than finding them."""
    step = max(_LEAST_ORIGINS, -(-n_origins // _STEPS))
    for block in pairs:
        for start in range(0, block.n_queries, step):
            offsets = block.offsets[start : start + step + 1]
            inside = slice(offsets[0], offsets[-1])
            yield Pairs(
                offsets - offsets[0],
                block.point[inside],
                block.distance_m[inside],
                first_query=block.first_query + start,
            )


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
) -> Figures:
    """Return the figures of all origins by the name of their column."""
    # Whole numbers apart from others: only together with their like are their sums exact.
    groups: dict[str, list[str]] = {}
    for name in weights:
        groups.setdefault(sites.attributes[name].dtype.kind, []).append(name)
    tables = [(names, sites.attributes[names].to_numpy()) for names in groups.values()]
    parts: dict[str, list[Numbers]] = {name: [] for name in (weights or ("count",))}
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
