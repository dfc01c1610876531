"""Occupations: GB/T 6565-2009, 职业分类与代码.

A major group has one digit, a middle group three, a minor group five, and finer ones two more
each, as the occupations of the 职业分类大典 have, which write 4-01-01-01.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from geo_match.codes import narrow
from geo_match.taxonomy._table import Group, read_groups, shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike

OCCUPATIONS_VERSION: Final = "GB/T 6565-2009"
Relation = Literal["minor", "middle", "major"]
"""The narrowest group that two occupations have in common."""

_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_CODE: Final = re.compile(r"[0-9](?:-?[0-9]{2})*")
_LONGEST: Final = 64
_MAJOR, _MIDDLE, _MINOR = 1, 3, 5
"""Digits of a group's code."""
_STEP: Final = 2
"""Digits that each level below the major groups adds."""


def check_occupation(code: str) -> str:
    """Return an occupation's code as it is kept.

    Parameters
    ----------
    code
        As it was written: 1, 3, 5 or more digits, with hyphens between the groups or without.

    Returns
    -------
    str
        The digits alone. What has no such form keeps its text, since a list may have words where
        it ought to have codes: `Occupations.longest_known` then finds nothing.

    Raises
    ------
    ValueError
        If nothing was written, or more than 64 characters.

    Examples
    --------
    >>> check_occupation("４-01-01"), check_occupation(" 普工 ")
    ('40101', '普工')
    """
    text = _plain(code)
    if not text or len(text) > _LONGEST:
        message = (
            f"must be a code of {OCCUPATIONS_VERSION} such as 401 or 4-01-01, or a few words, at "
            f"most {_LONGEST} characters"
        )
        raise ValueError(message)
    if _CODE.fullmatch(text) is None:
        return code.strip()
    return text.replace("-", "")


class Occupations:
    """A table of occupations; it does not change once it is made.

    Parameters
    ----------
    groups
        By code; None for the 8 major and 69 middle groups that are shipped.
    version
        The edition that its codes belong to.
    """

    def __init__(
        self, groups: Mapping[str, Group] | None = None, *, version: str = OCCUPATIONS_VERSION
    ) -> None:
        self._groups = dict(_shipped() if groups is None else groups)
        self._refined = {group.parent for group in self._groups.values()}
        self._beside_refined = {
            (code[: -2 * _STEP], len(code)) for code in self._groups if len(code) > _MIDDLE
        }
        self.version = version

    @classmethod
    def load(cls, path: str | PathLike[str], *, version: str | None = None) -> Occupations:
        """Read a finer table.

        Parameters
        ----------
        path
            A CSV file in UTF-8 or GB18030 with the columns code (代码) and name (名称), and perhaps
            level (级别: 1 for a major group, and one more for each two digits), parent (上级代码)
            and version (版本).
        version
            The edition of its codes; None for what the table says, or else the shipped one. A
            table of the shipped edition is added to it; that of another, such as the 大典 of 2022,
            stands alone.

        Returns
        -------
        Occupations
            The table.

        Raises
        ------
        ColumnError
            If a column is missing.
        FileError
            If it cannot be read, or a row breaks a rule, which is named with its line.
        """
        file = read_groups(
            path,
            _shipped(),
            known_version=OCCUPATIONS_VERSION,
            version=version,
            level_of=_level,
        )
        return cls.finer(file.groups.values(), version=file.version or OCCUPATIONS_VERSION)

    @classmethod
    def finer(cls, groups: Iterable[Group], *, version: str = OCCUPATIONS_VERSION) -> Occupations:
        """Make a table of groups that `added` gave.

        Parameters
        ----------
        groups
            With different codes.
        version
            Their edition. Those of the shipped one are added to it; those of another stand alone.
        """
        own = {group.code: group for group in groups}
        return cls(_shipped() | own if version == OCCUPATIONS_VERSION else own, version=version)

    def __len__(self) -> int:
        """Return how many groups there are, of all levels."""
        return len(self._groups)

    def __iter__(self) -> Iterator[Group]:
        """Give the groups in the table's order."""
        return iter(self._groups.values())

    def __eq__(self, other: object) -> bool:
        """Return whether another table has the same groups, of the same edition."""
        if not isinstance(other, Occupations):
            return NotImplemented
        return self.version == other.version and self._groups == other._groups

    def __hash__(self) -> int:
        """Return the same number for equal tables."""
        return hash((self.version, frozenset(self._groups.values())))

    def __contains__(self, code: object) -> bool:
        """Return whether there is a group of this code, as `check_occupation` keeps it."""
        return code in self._groups

    @property
    def added(self) -> tuple[Group, ...]:
        """The groups that are not shipped, in the table's order."""
        known = _shipped() if self.version == OCCUPATIONS_VERSION else {}
        return tuple(group for group in self if group.code not in known)

    def name(self, code: str) -> str | None:
        """Return the name of a group, None if the table has no such code.

        Parameters
        ----------
        code
            As it was written, or as it is kept.
        """
        group = self._groups.get(_digits(code))
        return None if group is None else group.name

    def longest_known(self, code: str) -> str:
        """Return the narrowest group of the table that a code lies in.

        Parameters
        ----------
        code
            As it was written, or as it is kept.

        Returns
        -------
        str
            The code's longest beginning that is a group of the table; empty if there is none.

        Examples
        --------
        >>> occupations = Occupations()
        >>> occupations.longest_known("4-01-01"), occupations.longest_known("119")
        ('401', '1')
        >>> occupations.longest_known("普工")
        ''
        """
        digits = _digits(code)
        for end in range(len(digits), 0, -1):
            if digits[:end] in self._groups:
                return digits[:end]
        return ""

    def speaks_for(self, code: str) -> bool:
        """Return whether the table has a code, or ends above it in its middle group or below.

        The shipped table ends at the middle groups: it has nothing against 4-01-01. One that has
        minor groups of 4-01 has them all, and not having 4-01-99 speaks against that. It speaks
        against 4-02-99 too: it goes down to minor groups within the major group, and has none of
        4-02. So it is with the groups below 4-01-01 and those beside it.

        Parameters
        ----------
        code
            As it was written, or as it is kept.

        Examples
        --------
        >>> occupations = Occupations()
        >>> [occupations.speaks_for(code) for code in ("4", "4-01-01", "419", "普工")]
        [True, True, False, False]
        """
        known = self.longest_known(code)
        if known and known == _digits(code):
            return True
        beside = (known[:-_STEP], len(known) + _STEP) in self._beside_refined
        return len(known) >= _MIDDLE and known not in self._refined and not beside

    def comparable(self, code: str) -> str:
        """Return the digits of a code by which it is compared with others.

        Parameters
        ----------
        code
            As it was written, or as it is kept.

        Returns
        -------
        str
            All of its digits if the table knows its middle group, else those that it knows; empty
            if there are none.

        Examples
        --------
        >>> occupations = Occupations()
        >>> occupations.comparable("4-01-99-01"), occupations.comparable("119")
        ('4019901', '1')
        """
        digits, known = _digits(code), self.longest_known(code)
        return digits if len(known) >= _MIDDLE else known

    def related(self, first: str, second: str) -> Relation | None:
        """Return how narrow a group two occupations have in common.

        Parameters
        ----------
        first, second
            Codes, as they were written or as they are kept.

        Returns
        -------
        {"minor", "middle", "major"} or None
            "minor" if their first five digits are the same and their middle group is in the
            table, which need not have the minor group; "middle" if both lie in the same middle
            group of the table; "major" if in the same major group; else None. It does not depend
            on which comes first.

        Examples
        --------
        >>> occupations = Occupations()
        >>> occupations.related("4010103", "4-01-01"), occupations.related("401", "40301")
        ('minor', 'major')
        """
        one, other = self.comparable(first), self.comparable(second)
        if one[:_MAJOR] != other[:_MAJOR] or not one:
            return None
        if one[:_MIDDLE] != other[:_MIDDLE] or len(one) < _MIDDLE:
            return "major"
        if one[:_MINOR] != other[:_MINOR] or len(one) < _MINOR:
            return "middle"
        return "minor"


def _digits(code: str) -> str:
    """Return the digits of a code without hyphens, words behind them left aside.

    Words alone have none, nor have those that begin with one or two digits, such as 5年经验.
    """
    text = _plain(code)
    digits = text.replace("-", "")
    if digits.isascii() and digits.isdigit():
        return digits
    found = _CODE.match(text)
    if found is None or text[found.end()].isdigit() or len(found.group()) < _MIDDLE:
        return ""
    return found.group().replace("-", "")


def _plain(code: str) -> str:
    return narrow(code).translate(_DASHES).strip()


def _level(code: str) -> int:
    """Return the level of a code without hyphens: one more for each two digits."""
    if not code.isascii() or not code.isdigit() or len(code) % 2 == 0:
        return 0
    return (len(code) + 1) // 2


@cache
def _shipped() -> dict[str, Group]:
    return shipped("gbt6565_2009.csv")
