"""What is doubtful of a list, in sentences: of its rows, its axes, its datum, its areas."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.datums import as_datum
from geo_match.intake.area import MAX_LAT, MAX_LON
from geo_match.intake.cells import as_numbers
from geo_match.intake.faults import counted, shown
from geo_match.intake.surroundings import FAR_KM, zones_of
from geo_match.intake.unsaid import has_coordinates, says_where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.intake.area import Area
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.intake.locating import CommunitySuspicions, Suspicions
    from geo_match.intake.locating.shift import Shift
    from geo_match.intake.surroundings import Surroundings
    from geo_match.store import Store

_SHOWN: Final = 5
_FAR: Final = f"lie more than {FAR_KM:g} km from every community of the store"


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is doubtful of a list, in whole sentences without a full stop.

    Parameters
    ----------
    grave
        What makes it look wrong as a whole.
    warnings
        What concerns some of its rows, or what could not be judged.
    """

    grave: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add_places(self, suspicions: Suspicions, row: NDArray[np.int64]) -> None:
        """Tell what is doubtful of the places of some rows, or of all.

        A list is wrong as a whole if its places look displaced as by another datum, or if more
        than half of those that can be judged are out of the service area, far from every
        community, or in another community's area than their code says.

        Parameters
        ----------
        suspicions
            Of n records.
        row
            Number of each one's row, shape (n,).
        """
        for bad, of, what in (
            (
                suspicions.outside,
                suspicions.located,
                f"lie outside the service area {suspicions.service_area}",
            ),
            (
                suspicions.far,
                suspicions.located,
                _FAR,
            ),
            (
                suspicions.elsewhere,
                suspicions.judged,
                "lie in the area of another community than their code says",
            ),
            (suspicions.nowhere, suspicions.judged, "lie in no community's area"),
        ):
            if bad.any():
                where = self.grave if 2 * bad.sum() > of.sum() else self.warnings
                where.append(_share(bad, of, what, row))
        shift = suspicions.shift
        if shift.verdict == "shifted":
            self.grave.insert(0, shift.reason)
        elif shift.verdict == "unclear":
            self.warnings.append(f"whether the datum is right cannot be told: {shift.reason}")

    def add_overruled(self, file: RecordsFile, shift: Shift, datum: str | None) -> None:
        """Tell of places that look shifted whose own datum overrules the one that was given.

        Parameters
        ----------
        file
            As it was read.
        shift
            What the areas say of its datum.
        datum
            As given for the list, or None.
        """
        if datum is None or shift.verdict != "shifted" or "datum" not in file.columns:
            return
        said = set(pc.unique(file.records.column("datum")).to_pylist()) - {None, as_datum(datum)}
        if said:
            self.grave.append(
                f"the column {shown(file.columns['datum'])} says {', '.join(sorted(said))}, which "
                f"overrules --datum {datum}: correct the column or leave it out if it is wrong"
            )

    def add_communities(
        self, file: RecordsFile, around: Surroundings, suspicions: CommunitySuspicions
    ) -> None:
        """Tell what is doubtful of the places of a list of communities.

        That they are far from the store's is no more than a warning: such a list is what the
        region that a store covers grows by. The service area is what keeps it in.

        Parameters
        ----------
        file
            As it was read.
        around
            What it is judged by.
        suspicions
            Of its records.
        """
        places, points = suspicions.places, suspicions.points
        far = places.far
        nothing = np.zeros_like(far)
        found = replace(points, located=places.located, outside=places.outside, far=nothing)
        self.add_places(found, file.row)
        if far.any():
            self.warnings.append(_share(far, places.located, _FAR, file.row))
        swapped = file.row[places.swapped | points.swapped]
        self.add_axes(file, around.context.service_area or around.vicinity, swapped)

    def add_axes(self, file: RecordsFile, area: Area | None, swapped: NDArray[np.int64]) -> None:
        """Tell of rows whose axes look exchanged, those included that are rejected for it.

        East of 90 degrees a longitude is no latitude, so that each exchanged row is rejected:
        only the rows as they stand show that the whole file is exchanged.

        Parameters
        ----------
        file
            As it was read.
        area
            Where places are expected, or None.
        swapped
            Numbers of the rows whose records are known to look exchanged.
        """
        row, n = file.table.row, len(file.table.row)
        lon, lat = np.full(n, np.nan), np.full(n, np.nan)
        if file.table.geometry is not None:
            lon, lat = file.table.geometry.x, file.table.geometry.y
        elif {"lon", "lat"} <= file.columns.keys():
            headers = [file.columns[name] for name in ("lon", "lat")]
            if set(headers) <= set(file.table.columns.column_names):
                lon, lat = (as_numbers(file.table.columns.column(name)).value for name in headers)
        known = np.isin(row, swapped)
        both = known | (np.isfinite(lon) & np.isfinite(lat) & ~((lon == 0.0) & (lat == 0.0)))
        turned = (np.abs(lon) <= MAX_LAT) & (np.abs(lat) <= MAX_LON)  # false for NaN
        exchanged = turned & (np.abs(lat) > MAX_LAT)
        if area is not None:
            exchanged |= turned & ~area.holds(lon, lat) & area.holds(lat, lon)
        exchanged = both & (exchanged | known)
        n_exchanged, n_both = int(exchanged.sum()), int(both.sum())
        if n_exchanged:
            where = self.grave if 2 * n_exchanged > n_both else self.warnings
            where.insert(
                0,
                f"{n_exchanged:,} of {counted(n_both, 'place')} look as if longitude and latitude "
                f"were exchanged ({_rows(row[exchanged])}): write them the other way round, or "
                "exchange the two columns' headers",
            )

    def add_unused_names(self, notes: NDArray[np.object_], row: NDArray[np.int64]) -> None:
        """Tell which names in addresses did not locate them, and why; the most frequent first.

        Parameters
        ----------
        notes
            Why, objects of str, shape (n,).
        row
            Number of each one's row, shape (n,).
        """
        counts = Counter(notes.tolist()).most_common()
        for note, n in counts[:_SHOWN]:
            self.warnings.append(
                f"{note}: not used for {counted(n, 'row')} ({_rows(row[notes == note])})"
            )
        n_more = sum(n for _, n in counts[_SHOWN:])
        if n_more:
            self.warnings.append(
                f"other names in addresses were not used for {counted(n_more, 'row')}"
            )

    def add_surroundings(self, file: RecordsFile, around: Surroundings) -> None:
        """Tell what the store lacks to judge a list by, and what of it is of no use."""
        if not says_where(file):
            return
        self.warnings.extend(lacking(around, has_coordinates=has_coordinates(file)))

    def add_areas(self, file: RecordsFile, store: Store) -> None:
        """Tell what is doubtful of the communities' areas as they will be once a list is in."""
        fields = ["id", "district_name", "area"]
        stored = store.read("communities", fields=fields)
        codes = file.records.column("id")
        # Of what is there already neither what the list replaces nor what it renumbers.
        previous = file.records.column("previous_code")
        gone = pa.chunked_array([*codes.chunks, *previous.chunks], type=pa.string())
        others = stored.filter(pc.invert(pc.is_in(stored.column("id"), value_set=gone)))
        zones, warnings = zones_of(pa.concat_tables([file.records.select(fields), others]))
        self.warnings.extend(warnings)
        if zones is None:
            return
        arriving = set(codes.to_pylist())
        pairs = [one for one in zones.overlaps() if not arriving.isdisjoint(one[:2])]
        if pairs:
            n = counted(len(pairs), "pair")
            shown = ", ".join(
                f"{one} and {other} ({share:.2%})" for one, other, share in pairs[:_SHOWN]
            )
            more = ", …" if len(pairs) > _SHOWN else ""
            self.warnings.append(
                f"the areas of {n} of communities overlap (share of the smaller one): {shown}{more}"
            )


def lacking(around: Surroundings, *, has_coordinates: bool) -> Iterator[str]:
    """Yield what the store lacks to judge places by, and what of it is of no use."""
    if around.context.communities is None:
        yield (
            "the store has no communities: neither community codes nor the datum of "
            "coordinates were checked (import the communities first)"
        )
    elif around.zones is None and has_coordinates:
        yield "no community of the store has an area: the datum of coordinates was not checked"
    yield from around.warnings


def _share(bad: NDArray[np.bool_], of: NDArray[np.bool_], what: str, row: NDArray[np.int64]) -> str:
    """Return how many of the places that can be judged are bad, and in what."""
    n, n_judged = int(bad.sum()), int(of.sum())
    return f"{n:,} of {counted(n_judged, 'place')} {what} ({_rows(row[bad])})"


def _rows(numbers: NDArray[np.int64]) -> str:
    """Return the first of these row numbers, as a message shows them."""
    shown = ", ".join(str(number) for number in numbers[:_SHOWN].tolist())
    more = ", …" if len(numbers) > _SHOWN else ""
    return f"row{'' if len(numbers) == 1 else 's'} {shown}{more}"
