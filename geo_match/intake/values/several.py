"""Lists of texts, such as the certificates that somebody holds: 电工证、焊工证."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo_match.intake.values.cells import (
    NOT_KNOWN,
    UNKNOWN,
    Column,
    Fault,
    Message,
    Parsed,
    RefusedError,
    chunked,
    positions,
    trimmed,
)
from geo_match.intake.values.texts import parse_text
from geo_match.intake.wording import normalised
from geo_match.records import types as t

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

_NONE: Final = frozenset(["无", "否", "没有", "none"])
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
_BLANK_WITHIN: Final = re.compile(r"[\u3400-\u9fff]\s+[\u3400-\u9fff]")
_NUMBERED: Final = re.compile(r"[0-9]{1,2}[.．)）](?![0-9])")
_BESIDE: Final = Message(
    "must not say 无 or 不详 beside something else",
    "Write 无 alone if there is none, else leave it out.",
)
_A_NUMBER: Final = Message(
    "must be names, not a number alone", "Write the names with 、 between them, or 无 for none."
)
_NO_LIST: Final = Message(
    "must be names with 、 between them, or a JSON list of names",
    "Write it such as 电工证、焊工证.",
)
_PARTED: Final = Message(
    "must have 、 between its names, not a blank",
    "It was parted at the blank: both sides end in 证 or 书.",
)
_KEPT: Final = Message(
    "must have 、 between its names; a blank stands within one",
    "It was kept as one: is it? If it is several, write 、 between them.",
)
_COUNTED: Final = Message(
    "must have names without their numbers in a list",
    "It was kept with the number: leave that out.",
)


def parse_texts(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse lists of texts as `texts_in` parts them; 无 is none, an empty cell is not known.

    A cell may be a list, or one in JSON. What is not certain is said in notes: texts that were
    parted at a blank, and one that may be several.
    """
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        # Back to text, so that a list and its text are judged alike.
        cells = [None if cell is None else _joined(cell) for cell in column.to_pylist()]
        column = pa.chunked_array([pa.array(cells, type=pa.string())])
    text, notes = trimmed(column)
    coded = chunked(text).combine_chunks().dictionary_encode()
    code = coded.indices.to_numpy()
    faults: dict[Message, list[int]] = defaultdict(list)
    said: dict[Message, list[int]] = defaultdict(list)
    named: list[list[str] | None] = []
    for at, written in enumerate(coded.dictionary.to_pylist()):
        doubts: dict[Message, None] = {}
        try:
            named.append(_read(written, doubts.setdefault))
        except RefusedError as error:
            faults[error.message].append(at)
            named.append(None)
        for doubt in doubts:
            said[doubt].append(at)
    # The texts of all cells are judged at once; what is said of them is said of their cells.
    cell = np.repeat(np.arange(len(named)), [len(one or ()) for one in named])
    flat = pa.array([one for several in named for one in several or ()], type=pa.string())
    judged = parse_text(spec, pa.chunked_array([flat]), context)
    for one in judged.faults:
        for at in cell[one.at].tolist():
            named[at] = None
    lists = pa.array(named, type=pa.list_(pa.string()))
    return Parsed(chunked(lists.take(pa.array(code)))).but(
        faults=[
            *(Fault(_rows(at, code), one.rule, one.remedy) for one, at in faults.items()),
            *(Fault(_rows(cell[one.at], code), one.rule, one.remedy) for one in judged.faults),
        ],
        notes=[
            *notes,
            *(Fault(_rows(cell[one.at], code), one.rule, one.remedy) for one in judged.notes),
            *(Fault(_rows(at, code), one.rule, one.remedy) for one, at in said.items()),
        ],
    )


def _read(written: str, note: Note) -> list[str] | None:
    """Return the texts that a cell names, None where it is not known; refuse what names none."""
    word = normalised(written)
    if not word:
        return None
    if word in _NONE:
        return []
    names = [] if word in UNKNOWN else t.texts_in(listed := _as_text(written))
    words = {normalised(name) for name in names}
    if names and words <= _NONE:
        return []
    if words <= UNKNOWN:
        note(NOT_KNOWN)
        return None
    if not words.isdisjoint(_NONE | UNKNOWN):
        raise RefusedError(_BESIDE.rule, _BESIDE.remedy)
    if any(_NO_LETTER.fullmatch(name) for name in names):
        raise RefusedError(_A_NUMBER.rule, _A_NUMBER.remedy)
    if t.BLANK_BETWEEN_TEXTS.search(listed):
        note(_PARTED)
    if any(_BLANK_WITHIN.search(name) for name in names):
        note(_KEPT)
    if any(_NUMBERED.match(name) for name in names):
        note(_COUNTED)
    return names


def _as_text(written: str) -> str:
    """Return a list in JSON as a text with 、 between its texts, and any other text as it is."""
    if not (written.startswith("[") and written.endswith("]")):
        return written
    try:
        names = json.loads(written)
    except (ValueError, RecursionError):
        names = [None]
    if not all(isinstance(name, str) for name in names):
        raise RefusedError(_NO_LIST.rule, _NO_LIST.remedy)
    return _joined(names)


def _joined(names: list[str | None]) -> str:
    return "、".join(map(str, filter(None, names))) if names else "无"


def _rows(cells: list[int] | NDArray[np.int64], code: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows that have one of some different cells."""
    return positions(np.isin(code, cells))
