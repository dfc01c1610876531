"""Which position each id of a base has, told by a table that the next base takes over: `Names`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


class Names:
    """The position of each id; it never changes.

    A rebuild moves nearly every point to another position. So a dictionary gives each id a number
    that it keeps, and an array the position of each number: the next base copies the dictionary,
    which is ten times as fast as making one and holds the interpreter's lock a tenth as long, and
    changes in it what changed. Numbers of ids that are gone are given again.

    Parameters
    ----------
    number_of
        The number of each id.
    number
        int64, (m,): the same by position.
    """

    def __init__(self, number_of: dict[str, int], number: Integers) -> None:
        self._number_of = number_of
        self._number = number
        self._position = np.full(int(number.max(initial=-1)) + 1, -1, dtype=np.int64)
        self._position[number] = np.arange(len(number))

    @classmethod
    def of(cls, ids: NDArray[np.object_]) -> Self:
        """Return the names of these ids by position, of one that is there twice the last."""
        # A loop, not `dict(zip(…))`: it lets go of the interpreter's lock on its way.
        number_of = {name: position for position, name in enumerate(ids.tolist())}
        return cls(number_of, np.arange(len(ids)))

    def after(self, gone: Integers, added: NDArray[np.object_], ids: NDArray[np.object_]) -> Self:
        """Return the names of the points that are left, in their order, and the added ones then.

        Parameters
        ----------
        gone
            Positions of points that are there no more.
        added
            Ids of points that came; they may be those of gone ones.
        ids
            The ids by position, here.
        """
        is_left = np.ones(len(self._number), dtype=np.bool_)
        is_left[gone] = False
        left = self._number[is_left]
        is_free = np.ones(len(self._position) + len(added), dtype=np.bool_)
        is_free[left] = False
        new = np.flatnonzero(is_free)[: len(added)]
        number_of = self._number_of.copy()
        for name in ids[gone].tolist():
            del number_of[name]
        number_of.update(zip(added.tolist(), new.tolist(), strict=True))
        return type(self)(number_of, np.concatenate((left, new)))

    def __len__(self) -> int:
        """Return how many ids there are."""
        return len(self._number_of)

    def get(self, name: str) -> int | None:
        """Return the position of an id, None if it is not there."""
        number = self._number_of.get(name)
        return None if number is None else int(self._position[number])
