"""Rows that an office may not write, since they are of another's area.

Where a record lies is said by its community; of spells and services, by that of the seeker whom
they name. Both count: where the record would lie, and where it lies in the store.
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
from geo_match.intake.lists.joined import reject_joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.intake.judging import JudgedList
    from geo_match.store import Store

_BY_PERSON: Final = ("spells", "services")
RULE: Final = "must be of a community of the office's own area, and not be of another's so far"
"""What a rejected row breaks."""
_REMEDY: Final = (
    "Leave the row to the office of its area. A person who moves is written by an office of both."
)


def keep_to_area(judged: JudgedList, store: Store, area: str) -> JudgedList:
    """Return a list whose rows outside an area are rejected.

    Parameters
    ----------
    judged
        The list: of households, seekers, spells or services.
    store
        Where it goes.
    area
        What the codes of the area's communities begin with.
    """
    file = judged.file
    inside = np.fromiter(
        (
            all(one is not None and one.startswith(area) for one in places)
            for places in _places(judged, store)
        ),
        dtype=np.bool_,
        count=len(file.records),
    )
    if inside.all():
        return judged
    field = "person" if file.kind in _BY_PERSON else "community"
    header = codes.mask_id_cards(file.columns.get(field, field))
    rows = file.row[~inside].tolist()
    rejections = [Rejection(row, header, "", RULE, _REMEDY) for row in rows]
    left = replace(
        file,
        row=file.row[inside],
        records=file.records.filter(pa.array(inside)),
        rejections=Findings((), (*file.rejections, *rejections)),
    )
    told = f"outside the area {area}, and not taken in: {counted(len(rows), 'record')}"
    return replace(judged, file=reject_joined(left), warnings=(*judged.warnings, told))


def _places(judged: JudgedList, store: Store) -> Iterator[list[str | None]]:
    """Yield of each record the communities in which it would lie, and lies."""
    file = judged.file
    ids = file.records.column("id")
    field = "person" if file.kind in _BY_PERSON else "community"
    stored = known(file.kind, ids, store, fields=("id", field))
    before = dict(zip(*(stored.column(name).to_pylist() for name in ("id", field)), strict=True))
    says = field in judged.fields
    arriving = file.records.column(field).to_pylist()
    named = [
        ([now] if says else []) + ([before[id_]] if id_ in before else [])
        for id_, now in zip(ids.to_pylist(), arriving, strict=True)
    ]
    if file.kind in _BY_PERSON:
        people = pa.chunked_array([pa.array([one for some in named for one in some], pa.string())])
        homes = known("seekers", people, store, fields=("id", "community"))
        home = dict(
            zip(*(homes.column(name).to_pylist() for name in ("id", "community")), strict=True)
        )
        named = [[home.get(one) for one in some] for some in named]
    # A new record of which nothing says where it lies, lies nowhere.
    yield from (some or [None] for some in named)
