"""Records that payments rest on, one by one, as frames of them are read."""

from __future__ import annotations

import datetime as dt
from dataclasses import MISSING, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_DAY: Final = "dt.date | None"
_FLAG: Final = "bool | None"
_NUMBER: Final = "float | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record; None is what is not known.

    Parameters
    ----------
    known_on
        The day from which on it is known; None for the day that it is of.
    conflicts
        Whether records that differ bear its id, so that none of them proves anything.
    """

    known_on: dt.date | None = None
    conflicts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire(Row):
    """A hire, as in `employments` of the demonstration city.

    Its pay an hour lies from `hourly_low_cny` to `hourly_high_cny`, CNY, as far as they are known.
    """

    id: str
    person: str
    form: str | None
    hired_on: dt.date | None
    left_on: dt.date | None = None
    employer_id: str | None = None
    job_id: str | None = None
    division: str | None = None
    contract_known: bool | None = None
    contract_from: dt.date | None = None
    contract_to: dt.date | None = None
    hours_per_week: float | None = None
    hourly_low_cny: float | None = None
    hourly_high_cny: float | None = None
    claimed_by: str | None = None
    registered_on: dt.date | None = None
    filed_on: dt.date | None = None
    platform_record: str | None = None
    record_origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Row):
    """A person with the groups they belong to; `difficulty` is none for who has none."""

    id: str
    birth_year: float | None = None
    sex: str | None = None
    hukou: str | None = None
    graduate: bool | None = None
    migrant_worker: bool | None = None
    veteran: bool | None = None
    retired_fisherman: bool | None = None
    difficulty: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceGiven(Row):
    """A contact with a person."""

    id: str
    person: str
    on: dt.date | None
    kind: str | None
    operator_id: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Insured(Row):
    """A run of months for which insurance of a hire was paid."""

    employment: str
    kind: str | None
    first_month: dt.date | None
    last_month: dt.date | None
    verified: bool | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Income(Row):
    """A month of income from a hire."""

    employment: str
    month: dt.date | None
    income_cny: float | None = None
    source: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Row):
    """A time for which a person belongs to a group: graduate, …, or registered_unemployed."""

    id: str
    person: str
    group: str
    start: dt.date | None
    end: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell(Row):
    """A time of one employment status, as the ledger has it."""

    person: str
    status: str | None
    start: dt.date | None
    end: dt.date | None = None
    source: str | None = None
    verified_by: str | None = None
    verified_on: dt.date | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Row):
    """A holder of a public-welfare post; `id` is that of the holding, where it has one."""

    job_id: str
    id: str | None = None
    employer_id: str | None = None
    division: str | None = None
    developed_on: dt.date | None = None
    led_by: str | None = None
    holder: str | None = None
    held_from: dt.date | None = None
    held_to: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Row):
    """The survey of a community."""

    community: str
    due_on: dt.date | None = None
    done_on: dt.date | None = None
    entered_on: dt.date | None = None
    complete: bool | None = None
    true_checked: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition(Row):
    """A recognition as a full-employment street or community."""

    kind: str | None
    code: str
    level: str | None = None
    document: str | None = None
    recognised_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Row):
    """An operator or a supervisor, with the divisions that it serves, by semicolons."""

    id: str
    role: str
    districts: str | None = None


R = TypeVar("R", bound=Row)


def read_rows(
    frame: pd.DataFrame | None,
    kind: type[R],
    name: str,
    *,
    key: tuple[str, ...],
    as_of: dt.date,
    one: bool = True,
    own_id: bool = False,
) -> list[R]:
    """Return the records of a frame that are known on a day, in the order of their keys.

    Parameters
    ----------
    frame
        Columns named as the fields; those with a default may be left out. None for no records.
    kind
        What they are.
    name
        Of the frame, for errors.
    key
        Fields that make a record: later versions of it (by `known_on`) replace earlier ones.
    as_of
        Versions known later are left out.
    one
        Whether a key has one record: of several that differ one stays. Else all do. Either way they
        are said to conflict.
    own_id
        Whether the id of a record that has one makes it, whatever the key says: so a correction of
        a field of the key replaces what it corrects.

    Raises
    ------
    ArgumentError
        If a column is missing, or a value is not of its kind.
    """
    if frame is None or frame.empty:
        return []
    columns: dict[str, list[Any]] = {}
    for each in fields(kind):
        if each.name == "conflicts":
            continue
        if each.name not in frame:
            if each.default is MISSING:
                rule = f"have the column {each.name}"
                raise ArgumentError(name, rule, ", ".join(map(str, frame.columns)))
            continue
        columns[each.name] = _values(frame[each.name], each, name)
    rows = [
        kind(**dict(zip(columns, values, strict=True)))
        for values in zip(*columns.values(), strict=True)
    ]
    known = [row for row in rows if row.known_on is None or row.known_on <= as_of]
    return list(_latest(known, key, one=one, own_id=own_id))


def _latest(rows: list[R], key: tuple[str, ...], *, one: bool, own_id: bool) -> Iterable[R]:
    """Yield what stands of each key, in their order, whatever order the rows came in."""
    versions: dict[tuple[str, ...], dict[R, None]] = {}
    for row in rows:
        id_ = getattr(row, "id", None) if own_id else None
        # A key of one id and one of several fields cannot be the same: they differ in length.
        made_by = tuple(str(getattr(row, field)) for field in key) if id_ is None else (id_,)
        versions.setdefault(made_by, {})[row] = None
    for _, found in sorted(versions.items()):
        newest = max(row.known_on or dt.date.min for row in found)
        last = sorted((row for row in found if (row.known_on or dt.date.min) == newest), key=repr)
        if len(last) == 1:
            yield last[0]
        else:
            yield from (replace(row, conflicts=True) for row in (last[:1] if one else last))


def _values(column: pd.Series, each: Any, frame: str) -> list[Any]:  # noqa: ANN401 - dataclasses' Field is generic in what it holds
    read: Callable[[Any], Any] = {_DAY: _day, _FLAG: _flag, _NUMBER: _number}.get(each.type, _text)
    needed = each.type == "str"
    found = []
    for at, value in enumerate(column.tolist()):
        try:
            found.append(None if _is_null(value) else read(value))
        except (ValueError, TypeError) as error:
            rule = f"have {error} in {each.name}"
            raise ArgumentError(frame, rule, f"{value!r} in row {at}") from error
        if needed and not found[-1]:
            raise ArgumentError(frame, f"have no empty {each.name}", f"one in row {at}")
    return found


def _is_null(value: Any) -> bool:  # noqa: ANN401 - a value of a frame, which may be anything
    # Comparing NA gives NA, which has no truth.
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return bool(value != value)  # noqa: PLR0124 - of floats only NaN differs from itself


def _day(value: Any) -> dt.date:  # noqa: ANN401 - as above
    if isinstance(value, dt.datetime):  # a Timestamp is one
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise ValueError("days such as 2025-03-01") from error


def _flag(value: Any) -> bool:  # noqa: ANN401 - as above
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise ValueError("true, false or null")


def _number(value: Any) -> float:  # noqa: ANN401 - as above
    if isinstance(value, (bool, str)) or not np.isfinite(value):
        raise ValueError("numbers or null")
    return float(value)


def _text(value: Any) -> str:  # noqa: ANN401 - as above
    if not isinstance(value, str):
        raise TypeError("texts or null")
    return value
