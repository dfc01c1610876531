"""Columns of the frames that are judged: taken by name and kind, and checked before anything."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numpy.typing import NDArray

Kind = Literal["text", "day", "number", "flag"]

_LISTED: Final = 5
_FLAGS: Final = {True: True, False: False}


def take(
    frame: object,
    argument: str,
    columns: Mapping[str, Kind],
    *,
    required: Collection[str] = (),
    filled: Collection[str] = (),
) -> pd.DataFrame:
    """Return some columns of a frame in one form, with a fresh index; the frame stays as it is.

    Parameters
    ----------
    frame
        Of any columns and rows.
    argument
        Its name, for messages.
    columns
        Those that are taken, by name, and what they hold: text (object, None for null), day
        (datetime64[s], NaT), number (float64, NaN), flag (object of True, False and None).
    required
        Those that must be there; a column that is not is null throughout.
    filled
        Those of which no value may be null.

    Returns
    -------
    pandas.DataFrame
        The columns in their order, (n,).

    Raises
    ------
    ArgumentError
        If it is no frame, a column is missing or repeated, or values are of another kind or null
        where they must not be.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentError(argument, "be a DataFrame", type(frame).__name__)
    missing = [name for name in required if name not in frame.columns]
    if missing:
        found = ", ".join(map(str, frame.columns)) or "none"
        rule = f"have the columns {', '.join(required)}"
        raise ArgumentError(argument, rule, found, f"Without {', '.join(missing)} it says nothing.")
    repeated = [name for name in columns if (frame.columns == name).sum() > 1]
    if repeated:
        raise ArgumentError(argument, "have each column once", f"{repeated[0]!r} more than once")
    taken = {
        name: _as(frame[name], f"{argument}.{name}", kind)
        if name in frame.columns
        else _null(kind, len(frame))
        for name, kind in columns.items()
    }
    made = pd.DataFrame(taken, index=pd.RangeIndex(len(frame)))
    for name in filled:
        empty = made[name].isna().to_numpy()
        if empty.any():
            column = f"{argument}.{name}"
            raise ArgumentError(column, "not be null", _rows(empty))
    return made


def check_unique(frame: pd.DataFrame, column: str, argument: str) -> None:
    """Check that no value of a column stands twice.

    Raises
    ------
    ArgumentError
        If one does.
    """
    again = frame[column].duplicated().to_numpy()
    if again.any():
        rule = "be different in each row"
        name = f"{argument}.{column}"
        found = f"{frame[column][again].iloc[0]!r} more than once"
        raise ArgumentError(name, rule, found, "Keep the newest of each.")


def check_words(values: pd.Series, words: Collection[str], name: str) -> None:
    """Check that every text is one of some words, or null.

    Raises
    ------
    ArgumentError
        If one is not.
    """
    wrong = values.notna() & ~values.isin(list(words))
    if wrong.any():
        raise ArgumentError(
            name, f"be one of {', '.join(words)}, or null", repr(values[wrong].iloc[0])
        )


def check_day(day: object, argument: str) -> dt.date:
    """Return a day.

    Raises
    ------
    ArgumentError
        If it is no date, or has a time.
    """
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise ArgumentError(argument, "be a date without a time", repr(day))
    return day


def gathered(place: NDArray[np.integer], ids: Iterable[str], n: int) -> NDArray[np.object_]:
    """Return for each of some places the ids that belong to it.

    Parameters
    ----------
    place
        From 0 to below `n`, (m,).
    ids
        Of m records.
    n
        How many places there are.

    Returns
    -------
    numpy.ndarray
        Tuples of ids in their order, each once, objects, (n,); empty ones where there is none.

    Examples
    --------
    >>> gathered(np.array([1, 1, 1]), ["b", "a", "b"], 2).tolist()
    [(), ('b', 'a')]
    """
    lists: list[list[str]] = [[] for _ in range(n)]
    for at, one in zip(place.tolist(), ids, strict=True):
        lists[at].append(one)
    told = np.empty(n, dtype=object)
    for at, some in enumerate(lists):
        told[at] = tuple(dict.fromkeys(some))
    return told


def to_days(values: pd.Series) -> NDArray[np.datetime64]:
    """Return a column of days as datetime64[D], (n,)."""
    return values.to_numpy(dtype="M8[D]")


def from_days(days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return days as the columns of frames hold them, datetime64[s], (n,)."""
    return days.astype("M8[s]")


def _as(values: pd.Series, name: str, kind: Kind) -> pd.Series:
    plain = values.astype(object).where(values.notna(), None)
    plain.index = pd.RangeIndex(len(plain))
    match kind:
        case "text":
            return _texts(plain, name)
        case "day":
            return _days(values.reset_index(drop=True), plain, name)
        case "number":
            return _numbers(plain, name)
        case "flag":
            return _flags(plain, name)


def _texts(plain: pd.Series, name: str) -> pd.Series:
    wrong = np.array([not isinstance(one, str | None) for one in plain], dtype=np.bool_)
    _refuse(plain, wrong, name, "hold texts")
    return plain


def _days(values: pd.Series, plain: pd.Series, name: str) -> pd.Series:
    if not pd.api.types.is_datetime64_dtype(values.dtype):
        wrong = np.array([not _is_day(one) for one in plain], dtype=np.bool_)
        _refuse(plain, wrong, name, "hold days without a zone")
        texts = [None if one is None else one.isoformat()[:10] for one in plain]
        return pd.Series(np.array(texts, dtype="M8[s]"), index=plain.index)
    days = values.dt.normalize()
    _refuse(plain, (values.notna() & (days != values)).to_numpy(), name, "hold days without a time")
    kept: pd.Series = days.astype("M8[s]")
    return kept


def _is_day(one: object) -> bool:
    if isinstance(one, dt.datetime):
        return one.tzinfo is None and one.time() == dt.time()
    return one is None or isinstance(one, dt.date)


def _numbers(plain: pd.Series, name: str) -> pd.Series:
    wrong = np.array(
        [
            one is not None and (isinstance(one, bool | np.bool_) or not _is_number(one))
            for one in plain
        ],
        dtype=np.bool_,
    )
    _refuse(plain, wrong, name, "hold numbers")
    numbers: pd.Series = plain.astype(np.float64)
    return numbers


def _is_number(one: object) -> bool:
    return isinstance(one, int | float | np.integer | np.floating) and bool(np.isfinite(one))


def _flags(plain: pd.Series, name: str) -> pd.Series:
    wrong = np.array([not isinstance(one, bool | np.bool_ | None) for one in plain], dtype=np.bool_)
    _refuse(plain, wrong, name, "hold true and false")
    flags: pd.Series = plain.map(_FLAGS).astype(object).where(plain.notna(), None)
    return flags


def _refuse(values: pd.Series, wrong: NDArray[np.bool_], name: str, rule: str) -> None:
    if wrong.any():
        first = values[wrong].iloc[0]
        raise ArgumentError(name, f"{rule}, or null", f"{first!r} in {_rows(wrong)}")


def _rows(wrong: NDArray[np.bool_]) -> str:
    where = np.flatnonzero(wrong)
    listed = ", ".join(map(str, where[:_LISTED].tolist()))
    more = len(where) - _LISTED
    return f"rows {listed}" + (f" and {more:,} more" if more > 0 else "")


def _null(kind: Kind, n: int) -> pd.Series:
    match kind:
        case "day":
            return pd.Series(np.full(n, np.datetime64("NaT", "s")))
        case "number":
            return pd.Series(np.full(n, np.nan))
        case _:
            return pd.Series(np.full(n, None, dtype=object), dtype=object)
