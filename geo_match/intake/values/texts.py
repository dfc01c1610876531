"""Ids and free text: kept as they stand, but never with an ID-card number in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match import codes
from geo_match.codes import narrow
from geo_match.intake.values.cells import (
    NUL,
    SHORTENED,
    WIDE,
    Column,
    Fault,
    Parsed,
    chunked,
    positions,
    trimmed,
)
from geo_match.records import types as t

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

_WIDE_RE2 = r"[\x{FF01}-\x{FF5E}\x{3000}]"
_FORMULA = r"^[=+\-@]"
_PLAIN_NUMBER = r"^[+-]?[0-9.]+$"


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
