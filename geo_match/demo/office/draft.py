"""A list while it is written: as it should be, then with defects, each of which is labelled."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.demo._random import marks
from geo_match.demo.office._text import TEXT, Text, as_text, listed
from geo_match.demo.office.defects import DEFECTS, LEAST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Values: TypeAlias = Sequence[str] | NDArray[np.object_]

LABELS: Final = ("file", "row", "id", "column", "defect", "value", "truth")
SEVERAL: Final = ", "
"""Between the columns of a label that speaks of several, and between their values."""
_NEAR: Final = 300
"""A copy stands at most this many rows below what it copies."""


class _Edit(NamedTuple):
    rows: NDArray[np.int64]
    texts: list[str]


_USUAL: Final = r"^([A-Z]*[0-9]{1,12}|[A-Z][0-9]{12}-[0-9]{5}(-[0-9])?|J[0-9]{5}-[0-9]{3})$"
"""Forms of ids whose digits alone tell those of one list apart: each form has its own length."""
_DIGEST_BYTES: Final = 8
_DIGESTED: Final = np.uint64(2**63)
"""Above the digits of any usual id, which are 18 at most."""


def keys_of(ids: Text) -> NDArray[np.uint64]:
    """Return a number for each id of a list, the same in whatever company, shape (n,).

    It is what the digits make where the id has a usual form, else a digest: a posting that is
    there again, J00001-001-2, must not be taken for another.
    """
    usual = np.asarray(pc.match_substring_regex(ids, _USUAL))
    digits = pc.replace_substring_regex(ids, r"\D", "")
    if usual.all():
        return np.asarray(pc.cast(digits, pa.uint64()))
    digits = pc.if_else(pa.array(usual), digits, "0")
    keys = np.array(pc.cast(digits, pa.uint64()))
    others = np.flatnonzero(~usual)
    keys[others] = [_digest(text) for text in listed(ids, others)]
    keys[others] |= _DIGESTED
    return keys


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest())


def _several(values: Sequence[Values]) -> list[str]:
    """Return the values of several columns as one text a row; empty if all are."""
    return [SEVERAL.join(row) if any(row) else "" for row in zip(*values, strict=True)]


class Draft:
    """A list while it is written.

    No cell has two defects, so that what stands there and what should can be told for each; a row
    may have several.

    Parameters
    ----------
    file
        Its name.
    id_column
        The header above the ids.
    ids
        One a row, all different, shape (n,); the rows' keys come from them.
    seed
        The city's.
    """

    def __init__(self, file: str, id_column: str, ids: pd.Series, *, seed: int) -> None:
        self.file = file
        self.id_column = id_column
        self._seed = seed
        self._ids = as_text(ids)
        self._columns: dict[str, Text] = {
            "序号": as_text(pd.Series(np.arange(1, len(ids) + 1))),
            id_column: self._ids,
        }
        self._key = keys_of(self._ids)
        self._edits: dict[str, list[_Edit]] = {}
        self._taken: dict[str, NDArray[np.bool_]] = {}
        self._labels: list[pd.DataFrame] = []
        self._stale = np.empty(0, dtype=np.int64)
        self._older: dict[str, list[str]] = {}
        self._copies = np.empty(0, dtype=np.int64)

    def __len__(self) -> int:
        """Return the number of rows before any is repeated."""
        return len(self._key)

    def put(self, column: str, text: Text) -> None:
        """Add a column as it should be."""
        self._columns[column] = text

    def marks(self, *names: str) -> NDArray[np.float64]:
        """Return a uniform number for each row, by its id: the same in whatever company, (n,)."""
        return marks(self._key, self._seed, "office", self.file, *names)

    def clean(self, column: str, rows: NDArray[np.int64]) -> list[str]:
        """Return what should stand in a column of some rows."""
        return listed(self._columns[column], rows)

    def written(self, column: str, rows: NDArray[np.int64]) -> list[str]:
        """Return what stands in a column of some rows so far."""
        return listed(self._edited(column, self._columns[column]), rows)

    def matching(self, column: str, pattern: str) -> NDArray[np.bool_]:
        """Say in which rows what should stand in a column holds a pattern, (n,)."""
        return np.asarray(pc.match_substring_regex(self._columns[column], pattern))

    def filled(self, column: str) -> NDArray[np.bool_]:
        """Say in which rows something should stand in a column, (n,)."""
        return np.asarray(pc.not_equal(self._columns[column], ""))

    def free(self, *columns: str) -> NDArray[np.bool_]:
        """Say which rows have no defect in any of these columns yet, (n,)."""
        free = np.ones(len(self), dtype=bool)
        for column in columns:
            if column in self._taken:
                free &= ~self._taken[column]
        return free

    def choose(
        self,
        defect: str,
        *columns: str,
        among: NDArray[np.bool_] | None = None,
        rate: float | NDArray[np.float64] | None = None,
    ) -> NDArray[np.int64]:
        """Choose the rows that get a defect in some columns, and take these cells.

        Parameters
        ----------
        defect
            Its name.
        columns
            The cells in which it is.
        among
            Which rows can have it, shape (n,).
        rate
            How often, for all or for each row; as usual if None.

        Returns
        -------
        numpy.ndarray
            Ascending; at least `LEAST` if as many can have it.
        """
        mark = self.marks(defect, *columns)
        able = self.free(*columns)
        if among is not None:
            able &= among
        chosen = able & (mark < (DEFECTS[defect].rate if rate is None else rate))
        if chosen.sum() < LEAST:
            able_rows = np.flatnonzero(able)
            chosen[able_rows[np.argsort(mark[able_rows], kind="stable")[:LEAST]]] = True
        rows = np.flatnonzero(chosen)
        self.take(rows, *columns)
        return rows

    def take(self, rows: NDArray[np.int64], *columns: str) -> None:
        """Keep any further defect off some cells."""
        for column in columns:
            self._taken.setdefault(column, np.zeros(len(self), dtype=bool))[rows] = True

    def write(self, column: str, rows: NDArray[np.int64], values: Values) -> None:
        """Write something else into some cells of a column, without a label."""
        self._edits.setdefault(column, []).append(_Edit(rows, list(values)))

    def spoil(
        self,
        defect: str,
        rows: NDArray[np.int64],
        cells: Mapping[str, Values],
        truth: Values | None = None,
    ) -> None:
        """Write defective cells and label them.

        Parameters
        ----------
        defect
            Its name.
        rows
            Which, as `choose` returned them, shape (k,).
        cells
            For each column what is written, shape (k,).
        truth
            What should stand there; the clean cells if None.
        """
        for column, values in cells.items():
            self.write(column, rows, values)
        if truth is None:
            truth = _several([self.clean(column, rows) for column in cells])
        self.label(defect, SEVERAL.join(cells), rows, _several(list(cells.values())), truth)

    def label(
        self,
        defect: str,
        column: str,
        rows: NDArray[np.int64],
        values: Values,
        truth: Values,
    ) -> None:
        """Say what is wrong with rows; rows from n are the older versions."""
        stale = np.append(self._stale, 0)
        base = np.where(rows < len(self), rows, stale[np.maximum(rows - len(self), 0)])
        self._labels.append(
            pd.DataFrame(
                {
                    "at": np.asarray(rows, dtype=np.int64),
                    "id": listed(self._ids, base),
                    "column": column,
                    "defect": defect,
                    "value": values,
                    "truth": truth,
                }
            )
        )

    def add_older(self, rows: NDArray[np.int64], time: str, cells: Mapping[str, Values]) -> None:
        """Repeat rows further down as they were before: older, and with other content.

        Parameters
        ----------
        rows
            Which, once for a list, shape (k,).
        time
            The column with the time of a version, one of `cells`.
        cells
            What stood there then, for each column that differs, shape (k,).
        """
        self._stale = rows
        self._older = {column: list(values) for column, values in cells.items()}
        at = len(self) + np.arange(len(rows))
        self.label("stale_version", time, at, self._older[time], self.clean(time, rows))

    def add_copies(self) -> None:
        """Repeat rows further down, with all their defects."""
        # A copy of a row that has an older version would come after that one: newest last again.
        among = np.ones(len(self), dtype=bool)
        among[self._stale] = False
        self._copies = self.choose("duplicate_row", among=among)

    def finish(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the list and its labels; the draft is used up.

        Returns
        -------
        list
            All text.
        labels
            The columns of `LABELS`, by row.
        """
        n, rows = len(self), np.concatenate([self._stale, self._copies])
        at = np.concatenate([np.arange(n), n + np.arange(len(self._stale)), self._copies])
        # Always below the row itself: it comes first in a stable order.
        below = (self.marks("below")[rows] * _NEAR).astype(np.int64)
        order = np.argsort(np.concatenate([np.arange(n), rows + below]), kind="stable")
        at = at[order]
        columns = {}
        for column in list(self._columns):
            text = self._columns.pop(column)
            older = self._older.get(column, listed(text, self._stale))
            whole = pa.concat_arrays([self._edited(column, text), pa.array(older, type=TEXT)])
            columns[column] = pd.array(
                whole.take(pa.array(at)), dtype=pd.StringDtype("pyarrow", na_value=np.nan)
            )
        return pd.DataFrame(columns, copy=False), self._labelled(at, order >= n + len(self._stale))

    def _edited(self, column: str, text: Text) -> Text:
        edits = self._edits.get(column, [])
        if not edits:
            return text
        rows = np.concatenate([edit.rows for edit in edits])
        values = np.array([value for edit in edits for value in edit.texts], dtype=object)
        mask = np.zeros(len(self), dtype=bool)
        mask[rows] = True
        in_order = pa.array(values[np.argsort(rows, kind="stable")], type=TEXT)
        return pc.replace_with_mask(text, pa.array(mask), in_order)

    def _labelled(self, at: NDArray[np.int64], copy: NDArray[np.bool_]) -> pd.DataFrame:
        """Return all labels by the rows of the finished list, those of a copy with its own."""
        labels = pd.concat(self._labels, ignore_index=True)
        rows = pd.DataFrame({"at": at, "row": np.arange(1, len(at) + 1)})
        copies = rows[copy]
        ids = listed(self._ids, copies["at"].to_numpy())
        repeated = copies.assign(id=ids, column="", defect="duplicate_row", value="", truth="")
        rows = rows[np.isin(at, labels["at"])]
        labels = pd.concat([rows.merge(labels, on="at"), repeated], ignore_index=True)
        labels = labels.sort_values("row", kind="stable", ignore_index=True)
        texts = {column: labels[column].astype("str") for column in LABELS[2:]}
        return pd.DataFrame({"file": self.file, "row": labels["row"], **texts})
