"""What a list does not say and the store knows: it stays as it is.

A list is made for one purpose and seldom has all that is known. A field that it has no column for
stays; so does an exact place beside an address, an area beside a point, and a code of before the
communities were renumbered beside that of now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.intake.faults import counted
from geo_match.intake.known import known
from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Store

_WHERE: Final = ("address", "community", "community_name", "lon", "lat")
"""Fields by which a list says where something is …"""
_SITE: Final = "site_id"
"""… the one by which it says so only if the site's place is known …"""
_PLACE: Final = ("lon", "lat", "datum", "location_accuracy_m", "located_by")
"""… and the fields that are made of them."""
_SHAPE: Final = "geometry"
"""What stands for a header where a field comes from a file's shapes."""


def spoken_of(file: RecordsFile) -> set[str]:
    """Return the fields of which a list says something: the others stay as the store has them.

    A place is one thing: it is replaced whole if the list says anything of where. (What `keep_…`
    take from the store is in the records then.)
    """
    fields, spoken = set(RECORDS[file.kind].model_fields), _said(file)
    if spoken.intersection((*_WHERE, _SITE)):
        return spoken | fields.intersection(_PLACE)
    return spoken.difference(_PLACE)


def says_where(file: RecordsFile) -> bool:
    """Return whether a list says of its records where they are, in whatever way."""
    return not _said(file).isdisjoint(_WHERE)


def _said(file: RecordsFile) -> set[str]:
    """Return the fields that a list has a column or a shape for."""
    fields = set(RECORDS[file.kind].model_fields)
    spoken = fields.intersection(file.columns)
    if file.table.geometry is not None:
        spoken |= fields.intersection({"lon", "lat", "area"})
    return spoken


def has_coordinates(file: RecordsFile) -> bool:
    """Return whether a list has coordinates or shapes, for some of its records at least."""
    return file.table.geometry is not None or not {"lon", "lat"}.isdisjoint(file.columns)


def keep_places(file: RecordsFile, store: Store) -> tuple[RecordsFile, NDArray[np.bool_]]:
    """Return a list with the places that the store was given for its records, and which have one.

    A list that has an address or a community only must not make an exact place coarser. One that
    has coordinates is left as it is. One that has the names of sites only takes no place away that
    was found by something else, if the store does not know the site.

    Parameters
    ----------
    file
        Of records with a place, n of them.
    store
        Where they go.
    """
    records = file.records
    if has_coordinates(file):
        return file, np.zeros(len(records), dtype=np.bool_)
    stored = known(file.kind, records.column("id"), store, fields=["id", *_PLACE])
    how = stored.column("located_by")
    stays = pc.equal(how, "given")
    if _SITE in file.columns and not says_where(file):
        lost = records.filter(pc.equal(records.column("located_by"), "none")).column("id")
        is_lost = pc.is_in(stored.column("id"), value_set=lost.combine_chunks())
        found_otherwise = pc.is_in(how, value_set=pa.array(["gazetteer", "community_area"]))
        stays = pc.or_(stays, pc.and_(is_lost, found_otherwise))
    stored = stored.filter(stays)
    kept = _mask(pc.is_valid(_beside(records, stored)))
    return replace(file, records=_filled(records, stored, _PLACE, kept)), kept


def keep_shapes(file: RecordsFile, store: Store) -> tuple[RecordsFile, tuple[str, ...]]:
    """Return a list of communities with what its shapes do not say, and what is to be told of it.

    A community's point and its area are two things, and a shape is one of them only: the other
    stays. An empty shape says neither.

    Returns
    -------
    file
        The list, its records completed.
    warnings
        That areas stay which the list has not, in a whole sentence without a full stop.
    """
    records = file.records
    stored = store.read("communities", fields=["id", "lon", "lat", "area"])
    at = _beside(records, stored)
    no_area = _mask(pc.is_null(records.column("area")))
    stays = no_area & _mask(pc.is_valid(stored.column("area").take(at)))
    if ("area" in file.columns and file.columns["area"] != _SHAPE) or not has_coordinates(file):
        stays[:] = False  # the cells say what there is, or the list says nothing of where
    if file.columns.get("area") == _SHAPE:
        records = _filled(records, stored, ["area"], no_area)
    if file.columns.get("lon") == _SHAPE:
        no_point = _mask(pc.is_null(records.column("lon")))
        records = _filled(records, stored, ["lon", "lat"], no_point)
    if not stays.any():
        return replace(file, records=records), ()
    n = counted(int(stays.sum()), "row")
    told = f"areas that the store has stay where the list has none: {n}"
    return replace(file, records=records), (told,)


def keep_codes(
    file: RecordsFile, store: Store, renumbered: Mapping[str, str], fields: Collection[str]
) -> RecordsFile:
    """Return a list whose records have the community's old code where the kept ones have it.

    A record that is as new as the kept one and says the same does not contradict it because the
    community was renumbered meanwhile. One that is newer takes the new code to the store.

    Parameters
    ----------
    file
        The list.
    store
        Where it goes.
    renumbered
        Old codes with those of now.
    fields
        Those that the list speaks of.
    """
    if not renumbered or "community" not in fields or not store.count(file.kind):
        return file
    records = file.records
    stored = known(file.kind, records.column("id"), store, fields=["id", "community"])
    old = pa.array(renumbered, type=pa.string())
    stored = stored.filter(pc.is_in(stored.column("community"), value_set=old))
    now = pa.array([renumbered[one] for one in stored.column("community").to_pylist()], pa.string())
    at = _beside(records, stored)
    moved = np.flatnonzero(_mask(pc.equal(records.column("community"), now.take(at))))
    some = records.take(pa.array(moved))
    contrary = np.zeros(len(records), dtype=np.bool_)
    contrary[moved] = store.compare(file.kind, some, fields=fields, judged=True).conflicting
    if not contrary.any():
        return file
    return replace(file, records=_filled(records, stored, ["community"], contrary))


def _beside(records: pa.Table, stored: pa.Table) -> pa.Array:
    """Return the position of each record among the stored ones; null for one that is not there."""
    at = pc.index_in(records.column("id"), value_set=stored.column("id").combine_chunks())
    return at.combine_chunks() if isinstance(at, pa.ChunkedArray) else at


def _filled(
    records: pa.Table, stored: pa.Table, names: Collection[str], which: NDArray[np.bool_]
) -> pa.Table:
    """Return records, some of them with what is stored in some fields, as far as it is stored."""
    at = _beside(records, stored)
    taken = pc.and_(pa.array(which), pc.is_valid(at))
    for name in names:
        records = records.set_column(
            records.schema.get_field_index(name),
            records.schema.field(name),
            pc.if_else(taken, stored.column(name).take(at), records.column(name)),
        )
    return records


def _mask(flags: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    """Return flags as numpy has them; what is not known is false."""
    return np.array(pc.fill_null(flags, False), dtype=np.bool_)  # noqa: FBT003 - Arrow's
