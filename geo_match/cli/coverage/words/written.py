"""What the commands about coverage tell of the files that they wrote, and of the tables in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.coverage.asking.parsers import BETWEEN
from geo_match.exchange.coverage.content import SUPPLY
from geo_match.exchange.coverage.table_names import chinese_table
from geo_match.exchange.coverage.write import ONE_TABLE
from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from geo_match.exchange.coverage import Content


def tables_in(content: Content, path: Path) -> list[str]:
    """Return the names of the tables that a file has; the places of the supply are no table.

    Parameters
    ----------
    content
        What was written.
    path
        Whose suffix says whether it has one or all.
    """
    if path.suffix.lower() in ONE_TABLE:
        return [content.first]
    return [name for name in content.layers() if name != SUPPLY]


def written_lines(files: Mapping[Path, Sequence[str]], of: str, *, language: str) -> Iterator[str]:
    """Yield what is told of each file.

    Parameters
    ----------
    files
        The names of the tables in each.
    of
        Whose coverage it is, by whose groups tables may be parted.
    language
        `zh` or `en`.
    """
    for path, names in files.items():
        if language == "zh":
            yield f"已写入{path}：{'、'.join(_in_chinese(name, of) for name in names)}"
        else:
            yield f"written to {path}: {', '.join(names)}"


def key_line(path: Path, *, language: str) -> str:
    """Return where the key of what was published is, in `zh` or `en`."""
    if language == "zh":
        return f"密钥在{path}：请保密，下次发布仍用同一密钥"
    return f"the key is in {path}: keep it secret, and give it again next time"


def _in_chinese(table: str, of: str) -> str:
    """Return what a table is called in Chinese, `community by hukou` as its two parts."""
    if (whole := chinese_table(table)) is not None:
        return whole
    first, *groups = table.split(BETWEEN)
    parts = [_group_in_chinese(one, of) for one in groups]
    whole = chinese_table(first) or _group_in_chinese(first, of)
    return f"{whole}（按{'、'.join(parts)}）" if parts else whole


def _group_in_chinese(name: str, of: str) -> str:
    """Return what a column of the people is called in Chinese; its own name if it has no other."""
    specs = RECORDS[of].specs()
    if name in specs:
        return specs[name].about.chinese
    for field, flags in getattr(RECORDS[of], "flags", {}).items():
        words = specs[field].about.choices or {}
        for value, flag in flags.items():
            if flag == name and words.get(value):
                return words[value].split()[0]
    return name
