"""What would change: what `what-if` is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo_match.cli.coverage.asking.lists import AList


@dataclass(frozen=True, slots=True)
class Edits:
    """What would change.

    Parameters
    ----------
    add, move
        Lists of rows of the supply; None for none.
    close
        Ids of rows that are closed.
    radius_m
        Another radius, metres; None for the same.
    street
        Longitude and latitude of the two ends of a street that would open; None for none, and
        nothing else with one.
    """

    add: AList | None
    move: AList | None
    close: tuple[str, ...]
    radius_m: float | None
    street: tuple[float, float, float, float] | None = None

    @property
    def lists(self) -> dict[str, AList]:
        """The lists by what each is for."""
        found = {"added": self.add, "moved": self.move}
        return {name: one for name, one in found.items() if one is not None}
