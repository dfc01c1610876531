"""What comes of a rule: it fails, it passes, or what is known does not tell.

Arrays of outcomes are int8, shape (n,). The numbers are such that they serve as positions in
`OUTCOMES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FAIL: Final = 0
PASS: Final = 1
UNKNOWN: Final = 2
OUTCOMES: Final = ("fail", "pass", "unknown")
"""Their names, by their numbers."""


def holds(always: ArrayLike, ever: ArrayLike) -> NDArray[np.int8]:
    """Return outcomes of what holds in every case that may be, in some of them, or in none.

    Parameters
    ----------
    always
        Where it holds in every case, bool, (n,).
    ever
        Where it holds in one case or more, bool, (n,).
    """
    told = np.where(always, PASS, np.where(ever, UNKNOWN, FAIL))
    return np.asarray(told, dtype=np.int8)


def all_of(*outcomes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return fail where one fails, else unknown where one is, else pass."""
    every = np.stack(outcomes)
    return holds((every == PASS).all(axis=0), (every != FAIL).all(axis=0))


def any_of(*outcomes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return pass where one passes, else unknown where one is, else fail."""
    every = np.stack(outcomes)
    return holds((every == PASS).any(axis=0), (every != FAIL).any(axis=0))
