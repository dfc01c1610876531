"""Numbers: with a point and nothing else, or with the word of their unit behind them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.intake.values.cells import (
    Column,
    Fault,
    Message,
    Parsed,
    RefusedError,
    beyond,
    chunked,
    moved,
    parse_unique,
    positions,
    raw_text,
)
from geo_match.intake.values.wages import BY_MONTH, SURELY_MONTHLY, read_monthly_wage, read_pay

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

_WHOLE_RE2: Final = r"^[+-]?[0-9]{1,15}$"  # which float64, too, holds exactly
_NUMBER_RE2: Final = r"^[+-]?([0-9]{1,15}\.?[0-9]{0,20}|\.[0-9]{1,20})$"
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_UNIT: Final = re.compile(r"(?<=[0-9]) ?(?:人次|人|名|个|位|岁|周岁|年|户|口|米|小时|元)$")
_SOME: Final = frozenset(
    ["若干", "若干名", "若干人", "数名", "数人", "数个", "多名", "多人", "不限", "不限人数"]
)
_UNCOUNTED: Final = Message(
    "must be a number; a word says only that there are some", "It was taken for not stated."
)
WITH_UNIT: Final = Message("must be a number without its unit", "The unit was left out.")
_MONTHLY: Final = "wage_floor_cny"
_PAY: Final = ("wage_low_cny", "wage_high_cny")
_INT64: Final = pa.int64()
_LARGEST: Final = 2.0**53


def parse_whole(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse whole numbers."""
    del context
    if is_typed(column):
        alone: Column = pa.scalar(True)  # noqa: FBT003 - a value, not a flag
        parsed = bounded(spec, typed(column), whole=True)
    else:
        alone = pc.match_substring_regex(raw_text(column), _WHOLE_RE2)
        read = read_monthly_wage if spec.name == _MONTHLY else _read_number
        parsed = bounded(spec, _from_text(column, _WHOLE_RE2, read), whole=True)
    if spec.name != _MONTHLY:
        return parsed
    # An amount with words beside it was judged where it was read.
    low = pc.and_(pc.greater(parsed.value, 0), pc.less(parsed.value, int(SURELY_MONTHLY)))
    doubtful = positions(pc.and_(low, alone))
    return parsed.but(notes=[Fault(doubtful, BY_MONTH.rule, BY_MONTH.remedy)])


def parse_number(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse numbers."""
    del context
    if is_typed(column):
        return bounded(spec, typed(column), whole=False)
    read = read_pay if spec.name in _PAY else _read_number
    return bounded(spec, _from_text(column, _NUMBER_RE2, read), whole=False)


def parse_degrees(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse degrees; their bounds are judged in pairs, with the place."""
    del spec, context
    if is_typed(column):
        return _finite(typed(column))
    return _finite(_from_text(column, _NUMBER_RE2, _read_degrees))


def is_typed(column: Column) -> bool:
    """Return whether a column holds numbers, not texts of them."""
    kind = column.type
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def typed(column: Column) -> Parsed:
    """Return a column of numbers as float64, null where there is none."""
    value = chunked(pc.cast(column, pa.float64(), safe=False))
    return Parsed(pc.if_else(pc.is_nan(value), pa.scalar(None, pa.float64()), value))


def _from_text(column: Column, usual: str, read: Callable[[str, Note], object | None]) -> Parsed:
    """Return texts as float64: the usual ones at once, the others each different one once."""
    text = raw_text(column)
    plain = pc.match_substring_regex(text, usual)
    number = pc.utf8_ltrim(pc.if_else(plain, text, pa.scalar(None, pa.string())), "+")
    value = chunked(pc.cast(number, pa.float64()))
    other = positions(pc.and_not(pc.not_equal(text, ""), plain))
    if not len(other):
        return Parsed(value)
    parsed = parse_unique(text.take(pa.array(other)), pa.float64(), read)
    values = np.array(value.to_numpy(), dtype=np.float64)
    values[other] = parsed.value.to_numpy()
    return Parsed(
        pa.chunked_array([pa.array(values, from_pandas=True)]),
        moved(parsed.faults, other),
        moved(parsed.notes, other),
    )


def _finite(parsed: Parsed) -> Parsed:
    infinite = positions(pc.is_inf(parsed.value))
    if not len(infinite):
        return parsed
    value = pc.if_else(pc.is_inf(parsed.value), pa.scalar(None, pa.float64()), parsed.value)
    return parsed.but(
        value, [Fault(infinite, "must be a finite number", "Look the figure up again.")]
    )


def bounded(spec: FieldSpec, parsed: Parsed, *, whole: bool) -> Parsed:
    """Return numbers with those left out, as faults, that are not whole or beyond their bounds."""
    parsed = _finite(parsed)
    value: NDArray[Any] = np.asarray(parsed.value.to_numpy(), dtype=np.float64)
    known = ~np.isnan(value)
    faults = []
    bad = np.zeros(len(value), dtype=np.bool_)
    if whole:
        with np.errstate(invalid="ignore"):
            bad = known & (value != np.floor(value))
        faults.append(Fault(positions(bad), "must be a whole number", "Round it, or mend it."))
        if spec.most is None:
            huge = known & (np.abs(value) > _LARGEST)
            faults.append(
                Fault(positions(huge), "must be at most 2**53", "Look the figure up again.")
            )
            bad = bad | huge
    is_year = spec.name.endswith("_year")
    out, fault = beyond(value, known & ~bad, spec.least, spec.most, of_years=is_year)
    if fault is not None:
        faults.append(fault)
    good = known & ~bad & ~out
    if whole:
        values = pa.array(np.where(good, value, 0).astype(np.int64), mask=~good)
    else:
        values = pa.array(np.where(good, value, 0.0) + 0.0, mask=~good)
    return parsed.but(pa.chunked_array([values]), faults)


def _read_number(text: str, note: Note) -> float | None:
    """Return a number that is not written in the usual way."""
    if text in _SOME:
        note(_UNCOUNTED)
        return None
    bare = _UNIT.sub("", text)
    if _NUMBER.fullmatch(bare) is None:
        raise RefusedError(
            "must be a number", "Write digits with a decimal point, without separators or words."
        )
    if bare != text:
        note(WITH_UNIT)
    value = float(bare)
    return math.inf if math.isinf(value) else value


def _read_degrees(text: str, note: Note) -> float:
    del note
    if _NUMBER.fullmatch(text) is None:
        raise RefusedError(
            "must be a number of degrees",
            "Write decimal degrees such as 117.3596, with a point and without separators, units "
            "or degree signs.",
        )
    return float(text)
