"""What reads the lists of one command: `Reading`, which reads each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.coverage.given.repair import read_crossing
from geo_match.cli.list_doubts import doubting, read_doubted
from geo_match.cli.telling import ToldError, language_at
from geo_match.cli.terminal import say
from geo_match.errors import DatumError, GeoMatchError

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.cli.coverage.asking.lists import AList
    from geo_match.cli.coverage.given.suspicions import Ground
    from geo_match.intake.lists.records_file import RecordsFile


class Reading:
    """Reads lists, each once, and judges them, each once beside the same communities.

    Parameters
    ----------
    language
        In which to tell why a list is refused; that of its headers if None.
    accept_suspicions
        Whether lists are taken that look wrong as a whole.
    """

    def __init__(self, *, language: str | None, accept_suspicions: bool = False) -> None:
        self.language = language
        self._accept = accept_suspicions
        self._read: dict[tuple[Path, str], RecordsFile] = {}
        self._judged: dict[tuple[Path, str, str], RecordsFile] = {}

    def read(self, one: AList, kind: str, *, crossing: bool = False) -> RecordsFile:
        """Read a list; what looks wrong with its columns is told where it is refused.

        Parameters
        ----------
        kind
            Of its records.
        crossing
            Whether communities are kept whose outlines cross themselves.

        Raises
        ------
        GeoMatchError
            As `geo_match.cli.lists.read_list`.
        """
        known = one.path, kind
        if known not in self._read:
            self._read[known] = self._file(one, kind, crossing=crossing)
        return self._read[known]

    def judged(self, one: AList, kind: str, ground: Ground) -> RecordsFile:
        """Read a list, and judge its places by the communities.

        Raises
        ------
        GeoMatchError
            As `read`, or if it looks wrong as a whole, or the communities do beside it.
        """
        known = one.path, kind, ground.source
        if known not in self._judged:
            self._judged[known] = ground.judged(
                self.read(one, kind), datum=one.datum, accept=self._accept, language=self.language
            )
        return self._judged[known]

    def _file(self, one: AList, kind: str, *, crossing: bool) -> RecordsFile:
        if one.unheard is not None:
            say(_unheard(one, one.unheard, self.language))
        if crossing:
            with doubting(one.path, kind, self.language):
                return read_crossing(one.path, datum=one.datum, language=self.language)
        try:
            return read_doubted(one.path, kind, datum=one.datum, language=self.language)
        except GeoMatchError as error:
            named = _by_option(error, one, self.language)
            if named is None:
                raise
            raise named from error


def _by_option(error: GeoMatchError, one: AList, language: str | None) -> GeoMatchError | None:
    """Return an error that names the option for the datum of a list; None if that is not it."""
    is_missing = isinstance(error, DatumError) or isinstance(error.__cause__, DatumError)
    if not (is_missing and one.option and one.datum is None):
        return None
    if language_at(one.path, language) == "zh":
        return ToldError(f"{error}请用 {one.option} 指定。")
    return ToldError(f"{error} Give it with {one.option}.")


def _unheard(one: AList, datum: str, language: str | None) -> str:
    """Say that what was given for all lists is not the datum of this one."""
    name = one.path.name
    if language_at(one.path, language) == "zh":
        return (
            f"{name}：按文件自身的坐标参考系，不按 --datum {datum}；文件所写有误的，"
            "请用该名单自己的选项（如 --people-datum）指定"
        )
    return (
        f"{name}: in its own CRS, not --datum {datum}; if the file is wrong, give the option of "
        "this list alone, such as --people-datum"
    )
