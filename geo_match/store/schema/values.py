"""Values of a few records one by one: what `columns` does of whole columns, in plain Python.

To make columns of one record takes a hundred times as long as to turn its values. Only what can be
turned in one way is turned here: whatever is unusual is left to `columns`, which knows what is to
become of it, or says what is wrong. A test holds that both make the same of the same.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson
import pyarrow as pa

from geo_match.records.arrow import MEMBER
from geo_match.store.schema.columns import as_json, record_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.000000")
_MEMBER: Final = tuple(field.name for field in MEMBER)
_LARGEST: Final = 1 << 63


class UnusualError(Exception):
    """A value that is left to `geo_match.store.schema.columns`; it never leaves the store."""


def typed_values(kind: str, kept: Sequence[Any]) -> dict[str, Any]:
    """Return the fields of one record, typed as `record_schema` says, from their kept form.

    Parameters
    ----------
    kept
        A database's row, in the order of the kind's fields.

    Raises
    ------
    UnusualError
        If one of them is not as the store writes it.
    """
    return {
        name: None if value is None else turn(value)
        for (name, turn), value in zip(_to_typed(kind), kept, strict=True)
    }


def kept_values(kind: str, typed: Sequence[Any]) -> tuple[Any, ...]:
    """Return the fields of one record in kept form, in their order.

    Parameters
    ----------
    typed
        Of the types of `record_schema` as Arrow gives them to Python, None where there is none.

    Raises
    ------
    UnusualError
        If one of them is no usual value of its type.
    """
    return tuple(
        None if value is None else turn(value)
        for turn, value in zip(_to_kept(kind), typed, strict=True)
    )


def is_kept(kind: str, kept: Sequence[Any]) -> bool:
    """Return whether the values of a database's row are of the types that the store writes."""
    return all(
        value is None or type(value) is of for of, value in zip(_kept(kind), kept, strict=True)
    )


@cache
def _kept(kind: str) -> tuple[type, ...]:
    return tuple(_kept_type(field.type) for field in record_schema(kind))


def _kept_type(kind: pa.DataType) -> type:
    if kind == pa.int64() or kind == pa.bool_():
        return int
    return float if kind == pa.float64() else str


@cache
def _to_typed(kind: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple((field.name, _typer(field.type)) for field in record_schema(kind))


def _typer(kind: pa.DataType) -> Callable[[Any], Any]:
    """Return what turns a kept value, which is not null, into one of a type."""
    special: dict[pa.DataType, Callable[[Any], Any]] = {
        pa.bool_(): _flag,
        pa.date32(): _day,
        pa.timestamp("s"): _moment,
        pa.list_(pa.string()): _texts,
        pa.list_(MEMBER): _members,
    }
    return special.get(kind) or _same(_kept_type(kind))


def _same(of: type) -> Callable[[Any], Any]:
    def turn(value: Any) -> Any:  # noqa: ANN401 - a value of this type
        if type(value) is not of:
            raise UnusualError
        return value

    return turn


def _flag(kept: object) -> bool:
    if type(kept) is not int:
        raise UnusualError
    return kept != 0


def _day(kept: object) -> dt.date:
    if type(kept) is not str or _DAY.fullmatch(kept) is None:
        raise UnusualError
    try:
        return dt.date.fromisoformat(kept)
    except ValueError:
        raise UnusualError from None


def _moment(kept: object) -> dt.datetime:
    if type(kept) is not str or _MOMENT.fullmatch(kept) is None:
        raise UnusualError
    try:
        return dt.datetime.fromisoformat(kept)
    except ValueError:
        raise UnusualError from None


def _texts(kept: object) -> list[str]:
    values = _listed(kept)
    if not all(type(one) is str for one in values):
        raise UnusualError
    return values


def _members(kept: object) -> list[dict[str, Any]]:
    year, status = _MEMBER
    members = []
    for one in _listed(kept):
        if type(one) is not dict or not one.keys() <= {year, status}:
            raise UnusualError
        born, now = one.get(year), one.get(status)
        if born is not None:
            _whole(born)
        if now is not None:
            _text(now)
        members.append({year: born, status: now})
    return members


def _listed(kept: object) -> list[Any]:
    if type(kept) is not str:
        raise UnusualError
    try:
        values = orjson.loads(kept)
    except ValueError:
        raise UnusualError from None
    if type(values) is not list:
        raise UnusualError
    return values


@cache
def _to_kept(kind: str) -> tuple[Callable[[Any], Any], ...]:
    return tuple(_keeper(field.type) for field in record_schema(kind))


def _keeper(kind: pa.DataType) -> Callable[[Any], Any]:
    """Return what turns a value of a type, which is not null, into its kept form."""
    special: dict[pa.DataType, Callable[[Any], Any]] = {
        pa.int64(): _whole,
        pa.float64(): _number,
        pa.bool_(): _as_flag,
        pa.date32(): _as_day,
        pa.timestamp("s"): _as_moment,
        pa.list_(pa.string()): _as_texts,
        pa.list_(MEMBER): _as_members,
    }
    return special.get(kind) or _text


def _text(value: object) -> str:
    if type(value) is not str:
        raise UnusualError
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        raise UnusualError from None
    return value


def _whole(value: object) -> int:
    if type(value) is not int or not -_LARGEST <= value < _LARGEST:
        raise UnusualError
    return value


def _number(value: object) -> float | None:
    if type(value) is not float:
        raise UnusualError
    return None if value != value else value  # noqa: PLR0124 - a NaN, which SQLite keeps as null


def _as_flag(value: object) -> int:
    if type(value) is not bool:
        raise UnusualError
    return int(value)


def _as_day(value: object) -> str:
    if type(value) is not dt.date:
        raise UnusualError
    return value.isoformat()


def _as_moment(value: object) -> str:
    if type(value) is not dt.datetime or value.tzinfo is not None or value.microsecond:
        raise UnusualError
    return value.isoformat(" ", "microseconds")


def _as_texts(value: object) -> str:
    if type(value) is not list:
        raise UnusualError
    return as_json([_text(one) for one in value])


def _as_members(value: object) -> str:
    year, status = _MEMBER
    if type(value) is not list:
        raise UnusualError
    for one in value:
        if type(one) is not dict or one.keys() != {year, status}:
            raise UnusualError
        if one[year] is not None:
            _whole(one[year])
        if one[status] is not None:
            _text(one[status])
    return as_json(value)
