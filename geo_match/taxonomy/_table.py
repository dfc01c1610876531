"""Tables of a standard's groups: code, level, name, parent."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match.errors import ColumnError, FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from os import PathLike

COLUMNS: Final = ("code", "level", "name", "parent")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_LARGEST: Final = 10_000_000
"""Bytes; a standard's table has less than two hundred thousand."""


class Group(NamedTuple):
    """A group of a standard.

    Parameters
    ----------
    code
        As the standard writes it, without hyphens.
    level
        1 for the widest.
    name
        In Chinese.
    parent
        Code of the wider group; empty at level 1.
    """

    code: str
    level: int
    name: str
    parent: str


def shipped(name: str) -> dict[str, Group]:
    """Return the groups of a table of this package by their codes."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["code"]: Group(row["code"], int(row["level"]), row["name"], row["parent"])
        for row in rows
    }


def read_groups(
    path: str | PathLike[str], known: Mapping[str, Group], *, level_of: Callable[[str], int]
) -> dict[str, Group]:
    """Read a user's table, and add what is known.

    Parameters
    ----------
    path
        A CSV file in UTF-8 or GB18030 with the columns `COLUMNS`; further ones are passed over.
    known
        Groups that it refines; it may repeat them.
    level_of
        Gives the level at which a code stands by its form, 0 for none.

    Returns
    -------
    dict
        All groups by their codes, the known ones first.

    Raises
    ------
    ColumnError
        If a column is missing.
    FileError
        If it is no such file, or a row breaks a rule: a code that has no form of the standard, or
        comes twice, or names another group than the known one; a level that is not its code's; no
        name; a parent that is not in the tables, or not the start of its code one level up.
    """
    reader = csv.DictReader(_text(path).splitlines(), strict=True)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise ColumnError(
            path,
            f"have the columns {', '.join(COLUMNS)}",
            f"none called {', '.join(missing)}",
            "Name them so in its first row.",
        )
    try:
        rows = [
            (reader.line_num, [(row[column] or "").strip() for column in COLUMNS]) for row in reader
        ]
    except csv.Error as error:
        raise FileError(path, "be a CSV file", f"{error} in line {reader.line_num}") from error
    return _checked(path, rows, known, level_of)


def _text(path: str | PathLike[str]) -> str:
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise FileError(path, "be a file that can be read", error.strerror or str(error)) from error
    if len(data) > _LARGEST:
        raise FileError(path, f"have at most {_LARGEST:,} bytes", "a longer one")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(path, "be text in UTF-8 or GB18030", "bytes that are neither")


def _checked(
    path: str | PathLike[str],
    rows: Iterable[tuple[int, list[str]]],
    known: Mapping[str, Group],
    level_of: Callable[[str], int],
) -> dict[str, Group]:
    own: dict[str, Group] = {}
    lines: dict[str, int] = {}
    for line, (code, level, name, parent) in rows:
        where = f"code {code!r} in line {line}"
        if not level_of(code):
            raise FileError(path, "have codes of the standard's form", where)
        if level != str(level_of(code)):
            raise FileError(path, "give each code's level", f"level {level!r} for {where}")
        if not name:
            raise FileError(path, "name every group", f"no name for {where}")
        if code in own:
            raise FileError(path, "have each code once", f"{where} again")
        if code in known and known[code].name != name:
            raise FileError(
                path,
                f"call {code} {known[code].name!r}, as the shipped edition does",
                f"{name!r} in line {line}",
                "A table of another edition stands alone: name it by `version`.",
            )
        own[code] = Group(code, int(level), name, parent)
        lines[code] = line
    groups = {**known, **own}
    for group in own.values():
        if not _fits(group, groups):
            raise FileError(
                path,
                "have every group's parent, one level up, whose code begins its own",
                f"parent {group.parent!r} of code {group.code!r} in line {lines[group.code]}",
            )
    if not own:
        raise FileError(path, "have a row", "headers only")
    return groups


def _fits(group: Group, groups: Mapping[str, Group]) -> bool:
    if group.level == 1:
        return not group.parent
    parent = groups.get(group.parent)
    return (
        parent is not None
        and parent.level == group.level - 1
        and group.code.startswith(parent.code)
    )
