"""Cells of a column as text without the marks of hands and spreadsheets, and what came of them.

Most columns repeat few texts: each different one is read once, in Python, and the column is
mapped back from there. Columns whose texts all differ (ids, names, coordinates) have a way of
their own, with no loop at all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.codes import narrow
from geo_match.intake.cells import as_text
from geo_match.records import types as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

Column: TypeAlias = Any
"""An arrow chunked array, (n,); pyarrow ships no types."""
Note: TypeAlias = "Callable[[Message], object]"


@dataclass(frozen=True, slots=True)
class Message:
    """What is said of a cell.

    Parameters
    ----------
    rule
        What must hold, as the end of the sentence "`field` …".
    remedy
        What to do about it, or, in a note, what was done.
    """

    rule: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule, and the cells that break it.

    Parameters
    ----------
    at
        Their positions, int64, ascending, shape (k,).
    rule, remedy
        As in `Message`.
    """

    at: NDArray[np.int64]
    rule: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column as values of its field.

    Parameters
    ----------
    value
        Arrow chunked array, (n,); null where nothing stands, or something that is at fault.
    faults
        Cells for which a row must be rejected.
    notes
        Cells that were repaired, or are doubtful.
    """

    value: Column
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()

    def but(
        self, value: Column = None, faults: Iterable[Fault] = (), notes: Iterable[Fault] = ()
    ) -> Parsed:
        """Return it with another value, if one is given, and with more faults and notes."""
        return Parsed(
            self.value if value is None else value,
            (*self.faults, *(one for one in faults if len(one.at))),
            (*self.notes, *(one for one in notes if len(one.at))),
        )


class RefusedError(ValueError):
    """A text that is no value of its field.

    Parameters
    ----------
    message
        The rule that it breaks, and the remedy.
    """

    def __init__(self, rule: str, remedy: str) -> None:
        super().__init__(rule)
        self.message = Message(rule, remedy)


STRAY = Message("must have no white space around its text", "It was removed.")
WIDE = Message("must be written with half-width characters", "They were made so.")
NOT_KNOWN = Message("must be empty where it is not known", "It was taken for empty.")
SHORTENED = Message(
    "must not be a number that a spreadsheet has shortened",
    "Format the column as text and enter it again.",
)
NUL = Message(
    "must not hold a NUL character, which no text has", "Remove it: a program left it there."
)
SHORTENED_FORM = t.SHORTENED_NUMBER
"""As 3.40302E+17, or E+017; without the sign, 1E05 may be somebody's own number."""
UNKNOWN = frozenset(
    [
        "不详",
        "未知",
        "暂无",
        "无",
        "未填",
        "未填写",
        "待定",
        "待核实",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "na",
        "n/a",
        "nan",
        "null",
        "none",
        "#n/a",
    ]
)
"""Words that stand where nothing is known, in lower case."""


def chunked(values: Column) -> Column:
    """Return an array as a chunked one."""
    return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])


def raw_text(column: Column) -> Column:
    """Return a column of any type as text, untrimmed; null is empty."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return as_text(column)
    return pc.fill_null(pc.cast(column, pa.string()), "")


def positions(mask: NDArray[np.bool_] | Column) -> NDArray[np.int64]:
    """Return where a mask is true; null counts as false."""
    if not isinstance(mask, np.ndarray):
        mask = np.asarray(pc.fill_null(chunked(mask), fill_value=False).to_numpy(), dtype=np.bool_)
    return np.flatnonzero(mask).astype(np.int64)


def trimmed(column: Column) -> tuple[Column, tuple[Fault, ...]]:
    """Return a column as text without white space around it, and notes on what was removed."""
    raw = raw_text(column)
    text = pc.utf8_trim_whitespace(raw)
    stray = positions(pc.and_(pc.not_equal(text, raw), pc.not_equal(text, "")))
    return text, (Fault(stray, STRAY.rule, STRAY.remedy),) if len(stray) else ()


def parse_unique(
    column: Column, kind: pa.DataType, read: Callable[[str, Note], object | None]
) -> Parsed:
    """Parse a column by reading each different text once.

    Parameters
    ----------
    column
        Of any type, (n,).
    kind
        Of the values.
    read
        Returns the value of a text, which is not empty, half-width and without white space
        around it, or None for no value; it may leave notes. It raises `RefusedError`, or a
        `ValueError` whose text is the rule, for a text that is no value; a word for "unknown" is
        then taken for nothing.
    """
    encoded = chunked(pc.dictionary_encode(raw_text(column))).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # an empty one stays chunked
        encoded = pa.concat_arrays(encoded.chunks) if encoded.num_chunks else None
    if encoded is None or len(column) == 0:
        return Parsed(pa.chunked_array([pa.array([], type=kind)]))
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    values: list[object] = []
    faults: dict[Message, list[int]] = defaultdict(list)
    notes: dict[Message, list[int]] = defaultdict(list)
    for at, raw in enumerate(encoded.dictionary.to_pylist()):
        value, fault, said = _read(raw, read)
        values.append(value)
        if fault is not None:
            faults[fault].append(at)
        for note in said:
            notes[note].append(at)
    return Parsed(
        pa.chunked_array([pa.array(values, type=kind).take(pa.array(codes))]),
        _by_message(faults, codes, len(values)),
        _by_message(notes, codes, len(values)),
    )


def _read(
    raw: str, read: Callable[[str, Note], object | None]
) -> tuple[object | None, Message | None, dict[Message, None]]:
    text = raw.strip()
    said: dict[Message, None] = {}
    if not text:
        return None, None, said
    if text != raw:
        said[STRAY] = None
    half = narrow(text).strip()
    if half != text:
        said[WIDE] = None
    try:
        return read(half, said.setdefault), None, said
    except ValueError as error:
        if half.casefold() in UNKNOWN:
            return None, None, said | {NOT_KNOWN: None}
        message = error.message if isinstance(error, RefusedError) else None
        return None, message or Message(str(error), "Look it up again and write it so."), said


def _by_message(
    found: dict[Message, list[int]], codes: NDArray[np.int64], n: int
) -> tuple[Fault, ...]:
    faults = []
    for message, uniques in found.items():
        flags = np.zeros(n, dtype=np.bool_)
        flags[uniques] = True
        faults.append(Fault(np.flatnonzero(flags[codes]), message.rule, message.remedy))
    return tuple(faults)


def moved(faults: Iterable[Fault], at: NDArray[np.int64]) -> tuple[Fault, ...]:
    """Return faults of some cells of a column as faults of the column.

    Parameters
    ----------
    faults
        Whose positions are among the cells.
    at
        Positions of the cells in the column, ascending.
    """
    return tuple(Fault(at[one.at], one.rule, one.remedy) for one in faults)


def beyond(
    value: NDArray[Any],
    known: NDArray[np.bool_],
    least: float | None,
    most: float | None,
    *,
    of_years: bool = False,
) -> tuple[NDArray[np.bool_], Fault | None]:
    """Return which known values lie outside their bounds, inclusive, and say so.

    Years are written without a separator of thousands.
    """
    form = ".15g" if of_years else ",.15g"
    out = np.zeros(len(value), dtype=np.bool_)
    if least is not None:
        out |= known & (value < least)
    if most is not None:
        out |= known & (value > most)
    if not out.any():
        return out, None
    if least is None:
        rule = f"must be at most {most:{form}}"
    elif most is None:
        rule = f"must be at least {least:{form}}"
    else:
        rule = f"must be between {least:{form}} and {most:{form}}"
    return out, Fault(positions(out), rule, "Look the figure up again.")
