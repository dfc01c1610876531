"""Columns of frames as arrays: days as whole numbers, texts as codes; missing is a number too."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NO_DAY: Final = -1_000_000
"""A day that is not known: before year 1, so that it lies before every day that there is."""
FOREVER: Final = 2_932_896
"""31 December 9999, the end of what has none."""
SPAN: Final = 4_000_000
"""More than all days between the two: a person's number times it, plus a day, orders both."""
_EPOCH: Final = dt.date(1970, 1, 1)


def as_frame(given: object, name: str, needed: Sequence[str]) -> pd.DataFrame:
    """Return a frame of pandas: the given one, or that of an Arrow table.

    Raises
    ------
    ArgumentError
        If it is neither, or a column is not there.
    """
    if isinstance(given, pa.Table):
        given = given.to_pandas(date_as_object=False)
    if not isinstance(given, pd.DataFrame):
        rule = "be a pandas DataFrame or a pyarrow Table"
        raise ArgumentError(name, rule, type(given).__name__)
    if absent := [one for one in needed if one not in given.columns]:
        rule = f"have the columns {', '.join(needed)}"
        raise ArgumentError(name, rule, f"none called {', '.join(absent)}")
    return given


def objects(frame: pd.DataFrame, column: str) -> NDArray[Any]:
    """Return a column as it is, object, (n,); None where missing or there is no such column."""
    if column not in frame.columns:
        return np.full(len(frame), None, dtype=object)
    values: NDArray[Any] = frame[column].to_numpy(dtype=object).copy()
    values[frame[column].isna().to_numpy()] = None
    return values


def numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Return a column of numbers, float64, (n,); NaN where missing or there is no such column."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.asarray(frame[column].astype(float).to_numpy(), dtype=np.float64)


def words(frame: pd.DataFrame, column: str, among: Sequence[str], name: str) -> NDArray[np.int8]:
    """Return the place of each word among those that there are, (n,); -1 where missing.

    Raises
    ------
    ArgumentError
        If a word is none of them.
    """
    code, different = pd.factorize(objects(frame, column))
    place = [among.index(one) if one in among else len(among) for one in different]
    if len(among) in place:
        wrong = different[place.index(len(among))]
        argument = f"{name}.{column}"
        raise ArgumentError(argument, f"be one of {', '.join(among)}", repr(wrong))
    return np.array([*place, -1], dtype=np.int8)[code]  # the last is for those that are missing


def days(frame: pd.DataFrame, column: str, name: str) -> NDArray[np.int64]:
    """Return days since 1970, int64, (n,); `NO_DAY` where missing or there is no such column.

    Raises
    ------
    ArgumentError
        If something in it is no day.
    """
    if column not in frame.columns:
        return np.full(len(frame), NO_DAY, dtype=np.int64)
    argument, rule = f"{name}.{column}", "hold days without a zone, such as 2025-03-01"
    try:
        moments = pd.to_datetime(frame[column])
    except (ValueError, TypeError) as error:
        raise ArgumentError(argument, rule, str(error)) from error
    if getattr(moments.dtype, "tz", None) is not None:
        raise ArgumentError(argument, rule, f"moments of the zone {moments.dt.tz}")
    whole = moments.to_numpy().astype("datetime64[D]")
    number = whole.astype(np.int64)
    return np.where(np.isnat(whole), NO_DAY, number)


def places(among: NDArray[Any], ids: NDArray[Any]) -> NDArray[np.int64]:
    """Return the place of each id among some different ones, (n,); -1 where it is none of them."""
    found = pd.Index(among, dtype=object).get_indexer(pd.Index(ids, dtype=object))
    return np.asarray(found, dtype=np.int64)


def ranks(ids: NDArray[Any]) -> NDArray[np.int64]:
    """Return the rank of each id among them, (n,), equal for equal ids; None is the first."""
    column = pa.array(ids, type=pa.string(), from_pandas=True)
    ranked = np.asarray(pc.rank(column.fill_null(""), tiebreaker="dense"))
    return ranked.astype(np.int64)


def number_of(day: dt.date, name: str = "on") -> int:
    """Return a day as a number.

    Raises
    ------
    ArgumentError
        If it is no day, or a moment.
    """
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise ArgumentError(name, "be a day (datetime.date)", repr(day))
    return (day - _EPOCH).days


def day_of(number: int) -> dt.date:
    """Return the day of a number."""
    return _EPOCH + dt.timedelta(days=int(number))


def as_days(numbers: NDArray[np.int64]) -> pd.Series:
    """Return numbers as a column of days, null where `NO_DAY` or `FOREVER`."""
    unknown = (numbers == NO_DAY) | (numbers == FOREVER)
    moments = np.where(unknown, 0, numbers).astype("datetime64[D]").astype("datetime64[s]")
    moments[unknown] = np.datetime64("NaT")
    return pd.Series(moments)
