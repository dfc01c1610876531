"""Seekers made ready once, to be asked for again and again."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.matching.engine.side import Side


class Prepared:
    """Seekers made ready for one matcher, to be asked for again and again.

    Made by `Matcher.prepare`; it holds what they were then.

    Parameters
    ----------
    side
        The seekers.
    """

    def __init__(self, side: Side) -> None:
        self.side = side

    def __len__(self) -> int:
        """Return how many seekers there are."""
        return len(self.side)

    def __repr__(self) -> str:
        """Name it by its size."""
        return f"Prepared({len(self):,} seekers)"

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each seeker, by id."""
        return {name: row for row, name in enumerate(self.side.ids.to_pylist())}

    def row(self, seeker_id: str) -> int:
        """Return the row of a seeker.

        Raises
        ------
        ArgumentError
            If there is no such seeker.
        """
        if seeker_id not in self.row_of:
            rule = f"be the id of one of the {len(self):,} seekers that were prepared"
            raise ArgumentError("seeker", rule, repr(seeker_id))
        return self.row_of[seeker_id]
