"""What a list names that the store does not have: told, and never a reason to reject a row.

Lists come in any order: the employer of a job may arrive a day after it. So a name that nothing has
is no fault of its row; but that hundreds of them have none should be known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.intake.erased import HIDDEN
from geo_match.intake.faults import counted, shown
from geo_match.intake.own_area import known_inside
from geo_match.store.schema.images import PERSONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Store

NAMED: Final = {
    ("sites", "employer_id"): "employers",
    ("jobs", "employer_id"): "employers",
    ("jobs", "site_id"): "sites",
    ("seekers", "household"): "households",
    ("spells", "person"): "seekers",
    ("services", "person"): "seekers",
    ("services", "station_id"): "stations",
    ("services", "job_id"): "jobs",
}
"""Which kind of records a field of a kind names. (Operators are no kind of records.)"""
_NOUN: Final = {
    "employers": "an employer",
    "sites": "a site",
    "households": "a household",
    "seekers": "a seeker",
    "stations": "a station",
    "jobs": "a job",
}
_SHOWN: Final = 5
_AT_ONCE: Final = 20_000
"""Ids that are looked up at once; below SQLite's bound of 32,766 parameters."""


def unknown_names(file: RecordsFile, store: Store, area: str | None = None) -> Iterator[str]:
    """Yield what the records of a list name that the store does not have, a sentence a field.

    No id of somebody who was erased is shown: `***` stands for all of these.

    Parameters
    ----------
    file
        The list.
    store
        Where it goes.
    area
        Whose list it is: persons and households elsewhere are not told from those that nobody has,
        and `***` stands for all of both. None for any.
    """
    named_by_members = {("households", "id"): "households"} if file.joined is not None else {}
    for (kind, field), named in (NAMED | named_by_members).items():
        if kind != file.kind or field not in file.columns:
            continue
        ids = file.records.column(field).drop_null()
        unknown = _unknown(pc.unique(ids).to_pylist(), named, store, area)
        if not unknown:
            continue
        n = counted(sum(one in unknown for one in ids.to_pylist()), "record")
        is_hidden = area is not None and named in PERSONS
        names = [HIDDEN] if is_hidden else _without_erased(list(unknown), named, store)
        first = ", ".join(map(shown, names[:_SHOWN]))
        more = ", …" if len(names) > _SHOWN else ""
        header, noun = shown(file.columns[field]), _NOUN[named]
        yield f"{header} names {noun} that the store does not have: {n} ({first}{more})"
        if named == "sites":
            yield "import the sites, then this list again: its jobs are located by them"


def _without_erased(ids: list[str], kind: str, store: Store) -> list[str]:
    """Return ids to be shown: `***` stands for all that were erased, where the first is."""
    erased = store.are_erased(kind, pa.table({"id": pa.array(ids, pa.string())})).tolist()
    hidden = (HIDDEN if gone else one for one, gone in zip(ids, erased, strict=True))
    return list(dict.fromkeys(hidden))


def are_known(kind: str, ids: Iterable[str], store: Store, area: str | None = None) -> bool:
    """Return whether a store has all of some ids; of persons within an area, if one is given."""
    return not _unknown(list(dict.fromkeys(ids)), kind, store, area)


def _unknown(ids: list[str], kind: str, store: Store, area: str | None) -> dict[str, None]:
    """Return those of some different ids that a store does not have, in their order."""
    unknown = dict.fromkeys(ids)
    if area is not None and kind in PERSONS:
        for one in known_inside(kind, ids, store, area):
            del unknown[one]
        return unknown
    for start in range(0, len(ids), _AT_ONCE):
        for one in store.keys(kind, ids[start : start + _AT_ONCE]):
            del unknown[one]
    return unknown
