"""Why rows were rejected, a text a row and column: faults of one row stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.intake.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo_match.intake.faults import Rejection

BETWEEN: Final = "；"
"""What parts the faults of one row."""

_MOST_CHARACTERS = 4_000
_PARTS = ("field", "value", "rule", "remedy")


@dataclass(frozen=True, slots=True)
class Reasons:
    """The rejected rows of a file, and why.

    Parameters
    ----------
    row
        Their numbers, ascending.
    texts
        For each row what `REASON_COLUMNS` say.
    """

    row: list[int]
    texts: dict[int, tuple[str, ...]]

    @classmethod
    def of(cls, rejections: Iterable[Rejection], notes: Sequence[Rejection] = ()) -> Reasons:
        """Gather the faults by row, and behind them the notes on the same rows."""
        found: dict[int, list[Rejection]] = {}
        for rejection in rejections:
            found.setdefault(rejection.row, []).append(rejection)
        for note in _on(notes, found):
            found[note.row].append(note)
        row = sorted(found)
        return cls(row, {number: tuple(map(_short, _texts(found[number]))) for number in row})

    def column(self, at: int) -> list[str]:
        """Return the texts of one of `REASON_COLUMNS`, a row each."""
        return [self.texts[number][at] for number in self.row]


def _on(notes: Sequence[Rejection], rows: Iterable[int]) -> Iterable[Rejection]:
    """Yield the notes on some rows; a note on every row of a list is not even made."""
    wanted = set(rows)
    if isinstance(notes, Findings):
        here = np.isin(notes.row, np.fromiter(wanted, dtype=np.int64))
        return (notes[at] for at in np.flatnonzero(here).tolist())
    return (note for note in notes if note.row in wanted)


def _texts(faults: list[Rejection]) -> Iterable[str]:
    for part in _PARTS:
        texts = [getattr(fault, part) for fault in faults]
        yield BETWEEN.join(texts) if any(texts) else ""


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
