"""What is to change in a supply: rows added, moved and closed, and where that is felt."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match import codes
from geo_match.coverage.given.supply import SupplyRows, read_rows
from geo_match.errors import ArgumentError
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.what_if.ground import Floats, Integers

_SHOWN: Final = 5


@dataclass(frozen=True, eq=False)
class Edits:
    """A supply's rows as they would be, and the places at which there is more or less.

    Parameters
    ----------
    rows
        Those that stay, in their order, then the added.
    stood
        int64, (r,): the position of each row before, if it stands where it stood; else −1.
    lon, lat
        Degrees WGS-84, (c,): the different places at which the amount changes.
    amount
        int64, (c,): by how much, never 0.
    """

    rows: SupplyRows
    stood: Integers
    lon: Floats
    lat: Floats
    amount: Integers

    @property
    def is_felt(self) -> bool:
        """Whether there is more or less anywhere."""
        return len(self.amount) > 0


def read_edits(
    rows: SupplyRows, *, add: object, move: object, close: Collection[str], count: str
) -> Edits:
    """Return what is to change in the rows of a supply.

    Parameters
    ----------
    rows
        As they are.
    add, move
        Frames, or None; see `WhatIf.change`.
    close
        Ids.
    count
        As in `CoverageOptions`.

    Raises
    ------
    FrameError
        If a frame is not as a supply must be, a row has no place, an added id is one of the
        supply, or a moved one is none of it or is closed too.
    ArgumentError
        If `close` is no collection of texts, or names an id twice or one that is none.
    """
    closed = _closed(rows, close)
    added = read_placed(add, "add", count=count)
    added.refuse_known(rows)
    moved = read_placed(move, "move", count="places")
    at = positions(moved.rows.ids, rows.ids)
    moved.refuse("name a row of the supply", at < 0, "To have one more, use `add`.")
    rule = "name a row that is not closed as well"
    moved.refuse(rule, np.isin(at, closed), "Either move it or close it.")
    raise_any(added.faults, moved.faults)
    return _edits(rows, added.rows, closed, at, moved.rows)


@dataclass(frozen=True, eq=False)
class Placed:
    """Rows that have a place each, and what is wrong with them.

    Parameters
    ----------
    rows
        The rows; of use only if there is no fault.
    faults
        Of their frame, not raised yet.
    """

    rows: SupplyRows
    faults: Faults

    def refuse_known(self, known: SupplyRows) -> None:
        """Take it as a fault where an id is one of those known."""
        remedy = "Give it an id of its own; to change where a row stands, use `move`."
        is_known = positions(self.rows.ids, known.ids) >= 0
        self.refuse("differ from all ids of the supply", is_known, remedy)

    def refuse(self, rule: str, bad: NDArray[np.bool_], remedy: str) -> None:
        """Take it as a fault of the ids of some rows."""
        ids = self.rows.ids
        self.faults.rows("id", rule, bad, lambda at: ids[at].as_py(), remedy)


def read_placed(frame: object, argument: str, *, count: str) -> Placed:
    """Return rows that must all have a place; none for None. Faults are taken, not raised.

    Raises
    ------
    ArgumentError, DatumError
        If it is no frame, or its CRS is not known.
    """
    faults = Faults(argument)
    given = Given([] if frame is None else frame, faults)
    rows = read_rows(given, faults, count=count)
    column = "lon, lat" if given.geometry is None else str(given.geometry.name)
    nowhere = np.isnan(rows.lon) & np.isnan(rows.lat)
    if not faults.found:  # or the place is missing because something else is wrong with it
        remedy = "Say where it would be, or leave the row out."
        faults.rows(column, "be stated in each row", nowhere, lambda _: None, remedy)
    return Placed(rows, faults)


def _edits(
    rows: SupplyRows, added: SupplyRows, closed: Integers, at: Integers, moved: SupplyRows
) -> Edits:
    """Return the rows after all that, and the places that feel it."""
    lon, lat, stood = rows.lon.copy(), rows.lat.copy(), np.arange(len(rows))
    lon[at], lat[at], stood[at] = moved.lon, moved.lat, -1
    stays = np.ones(len(rows), dtype=np.bool_)
    stays[closed] = False
    after = SupplyRows(
        ids=pa.concat_arrays([rows.ids.filter(pa.array(stays)), added.ids]),
        lon=np.concatenate((lon[stays], added.lon)),
        lat=np.concatenate((lat[stays], added.lat)),
        amount=np.concatenate((rows.amount[stays], added.amount)),
        is_stated=np.concatenate((rows.is_stated[stays], added.is_stated)),
    )
    gone = np.concatenate((closed, at))
    here = np.concatenate((rows.lon[gone], lon[at], added.lon))
    there = np.concatenate((rows.lat[gone], lat[at], added.lat))
    more = np.concatenate((-rows.amount[gone], rows.amount[at], added.amount))
    # What had no place was in nobody's reach, and is missed by nobody.
    felt = ~np.isnan(here)
    both, of = np.unique(np.column_stack((there, here))[felt], axis=0, return_inverse=True)
    change = np.zeros(len(both), dtype=np.int64)
    np.add.at(change, of.ravel(), more[felt])
    both, change = both[change != 0], change[change != 0]
    stood = np.concatenate((stood[stays], np.full(len(added), -1)))
    return Edits(
        after, stood, np.ascontiguousarray(both[:, 1]), np.ascontiguousarray(both[:, 0]), change
    )


def _closed(rows: SupplyRows, close: object) -> Integers:
    """Return the positions of the rows that are closed."""
    if isinstance(close, str | bytes) or not isinstance(close, Collection):
        found = codes.mask_id_cards(repr(close))
        raise ArgumentError("close", "be a collection of ids", found)
    asked = list(close)
    for one in asked:
        if not isinstance(one, str):
            raise ArgumentError("close", "hold ids as text", codes.mask_id_cards(repr(one)))
    at = positions(pa.array(asked, pa.string()), rows.ids)
    unknown = [one for one, position in zip(asked, at.tolist(), strict=True) if position < 0]
    if unknown:
        raise ArgumentError("close", "hold ids of the supply", _some(unknown, "that are not"))
    again = sorted({one for one in asked if asked.count(one) > 1}) if _repeats(asked) else []
    if again:
        raise ArgumentError("close", "hold each id once", _some(again, "named again"))
    return at


def _repeats(asked: list[str]) -> bool:
    return len(set(asked)) < len(asked)


def positions(ids: pa.StringArray, among: pa.StringArray) -> Integers:
    """Return where ids stand among others, which are all different, (k,); −1 if they do not."""
    if len(ids) == 0:
        return np.empty(0, dtype=np.int64)
    # The many are looked up among the few: to hash the few costs nothing.
    encoded = ids.dictionary_encode()
    of = pc.index_in(among, value_set=encoded.dictionary, skip_nulls=True)
    at = np.flatnonzero(of.is_valid().to_numpy(zero_copy_only=False))
    found = np.full(len(encoded.dictionary) + 1, -1, dtype=np.int64)
    found[of.take(pa.array(at)).to_numpy(zero_copy_only=False)] = at
    place = np.asarray(pc.fill_null(encoded.indices, len(encoded.dictionary)), dtype=np.int64)
    return np.asarray(found[place], dtype=np.int64)


def _some(ids: list[str], what: str) -> str:
    more = ", …" if len(ids) > _SHOWN else ""
    shown = ", ".join(repr(one) for one in ids[:_SHOWN])
    return codes.mask_id_cards(f"{len(ids):,} {what} ({shown}{more})")
