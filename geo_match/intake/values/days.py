"""Days and times as lists write them, in the forms that can be read in one way only.

A day is 2025-03-01, 2025/3/1, 2025.3.1, 2025年3月1日, 20250301 or a spreadsheet's day number.
03/04/2025 could be two days and is refused; 25/12/2025 could not, and is taken with a note. A
time with a zone becomes Beijing's, UTC+8, as one without a zone is.

A day that has not come yet is noted, but for the fields in which it is usual (`MAY_COME`); the
time of a version must not lie after today, or it would outrank every later version.
"""

from __future__ import annotations

import datetime as dt
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

if TYPE_CHECKING:
    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

MAY_COME: Final = frozenset({"closed_on", "end", "next_contact_on", "entered_on"})
"""Fields of days that usually lie ahead, or may well do so."""
_YEAR_FIRST: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})"
    r"|\.([0-9]{1,2})\.([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号]?|([0-9]{2})([0-9]{2}))"
)
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_MONTH_ONLY: Final = re.compile(r"[0-9]{4}(?:[-/.]?[0-9]{1,2}|年(?:[0-9]{1,2}月)?)?")
_TIME: Final = re.compile(
    r"(?:[T ]|(?<=[日号]))\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
    r" ?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_BEIJING: Final = dt.timezone(dt.timedelta(hours=8))
_SERIAL_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a calendar, no zone
_SERIAL_FROM, _SERIAL_TO = 10_000, 73_050  # five digits: 1927 to 2099
FIRST_YEAR, LAST_YEAR = 1900, 2100
_IN_RANGE: Final = f"must lie between {FIRST_YEAR} and {LAST_YEAR}"
_MONTHS: Final = 12
_HOW: Final = "Write it such as 2025-03-01."
_BY_SERIAL: Final = Message(
    "must be written as a day", "A spreadsheet's day number was taken for the day that it means."
)
_DAY_FIRST: Final = Message(
    "must be written year first", "It could be read in one way only, and was."
)
_LATER: Final = "must not lie after today"


def parse_day(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse days; a time behind a day is passed over."""
    if is_day(column.type):
        parsed = Parsed(chunked(pc.cast(in_beijing(column), pa.date32(), safe=False)))
    else:
        parsed = parse_unique(
            column, pa.date32(), lambda text, note: read_moment(text, note).date()
        )
    parsed = _in_range(parsed)
    if spec.name in MAY_COME:
        return parsed
    later = positions(pc.greater(parsed.value, pa.scalar(context.now, pa.date32())))
    return parsed.but(notes=[Fault(later, _LATER, "It was kept; is it meant?")])


def parse_moment(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse times of versions; a day alone is its first second."""
    del spec
    if is_day(column.type):
        parsed = Parsed(chunked(pc.cast(in_beijing(column), pa.timestamp("s"), safe=False)))
    else:
        parsed = parse_unique(column, pa.timestamp("s"), read_moment)
    parsed = _in_range(parsed)
    tomorrow = dt.datetime.combine(context.now + dt.timedelta(days=1), dt.time())
    later = pc.greater_equal(parsed.value, pa.scalar(tomorrow, pa.timestamp("s")))
    at = positions(later)
    if not len(at):
        return parsed
    value = pc.if_else(later, pa.scalar(None, parsed.value.type), parsed.value)
    remedy = "Write when this version was made: one from the future would outrank all others."
    return parsed.but(value, [Fault(at, _LATER, remedy)])


def is_day(kind: pa.DataType) -> bool:
    """Return whether a column of this type holds days or times, not texts of them."""
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))


def in_beijing(column: Column) -> Column:
    """Return typed times without a zone, as Beijing's clock has them."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return pc.local_timestamp(pc.cast(column, pa.timestamp(kind.unit, tz="Asia/Shanghai")))
    return column


def _in_range(parsed: Parsed) -> Parsed:
    year = pc.fill_null(chunked(pc.year(parsed.value)), FIRST_YEAR).to_numpy()
    out = (year < FIRST_YEAR) | (year > LAST_YEAR)
    if not out.any():
        return parsed
    null = pa.scalar(None, parsed.value.type)
    return parsed.but(
        pc.if_else(pa.chunked_array([pa.array(out)]), null, parsed.value),
        [Fault(positions(np.asarray(out)), _IN_RANGE, _HOW)],
    )


def read_moment(text: str, note: Note) -> dt.datetime:
    """Return a day or a time without a zone."""
    time = _TIME.search(text)
    if time is not None and time.end() == len(text) and time.start() > 0:
        day = _day(text[: time.start()], note)
        return _with_time(day, time)
    if _SERIAL.fullmatch(text):
        serial = float(text)
        if _SERIAL_FROM <= serial < _SERIAL_TO:
            note(_BY_SERIAL)
            return _SERIAL_EPOCH + dt.timedelta(seconds=round(serial * 86_400))
    return dt.datetime.combine(_day(text, note), dt.time())


def _with_time(day: dt.date, time: re.Match[str]) -> dt.datetime:
    hour, minute, second, zone = time.group(1, 2, 3, 4)
    try:
        clock = dt.time(int(hour), int(minute), int(second or 0))
    except ValueError:
        raise RefusedError("must have a time of day that a clock shows", _HOW) from None
    moment = dt.datetime.combine(day, clock)
    if zone is None:
        return moment
    if zone == "Z":
        offset = dt.timedelta()
    else:
        offset = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        offset = -offset if zone[0] == "-" else offset
    try:
        return (moment.replace(tzinfo=dt.timezone(offset)).astimezone(_BEIJING)).replace(
            tzinfo=None
        )
    except (ValueError, OverflowError):
        raise RefusedError("must have an offset from UTC that a zone has", _HOW) from None


def _day(text: str, note: Note) -> dt.date:
    bare = "".join(text.split())
    if match := _YEAR_FIRST.fullmatch(bare):
        year, month, day = (int(part) for part in match.groups() if part is not None)
        return _on_calendar(year, month, day)
    if match := _YEAR_LAST.fullmatch(bare):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if first <= _MONTHS and second <= _MONTHS and first != second:
            raise RefusedError(
                "must be written year first: day and month could be either way round", _HOW
            )
        found = _on_calendar(year, min(first, second), max(first, second))
        note(_DAY_FIRST)
        return found
    if _MONTH_ONLY.fullmatch(bare):
        raise RefusedError("must name a day, not only a month or a year", _HOW)
    raise RefusedError("must be a day", _HOW)


def _on_calendar(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise RefusedError(
            "must be a day that the calendar has", "Look the day up again."
        ) from None
