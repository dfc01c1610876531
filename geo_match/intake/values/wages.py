"""Wages as postings state them: 3000-4500元/月, 120元/天, 18元/小时, 3千-5千, 面议."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.intake.values.cells import Message, RefusedError
from geo_match.taxonomy import DAYS_PER_MONTH, HOURS_PER_MONTH, WAGE_SOURCE, wage_to_month

if TYPE_CHECKING:
    from geo_match.intake.values.cells import Note

_OPEN: Final = frozenset(
    ["面议", "薪资面议", "工资面议", "待遇面议", "面谈", "详谈", "电议", "不限", "无要求"]
)
_AS_AGREED: Final = Message(
    "must state a wage; this word leaves it open", "It was taken for not stated."
)
_ZERO: Final = Message("must be above 0 where a wage is stated", "0 was taken for not stated.")
BY_MONTH: Final = Message(
    "must say what the wage is for: a month, a day or an hour", "It was taken for a month's."
)
_CONVERTED: Final = Message(
    "must be a month's wage",
    f"A day's was counted {DAYS_PER_MONTH:g} times, an hour's {HOURS_PER_MONTH:g} times "
    f"({WAGE_SOURCE}).",
)
_LEAST_TAKEN: Final = Message(
    "must be one wage; this is a range", "Its lower end was taken, as the least accepted."
)
_NO_LEAST: Final = Message(
    "must be the least wage accepted; this is the most", "It was taken for not stated."
)
_ABOUT: Final = Message(
    "must be an amount or a range; 左右 leaves open how far about it",
    "The amount itself was taken.",
)
_HOW: Final = "Write it such as 3000-4500元/月, 120元/天 or 18元/小时, or 面议."
_NUMBER: Final = r"([0-9]+(?:\.[0-9]+)?)(万|千|k|w)?"
_WAGE: Final = re.compile(
    rf"(?P<minus>-)?(?:¥|rmb|人民币)?{_NUMBER}(?:元)?"
    rf"(?:(?:-|--|~|～|—|–|至|到){_NUMBER}(?:元)?)?"
    r"(?P<open>以上|起|以下|以内)?(?P<about>左右)?(?:元)?"
    r"(?:(?:/|每|一|\(|（)?(?P<unit>个月|月|month|天|日|day|小时|时|h|hour)(?:\)|）)?)?"
    r"(?P<open2>以上|起|以下|以内)?"
)
_UNITS: Final = {
    **dict.fromkeys(("个月", "月", "month"), "month"),
    **dict.fromkeys(("天", "日", "day"), "day"),
    **dict.fromkeys(("小时", "时", "h", "hour"), "hour"),
}
_TIMES: Final = {"万": 10_000.0, "w": 10_000.0, "千": 1_000.0, "k": 1_000.0, None: 1.0}
SURELY_MONTHLY: Final = 1_000.0
"""No day's wage is as high; below it the unit must be stated."""
_IN_FULL: Final = 100.0
"""A lower number before one of 千 or 万 is counted in these too."""
_MOST: Final = 1_000_000.0
_TOO_HIGH: Final = f"must be at most {_MOST:,.0f}"


@dataclass(frozen=True, slots=True)
class Wage:
    """A wage as stated.

    Parameters
    ----------
    low, high
        CNY a unit; None for an end that is open.
    unit
        `month`, `day` or `hour`; None where nothing says it.
    """

    low: float | None
    high: float | None
    unit: str | None


def read_wage(
    text: str, note: Note, *, unit: str | None = None, unit_known: bool = False
) -> Wage | None:
    """Return a wage as a posting states it; None where it is left open.

    Parameters
    ----------
    text
        As `parse_unique` gives it.
    note
        Takes what is doubtful.
    unit
        What the column's header says that it is for, `month`, `day` or `hour`; None if it does
        not. What the text says counts more.
    unit_known
        Whether a column of units says what it is for; it counts more than the header.

    Raises
    ------
    RefusedError
        If it is no wage, below zero, or the higher end comes first.
    """
    wage = _read(text, note)
    if wage is None or wage.unit is not None or unit_known:
        return wage
    if unit is not None:
        return Wage(wage.low, wage.high, unit)
    if min(end for end in (wage.low, wage.high) if end is not None) < SURELY_MONTHLY:
        raise RefusedError(BY_MONTH.rule, _HOW)
    note(BY_MONTH)
    return Wage(wage.low, wage.high, "month")


def read_monthly_wage(text: str, note: Note) -> float | None:
    """Return the least wage that somebody accepts, CNY a month, whole."""
    wage = _read(text, note, zero=0.0)
    if wage is None:
        return None
    if wage.low is not None and wage.high is not None and wage.low != wage.high:
        note(_LEAST_TAKEN)
    least = wage.low
    if least is None:
        note(_NO_LEAST)
        return None
    if wage.unit is None and 0.0 < least < SURELY_MONTHLY:
        note(BY_MONTH)
    if wage.unit in {None, "month"}:
        return least
    note(_CONVERTED)
    return float(round(wage_to_month(least, str(wage.unit))))


def read_pay(text: str, note: Note) -> float | None:
    """Return one end of a wage, whose unit stands in a column of its own."""
    wage = _read(text, note, zero=0.0)
    if wage is None:
        return None
    if wage.unit is not None or wage.low != wage.high:
        raise RefusedError(
            "must be one amount of CNY, its unit in a column of its own",
            "Write the amount alone, or the whole wage in a column 薪资 such as 3000-4500元/月.",
        )
    return wage.low


def _read(text: str, note: Note, *, zero: float | None = None) -> Wage | None:
    bare = "".join(text.casefold().split())
    if bare in _OPEN:
        note(_AS_AGREED)
        return None
    match = _WAGE.fullmatch(bare)
    if match is None:
        raise RefusedError("must be a wage", _HOW)
    if match["minus"]:
        raise RefusedError("must not be a wage below 0", _HOW)
    low, high = _ends(match)
    if low > high:
        raise RefusedError("must have its lower wage before the higher", _HOW)
    if high > _MOST:
        raise RefusedError(_TOO_HIGH, _HOW)
    if match["about"]:
        note(_ABOUT)
    unit = _UNITS.get(match["unit"]) if match["unit"] else None
    if high == 0.0 and zero is None:
        note(_ZERO)
        return None
    open_end = match["open"] or match["open2"] if match.group(4) is None else None
    if open_end in {"以上", "起"}:
        return Wage(low, None, unit)
    if open_end in {"以下", "以内"}:
        return Wage(None, high, unit)
    return Wage(low, high, unit)


def _ends(match: re.Match[str]) -> tuple[float, float]:
    """Return the two ends of a wage, CNY, which are one if it is no range."""
    first, times, second, second_times = match.group(2, 3, 4, 5)
    low = float(first) * _TIMES[times]
    if second is None:
        return low, low
    high = float(second) * _TIMES[second_times]
    shared = float(first) * _TIMES[second_times]
    # 3-5千, but not 3000-4k; 5-4千 has its higher end first.
    if times is None and (shared <= high or low < _IN_FULL):
        low = shared
    return low, high
