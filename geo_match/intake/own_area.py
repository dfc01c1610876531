"""Rows that an office may not write, since they are of another's area.

Where a record lies is said by its community; of spells and services, by that of the seeker whom
they name. Both count: where the record would lie, and where it lies in the store.

They are rejected before anything is said of a list that the store knows. Else whoever sends guesses
about people of another area would learn which of them are right. That an id is of another's, the
rejection tells by itself, since a row of nobody's is taken: whoever lets an office ask so has to
note it, above all where nothing is written.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo_match import codes
from geo_match.intake.faults import Rejection, counted
from geo_match.intake.findings import Findings
from geo_match.intake.known import known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Store

_BY_PERSON: Final = ("spells", "services")
RULE: Final = "must be of a community of the office's own area, and not be of another's so far"
"""What a rejected row breaks."""
_REMEDY: Final = (
    "Leave the row to the office of its area. A person who moves is written by an office of both."
)


def keep_to_area(
    file: RecordsFile, store: Store, area: str, *, fields: Collection[str] | None
) -> tuple[RecordsFile, int]:
    """Return a list whose rows outside an area are rejected, and how many records these make.

    Parameters
    ----------
    file
        The list: of households, seekers, spells or services.
    store
        Where it goes.
    area
        What the codes of the area's communities begin with.
    fields
        Those that the list speaks of, once its records are located: then it counts where they would
        lie. None before: then only those go that lie elsewhere in the store.
    """
    inside = np.fromiter(
        (
            all(one is not None and one.startswith(area) for one in places)
            for places in _places(file, store, fields)
        ),
        dtype=np.bool_,
        count=len(file.records),
    )
    if inside.all():
        return file, 0
    field = _field(file.kind)
    header = codes.mask_id_cards(file.columns.get(field, field))
    rows = file.row[~inside].tolist()
    rejections = [Rejection(row, header, "", RULE, _REMEDY) for row in rows]
    left = replace(
        file,
        row=file.row[inside],
        records=file.records.filter(pa.array(inside)),
        rejections=Findings((), (*file.rejections, *rejections)),
    )
    return left, len(rows)


def outside(n: int, area: str) -> str:
    """Return what is told where n records are outside an area, without a full stop."""
    return f"outside the area {area}, and not taken in: {counted(n, 'record')}"


def known_inside(kind: str, ids: Collection[str], store: Store, area: str) -> set[str]:
    """Return those of some ids, of a kind of persons, that the store has within an area."""
    lies = _lying(kind, _texts(ids), store)
    if kind in _BY_PERSON:
        homes = _lying("seekers", _texts(lies.values()), store)
        lies = {id_: homes.get(person) for id_, person in lies.items()}
    return {id_ for id_ in ids if (lies.get(id_) or "").startswith(area)}


def _places(
    file: RecordsFile, store: Store, fields: Collection[str] | None
) -> Iterator[list[str | None]]:
    """Yield of each record the communities in which it would lie, and lies."""
    ids = file.records.column("id")
    field = _field(file.kind)
    before = _lying(file.kind, ids, store)
    says = fields is not None and field in fields
    arriving = file.records.column(field).to_pylist()
    named = [
        ([now] if says else []) + ([before[id_]] if id_ in before else [])
        for id_, now in zip(ids.to_pylist(), arriving, strict=True)
    ]
    if file.kind in _BY_PERSON:
        homes = _lying("seekers", _texts(one for some in named for one in some), store)
        named = [[homes.get(one) for one in some] for some in named]
    # A new record of which nothing says where it lies, lies nowhere.
    nowhere: list[str | None] = [] if fields is None else [None]
    yield from (some or nowhere for some in named)


def _lying(kind: str, ids: pa.ChunkedArray, store: Store) -> dict[str | None, str | None]:
    """Return by their ids where the store's records lie: the communities, or the persons."""
    stored = known(kind, ids, store, fields=("id", _field(kind)))
    return dict(
        zip(*(stored.column(name).to_pylist() for name in ("id", _field(kind))), strict=True)
    )


def _field(kind: str) -> str:
    """Return the field by which it is said where a record lies."""
    return "person" if kind in _BY_PERSON else "community"


def _texts(values: Iterable[str | None]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(list(values), pa.string())])
