"""What stands beside the sheets of an XLSX workbook: names, texts and date formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.errors import FileError
from geo_match.intake.readers._xlsx_package import Package, Texts, nothing

if TYPE_CHECKING:
    from pathlib import Path

MAX_STRINGS = 1 << 23
"""Most different texts of a workbook."""

MAX_STRINGS_CHARACTERS = 1 << 28
"""Most characters of all different texts together."""

DAY, TIME, SPAN = "day", "time", "span"
# Excel's own formats by number, ECMA-376 18.8.30; 27 to 36 and 50 to 58 are Chinese dates.
_OWN_FORMATS: Final = (
    dict.fromkeys([*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)], DAY)
    | dict.fromkeys([*range(18, 22), *range(32, 36), 45, 47], TIME)
    | {46: SPAN}
)
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|[_*].')  # text, and the width or the filling of a character
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_BRACKETS = re.compile(r"\[[^\]]*\]")  # colours, conditions, languages
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_TEXT = ((0, 0), (0xD800, 0xDFFF))  # NUL, and halves of surrogate pairs


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook without its sheets' cells.

    Parameters
    ----------
    sheets
        Name and part of each visible sheet, in order.
    hidden
        The same of the hidden ones.
    strings
        The texts that cells point to.
    formats
        For each style of a cell, `DAY`, `TIME`, `SPAN` or "" for what is no date.
    since_1904
        Whether days are counted from 1904, as old Macintoshes did.
    """

    sheets: tuple[tuple[str, str], ...]
    hidden: tuple[tuple[str, str], ...]
    strings: list[str]
    formats: list[str]
    since_1904: bool


def read_workbook(package: Package, path: Path) -> Workbook:
    """Read what stands beside the sheets.

    Raises
    ------
    FileError
        If a part is missing or broken, or there are more texts than the limits allow.
    """
    roots = package.relations("").values()
    main = next((name for name in roots if name.endswith("workbook.xml")), "xl/workbook.xml")
    related = package.relations(main)
    shown: list[tuple[str, str]] = []
    hidden: list[tuple[str, str]] = []
    since_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if tag == "workbookPr":
            since_1904 = attributes.get("date1904") in {"1", "true", "on"}
        elif tag == "sheet":
            ids = (value for name, value in attributes.items() if name.endswith("}id"))
            part = related.get(next(ids, ""), "")
            kind = shown if attributes.get("state", "visible") == "visible" else hidden
            if "chartsheet" not in part and package.has(part):
                kind.append((attributes.get("name", ""), part))

    package.walk(main, start=start, end=nothing, text=nothing)
    parts = {part.rpartition("/")[2].casefold(): part for part in related.values()}
    strings = parts.get("sharedstrings.xml")
    styles = parts.get("styles.xml")
    return Workbook(
        tuple(shown),
        tuple(hidden),
        _strings(package, strings, path) if strings and package.has(strings) else [],
        _formats(package, styles) if styles and package.has(styles) else [],
        since_1904,
    )


def unescaped(text: str) -> str:
    """Return text with the characters that XML cannot hold, which Excel writes as `_x000D_`."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if any(low <= code <= high for low, high in _NO_TEXT) else chr(code)


def _strings(package: Package, part: str, path: Path) -> list[str]:
    strings: list[str] = []
    text = Texts(package)
    inside = phonetic = False
    n = 0

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside, phonetic
        inside = tag == "t" and not phonetic
        phonetic = phonetic or tag == "rPh"

    def end(tag: str) -> None:
        nonlocal inside, phonetic, n
        inside = False
        if tag == "rPh":
            phonetic = False
        elif tag == "si":
            whole = text.taken()
            n += len(whole)
            strings.append(unescaped(whole))
            if len(strings) > MAX_STRINGS or n > MAX_STRINGS_CHARACTERS:
                raise FileError(
                    path,
                    f"hold at most {MAX_STRINGS:,} different texts of "
                    f"{MAX_STRINGS_CHARACTERS >> 20} million characters",
                    "a larger table of texts",
                    "Save the list as CSV, or split it into several workbooks.",
                )

    def between(piece: str) -> None:
        if inside:
            text.add(piece)

    package.walk(part, start=start, end=end, text=between)
    return strings


def _formats(package: Package, part: str) -> list[str]:
    own: dict[str, str] = {}
    formats: list[str] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            number = attributes.get("numFmtId", "0")
            formats.append(_kind(own[number]) if number in own else _own(number))

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag != "cellXfs"

    package.walk(part, start=start, end=end, text=nothing)
    return formats


def _own(number: str) -> str:
    return _OWN_FORMATS.get(int(number), "") if number.isdecimal() else ""


def _kind(code: str) -> str:
    """Return what a number format of the workbook's own shows of a number."""
    first = _NOT_SHOWN.sub("", code).partition(";")[0].lower()
    if _ELAPSED.search(first):
        return SPAN
    bare = _BRACKETS.sub("", first)
    if "y" in bare or "d" in bare:
        return DAY
    if "h" in bare or "s" in bare:
        return TIME
    return DAY if "m" in bare else ""
