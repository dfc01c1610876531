"""What is wrong with a frame that is to be matched: all of it, gathered and raised once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match import codes
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

_SHOWN: Final = 5
_RULE: Final = "keep the rule of each column"


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that a frame breaks, in however many rows.

    Parameters
    ----------
    frame
        Name of the argument: "seekers", "jobs", "origins" or "employers".
    column
        Of the frame; several by commas where the rule is about them together.
    rule
        What must hold, as the end of the sentence "`column` must …".
    count
        How many rows break it; 0 where it is the column as a whole.
    found
        What was there instead: of rows the first five, by position from 0 and id. ID-card numbers
        are masked.
    remedy
        What the caller can do about it; empty where the rule says it all.
    """

    frame: str
    column: str
    rule: str
    count: int
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        """Say it in one sentence, and the remedy in another."""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"`{self.frame}`, column `{self.column}` must {self.rule}, got {self.found}.{remedy}"


class FrameError(ArgumentError):
    """A frame cannot be matched as it is; `faults` has each rule that it breaks.

    Parameters
    ----------
    faults
        At least one.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].frame, _RULE, "\n".join(map(str, self.faults)))
        self.args = (self.faults,)  # a copy is made from these: pickle

    def __str__(self) -> str:
        """Say each fault on a line of its own."""
        if len(self.faults) == 1:
            return str(self.faults[0])
        lines = "".join(f"\n- {fault}" for fault in self.faults)
        return f"`{self.argument}` must {_RULE}, got {len(self.faults)} faults:{lines}"


class Faults:
    """The faults of one frame, as they are found.

    Parameters
    ----------
    frame
        Name of the argument.
    """

    def __init__(self, frame: str) -> None:
        self.frame = frame
        self.found: list[Fault] = []
        self.ids: pa.Array | None = None
        """Text, (n,), so that a row is told by its id; None where there are none."""
        self.positions: NDArray[np.int64] | None = None
        """(n,): the positions by which rows are told, where they are a part of what was given."""

    def column(self, column: str, rule: str, found: str, remedy: str = "") -> None:
        """Take a fault of a column as a whole."""
        shown = codes.mask_id_cards(found)
        self.found.append(Fault(self.frame, column, rule, 0, shown, remedy))

    def rows(
        self,
        column: str,
        rule: str,
        bad: NDArray[np.bool_],
        value: Callable[[int], object],
        remedy: str = "",
    ) -> None:
        """Take a fault of some rows, if there are any.

        Parameters
        ----------
        bad
            Which rows, (n,).
        value
            Returns what stands in a row, by its position.
        """
        if not bad.any():
            return
        where = np.flatnonzero(bad)
        shown = "; ".join(f"{self._row(at)}: {value(at)!r}" for at in where[:_SHOWN].tolist())
        more = "; …" if len(where) > _SHOWN else ""
        found = f"{len(where):,} of {len(bad):,} that do not ({shown}{more})"
        self.found.append(
            Fault(self.frame, column, rule, len(where), codes.mask_id_cards(found), remedy)
        )

    def _row(self, position: int) -> str:
        name = None if self.ids is None else self.ids[position].as_py()
        if self.positions is not None:
            position = int(self.positions[position])
        return f"position {position}" if name is None else f"position {position}, id {name!r}"


def raise_any(*frames: Faults) -> None:
    """Raise what was found in several frames as one error.

    Raises
    ------
    FrameError
        If there is a fault.
    """
    found = [fault for frame in frames for fault in frame.found]
    if found:
        raise FrameError(found)
