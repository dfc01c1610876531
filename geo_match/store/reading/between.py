"""What differs between two places in the feed: records as they were and as they are, few of many.

`past` reads all records of a kind. Where only some changed, these are found by the feed and read
alone, and of the others no more than is asked for: those near some places, or of some owner.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, and_, false, func, or_, select

from geo_match.errors import ArgumentError
from geo_match.store.reading import feed
from geo_match.store.reading._images import records_told
from geo_match.store.reading.feed import Cursor
from geo_match.store.reading.past import with_fields
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_kept, from_rows
from geo_match.store.schema.images import Forms
from geo_match.store.schema.tables import CHANGES, TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, Select

_M_PER_LAT: Final = 110_574.0
"""Metres of a degree of latitude at the equator, where they are fewest: 110,574.28."""
_M_PER_LON: Final = 111_319.0
"""Metres of a degree of longitude at the equator: 111,319.49."""
_REACH_DEG: Final = 200_000.0 / _M_PER_LAT
"""By how much a latitude can differ within the greatest radius that there is."""
_SLACK_DEG: Final = 1e-9
"""A tenth of a millimetre: more than coordinates and sums are rounded by."""
_NO_LON_ABOVE: Final = 89.0


class Near(NamedTuple):
    """A circle; what lies in it is asked for, and perhaps more.

    Parameters
    ----------
    lon, lat
        Of its middle, degrees.
    radius_m
        Metres, up to 200 km; where the records have a radius of their own, for those that state
        none.
    """

    lon: float
    lat: float
    radius_m: float


class Changed(NamedTuple):
    """Records of a kind that may differ between two places in the feed.

    Parameters
    ----------
    before, after
        As they were and as they are, by id; one that was not there, or is no more, is missing.
    missing
        How many cannot be shown as they were or are, since they were erased.
    """

    before: pa.Table
    after: pa.Table
    missing: int


class Between:
    """Two places in the feed, to be asked what lies between.

    Parameters
    ----------
    connection
        In a reading transaction: all answers are of its moment.
    store
        The store's name, for messages.
    since, until
        The two places; None for where the feed ends now.

    Raises
    ------
    HorizonError, CursorError, EpochError
        If one of them is no place of this store, or what was known there is gone.
    ArgumentError
        If `until` lies before `since`.
    """

    def __init__(
        self,
        connection: Connection,
        store: str,
        *,
        since: Cursor | int,
        until: Cursor | int | None = None,
    ) -> None:
        now = feed.head(connection)
        self._connection = connection
        self._forms = Forms.of(connection)
        self._since = feed.check(since, now, store)
        self._until = now.seq if until is None else feed.check(until, now, store)
        if self._until < self._since:
            rule = f"not lie before `since`, {self._since}"
            raise ArgumentError("until", rule, str(self._until), "Exchange the two.")
        self.since = Cursor(now.epoch, self._since)
        self.until = Cursor(now.epoch, self._until)

    def changed(self, kind: str, fields: Collection[str]) -> Changed:
        """Return the records of a kind that were touched since the first of the two places.

        Those touched only after the second are among them, and are the same in both.

        Raises
        ------
        StoreCorruptError
            If an image cannot be read.
        """
        schema = with_fields(kind, fields, None)
        before, lost_before = self._as_of(kind, self._since, schema)
        after, lost_after = self._as_of(kind, self._until, schema)
        return Changed(before, after, len(lost_before | lost_after))

    def others(
        self,
        kind: str,
        fields: Collection[str],
        *,
        near: Sequence[Near] | None = None,
        of: tuple[str, Collection[str]] | None = None,
    ) -> pa.Table:
        """Return the records of a kind that were not touched since, by id.

        Parameters
        ----------
        near
            Circles: records that lie in none of them may be left out. Where the kind has a field
            `radius_m`, that of a record counts before a circle's. None for all.
        of
            A field, and the values of it that are wanted; None for all.
        """
        schema = with_fields(kind, fields, None)
        table = TABLES[kind]
        query = _statements.select_kept(self._connection, kind, schema.names)
        query = query.where(table.c.key.not_in(self._touched(kind)))
        if near is not None:
            query = query.where(or_(false(), *(_box(kind, one) for one in near)))
        if of is not None:
            query = query.where(table.c[of[0]].in_(sorted(of[1])))
        query = query.order_by(_statements.by_id(self._connection, kind))
        return _records(_statements.fetch(self._connection, query), schema)

    def _touched(self, kind: str) -> Select[Any]:
        return select(CHANGES.c.key).where(CHANGES.c.seq > self._since, CHANGES.c.kind == kind)

    def _as_of(self, kind: str, seq: int, schema: pa.Schema) -> tuple[pa.Table, set[str]]:
        """Return those touched as they were after a change, by id, and the keys of those erased."""
        last = (
            select(func.max(CHANGES.c.seq).label("seq"))
            .where(CHANGES.c.key.in_(self._touched(kind)))
            .where(CHANGES.c.kind == kind)
            .where(CHANGES.c.seq <= seq)
            .group_by(CHANGES.c.key)
            .subquery()
        )
        query = (
            select(CHANGES.c.key, CHANGES.c.seq, CHANGES.c.form, CHANGES.c.after)
            .join(last, CHANGES.c.seq == last.c.seq)
            .where(CHANGES.c.op == "put")
        )
        erased = set()
        blocks = [records_told(self._forms, kind, [], schema)]
        for rows in _statements.fetch(self._connection, query):
            erased |= {key for key, _, _, image in rows if image is None}
            told = [row[1:] for row in rows if row[3] is not None]
            blocks.append(records_told(self._forms, kind, told, schema))
        found = pa.concat_tables(blocks).combine_chunks()
        return found.take(pc.sort_indices(found, sort_keys=[("id", "ascending")])), erased


def _records(blocks: Any, schema: pa.Schema) -> pa.Table:  # noqa: ANN401 - lists of the driver's rows
    """Return rows of kept values as records."""
    kept = [from_rows(rows, schema) for rows in blocks]
    return from_kept(pa.concat_tables(kept) if kept else from_rows([], schema), schema)


def _box(kind: str, near: Near) -> ColumnElement[bool]:
    """Return what holds of all records in a circle.

    A path of d metres on the ellipsoid changes the latitude by at most d / 110,574 degrees: the
    radius of curvature along a meridian is least at the equator. It stays within 1.81 degrees of
    its middle's latitude, d being at most 200 km, and up to there a degree of longitude has at
    least 111,319 · cos(latitude) metres: the other radius of curvature is least at the equator.
    """
    columns = TABLES[kind].c
    own = columns.get("radius_m")
    metres: Any = near.radius_m if own is None else func.coalesce(own, near.radius_m)
    tall: ColumnElement[bool] = func.abs(columns.lat - near.lat) <= metres / _M_PER_LAT + _SLACK_DEG
    highest = abs(near.lat) + _REACH_DEG
    if highest > _NO_LON_ABOVE:
        return tall
    width = metres / (_M_PER_LON * math.cos(math.radians(highest))) + _SLACK_DEG
    apart = func.abs(columns.lon - near.lon)
    return and_(tall, or_(apart <= width, apart >= 360.0 - width))
