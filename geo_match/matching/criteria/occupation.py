"""How near two occupations are: the same minor, middle or major group, or related by a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match.matching.criteria.forms import Keys, texts
from geo_match.matching.options import LEVELS
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.matching.options import MatchOptions
    from geo_match.taxonomy import Occupations

_DIGITS: Final = {"major": 1, "middle": 3, "minor": 5}
NEARNESS: Final = {"minor": 1.0, "middle": 0.75, "related": 0.75, "major": 0.5}
"""What the score gives for what two occupations have in common."""


def keys(table: pa.Table, options: MatchOptions) -> Keys:
    """Give numbers to occupations: a value is its digits that count, all, and its edition."""
    told = texts(table.column("occupation"), table.column("occupation_version"))
    groups = options.table
    return Keys(
        told.code,
        [
            ("", "", edition)
            if code is None
            else (groups.comparable(code), _written(code, groups), edition)
            for code, edition in told.values
        ],
    )


def is_not_known(value: tuple[str, str | None]) -> bool:
    """Return whether nothing is known of an occupation: it may be any."""
    return not value[0]


def outcomes(
    seekers: Sequence[Any], jobs: Sequence[Any], options: MatchOptions
) -> NDArray[np.int8]:
    """Tell whether occupations are near enough, int8, (k, l).

    It is unknown where one is not known, where they are of two editions, whose codes do not mean
    the same, and where one names a group too wide to tell and the other lies in it.
    """
    common = _Common(seekers, jobs, options)
    wanted = _DIGITS[options.occupation_level]
    near = common.related.copy()
    for level in LEVELS[: LEVELS.index(options.occupation_level) + 1]:
        near |= common.share(_DIGITS[level])
    shorter = np.minimum(common.lengths(0)[:, None], common.lengths(1)[None, :])
    too_wide = np.zeros_like(near)
    for digits in range(1, wanted):
        too_wide |= (shorter == digits) & common.share(digits)
    told = np.where(near, PASS, np.where(common.is_unknown | too_wide, UNKNOWN, FAIL))
    return told.astype(np.int8)


def nearness(
    seekers: Sequence[Any], jobs: Sequence[Any], options: MatchOptions
) -> NDArray[np.float64]:
    """Return the score's part for each pair of values, float64, (k, l); 0 for nothing in common."""
    common = _Common(seekers, jobs, options)
    told = np.where(common.share(_DIGITS["major"]), NEARNESS["major"], 0.0)
    told = np.where(common.related, NEARNESS["related"], told)
    for level in ("middle", "minor"):
        told = np.where(common.share(_DIGITS[level]), NEARNESS[level], told)
    return told


class _Common:
    """What the different occupations of both sides have in common."""

    def __init__(self, seekers: Sequence[Any], jobs: Sequence[Any], options: MatchOptions) -> None:
        both = (seekers, jobs)
        self._codes = [[code for code, _, _ in side] for side in both]
        self._written = [[code for _, code, _ in side] for side in both]
        editions = [np.array([one for *_, one in side], dtype=object) for side in both]
        known = [self.lengths(side) > 0 for side in (0, 1)]
        same_edition = editions[0][:, None] == editions[1][None, :]
        self.is_unknown = ~(known[0][:, None] & known[1][None, :] & same_edition)
        self.related = self._related(options)

    def lengths(self, side: int) -> NDArray[np.int64]:
        """Return how many digits of each value count."""
        return np.array([len(code) for code in self._codes[side]], dtype=np.int64)

    def share(self, digits: int) -> NDArray[np.bool_]:
        """Return which pairs have so many digits in common, bool, (k, l)."""
        heads = [
            np.array([code[:digits] if len(code) >= digits else "" for code in side], dtype=object)
            for side in self._codes
        ]
        same = (heads[0][:, None] == heads[1][None, :]) & (heads[0] != "")[:, None]
        return np.asarray(same & ~self.is_unknown, dtype=np.bool_)

    def _related(self, options: MatchOptions) -> NDArray[np.bool_]:
        related = np.zeros((len(self._codes[0]), len(self._codes[1])), dtype=np.bool_)
        for one, other in options.related_occupations:
            for first, second in ((one, other), (other, one)):
                begins = [
                    np.array([code.startswith(head) for code in side], dtype=np.bool_)
                    for side, head in zip(self._written, (first, second), strict=True)
                ]
                related |= begins[0][:, None] & begins[1][None, :]
        return np.asarray(related & ~self.is_unknown, dtype=np.bool_)


def _written(code: str, groups: Occupations) -> str:
    """Return all digits of a code, whether or not the table knows them; of words those it knows."""
    return code if code.isascii() and code.isdigit() else groups.comparable(code)
