"""Texts as they stand in a cell of CSV, and in JSON."""

from __future__ import annotations

import json
import re
from typing import Final

from geo_match.intake.readers.formulas import neutralised

_QUOTED: Final = re.compile(r'[",\r\n]')


def csv_cell(text: str) -> str:
    """Return a text quoted where CSV needs it; one that a spreadsheet would run with a mark.

    Examples
    --------
    >>> csv_cell("a,b"), csv_cell("=1+1")
    ('"a,b"', "'=1+1")
    """
    text = neutralised(text)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def json_cell(text: str) -> str:
    """Return a text as JSON has it, Chinese as it is."""
    return json.dumps(text, ensure_ascii=False)
