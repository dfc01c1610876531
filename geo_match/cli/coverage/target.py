"""The files that `coverage` may write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo_match.cli import circles
from geo_match.exchange import check_target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """The files that may be written.

    Parameters
    ----------
    out
        For the answer, one at least.
    people
        For what was found of each person; None for none.
    rejects
        For rejected rows.
    key
        With the key of what is published; None where nothing is.
    others
        What else is written.
    """

    out: tuple[Path, ...]
    people: Path | None
    rejects: Path
    key: Path | None = None
    others: tuple[Path, ...] = ()

    @property
    def listing(self) -> circles.Target:
        """How rejected rows are listed."""
        return circles.Target(self.out[0], self.rejects)

    def check(self, inputs: Iterable[Path]) -> None:
        """Raise `FileError` if something stands in the way of writing."""
        given = list(inputs)
        optional = [path for path in (self.people, self.key) if path is not None]
        for path in (*self.out, *optional, *self.others, self.rejects):
            check_target(path, inputs=given)
