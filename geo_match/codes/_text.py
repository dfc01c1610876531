"""Texts as the checks read them: characters of double width are those of single width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Texts: TypeAlias = NDArray[np.object_] | pa.Array | pa.ChunkedArray
"""Texts of a column: an array of objects (str or None), or an Arrow array or column of them."""

_FULL_WIDTH: Final = {0xFEE0 + ascii_: ascii_ for ascii_ in range(0x21, 0x7F)} | {0x3000: 0x20}
"""Unicode holds the printable ASCII a second time, 0xFEE0 higher; U+3000 is the wide blank."""


def narrow(text: str) -> str:
    """Return the text with full-width characters as ASCII; no character is added or lost."""
    return text.translate(_FULL_WIDTH)


def as_column(texts: Texts) -> pa.Array:
    """Return the texts as one Arrow array of strings, what is missing (None, NaN) as null."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if isinstance(texts, pa.Array):
        return texts.cast(pa.large_string())
    return pa.array(texts, pa.large_string(), from_pandas=True)


def matching(column: pa.Array, pattern: str) -> NDArray[np.bool_]:
    """Return which texts of the column an RE2 pattern finds, False where there is none."""
    found = pc.fill_null(pc.match_substring_regex(column, pattern), fill_value=False)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)


def kept(
    texts: Texts, check: Callable[[str], str], *, as_it_is: Callable[[pa.Array], NDArray[np.bool_]]
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Check a column, each different text that is not in order as it is by itself.

    Parameters
    ----------
    texts
        Shape (n,).
    check
        Returns a text as it is kept, or raises ValueError.
    as_it_is
        Tells for many texts at once which of them `check` surely returns unchanged; it may miss
        some, which cost more time.

    Returns
    -------
    tuple of numpy.ndarray
        The texts as they are kept, None where there is none or it fails, and which of them fail,
        shape (n,) each.
    """
    column = as_column(texts)
    # Nulls become None here, and Arrow makes no Python string twice of the same row.
    values = np.array(column.to_pylist(), dtype=object)
    faults = np.zeros(len(column), np.bool_)
    todo = ~as_it_is(column) & np.asarray(column.is_valid().to_numpy(zero_copy_only=False))
    answers: dict[str, str | None] = {}
    for row in np.flatnonzero(todo).tolist():
        text = values[row]
        if text not in answers:
            answers[text] = _answer(text, check)
        values[row] = answers[text]
        faults[row] = answers[text] is None
    return values, faults


def _answer(text: str, check: Callable[[str], str]) -> str | None:
    try:
        return check(text)
    except ValueError:
        return None
