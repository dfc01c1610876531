"""ID-card numbers (公民身份号码), wherever a text hides them: to be refused, never to be kept.

GB 11643-1999: six digits of the division where it was given, eight of the birth date, three of a
sequence and a check character (ISO 7064, MOD 11-2), 18 in all. Cards until 1999 had 15 digits:
two of the birth year, and no check character. The permanent residence cards of foreigners have
since 2023-12-01 18 characters of the same form, a 9 before the province.

What counts as one, in a run of digits that no further digit touches, blanks and hyphens passed
over:

- 18 characters: a province, and a day from 1900 on that the calendar has. The check character is
  not asked: a number with one mistyped digit still says whose it is. Nor is the county:
  `stdnum.cn.ric` asks it, and fails on those that it does not know.
- 15 digits: a province and a birth date from 1930 to 1999. Earlier years would make an ID-card
  number of the 15 digits of many a block (网格, a community's code and three digits), later ones of
  a division, a day of this century (YYMMDD) and a serial number. No Latin letter may touch it, as
  those of serial numbers do (PR648945380613443). Between the digits only what parts division, date
  and sequence, or groups of three or five, is passed over.

A spreadsheet that takes a number of 18 digits for an amount keeps 15 of them, which are the
division, the birth date and whose it nearly is, and puts 000 behind. So the shortened form counts
too (3.40302199001011E+17, or E+14 for an old number), if what it has left holds such a day.

So a serial number of 18 digits made of a division, a day and four digits is taken for an ID-card
number. So is a block of a street of 4xx or 5xx whose code gives a date. A number that could be
somebody's is refused. Only `check_id_card`, which says what a vault keeps, asks the check
character.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

import numpy as np
from stdnum.cn import ric

from geo_match.codes._text import Texts, as_column, matching, narrow
from geo_match.codes.credit_code import is_credit_code
from geo_match.codes.provinces import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

_OLD_LENGTH: Final = 15
_SHOWN: Final = 4
_FEW: Final = 8
"""Texts up to which each is looked at by itself: to make ready what looks at many takes longer."""
_FOREIGN: Final = "9"
_OLD_GROUPS: Final = ((15,), (6, 9), (12, 3), (6, 6, 3), (3,) * 5, (5,) * 3)
"""How the digits of an old number may stand together."""
_COMMUNITY: Final = 12
"""Digits of a community's code. An id such as 340302201003-00001-1 begins with one, and the code
of a street of 20x would give a birth year 20xx: such groups are believed of the last century only.
"""

# Blanks of every kind, hyphens, dashes and what has no width. Written out, since \s is other
# things to Python and to RE2.
_BLANKS: Final = "\t\n\v\f\r \x85\xa0\u2000-\u200d\u2028\u2029\u202f\u3000"
_DASHES: Final = "\u2010-\u2015\u2212\uff0d\xad\ufeff"
_BETWEEN: Final = rf"[{_BLANKS}{_DASHES}\-]{{0,3}}"


def _one(letters: str) -> str:
    """Return an expression of one of these characters, of single or of double width."""
    return f"[{letters}{''.join(chr(ord(one) + 0xFEE0) for one in letters)}]"


def _either(codes: Iterable[str]) -> str:
    """Return an expression of any of these codes of two digits."""
    seconds: dict[str, str] = {}
    for code in sorted(codes):
        seconds[code[0]] = seconds.get(code[0], "") + code[1]
    pairs = (f"{_one(first)}{_BETWEEN}{_one(second)}" for first, second in seconds.items())
    return f"(?:{'|'.join(pairs)})"


_ANY: Final = _one("0123456789")
_PROVINCE: Final = _either([*PROVINCES, "83"])  # 83: residence permits of people of Taiwan
_DAY_OF_YEAR: Final = (
    _either(f"{month:02}" for month in range(1, 13)),
    _either(f"{day:02}" for day in range(1, 32)),
)
_DIVISION: Final = (
    f"(?:{_PROVINCE}{_BETWEEN}{_ANY}|{_one(_FOREIGN)}{_BETWEEN}{_PROVINCE})",
    *(_ANY,) * 3,
)
_NEW: Final = _BETWEEN.join(
    [
        *(*_DIVISION, _either(["19", "20"]), _ANY, _ANY, *_DAY_OF_YEAR),
        *(_ANY, _ANY, _ANY, _one("0123456789Xx")),
    ]
)
_OLD: Final = _BETWEEN.join(
    [
        *(_PROVINCE, _ANY, _ANY, _ANY, _ANY),
        *(_one("3456789"), _ANY, *_DAY_OF_YEAR, _ANY, _ANY, _ANY),
    ]
)
_SHORTENED: Final = "".join(
    [
        *(_one("123456789"), _one("."), _ANY, "{5,}", _one("Ee"), _one("+")),
        *(_one("0"), "?", _one("1"), _one("47")),
    ]
)
"""An amount of 18 or 15 digits as a spreadsheet writes it."""
_MAYBE: Final = f"{_NEW}|{_OLD}|{_SHORTENED}"
"""Found in every text that holds an ID-card number, and in few others."""
# Looking ahead leaves what was found to be read again: one number may hide behind another's start.
_STARTS: Final = (
    re.compile(rf"(?<![0-9])(?=({_NEW})(?![0-9]))"),
    re.compile(rf"(?<![0-9A-Za-z])(?=({_OLD})(?![0-9A-Za-z]))"),
)
_AMOUNT: Final = re.compile(rf"(?<![0-9A-Za-z.])({_SHORTENED})(?![0-9])")
_GROUP: Final = re.compile("[0-9]+[Xx]?|[Xx]")
_SKIPPED: Final = re.compile(_BETWEEN)


def check_no_id_card(text: str) -> str:
    """Return the text unchanged if it holds no ID-card number.

    Parameters
    ----------
    text
        An id, or free text.

    Returns
    -------
    str
        The same text.

    Raises
    ------
    ValueError
        If it holds one; the message shows its last four characters and no more.

    Examples
    --------
    >>> check_no_id_card("340302001001-00001")
    '340302001001-00001'
    >>> check_no_id_card("身份证 110105 19491231 002X")
    Traceback (most recent call last):
    ValueError: must not hold an ID-card number, and holds one that ends in 002X: ...
    """
    found = next(_id_cards(text), None)
    if found is not None:
        message = (
            f"must not hold an ID-card number, and holds one that ends in {found[-_SHOWN:]}: put "
            "the office's own number in its place"
        )
        raise ValueError(message)
    return text


def has_id_card(texts: Texts) -> NDArray[np.bool_]:
    """Return which texts `check_no_id_card` refuses.

    Parameters
    ----------
    texts
        Shape (n,); None for no text.

    Returns
    -------
    numpy.ndarray
        Shape (n,), False where there is no text.
    """
    column = as_column(texts)
    if len(column) <= _FEW:
        cards = (text is not None and any(_id_cards(text)) for text in column.to_pylist())
        return np.fromiter(cards, dtype=np.bool_, count=len(column))
    found = matching(column, _MAYBE)
    rows = np.flatnonzero(found)
    for row, text in zip(rows.tolist(), column.take(rows).to_pylist(), strict=True):
        found[row] = next(_id_cards(text), None) is not None
    return found


def check_id_card(number: str) -> str:
    """Return an ID-card number as an office's vault keeps it: 18 or 15 characters, a capital X.

    Parameters
    ----------
    number
        As it was written, with blanks and hyphens or without.

    Returns
    -------
    str
        The number.

    Raises
    ------
    ValueError
        If it is none, by the module's rules; the message does not show it.
    """
    found = next(_id_cards(number), "")
    is_right = len(found) == _OLD_LENGTH or (
        bool(found) and found[-1] == ric.calc_check_digit(found)
    )
    if not is_right or found != _SKIPPED.sub("", narrow(number)).upper():
        message = (
            "must be an ID-card number of 18 characters, with a day that the calendar has and the "
            "right check character, or an old one of 15 digits"
        )
        raise ValueError(message)
    return found


def mask_id_cards(text: str) -> str:
    """Return the text with stars in place of ID-card numbers, their last four characters left.

    Parameters
    ----------
    text
        What shall be shown, such as a value that was refused.

    Returns
    -------
    str
        As long as the text.

    Examples
    --------
    >>> mask_id_cards("身份证 110105 19491231 0021")
    '身份证 ****** ******** 0021'
    """
    letters = list(text)
    for start, written, _ in _candidates(narrow(text)):
        places = [start + place for place, letter in enumerate(written) if letter.isalnum()]
        for place in places[:-_SHOWN]:
            letters[place] = "*"
    return "".join(letters)


def _id_cards(text: str) -> Iterator[str]:
    """Yield the ID-card numbers of a text, without what stands between their digits."""
    for _, _, number in _candidates(narrow(text)):
        # The credit codes of companies begin with 9 as the cards of foreigners do, and a few
        # consist of digits alone: what fits as one is one. Of other authorities' this is not
        # believed, or one ID-card number in 31 would pass.
        if not (number.startswith(_FOREIGN) and is_credit_code(number)):
            yield number


def _candidates(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield where in a narrow text a number of their form begins, how it is written, and it."""
    for start in _STARTS:
        for found in start.finditer(text):
            written = found.group(1)
            groups = _GROUP.findall(written)
            number = "".join(groups).upper()
            if _is_grouped(tuple(map(len, groups)), number) and _has_a_day(number):
                yield found.start(), written, number
    for found in _AMOUNT.finditer(text):
        written = found.group(1)
        digits, _, exponent = written.casefold().partition("e")
        # Zeros at the end are not written.
        number = digits.replace(".", "").ljust(int(exponent) + 1, "0")
        form = _OLD if int(exponent) + 1 == _OLD_LENGTH else _NEW
        if re.fullmatch(form, number) and _has_a_day(number):
            yield found.start(), written, number


def _is_grouped(lengths: tuple[int, ...], number: str) -> bool:
    """Return whether the digits stand together as those of an ID-card number may."""
    if len(number) == _OLD_LENGTH:
        return lengths in _OLD_GROUPS
    return lengths[0] != _COMMUNITY or number[6:8] == "19"


def _has_a_day(number: str) -> bool:
    """Return whether the calendar has the birth date."""
    day = f"19{number[6:12]}" if len(number) == _OLD_LENGTH else number[6:14]
    try:
        dt.date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return False
    return True
