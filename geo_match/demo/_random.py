"""Random numbers that know their names, so that drawing one thing more redraws no other."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match._validate import as_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_UNIT: Final = 2.0**-53


def _digest(*names: str) -> bytes:
    # A hash, not a counter: a name's key must not depend on which others there are.
    return hashlib.sha256("\0".join(names).encode()).digest()


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the generator of one named thing.

    Parameters
    ----------
    seed
        The city's seed, at least 0.
    names
        What is drawn, from the general to the particular: ``"areas", "340302001"``.

    Raises
    ------
    ArgumentError
        If the seed is no whole number of at least 0.
    """
    entropy = as_count(seed, "seed", least=0)
    digest = _digest(*names)
    key = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4))
    return np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=key))


def marks(key: NDArray[np.uint64], seed: int, *names: str) -> NDArray[np.float64]:
    """Return a uniform number from 0 to below 1 for each key: the same in whatever company.

    A share of the city thus draws for each person what the whole city draws for them.

    Parameters
    ----------
    key
        One a person or thing, unique among its kind, uint64, shape (n,).
    seed, names
        As `stream` takes them: what is drawn.

    Returns
    -------
    numpy.ndarray
        Shape (n,).

    Raises
    ------
    ArgumentError
        If the seed is no whole number of at least 0.

    Notes
    -----
    The key is mixed by the finalizer of SplitMix64 (Steele, Lea, Flood 2014), twice, with a hash
    of seed and names between: keys that follow each other give numbers that do not.
    """
    salt = np.uint64(
        int.from_bytes(_digest(str(as_count(seed, "seed", least=0)), *names)[:8], "little")
    )
    mixed = _mix(_mix(np.asarray(key, dtype=np.uint64)) ^ salt)
    return np.asarray((mixed >> np.uint64(11)) * _UNIT)


def _mix(key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = key + _GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def normal_marks(key: NDArray[np.uint64], seed: int, *names: str) -> NDArray[np.float64]:
    """Return a standard normal number for each key, as `marks` does (Box and Muller 1958)."""
    radius = np.sqrt(-2.0 * np.log1p(-marks(key, seed, *names, "radius")))
    return np.asarray(radius * np.cos(2.0 * np.pi * marks(key, seed, *names, "angle")))


def even_marks(group: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.float64]:
    """Return marks from 0 to below 1 that are even in each group, and in no order within it.

    Of the n marks of a group each n-th part of the interval holds one, so that what is drawn by
    them comes out in its very shares.

    Parameters
    ----------
    group
        Of each thing, shape (n,).
    generator
        What they are drawn from.
    """
    n = len(group)
    order = np.lexsort((generator.random(n), group))
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    size = np.diff(np.append(first, n))
    rank = np.arange(n) - np.repeat(first, size)
    marks_ = np.empty(n)
    marks_[order] = (rank + generator.random(n)) / np.repeat(size, size)
    return marks_
