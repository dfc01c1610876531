"""Big5, which passes for GB18030 and comes out as other Chinese characters.

Almost every pair of bytes of Big5 is one of GB18030 too, so that no decoder sees the difference,
and rare characters prove nothing: 龘 and 㛃 stand in people's names. The headers do: a file is
taken for Big5 only if none of its headers is known in GB18030, and one is in Big5.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Final

from geo_match.errors import FileError
from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST: Final = 1 << 16
"""Bytes that the line of headers may have to be looked at."""

_TRADITIONAL: Final = str.maketrans(
    "業東鄉書會關別務動勞區單歷縣發號啟員圍備學實屬崗開錄態戶執數舊時來標點狀電碼稱類級緯細終經結統編職聯營"
    "計記證話詳說質資週運鎮閉間難駐驗齡體準構網範畢徑況長銷",
    "业东乡书会关别务动劳区单历县发号启员围备学实属岗开录态户执数旧时来标点状电码称类级纬细终经结统编职联营"
    "计记证话详说质资周运镇闭间难驻验龄体准构网范毕径况长销",
)
"""The characters of known headers that Big5 writes otherwise."""


def refuse_big5(path: Path) -> None:
    """Raise if a file that is no UTF-8 is Big5 by its headers.

    Raises
    ------
    FileError
        If no header is known in GB18030, and one is in Big5.
    """
    with path.open("rb") as stream:
        line = stream.readline(_LONGEST)
    in_big5 = _headers(line, "cp950")
    if not in_big5 or _known(_headers(line, "gb18030")):
        return
    known = _known([header.translate(_TRADITIONAL) for header in in_big5])
    if known:
        raise FileError(
            path,
            "be text in UTF-8 or GB18030",
            f"what looks like Big5 (the header {in_big5[known[0]]!r})",
            "Open it with the encoding Big5 (in Excel: Data → From Text/CSV → File origin 950), "
            "and save it as CSV UTF-8.",
        )


def _headers(line: bytes, encoding: str) -> list[str]:
    """Return the headers that a line has in an encoding; none if it is not in it."""
    try:
        return next(csv.reader([line.decode(encoding)]), [])
    except (UnicodeDecodeError, csv.Error):
        return []


def _known(headers: list[str]) -> list[int]:
    """Return the positions of the headers that mean a field of any record."""
    names = _names()
    return [at for at, header in enumerate(headers) if normalised(header) in names]


@cache
def _names() -> frozenset[str]:
    from geo_match.records import RECORDS  # noqa: PLC0415 - of the few lists that are no UTF-8

    return frozenset(
        normalised(header)
        for model in RECORDS.values()
        for headers in (
            *(spec.headers for spec in model.specs().values()),
            *(words.split() for words in model.composites),
            *(choices.values() for choices in model.flags.values()),
        )
        for header in headers
    )
