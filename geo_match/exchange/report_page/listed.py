"""Which rows a table lists: those of people; of empty places it tells how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.markup import Markup, tag, together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.exchange.report_page.words import Words

OUTSIDE: Final = "outside"
_PLACES: Final = frozenset({"community", "street", "district", "city"})
_FEW: Final = 12
"""So many are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The rows of a frame, parted by whether there is anything to list.

    Who is outside all areas is always listed, and so are groups of people.

    Parameters
    ----------
    rows
        Those that are listed.
    nobody
        Places in which nobody was counted.
    kept_back
        Places of which every count is kept back.
    """

    rows: pd.DataFrame
    nobody: pd.DataFrame
    kept_back: pd.DataFrame

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Listed:
        """Part the rows of a level, in their order."""
        nobody, kept_back = _nobody(frame), _kept_back(frame)
        return cls(frame[~(nobody | kept_back)], frame[nobody], frame[kept_back])

    def notes(self, say: Words, *, noun: str, names: Mapping[str, str]) -> Markup:
        """Return a line for the places without people, and one for those that are kept back.

        Parameters
        ----------
        noun
            What the rows are, in the language of the words.
        names
            What codes are called, where the frame does not say it.
        """
        kinds = (("nobody", self.nobody), ("all_kept_back", self.kept_back))
        return together(
            tag(
                "p",
                say(key, n=f"{len(rows):,}", noun=noun, names=_named(say, rows, names)),
                class_="note",
            )
            for key, rows in kinds
            if len(rows)
        )


def with_figures(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a plan that count something: whatever, and more than 0."""
    counts = [
        name
        for name in map(str, frame)
        if (known := find_column(name)) is not None
        and known.form == "count"
        and pd.api.types.is_numeric_dtype(frame[name])
    ]
    if not counts:
        return frame
    some = [_floats(frame, name) > 0 for name in counts]
    found = np.any(some, axis=0)
    # Where nothing is counted anywhere, the rows say so themselves.
    return frame[found] if found.any() else frame


def _nobody(frame: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray(_are_places(frame) & (_floats(frame, "people") == 0))


def _kept_back(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Say of which places there is no count; a 0 that everybody knows is none of theirs."""
    if "people" not in frame:
        return np.zeros(len(frame), dtype=np.bool_)
    names = [name for name in ("people", "located", "reached", "below") if name in frame]
    none = [~(_floats(frame, name) > 0) for name in names]
    missing = np.isnan(_floats(frame, "people"))
    return np.asarray(_are_places(frame) & missing & np.all(none, axis=0))


def _are_places(frame: pd.DataFrame) -> NDArray[np.bool_]:
    if "kind" not in frame:
        return np.zeros(len(frame), dtype=np.bool_)
    return np.isin(frame["kind"].to_numpy(dtype=object).astype(str), sorted(_PLACES))


def _named(say: Words, rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Return the names of few rows, behind a colon; of many, and of parted ones, nothing."""
    if len(rows) > _FEW or not rows["code"].is_unique:
        return ""
    found = rows["code"].map(lambda code: names.get(str(code), str(code))).astype(object)
    if "name" in rows:
        found = rows["name"].astype(object).where(rows["name"].notna(), found)
    return say("named", names=say.pick(("、", ", ")).join(map(str, found)))


def _floats(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    return numbers.floats(frame[column]) if column in frame else np.full(len(frame), np.nan)
