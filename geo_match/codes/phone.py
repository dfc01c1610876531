"""Phone numbers of mainland China: mobile, landline with its area code, 400 and 95."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo_match.codes._text import Texts, kept, matching, narrow

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

PATTERN: Final = (
    "^(1[3-9][0-9]{9}|(0(10|2[0-9]|[3-9][0-9]{2})-[2-9][0-9]{6,7}|400[0-9]{7}|95[0-9]{3,6})"
    "(-[0-9]{1,6})?)$"
)
"""Of a number as it is kept."""
_BETWEEN: Final = r"[\s\-‐‑‒–—−]{0,3}"
_EXTENSION: Final = rf"(?:{_BETWEEN}(?:转|分机|内线|ext\.?|x|#|-){_BETWEEN}(?P<inner>\d{{1,6}}))?"
_COUNTRY: Final = re.compile(rf"(?:\+|00)\s?86{_BETWEEN}|86{_BETWEEN}(?=1[3-9])")
_MOBILE: Final = re.compile(rf"1[3-9]{_BETWEEN}(?:\d{_BETWEEN}){{9}}", re.ASCII)
# The last four digits stand together, so that an extension behind a hyphen is none of them.
_LANDLINE: Final = re.compile(
    rf"\(?(?P<area>0(?:10|2\d|[3-9]\d\d))\)?{_BETWEEN}"
    rf"(?P<own>[2-9]\d{{2,3}}{_BETWEEN}\d{{4}}){_EXTENSION}",
    re.ASCII | re.IGNORECASE,
)
_SERVICE: Final = re.compile(
    rf"(?P<own>400{_BETWEEN}(?:\d{_BETWEEN}){{6}}\d|95\d{{3,6}}){_EXTENSION}",
    re.ASCII | re.IGNORECASE,
)
_RULE: Final = (
    "must be one phone number: 11 digits of a mobile phone, a landline with its area code such as "
    "0552-3012345, a number that begins with 400 or 95; an extension may follow"
)


def check_phone(phone: str) -> str:
    """Return a phone number as it is kept.

    Parameters
    ----------
    phone
        As it was written: with +86 or without, with blanks, hyphens and brackets, an extension
        after a hyphen, 转 or ext.

    Returns
    -------
    str
        11 digits of a mobile phone; area code, hyphen and number of a landline; the digits of a
        400 or 95 number; an extension follows a further hyphen. A number that is kept is kept as
        it is when it is checked again.

    Raises
    ------
    ValueError
        If it is none of these: too short or long, without its area code, or several numbers.

    Examples
    --------
    >>> check_phone("+86 138 0552 1234"), check_phone("（0552）3012345转801")
    ('13805521234', '0552-3012345-801')
    """
    text = narrow(phone).strip()
    country = _COUNTRY.match(text)
    national = text[country.end() :] if country else text
    number = _read(national)
    if country and not number:
        number = _read(f"0{national}")  # abroad, an area code is written without its 0
    if not number:
        raise ValueError(_RULE)
    return number


def _read(text: str) -> str:
    """Return a number without its country as it is kept, empty if it is none."""
    if _MOBILE.fullmatch(text):
        return _digits(text)
    found = _LANDLINE.fullmatch(text) or _SERVICE.fullmatch(text)
    if found is None:
        return ""
    parts = found.groupdict()
    own, inner = _digits(parts["own"]), parts["inner"]
    return "-".join(part for part in (parts.get("area"), own, inner) if part)


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def phones_kept(texts: Texts) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return numbers as `check_phone` keeps them, and which of them fail.

    Parameters
    ----------
    texts
        Shape (n,); None for no number, which does not fail.

    Returns
    -------
    tuple of numpy.ndarray
        The numbers, None where there is none or it fails, and the faults, shape (n,) each.
    """
    return kept(texts, check_phone, as_it_is=_in_order)


def phone_faults(texts: Texts) -> NDArray[np.bool_]:
    """Return which texts `check_phone` refuses, shape (n,), never one that is None."""
    return phones_kept(texts)[1]


def _in_order(column: pa.Array) -> NDArray[np.bool_]:
    return matching(column, PATTERN)
