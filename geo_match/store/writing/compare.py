"""What becomes of an arriving record beside the one that is kept: taken, unchanged, stale, refused.

A record is **stale** if its `version` is less than that of the kept one; where either has none or
both are equal, if its `updated_at` is earlier. It is **unchanged** if it says nothing that the
kept one does not say. It is **conflicting** if it is as new as the kept one (both have the same
version, or without versions to compare the same moment, and no moment tells them apart) but says
otherwise: which of the two is right cannot be told. Anything else is **accepted**: so the later
arrival counts as the newer where neither a version nor a moment can be compared. Where a list
comes to correct what is kept, there are no conflicts either: the later arrival is taken.

A record of some fields that would break a rule beside those that are kept, such as a lower wage
above the higher one, is **breaking** (`geo_match.store.writing.beside`).

A place that was looked up is not what a record says. Where neither of the two has coordinates of
its own, another place is no conflict: the record is accepted, and has the newer finding.

An arriving record that does not tell its version or moment takes those of the one that it
replaces: so an older version that turns up afterwards is still known for stale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

VERSIONING = ("version", "updated_at")
"""The fields that put versions in order."""

PLACE: Final = frozenset({"lon", "lat", "datum", "location_accuracy_m", "located_by"})
"""The fields that are looked up for a record without coordinates of its own."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What becomes of n records: each is accepted, unchanged, stale, conflicting or breaking.

    Parameters
    ----------
    accepted, unchanged, stale
        Bool, shape (n,).
    coarser
        Which of the accepted ones replace a place that was given by one that was looked up, or by
        none, bool, shape (n,).
    conflicting
        Which are as new as the kept record and say otherwise, bool, shape (n,).
    by_version
        Which of the conflicting ones have the kept record's version; the others have its moment
        only. Bool, shape (n,).
    undated
        Which of the accepted ones replace what a record with a version or moment says, and have
        none themselves to compare with it, bool, shape (n,).
    breaking
        Which pairs of `Record.ordered` each record would break, of whose fields only one arrives:
        the first one adds 1, the second 2, the third 4; 0 for none. int64, shape (n,).
    """

    accepted: NDArray[np.bool_]
    unchanged: NDArray[np.bool_]
    stale: NDArray[np.bool_]
    coarser: NDArray[np.bool_]
    conflicting: NDArray[np.bool_]
    by_version: NDArray[np.bool_]
    undated: NDArray[np.bool_]
    breaking: NDArray[np.int64]

    @classmethod
    def new(cls, n: int) -> Applied:
        """Return what becomes of n records where none is kept yet: all are accepted."""
        flags = ("unchanged", "stale", "coarser", "conflicting", "by_version", "undated")
        return cls(
            accepted=np.ones(n, dtype=np.bool_),
            breaking=np.zeros(n, dtype=np.int64),
            **{name: np.zeros(n, dtype=np.bool_) for name in flags},
        )

    def without(self, breaking: NDArray[np.int64]) -> Applied:
        """Return what becomes of the records if some of the accepted ones are breaking."""
        left = breaking == 0
        return replace(
            self,
            accepted=self.accepted & left,
            coarser=self.coarser & left,
            undated=self.undated & left,
            breaking=breaking,
        )

    def part(self, part: slice | NDArray[np.int64]) -> Applied:
        """Return what becomes of some of the records, by their positions."""
        return Applied(*(getattr(self, one.name)[part] for one in dataclass_fields(self)))

    @classmethod
    def joined(cls, parts: Sequence[Applied]) -> Applied:
        """Return what becomes of the records of all parts, in their order."""
        return cls(
            *(
                np.concatenate([getattr(part, one.name) for part in parts])
                for one in dataclass_fields(cls)
            )
        )


def compare(
    arriving: pa.Table, kept: pa.Table, fields: Collection[str], *, correct: bool = False
) -> Applied:
    """Compare arriving records with the kept ones of the same ids.

    Parameters
    ----------
    arriving, kept
        In kept form, `kept` in any order, and without what nobody arrives for.
    fields
        Those that the arriving records speak of.
    correct
        Whether those that are as new as the kept ones and say otherwise are accepted.
    """
    at = pc.index_in(arriving.column("id"), value_set=kept.column("id").combine_chunks())
    there = _mask(pc.is_valid(at))
    if not there.any():
        return Applied.new(len(arriving))
    beside = kept.take(at)
    nothing = np.zeros(len(arriving), dtype=np.bool_)

    same, same_place = there.copy(), there.copy()
    for name in fields:
        if name not in VERSIONING:
            equal = _equal(arriving.column(name), beside.column(name))
            if name in PLACE:
                same_place &= equal
            else:
                same &= equal
    undecided, older, newer, learnt = there.copy(), nothing.copy(), nothing.copy(), nothing.copy()
    as_new, has_moment = {}, nothing.copy()
    for name in VERSIONING:
        new, old = arriving.column(name), beside.column(name)
        older |= undecided & _mask(pc.less(new, old))
        newer |= undecided & _mask(pc.greater(new, old))
        undecided &= ~(older | newer)
        learnt |= _mask(pc.is_valid(new)) & ~_equal(new, old)
        as_new[name] = _mask(pc.equal(new, old))
        has_moment |= _mask(pc.is_valid(old))
    given, was_given = nothing, nothing
    looked_up = nothing
    if "located_by" in fields:
        given, was_given = (
            _mask(pc.equal(one.column("located_by"), "given")) for one in (arriving, beside)
        )
        looked_up = ~given & ~was_given

    unchanged = same & same_place & ~learnt & ~older
    differs = there & ~(same & (same_place | looked_up))
    tied = undecided & (as_new["version"] | as_new["updated_at"])
    conflicting = nothing if correct else differs & tied
    accepted = ~(older | unchanged | conflicting)
    return Applied(
        accepted=accepted,
        unchanged=unchanged,
        stale=older,
        coarser=accepted & ~given & was_given,
        conflicting=conflicting,
        by_version=conflicting & as_new["version"],
        undated=accepted & differs & undecided & ~tied & has_moment,
        breaking=np.zeros(len(arriving), dtype=np.int64),
    )


def merged(arriving: pa.Table, beside: pa.Table, fields: Collection[str]) -> pa.Table:
    """Return records as they will be: what is not spoken of stays as it is.

    Parameters
    ----------
    arriving, beside
        In kept form, row by row; nulls where there is no record yet.
    fields
        Those that the arriving records speak of, the id left out.
    """
    there = pc.is_valid(beside.column("id"))
    columns = []
    for name in arriving.column_names:
        new, old = arriving.column(name), beside.column(name)
        if name in VERSIONING and name in fields:
            columns.append(pc.coalesce(new, old))
        elif name in fields or name == "id":
            columns.append(new)
        else:
            columns.append(pc.if_else(there, old, new))
    return pa.table(columns, names=arriving.column_names)


def _equal(new: pa.ChunkedArray, old: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return where both are equal, or both are null."""
    neither = pc.and_(pc.is_null(new), pc.is_null(old))
    return _mask(pc.equal(new, old)) | _mask(neither)


def _mask(flags: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    """Return flags as numpy has them; what is not known is false."""
    return np.asarray(pc.fill_null(flags, False), dtype=np.bool_)  # noqa: FBT003 - Arrow's
