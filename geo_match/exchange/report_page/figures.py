"""The figures of a frame as they are shown: what a column is called, how a cell is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.english_names import english_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.exchange.report_page.words import Words

REASON: Final = "reason_"
_WITH_UNIT: Final = ("_m", "_km2")
_FORMS_OF_ENDS: Final[Mapping[str, str]] = {"_share": "share", "_m": "metres"}
_OF_REASON: Final = "："
_NUMERIC: Final = frozenset({"count", "share", "number", "metres"})


@dataclass(frozen=True, slots=True)
class Figures:
    """How a page shows figures.

    Parameters
    ----------
    say
        The page's words.
    published
        Whether a figure that is missing is kept back.
    """

    say: Words
    published: bool

    def label(self, column: str) -> str:
        """Return what a column is called; one that is not coverage's has its own name."""
        found = find_column(column)
        if found is None:
            return column
        chinese = found.chinese
        if column.startswith(REASON):
            chinese = chinese.split(_OF_REASON)[-1]
        if column.endswith(_WITH_UNIT):
            chinese = f"{chinese}（{found.chinese_unit}）"
        return self.say.pick((chinese, english_name(column)))

    def meaning(self, column: str) -> tuple[str, str] | None:
        """Return what a column is called in full and what it means; None if it is the user's."""
        found = find_column(column)
        if found is None:
            return None
        unit = self.say.pick((found.chinese_unit, found.unit))
        name = self.say.pick((found.chinese, self.label(column)))
        bracketed = self.say.pick((f"{name}（{unit}）", f"{name} ({unit})")) if unit else name
        return bracketed, self.say.pick((found.chinese_meaning, found.meaning))

    def is_numeric(self, column: str) -> bool:
        """Return whether a column holds numbers."""
        found = find_column(column)
        return found is not None and found.form in _NUMERIC

    def cell(self, column: str, value: object) -> str:
        """Return a value as it is shown; one that is missing as kept back, or as none."""
        if numbers.is_missing(value):
            return self.missing
        if isinstance(value, tuple | list | np.ndarray):
            return self.say.pick(("、", ", ")).join(map(str, value))
        if isinstance(value, bool | np.bool_):
            return self.say("yes" if value else "no")
        write = numbers.FORMS.get(_form(column, value))
        return str(value) if write is None else write(float(str(value)))

    @property
    def missing(self) -> str:
        """What stands for a figure that is missing."""
        return numbers.KEPT_BACK if self.published else numbers.NONE

    def main_reason(self, row: Mapping[str, object], reasons: Sequence[str]) -> str:
        """Return the reason of most people in a row, and how many they are.

        The first of several as frequent. Where one is kept back it may be the greatest: none is
        named then.
        """
        values = [row[name] for name in reasons]
        if any(map(numbers.is_missing, values)):
            return self.missing
        amounts = [float(str(value)) for value in values]
        most = max(amounts, default=0.0)
        if most <= 0:
            return numbers.NONE
        label = self.label(reasons[amounts.index(most)])
        shown = numbers.amount(most)
        return self.say.pick((f"{label}（{shown}）", f"{label} ({shown})"))


def _form(column: str, value: object) -> str:
    """Return how a column is written: as the dictionary says, else by the end of its name."""
    found = find_column(column)
    if found is not None:
        return found.form
    if isinstance(value, str):
        return "text"
    ends = {end: form for end, form in _FORMS_OF_ENDS.items() if column.endswith(end)}
    return next(iter(ends.values()), "number" if isinstance(value, float) else "text")
