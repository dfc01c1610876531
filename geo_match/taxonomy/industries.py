"""Industries: GB/T 4754-2017, 国民经济行业分类.

A section (门类) has a letter, a division (大类) two digits, a group (中类) three and a class (小类)
four; records write the section's letter before them, as in F5211.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from geo_match.codes import narrow
from geo_match.taxonomy._table import Group, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

INDUSTRIES_VERSION: Final = "GB/T 4754-2017"
_CODE: Final = re.compile("([A-Z]?)([0-9]{2,4})?")
_DIVISION: Final = 2
"""Digits of a division."""


def check_industry(code: str) -> str:
    """Return an industry's code as it is kept: the section's letter and up to four digits.

    Parameters
    ----------
    code
        As it was written: with the letter or, from a division on, without; or the exact name of a
        section or division, of which the section is taken where both bear it.

    Returns
    -------
    str
        The code. Of its third and fourth digits nothing is asked.

    Raises
    ------
    ValueError
        If no section or division is called so, or the digits are not the letter's.

    Examples
    --------
    >>> check_industry("52"), check_industry("f5211"), check_industry("零售业")
    ('F52', 'F5211', 'F52')
    """
    text = narrow(code).strip()
    by_name = _names().get(text)
    if by_name is not None:
        return by_name
    found = _CODE.fullmatch(text.upper().replace(" ", ""))
    letter, digits = (found[1], found[2] or "") if found else ("", "")
    section = _sections().get(digits[:_DIVISION], "") if digits else letter
    if section not in _shipped() or letter not in {"", section}:
        message = (
            f"must be a code of {INDUSTRIES_VERSION}: a section's letter A to T, or with 2 to 4 "
            "digits of a division of that section, such as F52"
        )
        raise ValueError(message)
    return section + digits


def _pattern() -> str:
    letters = "".join(code for code, group in _shipped().items() if group.level == 1)
    divisions = "|".join(code for code, group in _shipped().items() if group.level > 1)
    return f"^([{letters}]|({divisions})[0-9]{{0,2}})$"


class Industries:
    """The 20 sections and 97 divisions."""

    version: Final = INDUSTRIES_VERSION

    def __len__(self) -> int:
        """Return how many groups there are, sections and divisions."""
        return len(_shipped())

    def __iter__(self) -> Iterator[Group]:
        """Give the groups in the order of their codes."""
        return iter(_shipped().values())

    def __contains__(self, code: object) -> bool:
        """Return whether there is a section or division of this code."""
        return code in _shipped()

    def name(self, code: str) -> str | None:
        """Return the name of a section or division, None if there is no such code.

        Parameters
        ----------
        code
            As `check_industry` keeps it.
        """
        group = _shipped().get(code)
        return None if group is None else group.name

    def longest_known(self, code: str) -> str:
        """Return the division or section that a code lies in; empty if there is none.

        Parameters
        ----------
        code
            As `check_industry` keeps it.

        Examples
        --------
        >>> Industries().longest_known("F5211")
        'F52'
        """
        beginnings = (code[: _DIVISION + 1], code[:1])
        return next((known for known in beginnings if known in _shipped()), "")


@cache
def _shipped() -> Mapping[str, Group]:
    return shipped("gbt4754_2017.csv")


@cache
def _sections() -> Mapping[str, str]:
    """Return the letter of each division's section by its two digits."""
    return {group.code[1:]: group.parent for group in _shipped().values() if group.parent}


@cache
def _names() -> Mapping[str, str]:
    """Return codes by name, a section's before that of a division of the same name."""
    names: dict[str, str] = {}
    for group in sorted(_shipped().values(), key=lambda group: group.level):
        names.setdefault(group.name, group.code)
    return names


INDUSTRY_PATTERN: Final = _pattern()
"""Of a code as `check_industry` keeps it."""
