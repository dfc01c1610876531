"""The lists that are asked of, and the datums of those that do not say theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class AList:
    """A list, and the datum of rows that do not say theirs; None where each says it."""

    path: Path
    datum: str | None


@dataclass(frozen=True, slots=True)
class Lists:
    """The files that are read.

    Parameters
    ----------
    people, supply, communities
        Whose coverage of what is told by which.
    employers
        Of the jobs; None if these say themselves who is verified.
    planned
        By their kind, or as "members", what else a service plan is made of.
    """

    people: AList
    supply: AList
    communities: AList
    employers: AList | None = None
    planned: Mapping[str, AList] = field(default_factory=dict)

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        lists = (self.people, self.supply, self.communities, self.employers)
        return [one.path for one in (*lists, *self.planned.values()) if one is not None]
