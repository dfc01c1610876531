"""One kind's points in step with the feed: read from the records once, then moved by changes.

Records of what is public are named by their ids, those of persons by their keys, since the feed
tells of a person who was removed or erased by the key alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import numpy as np
from sqlalchemy import or_

from geo_match.errors import ArgumentError
from geo_match.index import LiveIndex, PointChange, RebuildError
from geo_match.records import RECORDS
from geo_match.store.reading.sound import warn_of_broken
from geo_match.store.replica._jobs import FIELDS, Openings
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.images import PERSONS
from geo_match.store.schema.tables import TABLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from geo_match.store.reading.feed import Change

KINDS: Final = ("households", "seekers", "sites", "stations", "jobs")
"""The kinds of record that are points."""

_BOUNDS: Final = tuple(
    (spec.least or 0.0, spec.most or 0.0)
    for spec in (RECORDS["sites"].specs()[name] for name in ("lon", "lat"))
)
"""Least and greatest degrees east and north, as all records with a place have them."""
_NO_PLACE: Final = "`lon` and `lat` must be a place on earth together"

Place = tuple[float, float]


class Points(Protocol):
    """A kind's live index, and how changes reach it."""

    live: LiveIndex
    reads: frozenset[str]
    """The kinds whose changes it needs."""

    def take(self, changes: Sequence[Change], seq: int) -> None:
        """Apply the changes that came up to a number of the feed."""

    def settle(self) -> None:
        """See to what is still to be forgotten."""

    def turn_to(self, on: dt.date) -> None:
        """Let another day be the one that is asked about; what came before is all applied."""


class PlainPoints:
    """Points of one kind, each where its record says; without a place it is no point.

    Parameters
    ----------
    connection
        In a reading transaction.
    kind
        One of `KINDS`.
    seq
        Number of the last change that the transaction sees.
    rebuild_after
        As `LiveIndex` takes it.
    """

    def __init__(
        self, connection: Connection, kind: str, seq: int, rebuild_after: int | None
    ) -> None:
        self.reads = frozenset({kind})
        self._kind = kind
        self._forgotten_at: int | None = None
        self.live = read_points(connection, kind, seq, rebuild_after)

    def take(self, changes: Sequence[Change], seq: int) -> None:
        """Apply the changes that came up to a number of the feed."""
        own = [one for one in changes if one.kind == self._kind]
        self._apply(map(point_change, own), seq)
        if any(one.op == "erase" for one in own):
            self._forgotten_at = self.live.start_rebuild()

    def settle(self) -> None:
        """See to it that who was erased is out of memory: what a rebuild does, if it succeeds."""
        if self._forgotten_at is None:
            return
        self._apply((), self.live.cursor)  # tells of a rebuild that failed
        if self.live.n_rebuilds >= self._forgotten_at:
            self._forgotten_at = None

    def turn_to(self, on: dt.date) -> None:
        """Do nothing: a point is where it is on every day."""

    def _apply(self, changes: Iterable[PointChange], seq: int) -> None:
        """Apply changes; if a rebuild failed that was to forget someone, begin another."""
        try:
            self.live.apply(changes, cursor=seq)
        except RebuildError:
            if self._forgotten_at is not None:
                self._forgotten_at = self.live.start_rebuild()
            raise


class SitePoints:
    """Sites of work with two weights: their open postings (条), and the people sought (人).

    Parameters
    ----------
    connection, seq, rebuild_after
        As in `PlainPoints`.
    on
        The day on which postings are to be open.
    """

    def __init__(
        self, connection: Connection, seq: int, rebuild_after: int | None, on: dt.date
    ) -> None:
        self.reads = frozenset({"sites", "jobs"})
        self._rebuild_after = rebuild_after
        self._openings = Openings(on)
        self._places: dict[str, Place] = {}
        self._touched: set[str] = set()
        for jobs in _blocks(connection, "jobs", ["id", *FIELDS]):
            for job, *values in jobs:
                self._openings.put(job, dict(zip(FIELDS, values, strict=True)))
        for sites in _placed(connection, "sites"):
            self._places.update((site, (lon, lat)) for site, lon, lat in sites)
        self.live = self._build(seq)

    def take(self, changes: Sequence[Change], seq: int) -> None:
        """Apply the changes that came up to a number of the feed."""
        for one in changes:
            if one.kind in self.reads:
                self._take(one)
        # What is touched stays so until it is applied: if a rebuild failed, it is given again.
        self.live.apply([self._point(site, seq) for site in sorted(self._touched)], cursor=seq)
        self._touched.clear()

    def settle(self) -> None:
        """Do nothing: no person is among them."""

    def turn_to(self, on: dt.date) -> None:
        """Count the postings that are open on another day; they are in an index of their own."""
        self._openings.turn_to(on)
        before, self.live = self.live, self._build(self.live.cursor)
        self._touched.clear()
        before.close()

    def _take(self, change: Change) -> None:
        name, record = public_name(change), change.record
        record = record if change.op == "put" else None
        if change.kind == "jobs":
            self._touched |= self._openings.put(name, record)
            return
        self._touched.add(name)
        place = place_of(change.kind, name, record)
        if place is None:
            self._places.pop(name, None)
        else:
            self._places[name] = place

    def _point(self, site: str, seq: int) -> PointChange:
        lon, lat = self._places.get(site, (None, None))
        return PointChange(seq, site, lon, lat, self._openings.of(site))

    def _build(self, seq: int) -> LiveIndex:
        places = np.array(list(self._places.values()), dtype=np.float64).reshape(-1, 2)
        weights = [self._openings.of(site) for site in self._places]
        return LiveIndex(
            ids=list(self._places),
            lon=places[:, 0],
            lat=places[:, 1],
            weights=np.array(weights, dtype=np.int64).reshape(-1, 2),
            cursor=seq,
            rebuild_after=self._rebuild_after,
        )


def checked_kind(kind: str) -> str:
    """Return a kind whose records are points.

    Raises
    ------
    ArgumentError
        If it is none.
    """
    if kind not in KINDS:
        raise ArgumentError("kind", f"be one of {', '.join(KINDS)}", repr(kind))
    return kind


def point_change(change: Change) -> PointChange:
    """Return what a change of the feed says of a point."""
    name = change.key if change.kind in PERSONS else public_name(change)
    record = change.record
    if change.op != "put":  # a person's image is blank where it was erased since
        record = None
    lon, lat = place_of(change.kind, name, record) or (None, None)
    return PointChange(change.seq, name, lon, lat)


def place_of(kind: str, name: str, record: Mapping[str, Any] | None) -> Place | None:
    """Return where a record in kept form is; None, and a warning, where that is no place."""
    if record is None or (record["lon"] is None and record["lat"] is None):
        return None
    place = record["lon"], record["lat"]
    if not is_place(*place):
        warn_of_broken(kind, [name], _NO_PLACE)
        return None
    return place


def is_place(lon: float | None, lat: float | None) -> bool:
    """Return whether both are degrees within the bounds that records have of them."""
    return all(
        value is not None and low <= value <= high
        for value, (low, high) in zip((lon, lat), _BOUNDS, strict=True)
    )


def public_name(change: Change) -> str:
    """Return the id of something public, which its image tells: none of these is ever blanked."""
    name: str = cast("dict[str, Any]", change.record)["id"]
    return name


def read_points(
    connection: Connection, kind: str, seq: int, rebuild_after: int | None
) -> LiveIndex:
    """Return a live index of a kind's records that have a place, in no order."""
    ids: list[str] = []
    lon: list[float] = []
    lat: list[float] = []
    for rows in _placed(connection, kind):
        for name, east, north in rows:
            ids.append(name)
            lon.append(east)
            lat.append(north)
    return LiveIndex(
        ids=ids,
        lon=np.array(lon, dtype=np.float64),  # of a list each value would be looked at for a bool
        lat=np.array(lat, dtype=np.float64),
        cursor=seq,
        rebuild_after=rebuild_after,
    )


def _placed(connection: Connection, kind: str) -> Iterator[list[tuple[str, float, float]]]:
    """Yield the names and places of a kind's records that have one, block by block."""
    table = TABLES[kind]
    name = "key" if kind in PERSONS else "id"
    somewhere = or_(table.c.lon.is_not(None), table.c.lat.is_not(None))
    blocks = _blocks(connection, kind, [name, "lon", "lat"], lambda query: query.where(somewhere))
    nowhere: list[str] = []
    for rows in blocks:
        sound = [row for row in rows if is_place(row[1], row[2])]
        if len(sound) < len(rows):
            nowhere += [row[0] for row in rows if not is_place(row[1], row[2])]
        yield sound
    if nowhere:
        warn_of_broken(kind, nowhere, _NO_PLACE)


def _blocks(
    connection: Connection,
    kind: str,
    names: Sequence[str],
    narrowed: Callable[[Any], Any] = lambda query: query,
) -> Iterable[list[tuple[Any, ...]]]:
    query = narrowed(_statements.select_kept(connection, kind, names))
    return _statements.fetch(connection, query)
