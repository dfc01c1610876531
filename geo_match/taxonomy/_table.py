"""Tables of a standard's groups: code, level, name, parent."""

from __future__ import annotations

import csv
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match.codes import mask_id_cards, narrow
from geo_match.errors import ColumnError, FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from os import PathLike

COLUMNS: Final = {
    "code": ("代码", "职业代码", "编码", "职业编码"),
    "name": ("名称", "职业名称"),
    "level": ("级别", "层级"),
    "parent": ("上级代码", "上级"),
    "version": ("版本", "分类版本"),
}
"""A table's columns, each with the Chinese headers that mean it."""
_NEEDED: Final = ("code", "name")
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


class GroupsFile(NamedTuple):
    """A user's table.

    Parameters
    ----------
    groups
        By their codes, in the file's order, those that it refines left out.
    version
        The edition that it says its codes belong to; None if it does not say.
    """

    groups: dict[str, Group]
    version: str | None


class _Row(NamedTuple):
    """A line of a user's table; a cell is None where the table has no such column."""

    line: int
    code: str
    name: str
    level: str | None
    parent: str | None
    version: str | None


def shipped(name: str) -> dict[str, Group]:
    """Return the groups of a table of this package by their codes."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["code"]: Group(row["code"], int(row["level"]), row["name"], row["parent"])
        for row in rows
    }


def read_groups(
    path: str | PathLike[str],
    known: Mapping[str, Group],
    *,
    known_version: str,
    version: str | None,
    level_of: Callable[[str], int],
) -> GroupsFile:
    """Read a user's table.

    Parameters
    ----------
    path
        A CSV file in UTF-8 or GB18030 with the columns code and name, and perhaps level, parent
        and version, or `COLUMNS` in Chinese; further ones are passed over. Codes may have hyphens.
        Without a column of parents a group's parent is the narrowest one that its code begins with.
    known
        Groups of the edition `known_version`, which a table of that edition refines; it may repeat
        them.
    known_version
        The edition of a table that does not say its own.
    version
        The edition, where the caller says it; None for what the table says.
    level_of
        Gives the level at which a code stands by its form, 0 for none.

    Returns
    -------
    GroupsFile
        Its groups.

    Raises
    ------
    ColumnError
        If a column is missing, or could be several.
    FileError
        If it is no such file, or a row breaks a rule: a code that has no form of the standard, or
        comes twice, or names another group than the known one; a level that is not its code's; no
        name; a parent that is not in the tables, or not the start of its code one level up; an
        edition that is not that of the other rows.
    """
    rows = _rows(path)
    said = _version(path, rows)
    refined = known if (version or said or known_version) == known_version else {}
    return GroupsFile(_checked(path, rows, refined, level_of), version or said)


def _rows(path: str | PathLike[str]) -> list[_Row]:
    reader = csv.DictReader(_text(path).splitlines(), strict=True)
    headers = _headers(path, reader.fieldnames or ())
    rows = []
    try:
        for row in reader:
            cells = {
                column: narrow(row[header] or "").strip() for column, header in headers.items()
            }
            if not any(cells.values()):
                continue
            rows.append(
                _Row(
                    reader.line_num,
                    cells["code"].replace("-", ""),
                    (row[headers["name"]] or "").strip(),
                    cells.get("level"),
                    cells["parent"].replace("-", "") if "parent" in cells else None,
                    cells.get("version"),
                )
            )
    except csv.Error as error:
        raise FileError(path, "be a CSV file", f"{error} in line {reader.line_num}") from error
    if not rows:
        raise FileError(path, "have a row", "headers only")
    return rows


def _headers(path: str | PathLike[str], names: Sequence[str]) -> dict[str, str]:
    """Return the header of each column that is there."""
    found: dict[str, str] = {}
    for column, others in COLUMNS.items():
        meant = [name for name in names if narrow(name).strip().lower() in {column, *others}]
        if len(meant) > 1:
            raise ColumnError(path, f"have one column of {column}s", f"several: {', '.join(meant)}")
        if meant:
            found[column] = meant[0]
    missing = [column for column in _NEEDED if column not in found]
    if missing:
        raise ColumnError(
            path,
            "have the columns " + ", ".join(f"{one} ({COLUMNS[one][0]})" for one in _NEEDED),
            f"none called {', '.join(missing)}",
            "Name them so in its first row.",
        )
    return found


def _version(path: str | PathLike[str], rows: Sequence[_Row]) -> str | None:
    """Return the edition that all rows name; None if none does."""
    counts = Counter(row.version for row in rows)
    if len(counts) > 1:
        common = counts.most_common(1)[0][0]
        other = next(row for row in rows if row.version != common)
        raise FileError(
            path,
            "be of one edition",
            f"version {other.version!r} in line {other.line}, and {common!r} elsewhere",
            "Import one edition alone.",
        )
    return next(iter(counts)) or None


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
    rows: Iterable[_Row],
    known: Mapping[str, Group],
    level_of: Callable[[str], int],
) -> dict[str, Group]:
    own: dict[str, _Row] = {}
    for row in rows:
        where = f"code {row.code!r} in line {row.line}"
        level = level_of(row.code)
        if not level:
            raise FileError(path, "have codes of the standard's form", where)
        if row.level not in {None, str(level)}:
            raise FileError(path, "give each code's level", f"level {row.level!r} for {where}")
        if not row.name:
            raise FileError(path, "name every group", f"no name for {where}")
        if mask_id_cards(row.name) != row.name:
            raise FileError(path, "hold no ID-card number", f"one in the name of {where}")
        if row.code in own:
            raise FileError(path, "have each code once", f"{where} again")
        if row.code in known and known[row.code].name != row.name:
            raise FileError(
                path,
                f"call {row.code} {known[row.code].name!r}, as the shipped edition does",
                f"{row.name!r} in line {row.line}",
                "A table of another edition stands alone: name it by `version`.",
            )
        own[row.code] = row
    codes = known.keys() | own.keys()
    return {
        code: Group(code, level_of(code), row.name, _parent(path, row, codes, level_of))
        for code, row in own.items()
        if code not in known
    }


def _parent(
    path: str | PathLike[str], row: _Row, codes: Container[str], level_of: Callable[[str], int]
) -> str:
    """Return the code of a group's wider group: as its row says, or the narrowest that there is."""
    code, level = row.code, level_of(row.code)
    wider = [code[:end] for end in range(len(code) - 1, 0, -1) if code[:end] in codes]
    if row.parent is None:
        rule = "have a wider group of every group, whose code begins its own"
        parent, fits = (wider[0] if wider else ""), bool(wider) or level == 1
    else:
        rule = "have every group's parent, one level up, whose code begins its own"
        parent = row.parent
        fits = not parent if level == 1 else parent in wider and level_of(parent) == level - 1
    if not fits:
        raise FileError(path, rule, f"parent {parent!r} of code {code!r} in line {row.line}")
    return parent
