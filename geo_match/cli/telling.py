"""What `import` tells of a file: what became of its rows, its faults, notes and warnings.

It speaks the language of the list, or the one that was asked for.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, cast

from geo_match.cli.finding_words import (
    ChineseFindings,
    EnglishFindings,
    told_at,
    told_at_in_chinese,
)
from geo_match.cli.terminal import say
from geo_match.errors import DatumError, GeoMatchError
from geo_match.intake.chinese import error_in_chinese, language_of
from geo_match.intake.faults import counted
from geo_match.intake.readers.files import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geo_match.intake.chinese import Language
    from geo_match.intake.importing import ImportReport
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.intake.older import Older

_LONGEST_LINE: Final = 1 << 16
"""Bytes of a line of headers that are looked at."""
_BECAME: Final = {
    "accepted": "采纳",
    "unchanged": "未变",
    "stale": "过期",
    "duplicate": "重复",
    "rejected": "退回",
}
_LOCATED: Final = {
    "given": ("with coordinates", "有坐标"),
    "site": ("by their site", "按工作地点定位"),
    "gazetteer": ("by the gazetteer", "按地名库定位"),
    "community_area": ("by their community's area", "按社区范围定位"),
}
_KEPT: Final = {"another row of the list": "名单中的另一行", "the store's record": "库中记录"}
_UNLOCATED: Final = "none"


class ToldError(GeoMatchError):
    """An error in the language of the list that it is about; its cause is the error itself."""


def language_for(file: RecordsFile, language: str | None) -> Language:
    """Return the language in which a list is told what became of it: as asked, or its own."""
    return as_language(language) or language_of(file.table.columns.column_names)


def as_language(text: str | None) -> Language | None:
    """Return a language that the command line has checked, with its type."""
    return cast("Language | None", text)


def told(error: GeoMatchError, path: Path, language: str | None) -> GeoMatchError:
    """Return an error that refuses a file, in the language of the file.

    Parameters
    ----------
    error
        As it was raised.
    path
        The file; where no language is asked for, its headers say it. Other files than CSV are
        read once more for them.
    language
        As asked for, or None.
    """
    is_english = language_at(path, language) == "en"
    text = str(error) if is_english else error_in_chinese(error)
    if isinstance(error, DatumError) and path.name not in text:  # it is said of a list, not which
        text = f"{path}{': ' if is_english else '：'}{text}"
    return error if text == str(error) else ToldError(text)


@contextmanager
def telling(path: Path, language: str | None) -> Iterator[None]:
    """Have an error that refuses a table told in a language: that of its headers if None."""
    try:
        yield
    except GeoMatchError as error:
        raise told(error, path, language) from error.__cause__


def tell(
    report: ImportReport, mending: Path | None, *, dry_run: bool, language: str | None = None
) -> None:
    """Print what became of a file's rows: its faults and notes added up, and its warnings.

    Parameters
    ----------
    report
        Of the import.
    mending
        Where the rejected rows were written; None if nowhere.
    dry_run
        Whether nothing was written.
    language
        In which to tell it; that of the list's headers if None.
    """
    in_words = _Chinese if language_for(report.file, language) == "zh" else _English
    for line in in_words(report, mending, dry_run=dry_run).lines():
        say(line)


def tell_begun(path: Path, language: Language) -> None:
    """Say that a stop left a part of a file in the store."""
    say(
        f"已停止：{path} 的一部分已入库，再次导入即从该处继续"
        if language == "zh"
        else f"stopped: a part of {path} is in the store; importing it again goes on there"
    )


def tell_left(left: Sequence[Path], language: Language) -> None:
    """Name the files that were not imported."""
    names = [str(path) for path in left]
    say(f"未导入：{'、'.join(names)}" if language == "zh" else f"not imported: {', '.join(names)}")


class _English(EnglishFindings):
    """What became of a file, in English; `_Chinese` says the same in its words.

    Parameters
    ----------
    report, mending, dry_run
        As in `tell`.
    """

    def __init__(self, report: ImportReport, mending: Path | None, *, dry_run: bool) -> None:
        self._report = report
        self._mending = mending
        self._dry_run = dry_run
        self._counts = {name: int(getattr(report, name)) for name in _BECAME}
        self._n_places = sum(report.located.values())
        self._n_unlocated = report.located.get(_UNLOCATED, 0)

    def lines(self) -> Iterator[str]:
        """Yield what is told, line by line."""
        file = self._report.file
        yield self._first()
        if self._n_places:
            yield f"  {self._places()}"
        yield from self.faults(file)
        yield from (
            f"  {self._older(one, what)}" for one, what in self._older_groups() if one.n_rows
        )
        yield from self.notes(file)
        yield from (f"  {self.warning(text)}" for text in self._report.warnings)
        if self._mending is not None:
            yield f"  {self._where(self._mending)}"

    def _first(self) -> str:
        would = "dry run, nothing written: " if self._dry_run else ""
        became = ", ".join(f"{n:,} {name}" for name, n in self._counts.items())
        return f"{would}{counted(self._report.read, 'row')} of {self._report.file.source}: {became}"

    def _places(self) -> str:
        found = [
            f"{self._report.located[how]:,} {words[0]}"
            for how, words in _LOCATED.items()
            if how in self._report.located
        ]
        without = f"{self._n_unlocated:,} of {self._n_places:,} without a place"
        return f"places: {', '.join([*found, without])}"

    def _older_groups(self) -> tuple[tuple[Older, str], ...]:
        report = self._report
        return (
            (report.older_than_row, "another row of the list"),
            (report.older_than_store, "the store's record"),
        )

    def _older(self, older: Older, what: str) -> str:
        n = counted(older.n_rows, "row")
        at = told_at(older, self._report.file.table)
        more = ", …" if older.n_rows > len(older.rows) else ""
        return f"not taken, older than {what}: {n} ({at}): {', '.join(older.ids)}{more}"

    def _where(self, mending: Path) -> str:
        return (
            f"the rejected rows stand in {mending}, each with what is wrong in it: mend them "
            "there, and import that file"
        )


class _Chinese(ChineseFindings, _English):
    """What became of a file, in Chinese."""

    def _first(self) -> str:
        would = "试运行，未写入任何数据。" if self._dry_run else ""
        became = "，".join(f"{_BECAME[name]}{n:,}行" for name, n in self._counts.items())
        return f"{would}{self._report.file.source}：读入{self._report.read:,}行，其中{became}"

    def _places(self) -> str:
        found = [
            f"{words[1]}{self._report.located[how]:,}条"
            for how, words in _LOCATED.items()
            if how in self._report.located
        ]
        without = f"{self._n_places:,}条中{self._n_unlocated:,}条没有位置"
        return f"位置：{'，'.join([*found, without])}"

    def _older(self, older: Older, what: str) -> str:
        ids = "、".join(older.ids) + ("……" if older.n_rows > len(older.rows) else "")
        at = told_at_in_chinese(older, self._report.file.table)
        return f"未采纳，早于{_KEPT[what]}：共{older.n_rows:,}行（{at}）：{ids}"

    def _where(self, mending: Path) -> str:
        return f"退回的行已写入 {mending}，逐行注明原因：请在该文件中改正，再导入该文件"


def language_at(path: Path, language: str | None = None) -> Language:
    """Return the language of a file that was refused: as asked, or of its headers or its name."""
    asked = as_language(language)
    if asked is not None:
        return asked
    headers = _first_line(path)
    if not headers:
        try:
            headers = read_table(path).columns.column_names
        except (GeoMatchError, OSError):
            headers = []
    return language_of(headers or [path.stem])


def _first_line(path: Path) -> list[str]:
    """Return the headers of a CSV file, which need not be read for them; nothing of others."""
    if path.suffix.lower() != ".csv":
        return []
    try:
        with path.open("rb") as stream:
            line = stream.readline(_LONGEST_LINE)
    except OSError:
        return []
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = line.decode(encoding)
            return [] if "\0" in text or not text.strip() else text.strip().split(",")
    return []
