"""Unified social credit codes that are well formed and nobody's.

GB 32100-2015: authority and kind, six digits of the division, nine of the organisation (GB
11714-1997) and a check character. The division here, 340399, does not exist, so that no
registered code can be among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIVISION: Final = "340399"
_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, Z, S, V; a character's value is its place."""
_WEIGHTS: Final = 3 ** np.arange(17) % 31
_ORGANISATION_WEIGHTS: Final = np.array([3, 7, 9, 10, 5, 8, 4, 2])
AUTHORITY: Final = {
    "company": "91",
    "platform": "91",
    "sole_trader": "92",
    "village_cooperative": "93",
    "public_institution": "12",
}
"""By kind of employer: 9 market regulation, 1 staffing commission, and the kind within it."""


def credit_codes(kinds: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return a code for each employer, numbered in their order.

    Parameters
    ----------
    kinds
        A key of `AUTHORITY` each, shape (n,), n at most ten million.

    Returns
    -------
    numpy.ndarray
        Texts of 18 characters, all different, shape (n,).
    """
    n = len(kinds)
    organisation = np.char.add("M", np.char.zfill(np.arange(n).astype(str), 7))
    # GB 11714 counts letters from A = 10; M is 22.
    values = _digits(organisation, ordinal_of_first=22)
    remainder = 11 - values @ _ORGANISATION_WEIGHTS % 11
    check = np.array([*"?123456789X0"])[remainder]
    head = np.array([AUTHORITY[kind] + DIVISION for kind in kinds])
    body = np.char.add(np.char.add(head, organisation), check)
    place = np.array([[_CHARACTERS.index(c) for c in code] for code in body.tolist()])
    last = (31 - place @ _WEIGHTS % 31) % 31
    return np.char.add(body, np.array([*_CHARACTERS])[last]).astype(object)


def _digits(codes: NDArray[np.str_], *, ordinal_of_first: int) -> NDArray[np.int64]:
    """Return the values of codes that are one letter and digits, (n, length)."""
    values = np.array([[int(c) for c in "0" + code[1:]] for code in codes.tolist()])
    values = values.reshape(len(codes), -1)
    values[:, 0] = ordinal_of_first
    return values
