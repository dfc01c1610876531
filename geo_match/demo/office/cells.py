"""Cells that people and spreadsheets have touched: blanks, wide digits, signs before a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from geo_match.demo.office.draft import Draft

_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_SIGNS: Final = "=+-@"
_BLANKS: Final = ((" ", ""), ("", " "), ("\u3000", ""), ("", "  "), ("", "\t"))


def widen_digits(draft: Draft, *columns: str) -> None:
    """Write some numbers and days with digits of double width."""
    for column in columns:
        rows = draft.choose("full_width_digits", column, among=draft.matching(column, "[0-9]"))
        texts = [text.translate(_WIDE) for text in draft.clean(column, rows)]
        draft.spoil("full_width_digits", rows, {column: texts})


def add_blanks(draft: Draft, *columns: str) -> None:
    """Write white space before or after some texts."""
    for column in columns:
        rows = draft.choose("stray_blank", column, among=draft.filled(column))
        which = (draft.marks("blank", column)[rows] * len(_BLANKS)).astype(np.int64)
        texts = [
            _BLANKS[k][0] + text + _BLANKS[k][1]
            for k, text in zip(which, draft.clean(column, rows), strict=True)
        ]
        draft.spoil("stray_blank", rows, {column: texts})


def add_signs(draft: Draft, column: str) -> None:
    """Write a sign before some texts, so that a spreadsheet takes them for formulas."""
    rows = draft.choose("formula_text", column, among=draft.filled(column))
    which = (draft.marks("sign", column)[rows] * len(_SIGNS)).astype(np.int64)
    texts = [_SIGNS[k] + text for k, text in zip(which, draft.clean(column, rows), strict=True)]
    draft.spoil("formula_text", rows, {column: texts})
