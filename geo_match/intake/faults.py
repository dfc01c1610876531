"""Bad rows: what is wrong in which row and field, by which rule, and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

WHOLE_ROW: Final = "(whole row)"
"""Where a rejection names its column: of a row that does not come apart into columns."""

_SHOWN_CHARACTERS = 80
# 18 characters of an ID-card number with up to 3 blanks after each: what begins before the cut has
# ended by here.
_READ_CHARACTERS = 2 * _SHOWN_CHARACTERS
# What a spreadsheet makes of 15 digits and more: up to 15 of them still stand there.
_SHORTENED = re.compile(r"(?<![0-9.])([0-9](?:\.[0-9]+)?)(?=[Ee]\+?0?1[4-9](?![0-9]))")


@dataclass(frozen=True, slots=True)
class Rejection:
    """One fault of one row of a file; a row may have several.

    Parameters
    ----------
    row
        Number of the data row, counted from 1 at the first row below the header (or the first
        feature). Blank rows keep their number, though they are not counted among the rows read:
        so the number is the spreadsheet's minus one.
    field
        The column, as the file names it; `geometry` for a shape.
    value
        What stands there, as `shown` gives it; empty where nothing does.
    rule
        What must hold, as the end of the sentence "`field` …".
    remedy
        What to do about it.
    """

    row: int
    field: str
    value: str
    rule: str
    remedy: str


class Faults:
    """Collects the rejections of one file, column by column.

    Parameters
    ----------
    row
        Number of each record, int64, shape (n,).
    """

    def __init__(self, row: NDArray[np.int64]) -> None:
        self._row = row
        self._found: list[Rejection] = []
        self.rejected = np.zeros(len(row), dtype=np.bool_)
        """Which records have at least one fault, bool, shape (n,)."""

    def add(
        self,
        bad: NDArray[np.bool_],
        field: str,
        value: Callable[[int], object],
        rule: str,
        remedy: str,
    ) -> None:
        """Reject records for one reason.

        Parameters
        ----------
        bad
            Which records, shape (n,).
        field, rule, remedy
            As in `Rejection`.
        value
            Gives what stands in the field of a record, by its position.
        """
        self.rejected |= bad
        self._found.extend(
            Rejection(int(self._row[position]), field, shown(value(position)), rule, remedy)
            for position in np.flatnonzero(bad).tolist()
        )

    def in_order(self, others: Iterable[Rejection] = ()) -> tuple[Rejection, ...]:
        """Return these and the other rejections by row, those of a row as they were found."""
        return tuple(sorted([*others, *self._found], key=lambda rejection: rejection.row))


def counted(n: int, noun: str) -> str:
    """Return a number with its noun, for a message: `1 row`, `1,227 rows`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def shown(value: object) -> str:
    """Return a value as short text for a person to recognise it; empty for nothing.

    ID-card numbers are masked before it is shortened to 80 characters: half of one is none, and
    would be shown. So are numbers of 15 to 20 digits in exponent form.
    """
    if value is None:
        return ""
    whole = value if isinstance(value, str) else repr(value)
    text = codes.mask_id_cards(whole[:_READ_CHARACTERS])
    for found in _SHORTENED.finditer(codes.narrow(text)):
        stars = re.sub("[0-9]", "*", found.group())
        text = text[: found.start()] + stars + text[found.end() :]
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"
