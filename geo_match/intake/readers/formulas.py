"""Text that a spreadsheet would run: made harmless on its way out, and as it was on its way in.

A cell that begins with one of `= + - @`, a tab or a carriage return is a formula to a spreadsheet.
Written out, such text gets an apostrophe before it; read in, it loses that one again. Text that
begins with apostrophes and then goes on like a formula gets one more, so that each text comes back
as it was. A plain number such as -3 is harmless and stays.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

NO_VALUE = (
    "must have a value, not only a formula that was never worked out",
    "Open the file in Excel or WPS and save it: that works the formulas out.",
)
"""Rule and remedy of a formula whose value the file does not hold."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_MARKED = r"^'+[=+\-@\t\r]"
_MARKED_NUMBER = r"^'+[+-]?[0-9]+(\.[0-9]+)?$"


def neutralised(text: str) -> str:
    """Return text as it may stand in a spreadsheet's cell without being run.

    Examples
    --------
    >>> [neutralised(text) for text in ("=1+1", "-3", "'=x", "岗位")]
    ["'=1+1", '-3', "''=x", '岗位']
    """
    return f"'{text}" if _would_run(text) else text


def restored(text: str) -> str:
    """Return the text that `neutralised` made this of, and any other text as it is.

    Examples
    --------
    >>> [restored(text) for text in ("'=1+1", "-3", "''=x", "'t is")]
    ['=1+1', '-3', "'=x", "'t is"]
    """
    return text[1:] if text.startswith("'") and _would_run(text[1:]) else text


def restored_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column of text with each value as `restored` gives it."""
    if not pc.any(pc.starts_with(column, "'")).as_py():
        return column
    marked = pc.and_not(
        pc.match_substring_regex(column, _MARKED), pc.match_substring_regex(column, _MARKED_NUMBER)
    )
    return pc.if_else(marked, pc.utf8_slice_codeunits(column, 1), column)


def _would_run(text: str) -> bool:
    return _FORMULA.match(text) is not None and _NUMBER.fullmatch(text.lstrip("'")) is None
