"""The forms that a condition may have: how values become arrays, and what is compiled of them.

A condition asks something of one side alone, or compares both. What it compares are either kinds
of things, of which there are few different ones (`Keyed`: an outcome for each pair of these, looked
up in a table), or amounts (`Bounded`: an amount that is known to lie between two ends, beside the
bounds that it must keep). Not stated is every amount there may be: so `unknown` follows from the
comparison itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match._jit import kernel
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.matching.options import MatchOptions

_FAIL, _PASS, _UNKNOWN = int(FAIL), int(PASS), int(UNKNOWN)  # what a kernel takes for constants


class Keys(NamedTuple):
    """The values of one side as numbers.

    Parameters
    ----------
    code
        int32, (n,): the place of each row's value in `values`.
    values
        The different values, in no order.
    """

    code: NDArray[np.int32]
    values: Sequence[Any]


class Span(NamedTuple):
    """Between which two ends an amount lies, or must lie, each float64, (n,); ±inf for no end."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]


Outcomes = Callable[[pa.Table, "MatchOptions"], "NDArray[np.int8]"]
"""Of rows of one side, int8, (n,)."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A condition on one side alone.

    Parameters
    ----------
    side
        Whose values it reads.
    outcomes
        Tells them of all rows.
    """

    side: Literal["seeker", "job"]
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Keyed:
    """A condition on two kinds of things.

    Parameters
    ----------
    seeker, job
        Number the values of a side.
    outcomes
        Tells int8, (k, l), of k different values of seekers and l of jobs.
    is_open
        Whether a value fails with none of the other side.
    """

    seeker: Callable[[pa.Table, MatchOptions], Keys]
    job: Callable[[pa.Table, MatchOptions], Keys]
    outcomes: Callable[[Sequence[Any], Sequence[Any], MatchOptions], NDArray[np.int8]]
    is_open: Callable[[Any], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Bounded:
    """A condition on an amount of one side that must keep the bounds of the other.

    Parameters
    ----------
    amount_of
        Whose amount it is.
    amount, bounds
        Between which ends the amount lies, and must lie.
    """

    amount_of: Literal["seeker", "job"]
    amount: Callable[[pa.Table, MatchOptions], Span]
    bounds: Callable[[pa.Table, MatchOptions], Span]


Form = Alone | Keyed | Bounded


@kernel
def of_keys(table: NDArray[np.int8], start: int, width: int, row: int, column: int) -> int:
    """Return the outcome of a `Keyed` condition, by the codes of the two values.

    Parameters
    ----------
    table
        The outcomes of all such conditions, row by row, one after the other.
    start, width
        Where this condition's begin, and how many values of jobs it has.
    row, column
        The codes of the seeker's and the job's value.
    """
    return int(table[start + row * width + column])


@kernel
def of_bounds(low: float, high: float, least: float, most: float) -> int:
    """Return the outcome of a `Bounded` condition: an amount in [low, high] against its bounds."""
    passes = (least <= low) & (high <= most)
    fails = (high < least) | (low > most)
    otherwise = _FAIL if fails else _UNKNOWN
    return _PASS if passes else otherwise


def texts(*columns: pa.ChunkedArray) -> Keys:
    """Give numbers to the different combinations of texts of some columns; the values are tuples.

    Parameters
    ----------
    columns
        Of text, (n,) each; what is null is None in the values.
    """
    code = np.zeros(len(columns[0]), dtype=np.int64)
    values: list[tuple[str | None, ...]] = [()]
    for column in columns:
        text = column.cast(pa.string()).combine_chunks()
        encoded = text.dictionary_encode(null_encoding="encode")
        own, names = np.asarray(encoded.indices, dtype=np.int64), encoded.dictionary.to_pylist()
        # To sort takes longest, and few columns have more than one text beside another's.
        if len(values) == 1:
            code, values = own, [(*values[0], name) for name in names]
        elif len(names) == 1:
            values = [(*before, names[0]) for before in values]
        else:
            different, code = np.unique(code * len(names) + own, return_inverse=True)
            places = (divmod(one, len(names)) for one in different.tolist())
            values = [(*values[before], names[place]) for before, place in places]
    return Keys(code.astype(np.int32), values)


def each_pair(
    seekers: Sequence[Any], jobs: Sequence[Any], outcome: Callable[[Any, Any], int]
) -> NDArray[np.int8]:
    """Ask for each pair of values; for kinds of which there are few."""
    told = [[outcome(seeker, job) for job in jobs] for seeker in seekers]
    return np.array(told, dtype=np.int8).reshape(len(seekers), len(jobs))


def numbers(column: pa.ChunkedArray, null: float) -> NDArray[np.float64]:
    """Return a column of numbers, float64, (n,), with something for null."""
    filled = np.asarray(pc.fill_null(column.cast(pa.float64()), null))
    # Arrow's is read-only: kernels would be compiled for it, and again for arrays of numpy's.
    return filled.astype(np.float64, copy=True)
