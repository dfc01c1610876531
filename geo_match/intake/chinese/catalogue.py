"""What is said of rows, files and the store, in Chinese: English texts beside their Chinese twins.

The code says everything in English, rules and remedies as they stand in the source. The tables
beside this module (`rows.toml`, `files.toml`, `store.toml`) have the Chinese of each, with names in
braces for what varies. A text that no table has stays English: a sentence that cannot be
translated must still be told.

A part may be any text, but for `{n}` and `{m}`, which are numbers, `{ns}`, which is several,
`{given}` and `{moved}`, which are shares (76%), and names such as `{n_rows}`, a number with its
noun. What is shown in 'quotes' stands in “these” in Chinese. `{~name}` in a Chinese text is itself
looked up.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geo_match.errors import ArgumentError, FileError, GeoMatchError
from geo_match.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLES: Final = ("rows.toml", "files.toml", "store.toml")
_PART: Final = re.compile(r"\{(~?)(\w+)\}")
BETWEEN: Final = "；"
"""What parts sentences in Chinese …"""
_BETWEEN_SENTENCES: Final = "; "
"""… and in English."""
_NUMBER: Final = "-?[0-9][0-9,.]*"
_NUMBERS: Final = "[0-9][0-9, …]*"
_SHARE: Final = "[0-9.]+%?"
_SHARES: Final = frozenset({"given", "moved"})
_COUNTED: Final = f"{_NUMBER}(?: (?:blank )?[a-z]+)?"
_PAIRS: Final = "pairs"
"""What two codes each are, "A and B (3%), …": the list cannot be looked up as a whole."""
_QUOTES: Final = re.compile(r"(?<!\w)'([^']*)'(?!\w)")
_KEPT: Final = 4096
"""Translations remembered: rules vary little, however many rows break them."""


@dataclass(frozen=True, slots=True)
class _Template:
    """One entry whose text has parts that vary.

    Parameters
    ----------
    begin, end
        What stands before the first part and behind the last: asked first, since few texts fit.
    form
        An expression of all of it.
    chinese
        The Chinese text.
    """

    begin: str
    end: str
    form: re.Pattern[str]
    chinese: str

    @classmethod
    def of(cls, english: str, chinese: str) -> _Template:
        found = list(_PART.finditer(english))
        literal = _PART.split(english)[::3]
        groups = [f"(?P<{one[2]}>{_form_of(one[2])})" for one in found] + [""]
        form = "".join(re.escape(text) + group for text, group in zip(literal, groups, strict=True))
        return cls(literal[0], literal[-1], re.compile(form, re.DOTALL), chinese)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the parts of a text that has this form."""
        if not (text.startswith(self.begin) and text.endswith(self.end)):
            return None
        return self.form.fullmatch(text)


def _form_of(name: str) -> str:
    """Return an expression of what a part may be, by its name."""
    if name in {"n", "m"}:
        return _NUMBER
    if name == "ns":
        return _NUMBERS
    if name in _SHARES:
        return _SHARE
    return _COUNTED if name.startswith("n_") else ".+?"


@cache
def entries() -> dict[str, str]:
    """Return the Chinese of each English text, of all tables.

    Returns
    -------
    dict
        As the tables have it, with names in braces. It is shared: do not change it.
    """
    folder = files(__package__)
    all_of_them: dict[str, str] = {}
    for name in _TABLES:
        all_of_them |= tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
    return all_of_them


@cache
def _templates() -> tuple[_Template, ...]:
    """Return the entries with parts that vary, those that say most first.

    A text may have the form of several; the one with the most letters of its own says most of it.
    """
    varying = [one for one in entries().items() if _PART.search(one[0])]
    varying.sort(key=lambda one: -len(_PART.sub("", one[0])))
    return tuple(_Template.of(english, chinese) for english, chinese in varying)


@lru_cache(maxsize=_KEPT)
def chinese_or_none(text: str) -> str | None:
    """Return the Chinese of a text, None where no table has it."""
    whole = entries().get(text)
    if whole is not None:
        return whole
    for template in _templates():
        found = template.match(text)
        if found is not None:
            return _filled(template.chinese, found.groupdict())
    return None


def in_chinese(text: str) -> str:
    """Return the Chinese of a rule, a remedy or another sentence of intake.

    Parameters
    ----------
    text
        As the code says it; several sentences may be parted by "; ".

    Returns
    -------
    str
        The text as it is where no table has it, sentence by sentence.

    Examples
    --------
    >>> in_chinese("must be at most 1,000")
    '不得大于1,000'
    >>> in_chinese("must be something new")
    'must be something new'
    """
    if text in entries():
        return entries()[text]
    # Part by part first: a form with parts that vary may fit two sentences together.
    parts = [chinese_or_none(part) for part in text.split(_BETWEEN_SENTENCES)]
    if len(parts) > 1 and None not in parts:
        return BETWEEN.join(part for part in parts if part is not None)
    whole = chinese_or_none(text)
    if whole is not None:
        return whole
    return (
        BETWEEN.join(
            english if chinese is None else chinese
            for english, chinese in zip(text.split(_BETWEEN_SENTENCES), parts, strict=True)
        )
        if any(part is not None for part in parts)
        else text
    )


def error_in_chinese(error: GeoMatchError) -> str:
    """Return what an error says, in Chinese if its rule is known, else as it is.

    Parameters
    ----------
    error
        Any; `FileError`, `ArgumentError` and `StoreError` have the parts that are looked up.
    """
    if isinstance(error, FileError):
        subject = error.file
    elif isinstance(error, ArgumentError):
        subject = error.argument
    elif isinstance(error, StoreError):
        subject = error.store
    else:
        return str(error)
    rule = chinese_or_none(error.rule)
    if rule is None:
        return str(error)
    found = _quoted(in_chinese(error.found))
    return f"“{subject}”：{rule}；现为：{found}。{in_chinese(error.remedy)}"


def _quoted(text: str) -> str:
    """Return a text of one line with “these” instead of 'quotes' around what it shows."""
    return text if "\n" in text else _QUOTES.sub(r"“\1”", text)


def _filled(chinese: str, parts: Mapping[str, str]) -> str:
    """Return a Chinese text with its parts put in, those with a `~` in Chinese."""

    def part(name: re.Match[str]) -> str:
        text = parts[name[2]]
        if name[2] == _PAIRS:
            return text.replace(" and ", "与")
        return in_chinese(text) if name[1] else _quoted(text)

    return _PART.sub(part, chinese)
