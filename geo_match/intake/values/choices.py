"""One of several values, or several of them, by the words that lists use for them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from geo_match.datums import as_datum
from geo_match.errors import DatumError
from geo_match.intake.values.cells import (
    Column,
    Parsed,
    RefusedError,
    chunked,
    parse_unique,
)
from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

_FLAGS: Final = dict.fromkeys(
    ["是", "有", "对", "真", "已", "true", "yes", "y", "t", "1", "√", "✓", "✔"], True
) | dict.fromkeys(
    ["否", "无", "错", "假", "未", "不是", "没有", "false", "no", "n", "f", "0", "×", "✗", "✘"],
    False,
)
_BETWEEN: Final = re.compile(r"[、,;|]")
_NO_DEMAND: Final = frozenset(["不限", "无要求", "不要求", "学历不限", "不限学历"])
_OR_MORE: Final = re.compile(r"(?:\(含\))?及?以上(?:学历)?$|学历$")
_NONE: Final = frozenset(["无", "否", "没有", "none"])
_MAPPED: Final = (
    "Write one of them, or say what the word means under [values.{name}] of a mapping file."
)


def words_of(spec: FieldSpec) -> dict[str, str]:
    """Return the value of each word that a list may use for it, in its normal form."""
    words: dict[str, str] = {}
    for value, others in (spec.about.choices or {}).items():
        for word in (value, *others.split()):
            words.setdefault(normalised(word), value)
    return words


def parse_flag(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse yes and no."""
    del context
    if pa.types.is_boolean(column.type):
        return Parsed(chunked(column))

    def read(text: str, note: Note) -> bool:
        del note
        flag = _FLAGS.get(normalised(text))
        if flag is None:
            raise RefusedError("must be 是 or 否", _MAPPED.format(name=spec.name))
        return flag

    return parse_unique(column, pa.bool_(), read)


def parse_choice(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse one value of several."""
    del context
    return parse_unique(column, pa.string(), partial(_read_choice, spec, words_of(spec)))


def parse_datum(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse datums by the words that offices use for them."""
    del context
    rule = f"must be one of {_said(spec)}"

    def read(text: str, note: Note) -> str:
        del note
        try:
            return as_datum(text)
        except DatumError as error:
            raise RefusedError(rule, error.remedy) from None

    return parse_unique(column, pa.string(), read)


def parse_education(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse levels of education: 大专, 大专及以上; 不限 is no demand."""
    del context
    words = words_of(spec)

    def read(text: str, note: Note) -> str | None:
        word = normalised(text)
        if word in _NO_DEMAND:
            return None
        shorter = _OR_MORE.sub("", word)
        return words.get(word) or words.get(shorter) or _read_choice(spec, words, text, note)

    return parse_unique(column, pa.string(), read)


def parse_choices(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse several values, by 、 or commas; 无 is none of them, an empty cell is not known."""
    del context
    kind = pa.list_(pa.string())
    words = words_of(spec)
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        # Back to text, so that a list and its text are judged alike.
        texts = [
            None if cell is None else "、".join(map(str, cell)) or "无"
            for cell in column.to_pylist()
        ]
        column = pa.chunked_array([pa.array(texts, type=pa.string())])

    def read(text: str, note: Note) -> list[str]:
        if normalised(text) in _NONE:
            return []
        parts = [part for part in _BETWEEN.split(text) if part.strip()]
        return list(dict.fromkeys(_read_choice(spec, words, part, note) for part in parts))

    return parse_unique(column, kind, read)


def _read_choice(spec: FieldSpec, words: Mapping[str, str], text: str, note: Note) -> str:
    del note
    value = words.get(normalised(text))
    if value is None:
        rule = f"must be one of {_said(spec)}"
        raise RefusedError(rule, _MAPPED.format(name=spec.name))
    return value


def _said(spec: FieldSpec) -> str:
    """Return the first word for each value."""
    choices = spec.about.choices or {}
    return "、".join((others.split() or [value])[0] for value, others in choices.items())
