"""What is found while a list is read: rows to be rejected, and notes, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match import codes
from geo_match.intake.faults import shown
from geo_match.intake.findings import Finding, Findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from numpy.typing import NDArray

    from geo_match.intake.faults import Rejection
    from geo_match.intake.values import Fault


class Judgement:
    """Collects what is found in one list.

    Parameters
    ----------
    row
        Number of each record, int64, shape (n,).
    columns
        The list's columns by header, each of which gives a cell's content by its position.
    """

    def __init__(self, row: NDArray[np.int64], columns: Mapping[str, Any]) -> None:
        self._row = row
        self._columns = columns
        self._faults: list[Finding] = []
        self._notes: list[Finding] = []
        self.rejected = np.zeros(len(row), dtype=np.bool_)
        """Which records have at least one fault, bool, shape (n,)."""

    def faulty(self, header: str) -> NDArray[np.bool_]:
        """Return which records have a fault in a column so far, bool, shape (n,)."""
        mask = np.zeros(len(self._row), dtype=np.bool_)
        for one in self._faults:
            if one.field == codes.mask_id_cards(header):
                mask[one.at] = True
        return mask

    def reject(
        self,
        bad: NDArray[np.bool_],
        header: str,
        rule: str,
        remedy: str,
        value: Callable[[int], str] | None = None,
    ) -> None:
        """Reject records for one reason; see `Finding`."""
        at = np.flatnonzero(bad)
        if len(at):
            self.rejected[at] = True
            self._faults.append(self._finding(at, header, rule, remedy, value))

    def note(
        self,
        doubtful: NDArray[np.bool_],
        header: str,
        rule: str,
        remedy: str,
        value: Callable[[int], str] | None = None,
    ) -> None:
        """Note one repair or doubt; see `Finding`."""
        at = np.flatnonzero(doubtful)
        if len(at):
            self._notes.append(self._finding(at, header, rule, remedy, value))

    def take(self, header: str, faults: Iterable[Fault], notes: Iterable[Fault]) -> None:
        """Take what the parser of a column found."""
        for one in faults:
            self.rejected[one.at] = True
            self._faults.append(self._finding(one.at, header, one.rule, one.remedy, None))
        for one in notes:
            self._notes.append(self._finding(one.at, header, one.rule, one.remedy, None))

    def rejections(self, others: Iterable[Rejection]) -> Findings:
        """Return the faults, with those of rows that are no records."""
        return Findings(self._faults, tuple(others))

    def notes(self) -> Findings:
        """Return the notes."""
        return Findings(self._notes)

    def _finding(
        self,
        at: NDArray[np.int64],
        header: str,
        rule: str,
        remedy: str,
        value: Callable[[int], str] | None,
    ) -> Finding:
        show = value or self._cell(header)
        return Finding(self._row, at, codes.mask_id_cards(header), rule, remedy, show)

    def _cell(self, header: str) -> Callable[[int], str]:
        """Return what gives a cell as short text, several headers' by ", "."""
        columns = [self._columns[name] for name in _split(header, self._columns)]

        def show(at: int) -> str:
            texts = (_text(column[at].as_py()) for column in columns)
            return shown(", ".join(texts))

        return show


def _split(header: str, columns: Mapping[str, Any]) -> list[str]:
    if header in columns:
        return [header]
    return [name for name in header.split(", ") if name in columns]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)
