"""Codes that are checked by their own rules: communities, licences, phones, occupations, trades."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match import codes, taxonomy
from geo_match.intake.values.cells import (
    NUL,
    SHORTENED,
    SHORTENED_FORM,
    Column,
    Fault,
    Message,
    Parsed,
    RefusedError,
    moved,
    parse_unique,
    positions,
    trimmed,
)
from geo_match.records.types import SHORTENED_LONG_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

    _Kept = Callable[[Any], tuple[NDArray[np.object_], NDArray[np.bool_]]]

_RENUMBERED: Final = Message(
    "must be a code that a community has now; this one was renumbered",
    "The code that the community has now was taken.",
)
_NO_COMMUNITY: Final = (
    "must be the code of a community; none has it or had it",
    "Look the code up in the list of communities.",
)
_SHORTENED: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{2,3}", re.IGNORECASE)
_FLOAT: Final = re.compile(r"([0-9]{12})\.0+")
_COUNTS_AS: Final = "It keeps its text and counts as {group}."
_FORM: Final = Message("must be written in its usual form", "It was made so.")


def parse_community(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse codes of communities; one that was renumbered becomes the code of now."""
    del spec

    def read(text: str, note: Note) -> str:
        if _SHORTENED.fullmatch(text):
            raise RefusedError(
                "must be 12 digits; a spreadsheet has shortened them",
                "Format the column as text and enter the codes again.",
            )
        code = codes.check_community_code(_FLOAT.sub(r"\1", text))
        now = context.renumbered.get(code)
        known = context.communities
        if now is not None and (known is None or code not in known):
            note(_RENUMBERED)
            code = now
        if known is not None and code not in known:
            raise RefusedError(*_NO_COMMUNITY)
        return code

    return parse_unique(column, pa.string(), read)


def parse_credit_code(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse unified social credit codes."""
    del spec, context
    return _parse_kept(column, codes.credit_codes_kept, codes.check_credit_code)


def parse_phone(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse phone numbers."""
    del spec, context
    return _parse_kept(column, codes.phones_kept, codes.check_phone)


def _parse_kept(column: Column, kept: _Kept, check: Callable[[str], str]) -> Parsed:
    """Parse codes that all differ: those in order at once, and each other one by itself."""
    text, notes = trimmed(column)
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    values, bad = kept(text)
    value = pa.chunked_array([pa.array(values, type=pa.string())])
    changed = positions(pc.not_equal(value, text))
    notes += (Fault(changed, _FORM.rule, _FORM.remedy),)
    at = positions(np.asarray(bad, dtype=np.bool_))

    def read(one: str, note: Note) -> str:
        del note
        if re.match(SHORTENED_FORM, one):
            raise RefusedError(SHORTENED.rule, SHORTENED.remedy)
        return check(one)

    # Read once more for what is wrong; a word for "unknown" is then no fault.
    why = parse_unique(text.take(pa.array(at)), pa.string(), read)
    return Parsed(value).but(
        faults=moved(why.faults, at),
        notes=(*notes, *(one for one in moved(why.notes, at) if len(one.at))),
    )


def parse_occupation(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse occupations: one that the table has not keeps its text, with a note."""
    del spec
    occupations = context.occupations
    unknown = Message(
        f"must be a code of {occupations.version}",
        "Its text was kept; it is compared with no other.",
    )
    not_there = f"is not in the table of {occupations.version}"

    def read(text: str, note: Note) -> str:
        if codes.has_id_card(np.array([text], dtype=object))[0]:
            raise RefusedError("must not hold an ID-card number", "Write the occupation alone.")
        if "\0" in text:
            raise RefusedError(NUL.rule, NUL.remedy)
        if re.match(SHORTENED_LONG_NUMBER, text):
            raise RefusedError(SHORTENED.rule, SHORTENED.remedy)
        code = taxonomy.check_occupation(text)
        if not occupations.speaks_for(code):
            group = occupations.longest_known(code)
            note(Message(not_there, _COUNTS_AS.format(group=_dashed(group))) if group else unknown)
        return code

    return parse_unique(column, pa.string(), read)


def _dashed(code: str) -> str:
    """Return the digits of an occupation as the standard writes them: 40102 becomes 4-01-02."""
    return "-".join([code[:1], *(code[at : at + 2] for at in range(1, len(code), 2))])


def parse_industry(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse industries."""
    del spec, context
    return parse_unique(column, pa.string(), lambda text, _: taxonomy.check_industry(text))
