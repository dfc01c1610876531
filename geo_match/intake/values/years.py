"""Years as lists write them: 2019, 2019年, 2019届, or a month or a day of the year."""

from __future__ import annotations

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
    chunked,
    parse_unique,
    positions,
)
from geo_match.intake.values.days import in_beijing, is_day, read_moment
from geo_match.intake.values.numbers import bounded, is_typed, typed

if TYPE_CHECKING:
    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

_YEAR: Final = re.compile(r"[0-9]{4}(?:\.0*)?")
_SAID: Final = re.compile(r"([0-9]{4})\s*(?:年|届)?")
_MONTH: Final = (
    re.compile(r"(?P<year>[0-9]{4})\s*[-/.年]\s*(?P<month>[0-9]{1,2})\s*(?:月份?)?"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})"),
    re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
)
# Which is the month of 03/04/2019 is not certain; the year is.
_EITHER_WAY: Final = re.compile(r"(?:0?[1-9]|1[0-2])([-/.])(?:0?[1-9]|1[0-2])\1(?P<year>[0-9]{4})")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_SERIAL_FROM: Final = 30_000.0
"""1982: a lower one may well be a year with a digit too many, such as 20190."""
_MONTHS: Final = range(1, 13)
_ALONE: Final = Message("must be the year alone", "It was taken from what stands there.")
_NO_YEAR: Final = Message("must be a year", "Write the year only, such as 2019, or leave it empty.")


def parse_year(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse years; of a month, a day or a spreadsheet's day number the year is taken."""
    del context
    if is_day(column.type):
        value = chunked(pc.cast(pc.year(in_beijing(column)), pa.float64()))
        found = positions(np.isfinite(np.asarray(value.to_numpy(), dtype=np.float64)))
        parsed = Parsed(value).but(notes=[Fault(found, _ALONE.rule, _ALONE.remedy)])
    else:
        texts = typed(column).value if is_typed(column) else column
        parsed = parse_unique(texts, pa.float64(), _read_year)
    return bounded(spec, parsed, whole=True)


def _read_year(text: str, note: Note) -> float:
    if _YEAR.fullmatch(text):
        return float(text)
    year = _year_of(text.removesuffix("毕业").rstrip())
    if year is None:
        raise RefusedError(_NO_YEAR.rule, _NO_YEAR.remedy)
    note(_ALONE)
    return float(year)


def _year_of(text: str) -> int | None:
    """Return the year of what is more than a year, None where it is not certain."""
    if said := _SAID.fullmatch(text):
        return int(said[1])
    for form in _MONTH:
        month = form.fullmatch(text)
        if month is not None and int(month["month"]) in _MONTHS:
            return int(month["year"])
    if either := _EITHER_WAY.fullmatch(text):
        return int(either["year"])
    if _SERIAL.fullmatch(text) and float(text) < _SERIAL_FROM:
        return None
    try:
        return read_moment(text, lambda _: None).year
    except ValueError:
        return None
