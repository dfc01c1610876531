"""A list is read, located and looked at as a whole, before anything of it is written.

Every row becomes a record, a duplicate, an older version of another row, or is rejected with its
faults. A file that looks wrong as a whole is refused then, for its rows would all be wrong in the
same way. Rows of who was erased are rejected; of a list of one area those outside, before anything
is told that the store knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from geo_match.errors import ArgumentError, FileError
from geo_match.intake.doubts import Doubts
from geo_match.intake.earlier import mended_before
from geo_match.intake.erased import keep_erased_out
from geo_match.intake.import_report import account
from geo_match.intake.lists.joined import reject_joined
from geo_match.intake.lists.records_file import read_records, record_file
from geo_match.intake.locating import suspect_communities
from geo_match.intake.own_area import keep_to_area, outside
from geo_match.intake.placing import placed
from geo_match.intake.references import unknown_names
from geo_match.intake.surroundings import Surroundings, zones_of
from geo_match.intake.unsaid import keep_codes, keep_shapes, spoken_of
from geo_match.records import RECORDS, Placed
from geo_match.store import record_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from geo_match.intake.lists.mapping import ColumnMapping
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.intake.values import Context
    from geo_match.store import Store


class SuspicionError(FileError):
    """A file looks wrong as a whole; nothing of it was written."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedList:
    """A list that was found fit to go in; nothing of it is written yet.

    Parameters
    ----------
    file
        The file as it was read, its records located.
    fields
        Those that it speaks of: the others stay as the store has them.
    warnings
        What a person should know, in whole sentences without a full stop.
    erased_too
        Whether rows of persons and households who were erased are among its records.
    """

    file: RecordsFile
    fields: frozenset[str]
    warnings: tuple[str, ...]
    erased_too: bool = False


def judge_file(
    path: str | Path,
    kind: str,
    store: Store,
    *,
    datum: str | None = None,
    mapping: str | Path | ColumnMapping | None = None,
    service_area: tuple[float, float, float, float] | None = None,
    accept_suspicions: bool = False,
    erased_too: bool = False,
    area: str | None = None,
) -> JudgedList:
    """Read a list, locate its records and look at it as a whole; nothing is written.

    Parameters
    ----------
    path
        The file; its suffix says how it is read.
    kind
        Of its records, one of `geo_match.records.RECORDS`.
    store
        What it is judged by: communities, gazetteer, and the records that it adds to.
    datum
        Datum of its coordinates, one of `geo_match.datums.DATUMS`; None where its rows, the file
        or the mapping say it.
    mapping
        Which columns mean which fields, a TOML file; by common names if None.
    service_area
        West, south, east, north, degrees WGS-84, where the places are expected.
    accept_suspicions
        Whether a file is taken that looks wrong as a whole; its suspicions become warnings.
    erased_too
        Whether rows of persons and households who were erased are taken, and not rejected.
    area
        What the codes of communities begin with in which a list of persons must lie: other rows are
        rejected (`geo_match.intake.own_area`), and nothing is told of what lies elsewhere. None for
        any.

    Raises
    ------
    SuspicionError
        If the file looks wrong as a whole.
    FileError
        If it cannot be read, or is not what its suffix says.
    StoreError
        If the store cannot be read.
    ArgumentError
        If the kind or the datum is unknown, or `service_area` is no box.
    """
    record_schema(kind)
    around = Surroundings.of(store, service_area=service_area)
    file = read_records(path, kind, datum=datum, mapping=mapping, context=_context(kind, around))
    account(file)
    file, n_outside = _within(file, store, area, None)
    doubts = Doubts()
    file = _located(file, store, around, doubts, datum)
    if doubts.grave and not accept_suspicions:
        raise SuspicionError(
            path,
            "look right as a whole",
            "; ".join(doubts.grave),
            "Correct the datum, the columns or the file. If it is right as it is, import it with "
            "suspicions accepted (--accept-suspicions). Nothing was written.",
        )
    file, n_more = _within(file, store, area, spoken_of(file))
    left_out = _Outside(area, n_outside + n_more)
    return _judged(file, store, around, doubts, left_out, erased_too=erased_too)


def judge_record(
    record: Mapping[str, Any],
    kind: str,
    store: Store,
    *,
    datum: str | None = None,
    around: Surroundings | None = None,
    erased_too: bool = False,
    area: str | None = None,
) -> JudgedList:
    """Judge one record as the list that has it alone; nothing is written.

    Of one place it cannot be told that a whole list looks wrong: what would be a suspicion of a
    list is a warning here. What the record does not say is null, also its place: a list's columns
    say what it speaks of, a record is all that there is.

    Parameters
    ----------
    record
        Its fields by their names in the model, as JSON has them.
    kind, store, datum, erased_too, area
        As in `judge_file`.
    around
        What the store knows that the record is judged by; read from it if None. Whoever judges
        many keeps it until the communities, the gazetteer or the occupations change.

    Returns
    -------
    JudgedList
        Of one record, or of none and why.

    Raises
    ------
    ArgumentError
        If the kind or the datum is unknown, or a name is no field.
    DatumError
        If there are coordinates, and nothing says their datum.
    StoreError
        If the store cannot be read.
    """
    if unknown := sorted(set(record).difference(record_schema(kind).names)):
        raise ArgumentError("record", f"have fields of {kind}", ", ".join(map(repr, unknown)))
    around = Surroundings.of(store) if around is None else around
    model = RECORDS[kind]
    # Those are there in any case: what is required is missed, and it says where it is, if only by
    # saying nothing.
    said: dict[str, Any] = {name: None for name, one in model.specs().items() if one.required}
    if issubclass(model, Placed):
        said |= {"lon": None, "lat": None}
    whole = said | {name: value for name, value in record.items() if value is not None}
    file = record_file(whole, kind, datum=datum, context=_context(kind, around))
    file, n_outside = _within(file, store, area, None)
    doubts = Doubts()
    file = _located(file, store, around, doubts, datum)
    fields = frozenset(record_schema(kind).names)
    file, n_more = _within(file, store, area, fields)
    left_out = _Outside(area, n_outside + n_more)
    judged = _judged(file, store, around, doubts, left_out, erased_too=erased_too)
    return replace(judged, fields=fields)


class _Outside(NamedTuple):
    """The area that a list must lie in, None for any, and how many records were left out."""

    area: str | None
    n: int

    def told(self) -> Iterator[str]:
        if self.area is not None and self.n:
            yield outside(self.n, self.area)


def _within(
    file: RecordsFile, store: Store, area: str | None, fields: Collection[str] | None
) -> tuple[RecordsFile, int]:
    """Return a list without the records outside an area, if there is one, and how many went."""
    return (file, 0) if area is None else keep_to_area(file, store, area, fields=fields)


def _context(kind: str, around: Surroundings) -> Context:
    """Return what the values of a list are judged against."""
    # Communities bring the codes: those that are there already cannot judge new ones, but an older
    # list's code finds the community that has another one now.
    return replace(around.context, communities=None) if kind == "communities" else around.context


def _located(
    file: RecordsFile, store: Store, around: Surroundings, doubts: Doubts, datum: str | None
) -> RecordsFile:
    """Return a list with its records located, and tell what is doubtful of it."""
    kind = file.kind
    if issubclass(RECORDS[kind], Placed):
        file = placed(file, around, store, doubts, datum)
    elif kind == "communities":
        # By what the list says itself, before what the store has stands beside it.
        suspicions = suspect_communities(
            file.records,
            zones_of(file.records)[0] or around.zones,
            service_area=around.context.service_area,
            vicinity=around.vicinity,
        )
        doubts.add_communities(file, around, suspicions)
        doubts.add_overruled(file, suspicions.points.shift, datum)
    if kind == "communities":
        file, told = keep_shapes(file, store)
        doubts.warnings.extend(told)
        if "area" in spoken_of(file):
            doubts.add_areas(file, store)
    else:
        doubts.add_surroundings(file, around)
    return file


def _judged(
    file: RecordsFile,
    store: Store,
    around: Surroundings,
    doubts: Doubts,
    left_out: _Outside,
    *,
    erased_too: bool,
) -> JudgedList:
    """Return a located list beside what the store has and had."""
    fields = frozenset(spoken_of(file))
    # Before rows are rejected that nobody can mend.
    mended = tuple(mended_before(file, store, left_out.area))
    file = keep_codes(file, store, around.context.renumbered, fields)
    file, told = keep_erased_out(file, store, erased_too=erased_too)
    file = reject_joined(file)
    doubts.warnings.extend((*unknown_names(file, store, left_out.area), *mended))
    told += (*file.warnings, *doubts.grave, *doubts.warnings, *left_out.told())
    return JudgedList(file, fields, told, erased_too)
