"""A large mapping of which little changes at a time: `Layered`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

V = TypeVar("V")

_MOST_OVER: Final = 1_000
"""So many changes lie beside a base before a new one is made: to copy all for each takes longer."""


class Layered(Mapping[str, V]):
    """Values by id that never change: a base, and over it what is otherwise.

    Parameters
    ----------
    base
        Most of them; nobody writes to it any more.
    over
        By id what counts in its place; None where there is nothing any more.
    """

    def __init__(self, base: dict[str, V], over: dict[str, V | None] | None = None) -> None:
        self._base = base
        self._over = {} if over is None else over
        self._n = len(base)
        for name, value in self._over.items():
            self._n += (value is not None) - (name in base)

    def __getitem__(self, name: str) -> V:
        """Return the value of an id."""
        if name in self._over:
            value = self._over[name]
            if value is None:
                raise KeyError(name)
            return value
        return self._base[name]

    def __len__(self) -> int:
        """Return the number of ids."""
        return self._n

    def __iter__(self) -> Iterator[str]:
        """Yield the ids: those of the base, then the others."""
        over = self._over
        yield from (name for name in self._base if name not in over or over[name] is not None)
        yield from (
            name for name, value in over.items() if value is not None and name not in self._base
        )

    def after(self, changes: Mapping[str, V | None]) -> Layered[V]:
        """Return the mapping after changes: by id the new value, None for what is gone."""
        over = {**self._over, **changes}
        if len(over) <= _MOST_OVER:
            return Layered(self._base, over)
        base = dict(self._base)
        for name, value in over.items():
            if value is None:
                base.pop(name, None)
            else:
                base[name] = value
        return Layered(base)
