"""Columns of a frame as canonical ones: each checked as a whole, its faults taken, never raised.

Where a value is at fault something of the right type stands in its place, which nobody sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types as kinds

from geo_match import codes
from geo_match.matching.given.distinct import surely_differ
from geo_match.records.types import texts_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from geo_match.matching.given.faults import Faults

    _Mask = NDArray[np.bool_]

_CHINA: Final = "+08:00"
_TEXT: Final = pa.string()
_TEXTS: Final = pa.list_(_TEXT)
_FEW: Final = 100
"""Up to so many texts are read one by one: to make ready for a column takes milliseconds."""
_SHORTEST_CARD: Final = 12
"""No text of fewer bytes holds an ID-card number, not even as a spreadsheet shortens one: of its
division and day 11 digits are left at least, and an exponent behind."""
_TO_TEXT: Final = (
    "Convert it to text; a number in its place has lost what its text had, such as a 0 in front."
)


def ids(column: pa.Array | None, name: str, faults: Faults) -> pa.Array | None:
    """Return ids as text; None, and a fault, where they are none, or are not all different."""
    if column is None:
        return None
    text = _as_text(column, name, faults)
    if text is None:
        return None
    faults.ids = text
    missing = _missing(text)
    faults.rows(name, "be stated in each row", missing, lambda _: None, "Give each row an id.")
    blank = _mask(pc.equal(pc.utf8_trim_whitespace(text), ""))
    faults.rows(name, "be no blank text", blank, lambda at: text[at].as_py(), "Give it an id.")
    encoded = None if surely_differ(text) else text.dictionary_encode()
    if encoded is not None and len(encoded.dictionary) < len(text) - text.null_count:
        code = np.asarray(pc.fill_null(encoded.indices, -1))
        often = np.bincount(code + 1)[code + 1] > 1
        rule = "be different in each row"
        remedy = "Leave one row of each, or give the others ids of their own."
        faults.rows(name, rule, often & ~missing, lambda at: text[at].as_py(), remedy)
    faults.rows(
        name,
        "hold no ID-card number",
        _has_id_card(text),
        lambda at: text[at].as_py(),
        "Put the office's own number in its place: ids are handed on with each match.",
    )
    return text


def numbers(
    column: pa.Array,
    name: str,
    faults: Faults,
    *,
    least: float | None = None,
    most: float | None = None,
    whole: bool = False,
) -> NDArray[np.float64]:
    """Return numbers as float64, (n,), NaN where not stated.

    Parameters
    ----------
    least, most
        The bounds, inclusive; None for none.
    whole
        Whether they must have no fraction.
    """
    column = _decoded(column)
    kind = column.type
    if kinds.is_null(kind):
        return np.full(len(column), np.nan)
    if kinds.is_decimal(kind):
        column = column.cast(pa.float64(), safe=False)
    elif not (kinds.is_integer(kind) or kinds.is_floating(kind)):
        faults.column(
            name,
            "be numbers, or null where not stated",
            f"a column of {kind}",
            f"Convert it, such as with `pandas.to_numeric(frame[{name!r}])`.",
        )
        return np.full(len(column), np.nan)
    values = np.array(column.to_numpy(zero_copy_only=False), dtype=np.float64)
    given = column

    def value(at: int) -> object:
        return given[at].as_py()

    if least is not None and most is not None:
        bad = (values < least) | (values > most)
        rule = f"be between {least:.15g} and {most:.15g}, or null where not stated"
        faults.rows(name, rule, bad, value, "Mend it, or take the value out.")
        values[bad] = np.nan
    if whole:
        bad = values != np.floor(values)
        bad &= ~np.isnan(values)
        rule = "be whole numbers, or null where not stated"
        faults.rows(name, rule, bad, value, "Round it, or take the value out.")
        values[bad] = np.nan
    return values


def from_numbers(values: NDArray[np.float64], kind: pa.DataType) -> pa.Array:
    """Return numbers, whole ones for a type of these, as an Arrow array; null for NaN."""
    missing = np.isnan(values)
    if kinds.is_integer(kind):
        values = np.where(missing, 0.0, values)
    return pa.array(values.astype(kind.to_pandas_dtype()), kind, mask=missing)


def choices(column: pa.Array, name: str, faults: Faults, *, among: Collection[str]) -> pa.Array:
    """Return texts, each one of some."""
    rule, remedy = _of(among)

    def read(text: str) -> str:
        if text not in among:
            raise ValueError
        return text

    return _by_value(column, name, faults, read, rule=rule, remedy=remedy)


def texts(
    column: pa.Array,
    name: str,
    faults: Faults,
    *,
    read: Callable[[str], str] = lambda text: text,
) -> pa.Array:
    """Return texts without white space around them, never blank ones.

    Parameters
    ----------
    read
        Returns the kept form of a text; raises ValueError where it has none.
    """

    def kept(text: str) -> str:
        if not text.strip():
            raise ValueError
        return read(text.strip())

    rule = "hold text of the field's form, or null where not stated"
    return _by_value(column, name, faults, kept, rule=rule, remedy="Put null in place of blanks.")


def days(column: pa.Array, name: str, faults: Faults) -> pa.Array:
    """Return days; a moment's day is that of China's clock, which one without a zone is read by."""
    column = _decoded(column)
    kind = column.type
    if kinds.is_null(kind):
        return pa.nulls(len(column), pa.date32())
    if kinds.is_date(kind):
        return column.cast(pa.date32(), safe=False)  # a date64 may have a time of day
    if kinds.is_timestamp(kind):
        if kind.tz is not None:
            column = column.cast(pa.timestamp(kind.unit, _CHINA))
        return column.cast(pa.date32())
    faults.column(
        name,
        "be days or moments, or null where not stated",
        f"a column of {kind}",
        f"Convert it, such as with `pandas.to_datetime(frame[{name!r}])`.",
    )
    return pa.nulls(len(column), pa.date32())


def lists(
    column: pa.Array, name: str, faults: Faults, *, among: Collection[str] | None = None
) -> pa.Array:
    """Return lists of texts; null where nothing is known, empty where there is none.

    Parameters
    ----------
    among
        What each text must be one of; None for any texts, which are parted at 、 , ; and /.
    """
    column = _decoded(column)
    kind = column.type
    if kinds.is_null(kind):
        return pa.nulls(len(column), _TEXTS)
    # Not views of lists, which this Arrow casts wrongly.
    is_list = kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind)
    if not is_list or not _holds_text(kind.value_type):
        found = f"a column of {kind}"
        remedy = f"Make lists of it, such as with `frame[{name!r}].str.split('、')`."
        faults.column(name, "be lists of texts, or null where not known", found, remedy)
        return pa.nulls(len(column), _TEXTS)
    made = column.cast(_TEXTS)
    different, place = _different(made.flatten())
    if among is None:
        rule, remedy = "hold texts, none of them null or blank", "Leave it out of the list."
        wrong = [one is None or not one.strip() for one in different]
    else:
        rule, remedy = _of(among, "hold only ")
        wrong = [one not in among for one in different]
    bad = np.zeros(len(made), dtype=np.bool_)
    if place.size:
        # A null is at -1, and so at the end.
        at_fault = np.array([*wrong, True], dtype=np.bool_)[place]
        bad[np.asarray(pc.list_parent_indices(made))[at_fault]] = True
    faults.rows(name, rule, bad, lambda at: made[at].as_py(), remedy)
    return made if among is not None or bad.any() else _parted(made, different)


def flagged(columns: Mapping[str, tuple[str, pa.Array | None]], n: int, faults: Faults) -> pa.Array:
    """Return as lists which choices are true; null where one of them is not stated.

    Parameters
    ----------
    columns
        For each choice the column of true and false, and its name; None where there is none.
    n
        The number of rows.
    """
    code = np.zeros(n, dtype=np.int64)
    unknown = np.zeros(n, dtype=np.bool_)
    for bit, (name, given) in enumerate(columns.values()):
        column = None if given is None else _decoded(given)
        if column is None or kinds.is_null(column.type):
            unknown[:] = True
        elif kinds.is_boolean(column.type):
            unknown |= _missing(column)
            code |= _mask(column).astype(np.int64) << bit
        else:
            faults.column(
                name,
                "be true or false, or null where not stated",
                f"a column of {column.type}",
                "Convert it, such as with `.astype('boolean')`.",
            )
    # Few combinations occur: each is written once.
    table = [
        [choice for bit, choice in enumerate(columns) if combination >> bit & 1]
        for combination in range(1 << len(columns))
    ]
    return pa.array(table, _TEXTS).take(pa.array(code, mask=unknown))


def in_order(low: pa.Array, high: pa.Array, names: tuple[str, str], faults: Faults) -> None:
    """Take faults of rows whose first bound lies above the second; null is no bound."""
    rule = f"not have {names[0]} above {names[1]}"
    bad = _mask(pc.greater(low, high))
    remedy = "Exchange or mend them."

    def value(at: int) -> object:
        return tuple(
            one if isinstance(one, int | float) else str(one)
            for one in (low[at].as_py(), high[at].as_py())
        )

    faults.rows(", ".join(names), rule, bad, value, remedy)


def _by_value(
    column: pa.Array,
    name: str,
    faults: Faults,
    read: Callable[[str], str],
    *,
    rule: str,
    remedy: str,
) -> pa.Array:
    """Return texts as `read` gives them, asked once for each different one.

    Rows for which it raises ValueError are at fault.
    """
    if kinds.is_null(column.type):
        return pa.nulls(len(column), _TEXT)
    if not _holds_text(column.type):
        faults.column(name, rule, f"a column of {column.type}", _TO_TEXT)
        return pa.nulls(len(column), _TEXT)
    given, place = _different(column)
    made: list[str | None] = []
    wrong = []
    for number, one in enumerate(given):
        try:
            made.append(None if one is None else read(one))
        except ValueError:
            made.append(None)
            wrong.append(number)
    if wrong:
        faults.rows(name, rule, np.isin(place, wrong), lambda at: given[place[at]], remedy)
    if made == given:
        return _decoded(column).cast(_TEXT)
    return pa.array(made, _TEXT).take(pa.array(place, mask=place < 0))


def _different(column: pa.Array) -> tuple[list[str | None], NDArray[np.int64]]:
    """Return the different texts of a column, and which of them each row has, (n,); -1 for null.

    Of a short column each row's own: to find the different ones would take longer.
    """
    if len(column) <= _FEW:
        return column.to_pylist(), np.arange(len(column))
    encoded = column if kinds.is_dictionary(column.type) else column.dictionary_encode()
    place = pc.fill_null(encoded.indices.cast(pa.int64()), -1)
    return encoded.dictionary.to_pylist(), np.asarray(place)


def _has_id_card(text: pa.Array) -> _Mask:
    if (pc.max(pc.binary_length(text)).as_py() or 0) < _SHORTEST_CARD:
        return np.zeros(len(text), dtype=np.bool_)
    if len(text) > _FEW:
        return codes.has_id_card(text)
    return np.array([one is not None and _is_refused(one) for one in text.to_pylist()], np.bool_)


def _is_refused(text: str) -> bool:
    try:
        codes.check_no_id_card(text)
    except ValueError:
        return True
    return False


def _as_text(column: pa.Array, name: str, faults: Faults) -> pa.Array | None:
    column = _decoded(column)
    if kinds.is_null(column.type):
        return pa.nulls(len(column), _TEXT)
    if not _holds_text(column.type):
        faults.column(name, "be text", f"a column of {column.type}", _TO_TEXT)
        return None
    return column.cast(_TEXT)


def _parted(made: pa.Array, different: Sequence[str | None]) -> pa.Array:
    """Return lists in kept form: one text that names several counts as these."""
    parts = {one: texts_in(one) for one in different if one is not None}
    if all(several == [one] for one, several in parts.items()):
        return made
    return pa.array(
        [
            None if row is None else list(dict.fromkeys(part for one in row for part in parts[one]))
            for row in made.to_pylist()
        ],
        _TEXTS,
    )


def _of(among: Collection[str], start: str = "be one of ") -> tuple[str, str]:
    """Return the rule that a text is one of some, and the remedy."""
    rule = f"{start}{', '.join(among)}, or null where not stated"
    return rule, "Use these words; lists in an office's own words are read by `geo_match.intake`."


def _decoded(column: pa.Array) -> pa.Array:
    """Return a column without an encoding by categories."""
    return column.dictionary_decode() if kinds.is_dictionary(column.type) else column


def _holds_text(kind: Any) -> bool:  # noqa: ANN401 - an Arrow type
    if kinds.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        kinds.is_null(kind)
        or kinds.is_string(kind)
        or kinds.is_large_string(kind)
        or kinds.is_string_view(kind)
    )


def _mask(flags: pa.Array, *, null: bool = False) -> _Mask:
    """Return flags as numpy has them, and what stands for null."""
    whole = pc.fill_null(flags, null) if flags.null_count else flags
    return np.array(whole.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _missing(column: pa.Array) -> _Mask:
    """Return which values are null."""
    if not column.null_count:
        return np.zeros(len(column), dtype=np.bool_)
    return _mask(pc.is_null(column))
