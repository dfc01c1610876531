"""What becomes of an arriving record beside the one that is kept: taken, unchanged, or stale.

A record is **stale** if its `version` is less than that of the kept one; where either has none or
both are equal, if its `updated_at` is earlier. Where neither tells, the later arrival counts as the
newer. It is **unchanged** if it says nothing that the kept one does not say. Anything else is
**accepted**.

An arriving record that does not tell its version or moment takes those of the one that it
replaces: so an older version that turns up afterwards is still known for stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

VERSIONING = ("version", "updated_at")
"""The fields that put versions in order."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What becomes of n records: each is exactly one of accepted, unchanged and stale.

    Parameters
    ----------
    accepted, unchanged, stale
        Bool, shape (n,).
    coarser
        Which of the accepted ones replace a place that was given by one that was looked up, or by
        none, bool, shape (n,).
    """

    accepted: NDArray[np.bool_]
    unchanged: NDArray[np.bool_]
    stale: NDArray[np.bool_]
    coarser: NDArray[np.bool_]

    @classmethod
    def new(cls, n: int) -> Applied:
        """Return what becomes of n records where none is kept yet: all are accepted."""
        none = np.zeros(n, dtype=np.bool_)
        return cls(~none, none, none.copy(), none.copy())

    @classmethod
    def joined(cls, parts: Sequence[Applied]) -> Applied:
        """Return what becomes of the records of all parts, in their order."""
        return cls(
            *(
                np.concatenate([getattr(part, one.name) for part in parts])
                for one in dataclass_fields(cls)
            )
        )


def compare(arriving: pa.Table, kept: pa.Table, fields: Collection[str]) -> Applied:
    """Compare arriving records with the kept ones of the same ids.

    Parameters
    ----------
    arriving, kept
        In kept form, `kept` in any order, and without what nobody arrives for.
    fields
        Those that the arriving records speak of.
    """
    at = pc.index_in(arriving.column("id"), value_set=kept.column("id").combine_chunks())
    there = _mask(pc.is_valid(at))
    if not there.any():
        return Applied.new(len(arriving))
    beside = kept.take(at)

    same = there.copy()
    for name in fields:
        if name not in VERSIONING:
            same &= _equal(arriving.column(name), beside.column(name))
    undecided, older = there.copy(), np.zeros(len(arriving), dtype=np.bool_)
    for name in VERSIONING:
        new, old = arriving.column(name), beside.column(name)
        older |= undecided & _mask(pc.less(new, old))
        undecided &= ~_mask(pc.not_equal(new, old))
        same &= _mask(pc.is_null(new)) | _equal(new, old)
    unchanged = same & ~older
    accepted = ~(older | unchanged)
    coarser = np.zeros(len(arriving), dtype=np.bool_)
    if "located_by" in fields:
        given = [_mask(pc.equal(one.column("located_by"), "given")) for one in (arriving, beside)]
        coarser = accepted & ~given[0] & given[1]
    return Applied(accepted, unchanged, older, coarser)


def _equal(new: pa.ChunkedArray, old: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return where both are equal, or both are null."""
    neither = pc.and_(pc.is_null(new), pc.is_null(old))
    return _mask(pc.equal(new, old)) | _mask(neither)


def _mask(flags: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    """Return flags as numpy has them; what is not known is false."""
    return np.asarray(pc.fill_null(flags, False), dtype=np.bool_)  # noqa: FBT003 - Arrow's
