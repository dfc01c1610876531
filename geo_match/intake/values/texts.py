"""Ids, free text and lists of it: kept as they stand, but never with an ID-card number in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match import codes
from geo_match.codes import narrow
from geo_match.intake.values.cells import (
    NOT_KNOWN,
    NUL,
    SHORTENED,
    UNKNOWN,
    WIDE,
    Column,
    Fault,
    Parsed,
    chunked,
    positions,
    trimmed,
)
from geo_match.intake.wording import normalised
from geo_match.records import types as t

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

_WIDE_RE2 = r"[\x{FF01}-\x{FF5E}\x{3000}]"
_FORMULA = r"^[=+\-@]"
_PLAIN_NUMBER = r"^[+-]?[0-9.]+$"
_NONE = frozenset(["无", "否", "没有", "none"])


def _longest(kind: object) -> int:
    """Return how many characters a type of text may have."""
    return next(
        int(one.max_length)
        for extra in get_args(kind)
        for one in getattr(extra, "metadata", ())
        if hasattr(one, "max_length")
    )


_LONGEST_ID, _LONGEST_TEXT = _longest(t.Id), _longest(t.Text)
_CARD_IN_ID = "Give the record an id of its own: an ID-card number must not be one."
_CARD_IN_TEXT = "Remove it from the text: ID-card numbers are not kept here."


def parse_id(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse ids of records: at most 64 characters, half-width, not shortened to 3.4E+17."""
    del context
    text, notes = trimmed(column)
    wide = positions(pc.match_substring_regex(text, _WIDE_RE2))
    if len(wide):
        half = [narrow(one).strip() for one in text.take(pa.array(wide)).to_pylist()]
        text = _put(text, wide, half)
        notes += (Fault(wide, WIDE.rule, WIDE.remedy),)
    faults = _never_kept(text, t.SHORTENED_NUMBER, _CARD_IN_ID)
    too_long = positions(pc.greater(pc.utf8_length(text), _LONGEST_ID))
    faults += (
        Fault(
            too_long,
            f"must have at most {_LONGEST_ID} characters",
            "Give the record a shorter id.",
        ),
    )
    del spec
    return Parsed(_nulled(text, faults)).but(faults=faults, notes=notes)


def parse_text(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse free text: at most 2,000 characters."""
    del spec, context
    text, notes = trimmed(column)
    faults = _never_kept(text, t.SHORTENED_LONG_NUMBER, _CARD_IN_TEXT)
    faults += (
        Fault(
            positions(pc.greater(pc.utf8_length(text), _LONGEST_TEXT)),
            f"must have at most {_LONGEST_TEXT:,} characters",
            "Shorten it.",
        ),
    )
    formula = pc.and_not(
        pc.match_substring_regex(text, _FORMULA), pc.match_substring_regex(text, _PLAIN_NUMBER)
    )
    notes += (
        Fault(
            positions(formula),
            "must not begin with =, +, - or @, which a spreadsheet takes for a formula",
            "It was kept as text; remove the sign if a slip of the keyboard left it there.",
        ),
    )
    return Parsed(_nulled(text, faults)).but(faults=faults, notes=notes)


def parse_texts(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse lists of texts, by 、 commas ; or /; 无 is none of them, an empty cell is not known."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        # Back to text, so that a list and its text are judged alike.
        cells = [
            None if cell is None else "、".join(map(str, filter(None, cell))) if cell else "无"
            for cell in column.to_pylist()
        ]
        column = pa.chunked_array([pa.array(cells, type=pa.string())])
    text, notes = trimmed(column)
    coded = chunked(text).combine_chunks().dictionary_encode()
    uniques, code = coded.dictionary.to_pylist(), coded.indices.to_numpy()
    words = [normalised(one) for one in uniques]
    named = [
        [] if word in _NONE or word in UNKNOWN else t.texts_in(one)
        for word, one in zip(words, uniques, strict=True)
    ]
    # The texts of all cells are judged at once; what is said of them is said of their cells.
    cell = np.repeat(np.arange(len(named)), [len(one) for one in named])
    flat = pa.array([one for several in named for one in several], type=pa.string())
    judged = parse_text(spec, pa.chunked_array([flat]), context)
    is_none = np.array([word in _NONE for word in words], dtype=np.bool_)
    is_named = np.array([bool(one) for one in named], dtype=np.bool_)
    is_empty = np.array([one == "" for one in uniques], dtype=np.bool_)
    nothing = np.flatnonzero(~is_none & ~is_named & ~is_empty)
    known = is_none | is_named
    for one in judged.faults:
        known[cell[one.at]] = False
    values = [one if good else None for one, good in zip(named, known, strict=True)]
    lists = pa.array(values, type=pa.list_(pa.string()))
    return Parsed(chunked(lists.take(pa.array(code)))).but(
        faults=[Fault(_rows(cell[one.at], code), one.rule, one.remedy) for one in judged.faults],
        notes=[
            *notes,
            *(Fault(_rows(cell[one.at], code), one.rule, one.remedy) for one in judged.notes),
            Fault(_rows(nothing, code), NOT_KNOWN.rule, NOT_KNOWN.remedy),
        ],
    )


def _rows(cells: NDArray[np.int64], code: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows that have one of some different cells."""
    return positions(np.isin(code, cells))


def _never_kept(text: Column, shortened: str, remedy: str) -> tuple[Fault, ...]:
    """Return the texts with an ID-card number or NUL in them, and the shortened numbers.

    Parameters
    ----------
    text
        Of the column, (n,).
    shortened
        The form of a shortened number.
    remedy
        Of a text with an ID-card number.
    """
    short = np.zeros(len(text), dtype=np.bool_)
    short[positions(pc.match_substring_regex(text, shortened))] = True
    cards = positions(codes.has_id_card(text) & ~short)
    return (
        Fault(cards, "must not hold an ID-card number", remedy),
        Fault(positions(short), SHORTENED.rule, SHORTENED.remedy),
        Fault(positions(pc.match_substring(text, "\0")), NUL.rule, NUL.remedy),
    )


def _put(text: Column, at: NDArray[np.int64], values: list[str]) -> Column:
    mask = np.zeros(len(text), dtype=np.bool_)
    mask[at] = True
    return chunked(pc.replace_with_mask(text, pa.array(mask), pa.array(values, type=pa.string())))


def _nulled(text: Column, faults: tuple[Fault, ...]) -> Column:
    """Return texts with null for nothing and for what is at fault."""
    empty = pc.equal(text, "")
    if any(len(one.at) for one in faults):
        bad = np.zeros(len(text), dtype=np.bool_)
        for one in faults:
            bad[one.at] = True
        empty = pc.or_(empty, pa.chunked_array([pa.array(bad)]))
    return pc.if_else(empty, pa.scalar(None, pa.string()), text)
