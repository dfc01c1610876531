"""Whether many texts all differ: told by hashes of them, at a fraction of a dictionary's cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WIDEST: Final = 64
"""Bytes of the longest text: all texts are made as long, which must not take too much memory."""
_WORD: Final = 8
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ divided by the golden ratio, made odd: multiplying by it loses nothing."""
_HALF: Final = np.uint64(32)


def surely_differ(texts: pa.StringArray) -> bool:
    """Return whether texts are sure to differ, each from each other; False says nothing.

    Equal texts have equal hashes, so where no two hashes are equal, no two texts are. Where two
    are, be it by chance, or the texts are long or of other characters than ASCII, it has to be
    found out in another way.

    Parameters
    ----------
    texts
        Of type string, (n,); two nulls are equal.

    Examples
    --------
    >>> surely_differ(pa.array(["H1", "H2", "H10"])), surely_differ(pa.array(["H1", "H1"]))
    (True, False)
    """
    if len(texts) == 0:
        return True
    if texts.null_count > 1 or not pc.all(pc.string_is_ascii(texts)).as_py():
        return False
    width = pc.max(pc.binary_length(texts)).as_py() or 0
    if width > _WIDEST:
        return False
    words = -(-max(width, 1) // _WORD)
    # A text that is longer by NUL alone has its fellow's hash, and is then no sure case.
    padded = pc.ascii_rpad(pc.fill_null(texts, ""), words * _WORD, padding="\0")
    hashes = np.sort(_hashes(padded, words))
    return not (hashes[1:] == hashes[:-1]).any()


def _hashes(padded: pa.StringArray, words: int) -> NDArray[np.uint64]:
    """Return a number for each text, equal ones for equal texts, (n,).

    Parameters
    ----------
    padded
        Texts that all have `words` times 8 bytes.
    """
    _, _, data = padded.buffers()
    start = padded.offset * words
    table = np.frombuffer(data, dtype=np.uint64, count=(len(padded) * words + start))[start:]
    table = table.reshape(len(padded), words)
    found = table[:, 0].copy()
    for column in table.T[1:]:
        found *= _MIX  # of arrays: it wraps around
        found ^= found >> _HALF
        found += column
    return found
