"""Importing: a list is read, located, looked at as a whole, and taken into a store or refused.

A file goes in whole or not at all. First it is judged: every row becomes a record, a duplicate, an
older version of another row, or is rejected with its faults, and nothing is written yet. A file
that looks wrong as a whole is refused then, for its rows would all be wrong in the same way. Only
after that are the records applied to the store, in one transaction.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.errors import FileError, GeoMatchError
from geo_match.intake.area import MAX_LAT, MAX_LON
from geo_match.intake.cells import as_numbers
from geo_match.intake.faults import counted
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.locating import locate_with_notes, suspect
from geo_match.intake.surroundings import Surroundings, zones_of
from geo_match.records import RECORDS, Placed
from geo_match.records.types import LocatedBy
from geo_match.store import record_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geo_match.intake.area import Area
    from geo_match.intake.lists.mapping import ColumnMapping
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.intake.locating import Suspicions
    from geo_match.store import Applied, Store

_SHOWN: Final = 5
_WHERE: Final = ("address", "community", "community_name", "lon", "lat")
"""Fields by which a list says where something is …"""
_PLACE: Final = ("lon", "lat", "datum", "location_accuracy_m", "located_by")
"""… and the fields that are made of them."""


class SuspicionError(FileError):
    """A file looks wrong as a whole; nothing of it was written."""


class UnaccountedRowsError(GeoMatchError, RuntimeError):
    """The rows that were read are not those that became something: a fault of geo_match itself."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of a file.

    Parameters
    ----------
    file
        The file as it was read, with its faults, notes and warnings.
    read
        Rows that were read; blank ones are not counted.
    accepted
        Rows whose records are new in the store, or newer than what was there.
    unchanged
        Rows that say nothing that the store did not know.
    stale
        Rows that are older than what the store or the file itself has.
    duplicate
        Rows that say what a row above them says.
    rejected
        Rows with a fault.
    located
        How many records of those that are not rejected were located in each way; empty for kinds
        without a place.
    warnings
        What a person should know, in whole sentences without a full stop.

    Raises
    ------
    UnaccountedRowsError
        If the five do not add up to the rows that were read.
    """

    file: RecordsFile
    read: int
    accepted: int
    unchanged: int
    stale: int
    duplicate: int
    rejected: int
    located: Mapping[str, int]
    warnings: tuple[str, ...]

    def __post_init__(self) -> None:
        total = self.accepted + self.unchanged + self.stale + self.duplicate + self.rejected
        if total != self.read:
            message = (
                f"{self.file.source}: {self.read} rows were read, but {self.accepted} accepted + "
                f"{self.unchanged} unchanged + {self.stale} stale + {self.duplicate} duplicate + "
                f"{self.rejected} rejected are {total}"
            )
            raise UnaccountedRowsError(message)


@dataclass(frozen=True, slots=True)
class _Doubts:
    """What is doubtful of a file, in whole sentences without a full stop.

    Parameters
    ----------
    grave
        What makes it look wrong as a whole.
    warnings
        What concerns some of its rows.
    """

    grave: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def import_file(
    path: str | Path,
    kind: str,
    store: Store,
    *,
    datum: str | None = None,
    mapping: str | Path | ColumnMapping | None = None,
    service_area: tuple[float, float, float, float] | None = None,
    accept_suspicions: bool = False,
    dry_run: bool = False,
    before_writing: Callable[[RecordsFile], None] | None = None,
    watch: Callable[[int], None] | None = None,
) -> ImportReport:
    """Import a file of records into a store, whole or not at all.

    Parameters
    ----------
    path
        The file; its suffix says how it is read.
    kind
        Of its records, one of `geo_match.records.RECORDS`.
    store
        Where they go.
    datum
        Datum of its coordinates, one of `geo_match.datums.DATUMS`; None where its rows, the file
        or the mapping say it.
    mapping
        Which columns mean which fields, a TOML file; by common names if None.
    service_area
        West, south, east, north, degrees WGS-84, where the places are expected.
    accept_suspicions
        Whether a file is imported that looks wrong as a whole; its suspicions become warnings.
    dry_run
        Whether to find out what would become of the rows, and write nothing.
    before_writing
        Told what was read, after the file is found fit and before anything is written; what it
        raises ends the import.
    watch
        Told the number of records that were compared with the store, as they are.

    Returns
    -------
    ImportReport
        `read == accepted + unchanged + stale + duplicate + rejected`.

    Raises
    ------
    SuspicionError
        If the file looks wrong as a whole.
    FileError
        If it cannot be read, or is not what its suffix says.
    StoreError
        If the store cannot be read or written to.
    ArgumentError
        If the kind or the datum is unknown, or `service_area` is no box.
    """
    record_schema(kind)
    around = Surroundings.of(store, service_area=service_area)
    file = read_records(
        path,
        kind,
        datum=datum,
        mapping=mapping,
        # Communities bring the codes: those that are there already cannot judge new ones, but an
        # older list's code finds the community that has another one now.
        context=replace(around.context, communities=None)
        if kind == "communities"
        else around.context,
    )
    rejected = _accounted(file)
    file, located, doubts = _placed(file, around, store)
    if kind == "communities":
        doubts.warnings.extend(_area_doubts(file, store))
    else:
        doubts.warnings.extend(around.warnings)
    if doubts.grave and not accept_suspicions:
        raise SuspicionError(
            path,
            "look right as a whole",
            "; ".join(doubts.grave),
            "Correct the datum, the columns or the file. If it is right as it is, import it with "
            "suspicions accepted (--accept-suspicions). Nothing was written.",
        )
    fields = _spoken_of(file)
    if dry_run:
        applied = store.compare(kind, file.records, fields=fields)
    else:
        if before_writing is not None:
            before_writing(file)
        applied = store.apply(
            kind, file.records, source=str(file.source), fields=fields, watch=watch
        )
    return ImportReport(
        file=file,
        read=file.n_read,
        accepted=int(applied.accepted.sum()),
        unchanged=int(applied.unchanged.sum()),
        stale=int(applied.stale.sum()) + len(file.stale),
        duplicate=len(file.duplicates),
        rejected=rejected,
        located=located,
        warnings=(*file.warnings, *doubts.grave, *doubts.warnings, *_coarser(applied)),
    )


def _accounted(file: RecordsFile) -> int:
    """Return the number of rejected rows, once it is sure that every row became one thing.

    Raises
    ------
    UnaccountedRowsError
        If a row became nothing, or two things.
    """
    rejected = np.unique(file.rejections.row)
    became = np.concatenate([file.row, file.duplicates, file.stale, rejected])
    if len(np.unique(became)) != len(became) or len(became) != file.n_read:
        message = (
            f"{file.source}: {file.n_read} rows were read, but {len(file.row)} became records, "
            f"{len(file.duplicates)} duplicates, {len(file.stale)} older versions, and "
            f"{len(rejected)} were rejected, which are {len(np.unique(became))} rows in all"
        )
        raise UnaccountedRowsError(message)
    return len(rejected)


def _placed(
    file: RecordsFile, around: Surroundings, store: Store
) -> tuple[RecordsFile, Mapping[str, int], _Doubts]:
    """Locate the records; return them, how many were located how, and what is doubtful."""
    if not issubclass(RECORDS[file.kind], Placed):
        doubts = _Doubts()
        no_rows = np.zeros(0, dtype=np.int64)
        _doubt_axes(file, around.context.service_area, no_rows, doubts)
        return file, {}, doubts
    records, notes = locate_with_notes(file.records, zones=around.zones, geocoder=around.gazetteer)
    suspicions = suspect(records, around.zones, service_area=around.context.service_area)
    doubts = _doubts(suspicions, file.row)
    _doubt_axes(file, suspicions.service_area, file.row[suspicions.swapped], doubts)
    kept = np.zeros(len(records), dtype=np.bool_)
    if not _has_coordinates(file):
        records, kept = _with_given_places(records, file.kind, store)
    counts = Counter(records.column("located_by").to_pylist())
    located = {how: counts[how] for how in get_args(LocatedBy) if how in counts}
    unsure = (notes != "") & ~kept
    if unsure.any():
        doubts.warnings.append(
            f"addresses of {counted(int(unsure.sum()), 'row')} name several places and were "
            f"not located by them ({_rows(file.row[unsure])})"
        )
    return replace(file, records=records), located, doubts


def _has_coordinates(file: RecordsFile) -> bool:
    return file.table.geometry is not None or not {"lon", "lat"}.isdisjoint(file.columns)


def _with_given_places(
    records: pa.Table, kind: str, store: Store
) -> tuple[pa.Table, NDArray[np.bool_]]:
    """Return records with the places that the store was given for them, and which have one.

    A list that has an address or a community only must not make an exact place coarser.
    """
    stored = store.read(kind, fields=["id", *_PLACE])
    stored = stored.filter(pc.equal(stored.column("located_by"), "given"))
    at = pc.index_in(records.column("id"), value_set=stored.column("id").combine_chunks())
    kept = pc.is_valid(at)
    beside = stored.take(at)
    for name in _PLACE:
        records = records.set_column(
            records.schema.get_field_index(name),
            records.schema.field(name),
            pc.if_else(kept, beside.column(name), records.column(name)),
        )
    return records, np.asarray(kept, dtype=np.bool_)


def _doubt_axes(
    file: RecordsFile, area: Area | None, swapped: NDArray[np.int64], doubts: _Doubts
) -> None:
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
    doubts
        Receives what is doubtful.
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
        where = doubts.grave if 2 * n_exchanged > n_both else doubts.warnings
        where.insert(
            0,
            f"{n_exchanged:,} of {counted(n_both, 'place')} look as if longitude and latitude were "
            f"exchanged ({_rows(row[exchanged])}): write them the other way round, or exchange the "
            "two columns' headers",
        )


def _area_doubts(file: RecordsFile, store: Store) -> list[str]:
    """Return what is doubtful of the communities' areas as they will be once a list is in."""
    fields = ["id", "district_name", "area"]
    if "area" not in _spoken_of(file):
        return []
    stored = store.read("communities", fields=fields)
    codes = file.records.column("id")
    # Of what is there already neither what the list replaces nor what it renumbers.
    previous = file.records.column("previous_code")
    gone = pa.chunked_array([*codes.chunks, *previous.chunks], type=pa.string())
    others = stored.filter(pc.invert(pc.is_in(stored.column("id"), value_set=gone)))
    zones, warnings = zones_of(pa.concat_tables([file.records.select(fields), others]))
    if zones is None:
        return list(warnings)
    arriving = set(codes.to_pylist())
    pairs = [one for one in zones.overlaps() if not arriving.isdisjoint(one[:2])]
    if not pairs:
        return list(warnings)
    n = counted(len(pairs), "pair")
    shown = ", ".join(f"{one} and {other} ({share:.2%})" for one, other, share in pairs[:_SHOWN])
    more = ", …" if len(pairs) > _SHOWN else ""
    return [
        *warnings,
        f"the areas of {n} of communities overlap (share of the smaller one): {shown}{more}",
    ]


def _doubts(suspicions: Suspicions, row: NDArray[np.int64]) -> _Doubts:
    """Tell what makes a file look wrong as a whole from what is doubtful of some of its rows.

    A file is wrong as a whole if its places look displaced as by another datum, or if more than
    half of those that can be judged are out of the service area or in another community's area
    than their code says.
    """
    doubts = _Doubts()
    for bad, of, what in (
        (
            suspicions.outside,
            suspicions.located,
            f"lie outside the service area {suspicions.service_area}",
        ),
        (
            suspicions.elsewhere,
            suspicions.judged,
            "lie in the area of another community than their code says",
        ),
        (suspicions.nowhere, suspicions.judged, "lie in no community's area"),
    ):
        n, n_judged = int(bad.sum()), int(of.sum())
        if n:
            where = doubts.grave if 2 * n > n_judged else doubts.warnings
            where.append(f"{n:,} of {counted(n_judged, 'place')} {what} ({_rows(row[bad])})")
    if suspicions.shift.verdict == "shifted":
        doubts.grave.insert(0, suspicions.shift.reason)
    return doubts


def _rows(numbers: NDArray[np.int64]) -> str:
    """Return the first of these row numbers, as a message shows them."""
    shown = ", ".join(str(number) for number in numbers[:_SHOWN].tolist())
    more = ", …" if len(numbers) > _SHOWN else ""
    return f"row{'' if len(numbers) == 1 else 's'} {shown}{more}"


def _spoken_of(file: RecordsFile) -> set[str]:
    """Return the fields of which the file says something: the others stay as the store has them.

    A place is one thing: it is replaced whole if the file says anything of where. (Places that
    the store was given are in the records already if the file has no coordinates.)
    """
    fields = set(RECORDS[file.kind].model_fields)
    spoken = fields.intersection(file.columns)
    if file.table.geometry is not None:
        spoken |= fields.intersection({"lon", "lat", "area"})
    if spoken.intersection(_WHERE):
        return spoken | fields.intersection(_PLACE)
    return spoken.difference(_PLACE)


def _coarser(applied: Applied) -> Sequence[str]:
    if n := int(applied.coarser.sum()):
        what = f"{counted(n, 'record')} that the store had coordinates for came without any"
        return [f"{what}: their places were looked up anew and are less exact"]
    return []
