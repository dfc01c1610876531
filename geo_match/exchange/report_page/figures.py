"""The figures of a frame as they are shown: what a column is called, how a cell is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.publication.digits import share_of
from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.charts import percent_of
from geo_match.exchange.report_page.english_names import english_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.exchange.report_page.words import Words

REASON: Final = "reason_"
LOST: Final = "lost_on_foot_"
_WITH_UNIT: Final = ("_m", "_km2")
_FORMS_OF_ENDS: Final[Mapping[str, str]] = {"_share": "share", "_m": "metres"}
_OF_REASON: Final = "："
_BASES: Final[Mapping[str, str]] = {"located_share": "people", "below_share": "people"}
"""Of whom a share is; figures of a distribution are of the located, as other shares are."""
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
    most_error
        How far a count may be from what it is of, at least 0.
    steps
        Column → what its figures are multiples of, of those that are rounded so.
    """

    say: Words
    published: bool
    most_error: int = 0
    steps: Mapping[str, float] = field(default_factory=dict)

    def head(self, column: str) -> str:
        """Return what stands above a column: what it is called, and how it is rounded."""
        label, step = self.label(column), self.steps.get(column)
        return label if step is None else self.say("to_step", label=label, step=f"{step:,.15g}")

    def label(self, column: str) -> str:
        """Return what a column is called; one that is not coverage's has its own name."""
        found = find_column(column)
        if found is None:
            return column
        chinese = found.chinese
        if column.startswith((REASON, LOST)):
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
        step = self.steps.get(column)
        if step is not None and value == 0:
            # Rounded to none: what was there is at most half a step, seldom nothing.
            return f"≤{step / 2:,.15g}"
        form = _form(column, value)
        if form == "share":
            return self._share(float(str(value)))
        write = numbers.FORMS.get(form)
        return str(value) if write is None else write(float(str(value)))

    def cell_of(self, row: Mapping[str, object], column: str) -> str:
        """Return a value of a row as it is shown: of nobody no share is kept back, there is none.

        Parameters
        ----------
        row
            Its values by their columns.
        """
        known = find_column(column)
        is_count = known is None or (known.form == "count" and percent_of(column) is None)
        if not is_count and numbers.is_missing(row[column]):
            base = row.get(_BASES.get(column, "located"))
            if not numbers.is_missing(base) and float(str(base)) == 0:
                return numbers.NONE
        return self.cell(column, row[column])

    def share_of(self, part: object, whole: object) -> str:
        """Return the share of two counts as it is shown; missing where one of them is."""
        if numbers.is_missing(part) or numbers.is_missing(whole):
            return self.missing
        above, below = float(str(part)), float(str(whole))
        if below <= 0:
            return numbers.NONE
        if not self.most_error:
            return self._share(min(above / below, 1.0))
        found = share_of(np.array([above]), np.array([below]), self.most_error)
        return self._share(float(found[0]))

    def _share(self, value: float) -> str:
        return numbers.rough_share(value) if self.published else numbers.share(value)

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
