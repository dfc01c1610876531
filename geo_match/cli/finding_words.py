"""The findings of a list in words: its faults and notes added up, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.intake.chinese import in_chinese
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.intake.findings import Group
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.intake.older import Older
    from geo_match.intake.readers.table import Table

_LISTED: Final = 20


class EnglishFindings:
    """What was found in a list, in English; `ChineseFindings` says the same in its words."""

    def faults(self, file: RecordsFile) -> Iterator[str]:
        """Yield lines about the faults that rows were rejected for."""
        faults = file.rejections.groups()
        if faults:
            yield f"  {self._about_faults()}"
        yield from (f"    {self._group(one, file.table)}" for one in faults[:_LISTED])
        if len(faults) > _LISTED:
            yield f"    … {self._more(sum(one.n_rows for one in faults[_LISTED:]))}"

    def notes(self, file: RecordsFile) -> Iterator[str]:
        """Yield lines about what was repaired or is doubtful."""
        notes = file.notes.groups()
        if notes:
            yield f"  {self._about_notes()}"
        yield from (f"    {self._note(one)}" for one in notes)

    def _about_faults(self) -> str:
        return "why rows were rejected (row 1 is the first of data, below the header):"

    def _group(self, one: Group, table: Table) -> str:
        at = told_at(one, table)
        value = f"such as {one.value!r}" if one.value else "empty"
        n = counted(one.n_rows, "row")
        return f"{one.field}: {one.rule}: {n} ({at}), {value}. {one.remedy}"

    def _more(self, n: int) -> str:
        return f"and {counted(n, 'more fault')}, which the file to be mended lists"

    def _about_notes(self) -> str:
        return "notes, which keep no row out:"

    def _note(self, one: Group) -> str:
        return f"{one.field}: {one.rule}: {counted(one.n_rows, 'row')}. {one.remedy}"

    def warning(self, text: str) -> str:
        """Return what a person should know of the file."""
        return f"warning: {text}"


class ChineseFindings(EnglishFindings):
    """What was found in a list, in Chinese."""

    def _about_faults(self) -> str:
        return "退回原因（表头下第一行为第1行数据）："

    def _group(self, one: Group, table: Table) -> str:
        at = told_at_in_chinese(one, table)
        value = f"如“{one.value}”" if one.value else "空白"
        return (
            f"{in_chinese(one.field)}：{in_chinese(one.rule)}，共{one.n_rows:,}行"
            f"（{at}；{value}）。{in_chinese(one.remedy)}"
        )

    def _more(self, n: int) -> str:
        return f"另有{n:,}处，退回文件中逐行列明"

    def _about_notes(self) -> str:
        return "提示（不影响导入）："

    def _note(self, one: Group) -> str:
        return (
            f"{in_chinese(one.field)}：{in_chinese(one.rule)}，共{one.n_rows:,}行。"
            f"{in_chinese(one.remedy)}"
        )

    def warning(self, text: str) -> str:
        """Return what a person should know of the file."""
        return f"注意：{in_chinese(text)}"


def told_at(one: Group | Older, table: Table) -> str:
    """Return where rows stand, in English."""
    more = ", …" if one.n_rows > len(one.rows) else ""
    several = "" if one.n_rows == 1 else "s"
    lines = _lines_of(one, table)
    at = f"row{several} {', '.join(str(row) for row in one.rows)}{more}"
    return at + (f"; line{several} {', '.join(lines)}{more} of the file" if lines else "")


def told_at_in_chinese(one: Group | Older, table: Table) -> str:
    """Return where rows stand, in Chinese."""
    more = "……" if one.n_rows > len(one.rows) else ""
    lines = _lines_of(one, table)
    at = f"第{'、'.join(str(row) for row in one.rows)}{more}行数据"
    return at + (f"，即文件第{'、'.join(lines)}{more}行" if lines else "")


def _lines_of(one: Group | Older, table: Table) -> list[str]:
    """Return where the rows that a group names stand in the file; nothing if that is not known."""
    lines = [table.line_of(row) for row in one.rows]
    return [str(line) for line in lines if line is not None]
