"""Unified social credit codes (统一社会信用代码), GB 32100-2015 with its amendment of 2016.

18 characters: the registering authority, the kind of organisation, six digits of the division,
nine characters of the organisation (GB 11714) and a check character (GB/T 17710, modulus 31). The
letters I, O, Z, S and V are not used. A character that is changed changes the sum by its weight
times a difference below 31; 31 is a prime, so that the check character notices each one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from stdnum.cn import uscc

from geo_match.codes._text import Texts, kept, matching, narrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

AUTHORITIES: Final = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "工商",
    "A": "中央军委改革和编制办公室",
    "N": "农业",
    "Y": "其他",
}
"""Registering authorities by the first character. `stdnum.cn.uscc` knows the digits alone."""
PATTERN: Final = "^[1-9ANY][1-9][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$"
"""Of a code as it is kept, without its check character's rule."""

_LENGTH: Final = 18
_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""A character's value is its place."""
_FORM: Final = re.compile(r"[0-9A-Z]{18}")
_HEAD: Final = re.compile(f"[{''.join(AUTHORITIES)}][1-9]")
_VALUES: Final = np.zeros(128, np.int64)
_VALUES[np.frombuffer(_CHARACTERS.encode(), np.uint8)] = np.arange(len(_CHARACTERS))
_WEIGHTS: Final = 3 ** np.arange(_LENGTH) % len(_CHARACTERS)
"""A whole code's values by these add up to a multiple of 31; the last weight is 3**17 % 31 = 22."""


def check_credit_code(code: str) -> str:
    """Return a credit code as it is kept: 18 characters of single width, capitals.

    Parameters
    ----------
    code
        As it was written; blanks and hyphens in it are passed over.

    Returns
    -------
    str
        The code. The check character of the organisation's nine is not asked, since codes that
        were given out break it; whether the code is registered is not known here.

    Raises
    ------
    ValueError
        If it has not 18 characters, or letters that the standard leaves out, begins with no
        authority and kind, has no division, or another character changed, by the check character.

    Examples
    --------
    >>> check_credit_code("９1110000 600037341l")
    '91110000600037341L'
    """
    # stdnum's own clean-up knows more hyphens; full width it leaves.
    text = uscc.compact(narrow(code))
    rule = _broken_rule(text)
    if rule:
        raise ValueError(rule)
    return text


def _broken_rule(code: str) -> str:
    """Say what is wrong with a code, or nothing."""
    rules = (
        (len(code) == _LENGTH, "have 18 characters (统一社会信用代码, GB 32100-2015)"),
        (_FORM.fullmatch(code), "consist of digits and Latin letters"),
        (set(code) <= set(_CHARACTERS), "not have I, O, Z, S or V, which GB 32100-2015 leaves out"),
        (_HEAD.match(code), "begin with a registering authority (1-9, A, N, Y) and a kind (1-9)"),
        (code[2:8].isdigit(), "have the six digits of a division in places 3 to 8"),
    )
    rule = next((rule for holds, rule in rules if not holds), "")
    if not rule and code[-1] != uscc.calc_check_digit(code):
        rule = "fit its check character, the last: one of its characters is wrong"
    return f"must {rule}" if rule else ""


def is_credit_code(text: str) -> bool:
    """Return whether the text, as it stands, is a credit code that fits its check character."""
    return not _broken_rule(text)


def credit_codes_kept(texts: Texts) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return codes as `check_credit_code` keeps them, and which of them fail.

    Parameters
    ----------
    texts
        Shape (n,); None for no code, which does not fail.

    Returns
    -------
    tuple of numpy.ndarray
        The codes, None where there is none or it fails, and the faults, shape (n,) each.
    """
    return kept(texts, check_credit_code, as_it_is=_in_order)


def credit_code_faults(texts: Texts) -> NDArray[np.bool_]:
    """Return which texts `check_credit_code` refuses, shape (n,), never one that is None."""
    return credit_codes_kept(texts)[1]


def _in_order(column: pa.Array) -> NDArray[np.bool_]:
    """Return which texts are codes as they are kept; the sum is taken of all at once."""
    formed = matching(column, PATTERN)
    codes = column.filter(pa.array(formed)).cast(pa.large_binary()).cast(pa.binary(_LENGTH))
    data = codes.buffers()[1] if len(codes) else b""
    letters = np.frombuffer(data, np.uint8, len(codes) * _LENGTH, codes.offset * _LENGTH)
    sums = _VALUES[letters.reshape(-1, _LENGTH)] @ _WEIGHTS
    formed[formed] = sums % len(_CHARACTERS) == 0
    return formed
