"""What comes of `match`: the files that it writes, and what is told of them in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo_match.cli import circles
from geo_match.exchange import check_target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

    from geo_match.matching import MatchOptions, ReverseShortfall, Shortfall


@dataclass(frozen=True, slots=True)
class Target:
    """The files that may be written.

    Parameters
    ----------
    out
        For the matches.
    shortfall
        For what stands in the way; None for none.
    rejects
        For rejected rows.
    """

    out: Path
    shortfall: Path | None
    rejects: Path

    @property
    def listing(self) -> circles.Target:
        """The same without the shortfall: how rejected rows are listed."""
        return circles.Target(self.out, self.rejects)

    def check(self, inputs: Iterable[Path]) -> None:
        """Raise `FileError` if something stands in the way of writing."""
        given = list(inputs)
        for path in (self.out, *([] if self.shortfall is None else [self.shortfall]), self.rejects):
            check_target(path, inputs=given)


@dataclass(slots=True)
class Summary:
    """What came out.

    Parameters
    ----------
    options
        What was asked, with its day.
    for_jobs
        Whether jobs were asked for, not seekers.
    n
        How many were asked for.
    others, others_without_place
        How many there are on the other side, and how many of these have no place.
    not_registered
        How many seekers were left out since they are not registered on the day.
    matches
        Pairs written.
    reasons
        How many have no match, by reason.
    some_other, alone
        Those without a match by condition, as in `Shortfall.conditions`.
    """

    options: MatchOptions
    for_jobs: bool
    n: int
    others: int
    others_without_place: int
    not_registered: int = 0
    matches: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    some_other: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)

    @property
    def matched(self) -> int:
        """How many have a match."""
        return self.n - self.reasons.total()

    def add_matches(self, table: pa.Table) -> None:
        """Count the rows of an answer."""
        reason = table.column("reason").combine_chunks().dictionary_decode().drop_null()
        self.matches += table.num_rows - len(reason)
        self.reasons.update(reason.to_pylist())

    def add_conditions(self, told: Shortfall | ReverseShortfall) -> None:
        """Count whom a condition keeps from a match."""
        for name, some_other, alone in told.conditions.itertuples(index=False, name=None):
            self.some_other[name] += int(some_other)
            self.alone[name] += int(alone)
