"""What the data dictionary says of one column: `Column`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "count", "share", "number", "metres", "degrees", "flag", "area"]
"""How values are written: words, whole numbers, shares of 1, other numbers, metres, degrees, yes or
no, outlines."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of what coverage is told in.

    Parameters
    ----------
    name
        As in the frames.
    chinese
        Its Chinese name.
    form
        How its values are written.
    unit, chinese_unit
        What a value counts or measures; empty for words.
    meaning, chinese_meaning
        One sentence each.
    """

    name: str
    chinese: str
    form: Form
    unit: str
    chinese_unit: str
    meaning: str
    chinese_meaning: str

    @property
    def header(self) -> str:
        """The header for people: the Chinese name and, on a line of its own, the column's."""
        return f"{self.chinese}\n{self.name}"


def text(name: str, chinese: str, meaning: str, chinese_meaning: str) -> Column:
    """Return a column of words."""
    return Column(name, chinese, "text", "", "", meaning, chinese_meaning)


def people(name: str, chinese: str, meaning: str, chinese_meaning: str) -> Column:
    """Return a column that counts people."""
    unit = ("people, by their weight", "人（户），按权重")
    return Column(name, chinese, "count", *unit, meaning, chinese_meaning)


def share(name: str, chinese: str, meaning: str, chinese_meaning: str) -> Column:
    """Return a column of shares."""
    return Column(name, chinese, "share", "share, 0 to 1", "占比，0至1", meaning, chinese_meaning)


def supply(name: str, chinese: str, meaning: str, chinese_meaning: str) -> Column:
    """Return a column that counts what can be reached."""
    unit = ("vacancies or places, as counted", "岗位数或处数，依统计口径")
    return Column(name, chinese, "count", *unit, meaning, chinese_meaning)


def rows(name: str, chinese: str, meaning: str, chinese_meaning: str) -> Column:
    """Return a column that counts rows."""
    return Column(name, chinese, "count", "rows", "行", meaning, chinese_meaning)


def metres(name: str, chinese: str, meaning: str, chinese_meaning: str) -> Column:
    """Return a column of metres."""
    return Column(name, chinese, "metres", "metres", "米", meaning, chinese_meaning)


def number(name: str, chinese: str, units: tuple[str, str], *meanings: str) -> Column:
    """Return a column of other numbers; units and meanings in English, then in Chinese."""
    meaning, chinese_meaning = meanings
    return Column(name, chinese, "number", *units, meaning, chinese_meaning)
