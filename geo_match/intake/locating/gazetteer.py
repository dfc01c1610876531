"""Names of places with their points, kept by the office itself: `Gazetteer`.

An address names a place if the name of the place stands in it, letter by letter, once width, case
and white space are set aside. The longest name counts: 东海花园北区 says more than 东海花园.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from geo_match import codes
from geo_match._validate import as_lonlat, as_numbers
from geo_match.errors import ArgumentError
from geo_match.geodesy import geodesic_distance
from geo_match.intake.locating._nearness import MOST_BEYOND_M, distance_m
from geo_match.intake.locating.gazetteer_file import CARD_RULE, read_entries
from geo_match.intake.locating.geocoder import Located
from geo_match.intake.locating.names import (
    ACCURACY_RULE,
    LEAST_CHARACTERS,
    MOST_ACCURACY_M,
    NAME_RULE,
)
from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    from geo_match.datums import Datum
    from geo_match.index.zone_index import ZoneIndex

_SHOWN = 5
_COLUMNS = ("name", "lon", "lat", "accuracy_m", "community")


class _Choice(NamedTuple):
    """The entry that an address and a community mean; −1 for none."""

    entry: int
    note: str


class Gazetteer:
    """An offline geocoder over a table of names.

    **Which name.** Of the names that stand in an address the longest counts; 示例路5 does not
    stand in 示例路59号, since that would cut a number in two. A shorter name is never taken in its
    place.

    **Which entry.** Of the entries of that name, or of several equally long ones, those in the
    row's own community count, and if there is none, all. Of these

    1. those are set aside that lie more than 3 km beyond their accuracy from the area of the
       row's community, or from its point where it has no area;
    2. then those whose name is left in several communities, none of them the row's;
    3. then those of a name with two entries that contradict each other: that lie farther apart
       than the accuracies of both allow;
    4. the one that occurs earliest in the table is taken.

    Where none is left, the row stays unlocated, with a note that says why.

    Parameters
    ----------
    names
        Of places (小区, 道路, 社区), at least two characters each; m of them.
    lon, lat
        Degrees, WGS-84, shape (m,).
    accuracy_m
        All of the place lies within so many metres of its point, shape (m,): half the length of
        a road, for example.
    communities
        The code of the community that each lies in; empty or None for one that lies in several,
        or where it is unknown. None for all unknown.

    Raises
    ------
    ArgumentError
        If the lengths differ, a name is too short, a name or community holds an ID-card number,
        or an accuracy is not within 0 and 200 km.
    CoordinateError
        If a value is not a place on earth.

    Examples
    --------
    >>> import numpy as np
    >>> names = Gazetteer(["东海花园", "东海花园北区"], lon=[117.37, 117.38], lat=[32.92, 32.93],
    ...                   accuracy_m=[300, 150])
    >>> found = names.locate(np.array(["蚌埠市东海花园北区3栋"], dtype=object), np.array([""]))
    >>> float(found.lon[0]), float(found.accuracy_m[0]), str(found.method[0])
    (117.38, 150.0, 'gazetteer')
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        accuracy_m: ArrayLike,
        communities: Sequence[str | None] | None = None,
    ) -> None:
        self._names = list(names)
        self._lon, self._lat = as_lonlat(lon, lat)
        self._accuracy_m = np.atleast_1d(as_numbers(accuracy_m, "accuracy_m"))
        of = [None] * len(self._names) if communities is None else communities
        self._communities = [code or "" for code in of]
        for argument, n in (
            ("lon", len(self._lon)),
            ("accuracy_m", len(self._accuracy_m)),
            ("communities", len(self._communities)),
        ):
            if n != len(self._names):
                raise ArgumentError(argument, f"have one a name ({len(self._names):,})", f"{n:,}")
        keys = self._keys = [normalised(name) for name in self._names]
        accuracy = self._accuracy_m
        _refuse("names", NAME_RULE, self._names, [len(key) < LEAST_CHARACTERS for key in keys])
        for argument, texts in (("names", self._names), ("communities", self._communities)):
            masked = [codes.mask_id_cards(text) for text in texts]
            held = codes.has_id_card(np.array(texts, dtype=object))
            _refuse(argument, CARD_RULE, masked, held.tolist())
        bad = ~((accuracy >= 0.0) & (accuracy <= MOST_ACCURACY_M))
        _refuse("accuracy_m", ACCURACY_RULE, accuracy.tolist(), bad.tolist())
        self._entries: dict[str, list[int]] = {}
        lengths: dict[str, set[int]] = {}
        for entry, key in enumerate(keys):
            self._entries.setdefault(key, []).append(entry)
            lengths.setdefault(key[:LEAST_CHARACTERS], set()).add(len(key))
        # By its first two characters: how long the names are that begin so, the longest first.
        self._lengths = {head: sorted(known, reverse=True) for head, known in lengths.items()}
        # Where a name may begin: only there is it looked for.
        first, second = ("".join({re.escape(head[at]) for head in lengths}) for at in (0, 1))
        self._starts = re.compile(f"[{first}](?=[{second}])" if lengths else "(?!)")

    @classmethod
    def from_table(cls, table: pa.Table) -> Gazetteer:
        """Make one of what `table` gives.

        Raises
        ------
        ArgumentError, CoordinateError
            As in the class.
        """
        columns = {name: table.column(name) for name in _COLUMNS}
        return cls(
            columns["name"].to_pylist(),
            lon=columns["lon"].to_numpy(),
            lat=columns["lat"].to_numpy(),
            accuracy_m=columns["accuracy_m"].to_numpy(),
            communities=columns["community"].to_pylist(),
        )

    @classmethod
    def read(cls, path: str | Path, *, datum: Datum = "wgs84") -> Gazetteer:
        """Read a CSV file in UTF-8 or GB18030 with the columns of `table`.

        Headers may be Chinese: 名称, 经度, 纬度, 定位精度(米), 社区代码 (this one may be missing).

        Parameters
        ----------
        path
            The file.
        datum
            Of its coordinates.

        Raises
        ------
        FileError
            If the file is no CSV, or rows are faulty: it names the first of them, and none is used.
        ColumnError
            If a column is missing or repeated.
        DatumError
            If the datum is unknown.
        """
        entries = read_entries(path, datum)
        return cls(
            entries.names,
            lon=entries.lon,
            lat=entries.lat,
            accuracy_m=entries.accuracy_m,
            communities=entries.communities,
        )

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._names)

    @property
    def table(self) -> pa.Table:
        """The entries: name, lon, lat (degrees, WGS-84), accuracy_m, community (null: unknown)."""
        return pa.table(
            {
                "name": pa.array(self._names, pa.string()),
                "lon": self._lon,
                "lat": self._lat,
                "accuracy_m": self._accuracy_m,
                "community": pa.array([code or None for code in self._communities], pa.string()),
            }
        )

    def locate(
        self,
        addresses: NDArray[np.object_],
        communities: NDArray[np.object_],
        zones: ZoneIndex | None = None,
    ) -> Located:
        """Find the places that addresses name.

        Parameters
        ----------
        addresses
            Objects of str, shape (n,); empty where unknown.
        communities
            Codes, objects of str, shape (n,); empty where unknown.
        zones
            The communities' areas and points, by which places are doubted; None for no doubt.

        Returns
        -------
        Located
            With the method `gazetteer`.
        """
        known: dict[tuple[str, ...], _Choice] = {}
        chosen = np.full(len(addresses), -1, dtype=np.int64)
        located = Located.nothing(len(addresses))
        for row, (address, community) in enumerate(
            zip(addresses.tolist(), communities.tolist(), strict=True)
        ):
            names = self._longest_in(normalised(address)) if address else []
            if not names:
                continue
            key = (community or "", *names)
            choice = known.get(key)
            if choice is None:
                choice = known[key] = self._choose(names, community or "", zones)
            chosen[row] = choice.entry
            located.note[row] = choice.note
        found = chosen >= 0
        located.lon[found] = self._lon[chosen[found]]
        located.lat[found] = self._lat[chosen[found]]
        located.accuracy_m[found] = self._accuracy_m[chosen[found]]
        located.method[found] = "gazetteer"
        return located

    def _choose(self, names: list[str], community: str, zones: ZoneIndex | None) -> _Choice:
        """Return which entry is meant by the longest names in an address, at least one."""
        entries = sorted(entry for name in names for entry in self._entries[name])
        own = [entry for entry in entries if community and self._communities[entry] == community]
        meant = own or entries
        away_m = distance_m(zones, community, lon=self._lon[meant], lat=self._lat[meant])
        is_near = away_m <= MOST_BEYOND_M + self._accuracy_m[meant]
        if not is_near.any():
            at = int(away_m.argmin())
            return _Choice(
                -1,
                f"{self._names[meant[at]]} lies {away_m[at]:,.0f} m from the row's community "
                f"{community}, farther than 3 km and its accuracy of "
                f"{self._accuracy_m[meant[at]]:,.0f} m allow",
            )
        by_name: dict[str, list[int]] = {}
        for at in np.flatnonzero(is_near).tolist():
            by_name.setdefault(self._keys[meant[at]], []).append(meant[at])
        notes = []
        for same in by_name.values():  # in the order of their first entries
            note = self._doubt(same, community)
            if not note:
                return _Choice(same[0], "")
            notes.append(note)
        return _Choice(-1, notes[0])

    def _doubt(self, entries: list[int], community: str) -> str:
        """Say why it is unknown which of the entries of one name is meant; nothing if it is not."""
        name = self._names[entries[0]]
        n = len({self._communities[entry] for entry in entries})
        if n > 1:
            which = "the row's is none of them" if community else "the row has none"
            return f"{name} names places in {n} communities, and {which}"
        apart_m = self._contradiction_m(entries)
        if apart_m is None:
            return ""
        return f"{name} names places {apart_m:,.0f} m apart, and nothing says which is meant"

    def _contradiction_m(self, entries: list[int]) -> float | None:
        """Return how far apart two entries are that cannot both be right; None if all can be."""
        rows = np.column_stack([self._lon, self._lat, self._accuracy_m])[entries]
        places = np.unique(rows, axis=0)
        for at, (lon, lat, accuracy_m) in enumerate(places[:-1]):
            lons, lats, accuracies = places[at + 1 :].T
            apart_m = geodesic_distance(lon1=lon, lat1=lat, lon2=lons, lat2=lats)
            worst = int((apart_m - accuracies).argmax())
            if apart_m[worst] > accuracies[worst] + accuracy_m:
                return float(apart_m[worst])
        return None

    def _longest_in(self, address: str) -> list[str]:
        """Return the different names in an address that no other one in it is longer than."""
        longest = 0
        names: list[str] = []
        for match in self._starts.finditer(address):
            start = match.start()
            for length in self._lengths.get(address[start : start + LEAST_CHARACTERS], ()):
                if length < longest:
                    break
                name = address[start : start + length]
                if name in self._entries and len(name) == length and _whole(address, start, length):
                    names = [*names, name] if length == longest else [name]
                    longest = length
                    break
        return list(dict.fromkeys(names)) if len(names) > 1 else names


def _whole(address: str, start: int, length: int) -> bool:
    """Return whether a part of an address cuts no number in two."""
    end = start + length
    cut = (address[at - 1 : at + 1] for at in (start, end) if 0 < at < len(address))
    return not any(two.isdecimal() for two in cut)


def _refuse(argument: str, rule: str, values: Sequence[object], bad: Sequence[bool]) -> None:
    """Raise if any value is bad, naming the first few by their positions."""
    where = [position for position, is_bad in enumerate(bad) if is_bad]
    if where:
        shown = "; ".join(f"position {at}: {values[at]!r}" for at in where[:_SHOWN])
        more = ", …" if len(where) > _SHOWN else ""
        raise ArgumentError(
            argument, rule, f"{len(where)} of {len(values)} values that do not ({shown}{more})"
        )
