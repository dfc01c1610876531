"""Why rows were rejected, a text a row and column: faults of one row stand side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.intake.chinese import in_chinese
from geo_match.intake.findings import Findings
from geo_match.intake.readers.table import columns_of_ours, columns_to_add
from geo_match.intake.unmended import is_of_whole_row, with_clearing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo_match.intake.chinese import Language
    from geo_match.intake.faults import Rejection
    from geo_match.intake.readers.table import Table

BETWEEN: Final = "；"
"""What parts the faults of one row."""

_MOST_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Reasons:
    """The rejected rows of a file, and why.

    Parameters
    ----------
    row
        Their numbers, ascending.
    texts
        For each row what `REASON_COLUMNS` say.
    passed_over
        The columns that we added to the file before: they are made anew.
    added
        What `MENDING_COLUMNS` are called in this file.
    """

    row: list[int]
    texts: dict[int, tuple[str, ...]]
    passed_over: tuple[str, ...]
    added: tuple[str, ...]

    @classmethod
    def of(
        cls,
        rejections: Iterable[Rejection],
        notes: Sequence[Rejection],
        *,
        table: Table,
        language: Language,
    ) -> Reasons:
        """Gather the faults of a table by row, and apart from them the notes on the same rows."""
        found: dict[int, list[Rejection]] = {}
        for rejection in rejections:
            found.setdefault(rejection.row, []).append(rejection)
        said: dict[int, list[Rejection]] = {}
        for note in _on(notes, found):
            said.setdefault(note.row, []).append(note)
        row = sorted(found)
        names = table.columns.column_names
        ours = columns_of_ours(names)
        own = [name for name in names if name not in ours]
        added = columns_to_add(own)
        texts = {}
        for number in row:
            faults = _with_clearing(found[number], own, added[0])
            texts[number] = tuple(map(_short, _texts(faults, said.get(number, ()), language)))
        return cls(row, texts, ours, added)

    @property
    def reason_columns(self) -> tuple[str, ...]:
        """What `REASON_COLUMNS` are called in this file."""
        return self.added[:-1]

    @property
    def row_column(self) -> str:
        """What `ROW_COLUMN` is called in this file."""
        return self.added[-1]

    @property
    def first_row_column(self) -> str | None:
        """Where the file has the numbers that its rows had in the list that they came from."""
        return self.passed_over[-1] if self.passed_over else None

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


def _with_clearing(
    faults: Sequence[Rejection], headers: Sequence[str], of_field: str
) -> list[Rejection]:
    """Return faults of which those of a whole row say that their reason is to be cleared, too."""
    return [
        replace(one, remedy=with_clearing(one.remedy, of_field))
        if is_of_whole_row(one.field, headers) and of_field not in one.remedy
        else one
        for one in faults
    ]


def _texts(
    faults: Sequence[Rejection], notes: Sequence[Rejection], language: Language
) -> Iterable[str]:
    """Yield what each of `REASON_COLUMNS` says of one row."""
    say = in_chinese if language == "zh" else str
    yield _joined(say(fault.field) for fault in faults)
    yield _joined(fault.value for fault in faults)
    yield _joined(say(fault.rule) for fault in faults)
    yield _joined(say(fault.remedy) for fault in faults)
    colon, stop = ("：", "。") if language == "zh" else (": ", ". ")
    yield _joined(
        f"{say(note.field)}{colon}{say(note.rule)}{stop}{say(note.remedy)}".rstrip()
        for note in notes
    )


def _joined(texts: Iterable[str]) -> str:
    texts = list(texts)
    return BETWEEN.join(texts) if any(texts) else ""


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
