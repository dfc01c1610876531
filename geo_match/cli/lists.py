"""Lists of records that a command reads by itself, without a store: judged as an import judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.cli.finding_words import ChineseFindings, EnglishFindings
from geo_match.cli.telling import language_for, told
from geo_match.cli.terminal import progress, say
from geo_match.errors import FileError, GeoMatchError
from geo_match.intake.chinese import in_chinese
from geo_match.intake.columns import not_used
from geo_match.intake.faults import counted
from geo_match.intake.lists.records_file import read_records
from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    import pyarrow as pa

    from geo_match.intake.findings import Group
    from geo_match.intake.lists.records_file import RecordsFile

_TO_BE_LOCATED: Final = "It was kept without a place; its address or community may still locate it."
"""What is so in an import alone: no place is sought for the rows of a list that is read here."""
_NOT_LOCATED: Final = (
    "It was kept, but has no place here; `geo-match import` into a store locates it by its address "
    "or community."
)
_NOT_LOCATED_IN_CHINESE: Final = (
    "已保留，但此处没有位置；用 geo-match import 导入数据库，可按地址或社区定位。"
)
_OF_A_STORE: Final = {
    "every community of the store": "every community",
    "no community of the store has an area": "no community has an area",
    "距数据库中所有社区都": "距所有社区都",
    "数据库中的社区都没有范围": "社区都没有范围",
}
"""What an import says of its store's communities, and how it is said of those of a list.

Whole phrases: a path may have some of the words.
"""
MATCHING: Final = "匹配"
"""What is done with a list unless it is said, in Chinese."""


def read_list(path: Path, kind: str, *, datum: str | None, language: str | None) -> RecordsFile:
    """Read a list of which at least one row can be used.

    Parameters
    ----------
    kind
        Of its records.
    datum
        Of the coordinates of rows that do not say theirs; None where there are none.
    language
        In which to tell why it is refused; that of its headers if None.

    Raises
    ------
    GeoMatchError
        If it is refused as a whole, or none of its rows can be used.
    """
    with progress(f"reading {path.name}"):
        try:
            file = read_records(path, kind, datum=datum)
        except GeoMatchError as error:
            said = told(error, path, language)
            raise said from (error.__cause__ if said is error else error)
    if len(file.records) == 0:
        first = file.rejections[0]
        raise FileError(
            path,
            "have a row that can be used",
            f"{counted(file.n_read, 'row')} read and none used (row {first.row}, "
            f"{first.field}: {first.rule})",
            first.remedy,
        )
    return file


def without_store(text: str) -> str:
    """Return what an import says of its store's communities as it is said of any."""
    for words, others in _OF_A_STORE.items():
        text = text.replace(words, others)
    return text


def column_of(file: RecordsFile, name: str) -> pa.ChunkedArray | None:
    """Return a column of a list that is no field of its records, a value a record; None without."""
    import numpy as np  # noqa: PLC0415 - as heavy as what stands above, and needed here alone

    if name not in file.table.columns.column_names:
        return None
    return file.table.columns.column(name).take(np.searchsorted(file.table.row, file.row))


def tell_list(
    file: RecordsFile,
    *,
    used: Collection[str] = (),
    language: str | None,
    doing: str = MATCHING,
) -> None:
    """Print what became of a list's rows, its faults and notes added up, and its warnings.

    Parameters
    ----------
    used
        Columns that are no fields of its records, and were used all the same.
    language
        In which to tell it; that of its headers if None.
    doing
        What is done with the list, in Chinese.
    """
    words = _Chinese(doing) if language_for(file, language) == "zh" else _English()
    for line in words.lines(file, used):
        say(line)


class _English(EnglishFindings):
    """What became of a list, in English."""

    def lines(self, file: RecordsFile, used: Collection[str]) -> Iterator[str]:
        """Yield what is told, line by line."""
        yield self._first(file)
        if file.joined is not None:
            yield f"  {self._members(file)}"
        yield from self.faults(file)
        yield from self.notes(file)
        yield from (f"  {self.warning(text)}" for text in _warnings(file, used))

    def warning(self, text: str) -> str:
        """Return what a person should know of the list."""
        return without_store(super().warning(text))

    def _first(self, file: RecordsFile) -> str:
        left = {
            "rejected": file.n_rejected,
            "stale": len(file.stale),
            "duplicate": len(file.duplicates),
        }
        told = "".join(f", {n:,} {name}" for name, n in left.items() if n)
        rows = counted(file.n_read, "row")
        return f"{file.kind}: {rows} of {file.source}, {int(file.sizes.sum()):,} used{told}"

    def _members(self, file: RecordsFile) -> str:
        rows = counted(int(file.sizes.sum()), "row")
        return f"a row a member (家庭成员): {rows} of {counted(len(file.records), 'household')}"

    def _more(self, n: int) -> str:
        return f"and {counted(n, 'more fault')}, which the list of rejected rows has"

    def _note(self, one: Group) -> str:
        said = super()._note(one)
        if one.remedy == _TO_BE_LOCATED:
            return said.removesuffix(_TO_BE_LOCATED) + _NOT_LOCATED
        return said


class _Chinese(ChineseFindings, _English):
    """What became of a list, in Chinese.

    Parameters
    ----------
    doing
        What is done with it.
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing

    def warning(self, text: str) -> str:
        """Return what a person should know of the list."""
        return without_store(super().warning(text))

    def _first(self, file: RecordsFile) -> str:
        left = {
            "退回": file.n_rejected,
            "过期": len(file.stale),
            "重复": len(file.duplicates),
        }
        told = "".join(f"，{name}{n:,}行" for name, n in left.items() if n)
        used = f"采用{int(file.sizes.sum()):,}行"
        return f"{RECORDS[file.kind].chinese}：{file.source}，读入{file.n_read:,}行，{used}{told}"

    def _members(self, file: RecordsFile) -> str:
        return f"家庭成员名单，每人一行：{int(file.sizes.sum()):,}行属于{len(file.records):,}户"

    def _more(self, n: int) -> str:
        return f"另有{n:,}处，退回清单中逐行列明"

    def _about_notes(self) -> str:
        return f"提示（不影响{self._doing}）："

    def _note(self, one: Group) -> str:
        said = super()._note(one)
        if one.remedy == _TO_BE_LOCATED:
            return said.removesuffix(in_chinese(_TO_BE_LOCATED)) + _NOT_LOCATED_IN_CHINESE
        return said


def _warnings(file: RecordsFile, used: Collection[str]) -> Iterator[str]:
    left = [name for name in file.unused if name not in used]
    for text in file.warnings:
        if text != not_used(file.unused):
            yield text
        elif left:
            yield not_used(left)
