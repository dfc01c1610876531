"""The lists that are asked of, and the datums of those that do not say theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class AList:
    """A list, and the datum of rows that do not say theirs; None where each says it."""

    path: Path
    datum: str | None


@dataclass(frozen=True, slots=True)
class Lists:
    """The files that are read; no employers if the jobs say themselves who is verified."""

    people: AList
    supply: AList
    communities: AList
    employers: AList | None = None

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        lists = (self.people, self.supply, self.communities, self.employers)
        return [one.path for one in lists if one is not None]
