"""How far and how long somebody would work: a radius in metres, and most hours a week."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo_match.intake.values.cells import (
    Column,
    Fault,
    Message,
    Parsed,
    RefusedError,
    parse_unique,
    positions,
)
from geo_match.intake.values.numbers import WITH_UNIT, bounded, is_typed, typed
from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

_NUMBER: Final = (
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?"
    r"|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?)"
)
_LENGTH: Final = re.compile(
    rf"{_NUMBER}\s*(?:(?P<m>米|m|met(?:er|re)s?)|(?P<km>公里|千米|km|kilomet(?:er|re)s?))?"
    r"\s*(?:以内|之内|内)?"
)
_HOURS: Final = re.compile(
    rf"(?:每周)?(?:最多|不超过)?\s*{_NUMBER}\s*(?P<unit>个?小时|h|hrs?|hours?)?"
    r"\s*(?:(?:/|每|per|a)\s*(?:周|week))?\s*(?:以内|之内)?"
)
_NO_LIMIT: Final = frozenset(
    ["不限", "不限时", "不限制", "无限制", "没有限制", "nolimit", "nolimits", "unlimited"]
)
_M_PER_KM: Final = 1_000.0
_LEAST_M: Final = 100.0
"""What is less is surely meant in kilometres: nobody looks for work within it."""
_SEPARATED: Final = Message("must be a number without separators", "They were left out.")
_FROM_KM: Final = Message("must be a number of metres", "Kilometres were made metres.")
_HOW_FAR: Final = "Leave it empty for the usual radius, or write metres, such as 3000."
_HOW_LONG: Final = "Write hours a week, such as 40, or leave it empty for no limit."
_TOO_NEAR: Final = Message(
    "must be at least 100 metres; less looks like kilometres",
    "Write metres, such as 3000, or the unit behind the number, such as 3公里.",
)
_NOWHERE: Final = Message(
    "must be above 0 to reach any other place",
    "It was kept; leave it empty for the usual radius.",
)
_NO_HOUR: Final = Message(
    "must be above 0 for any job to fit", "It was kept; leave it empty for no limit."
)


def parse_radius(
    spec: FieldSpec, column: Column, context: Context, *, in_km: bool = False
) -> Parsed:
    """Parse radii to metres; a unit behind a number counts before that of the column.

    Parameters
    ----------
    spec, column, context
        As in `geo_match.intake.values.parse`.
    in_km
        Whether numbers without a unit are kilometres.
    """
    del context
    if is_typed(column):
        parsed = typed(column)
        if in_km:
            metres = np.round(parsed.value.to_numpy() * _M_PER_KM, 3)
            parsed = Parsed(pa.chunked_array([pa.array(metres, from_pandas=True)]))
    else:
        parsed = parse_unique(column, pa.float64(), partial(_read_radius, in_km=in_km))
    parsed = bounded(spec, parsed, whole=False)
    value = np.asarray(parsed.value.to_numpy(), dtype=np.float64)
    near = (value > 0.0) & (value < _LEAST_M)  # false for NaN
    kept = pa.array(np.where(near, np.nan, value), from_pandas=True)
    return parsed.but(
        pa.chunked_array([kept]),
        [Fault(positions(near), _TOO_NEAR.rule, _TOO_NEAR.remedy)],
        [Fault(positions(value == 0.0), _NOWHERE.rule, _NOWHERE.remedy)],
    )


def parse_most_hours(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse most hours a week; 不限 and its like are no limit, which is null."""
    del context
    read = typed(column) if is_typed(column) else parse_unique(column, pa.float64(), _read_hours)
    parsed = bounded(spec, read, whole=False)
    none = positions(np.asarray(parsed.value.to_numpy(), dtype=np.float64) == 0.0)
    return parsed.but(notes=[Fault(none, _NO_HOUR.rule, _NO_HOUR.remedy)])


def _read_radius(text: str, note: Note, *, in_km: bool) -> float:
    match = _LENGTH.fullmatch(text.casefold())
    if match is None:
        raise RefusedError(_FROM_KM.rule, _HOW_FAR)
    value = _number(match, note)
    if match["m"] or (match["km"] and in_km):
        note(WITH_UNIT)
    elif match["km"]:
        note(_FROM_KM)
    is_km = match["km"] or (in_km and not match["m"])
    return round(value * _M_PER_KM, 3) if is_km else value  # a millimetre: 1.001 km is 1001 m


def _read_hours(text: str, note: Note) -> float | None:
    if normalised(text) in _NO_LIMIT:
        return None
    match = _HOURS.fullmatch(text.casefold())
    if match is None:
        raise RefusedError("must be a number of hours a week", _HOW_LONG)
    if match["number"] != text.casefold():
        note(WITH_UNIT)
    return _number(match, note)


def _number(match: re.Match[str], note: Note) -> float:
    number = match["number"]
    if "," in number:
        note(_SEPARATED)
    return float(number.replace(",", ""))
