"""The households of a community: how many there are, of what kind, and who lives in them.

A household is drawn as one of a few kinds, such as a couple with a child and a grandmother; its
kind says how many members it has and how their ages hang together. Households are drawn in
hundred parts, each from a stream of its own, so that a share of the city is the same households
as in the whole city and costs only its share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.demo._random import even_marks
from geo_match.demo._runs import within_runs
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARTS: Final = 100
_STRIDE: Final = 61
"""Prime to `PARTS` and near the golden section of it: the first parts of a community lie evenly
among its numbers, so that each takes its share to within one household or so."""
_START: Final = 37
"""Prime to `PARTS`: how much farther along its numbers each community's first part starts."""
MOST_SHARES: Final = 10
"""A city is drawn at most so many times as large as the true one."""
OLDEST: Final = 100

HEAD, SPOUSE, CHILD, PARENT = range(4)
"""Roles of members."""
_SECOND_CHILD: Final = 3
"""Where a second child stands among the members: after head, spouse and first child."""
_OLDER_BY: Final = np.array([0.0, -1.5, -27.0, 26.0])
"""How much older than the head a member of each role is on average, years."""
_SPREAD: Final = np.array([0.0, 2.5, 4.0, 3.5])
_WOMAN: Final = np.array([0.30, 0.80, 0.47, 0.60])
"""Share of women; heads and their spouses are told apart by who is asked, mostly men."""


class Kind(NamedTuple):
    """A kind of household.

    Parameters
    ----------
    town, village
        Weights of it in a 居委会 or other community, and in a 村委会.
    head
        The youngest and oldest age of its head, years.
    roles
        Its members.
    """

    town: float
    village: float
    head: tuple[int, int]
    roles: tuple[int, ...]


KINDS: Final = (
    Kind(12.5, 8.0, (22, 58), (HEAD,)),
    Kind(8.0, 11.0, (60, 90), (HEAD,)),
    Kind(11.0, 7.5, (24, 58), (HEAD, SPOUSE)),
    Kind(13.5, 18.5, (60, 86), (HEAD, SPOUSE)),
    Kind(4.5, 4.0, (28, 58), (HEAD, CHILD)),
    Kind(2.5, 2.5, (38, 60), (HEAD, PARENT)),
    Kind(13.5, 8.5, (26, 44), (HEAD, SPOUSE, CHILD)),
    Kind(9.0, 7.5, (44, 59), (HEAD, SPOUSE, CHILD)),
    Kind(3.0, 4.0, (34, 60), (HEAD, SPOUSE, PARENT)),
    Kind(8.0, 9.0, (28, 44), (HEAD, SPOUSE, CHILD, CHILD)),
    Kind(4.5, 4.5, (44, 59), (HEAD, SPOUSE, CHILD, CHILD)),
    Kind(4.5, 5.0, (30, 50), (HEAD, SPOUSE, CHILD, PARENT)),
    Kind(3.5, 5.5, (30, 46), (HEAD, SPOUSE, CHILD, CHILD, PARENT)),
    Kind(2.0, 4.5, (30, 46), (HEAD, SPOUSE, CHILD, CHILD, PARENT, PARENT)),
)

_SIZES: Final = np.array([len(kind.roles) for kind in KINDS])
_ROLES: Final = np.array([(*kind.roles, *(6 - len(kind.roles)) * (0,)) for kind in KINDS])
_HEADS: Final = np.array([kind.head for kind in KINDS])
_WEIGHTS: Final = np.array([[kind.town, kind.village] for kind in KINDS]).T
_UP_TO: Final = np.cumsum(_WEIGHTS, axis=1) / _WEIGHTS.sum(axis=1, keepdims=True)
MEAN_SIZE: Final = (_WEIGHTS * _SIZES).sum(axis=1) / _WEIGHTS.sum(axis=1)
"""Members a household on average, in a town's communities and in villages."""


def count_households(
    population: NDArray[np.int64], village: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return how many households each community has: its people by the mean size, at least one.

    Parameters
    ----------
    population
        People, shape (n,).
    village
        Whether it is a 村委会, shape (n,).
    """
    mean = MEAN_SIZE[village.astype(np.int64)]
    return np.asarray(np.maximum(np.rint(population / mean), 1.0), dtype=np.int64)


def count_parts(share: float) -> int:
    """Return how many hundredth parts a share of the city is.

    Raises
    ------
    ArgumentError
        If it is not a whole number of hundredths from 0.01 to `MOST_SHARES`.
    """
    parts = round(share * PARTS) if 0.0 < share <= MOST_SHARES else 0
    if not parts or abs(parts - share * PARTS) > 1e-9 * PARTS:
        raise ArgumentError(
            "share",
            f"be a whole number of hundredths from 0.01 to {MOST_SHARES}",
            repr(share),
            "Try 0.05 or 1.",
        )
    return parts


def list_part(counts: NDArray[np.int64], part: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the households of one part, by community and number.

    Parameters
    ----------
    counts
        Households of each community, shape (n,).
    part
        0 to 99 for the city; the next hundred are a second city's on the same ground, and so on.

    Returns
    -------
    community, number
        Row of its community, and number within it from 0, each shape (h,). Over the parts of a
        city each household appears once; a second city's numbers follow the first's.
    """
    city, part = divmod(part, PARTS)
    # Each community starts elsewhere: else the first parts would all take the odd household.
    first = (part * pow(_STRIDE, -1, PARTS) + _START * np.arange(len(counts))) % PARTS
    here = np.maximum((counts - first + PARTS - 1) // PARTS, 0)
    community = np.repeat(np.arange(len(counts)), here)
    number = within_runs(here)
    return community, first[community] + PARTS * number + city * counts[community]


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Members of some households, those of one household together, the head first.

    Parameters
    ----------
    household
        Position of their household, shape (m,).
    number
        Their number in it from 1, shape (m,).
    role
        `HEAD`, `SPOUSE`, `CHILD` or `PARENT`, shape (m,).
    age
        The age that they reach in the reference year, shape (m,).
    woman
        Shape (m,).
    """

    household: NDArray[np.int32]
    number: NDArray[np.int8]
    role: NDArray[np.int8]
    age: NDArray[np.int16]
    woman: NDArray[np.bool_]


def draw_kinds(
    village: NDArray[np.bool_], generator: np.random.Generator, *, group: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Draw the kind of each household.

    Parameters
    ----------
    village
        Whether it lives in a 村委会, shape (h,).
    generator
        What they are drawn from.
    group
        Its district, from 0, shape (h,): the kinds of each group of towns and of villages are
        dealt out in their very shares, so that its members are as many as expected.

    Returns
    -------
    numpy.ndarray
        Positions in `KINDS`, shape (h,).
    """
    mark = even_marks(2 * group + village, generator)
    town, country = (np.searchsorted(up_to, mark, side="right") for up_to in _UP_TO)
    return np.minimum(np.where(village, country, town), len(KINDS) - 1)


def sizes_of(kinds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of members of households of these kinds, (h,)."""
    return np.asarray(_SIZES[kinds])


def draw_members(kinds: NDArray[np.int64], generator: np.random.Generator) -> Members:
    """Draw who lives in the households of these kinds, (h,)."""
    size = _SIZES[kinds]
    household = np.repeat(np.arange(len(kinds)), size)
    number = within_runs(size)
    role = _ROLES[kinds[household], number]
    low, high = _HEADS[kinds].T
    # Between flat and falling: among heads of a range the younger are more.
    head_age = low + (high - low) * generator.random(len(kinds)) ** 1.15
    # A second child comes after the first.
    later = np.where((role == CHILD) & (number == _SECOND_CHILD), 3.0, 0.0)
    shift = _OLDER_BY[role] + _SPREAD[role] * generator.standard_normal(len(role)) - later
    age = np.clip(np.floor(head_age[household] + shift), 0, OLDEST)
    woman = generator.random(len(role)) < _WOMAN[role]
    # A couple is a man and a woman.
    spouse = np.flatnonzero(role == SPOUSE)
    woman[spouse] = ~woman[spouse - 1]
    return Members(
        household.astype(np.int32),
        (number + 1).astype(np.int8),
        role.astype(np.int8),
        age.astype(np.int16),
        woman,
    )
