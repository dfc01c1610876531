"""Tables that may go out: `Published`."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo_match.coverage.publication.noise import most_error_of
from geo_match.coverage.release import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geo_match.coverage.publication.count_table import CountTable


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """Tables that may go out, made by `publish` only.

    It is no report: a function that takes a report refuses it, and every table carries the column
    `release` = "published" into whatever file it is written to.

    Parameters
    ----------
    tables
        Name → frame: the labels and `by` as they were, counts as multiples of `round_to` with null
        for what is kept back, shares of the figures printed, with no more digits than these bear
        out, measures rounded to their `steps`, `release`.
    min_count, round_to
        As asked.
    structure
        The tables' rows and sums without any count: what every reader knows.
    key
        The secret that the noise depends on. Keep it, and give it again next time; who has it can
        take the noise off. Not in the tables, nor shown, nor pickled.
    """

    tables: Mapping[str, pd.DataFrame]
    min_count: int
    round_to: int
    structure: tuple[CountTable, ...] = field(repr=False)
    key: bytes = field(repr=False)

    @property
    def release(self) -> str:
        """What the tables are: "published"."""
        return PUBLISHED

    @property
    def most_error(self) -> int:
        """How far a printed figure may be from its count."""
        return most_error_of(self.min_count, self.round_to)

    @property
    def steps(self) -> dict[str, float]:
        """Of each measure of the tables that go out, what it is a multiple of, in its own unit.

        Of tables that round one measure differently, the coarsest.
        """
        found: dict[str, float] = {}
        for table in self.structure:
            for name, measure in table.measures.items() if table.goes_out else ():
                found[name] = max(measure.step, found.get(name, 0.0))
        return found

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Give the table of that name."""
        return self.tables[name]

    def __reduce__(self) -> tuple[object, ...]:
        """Leave the key behind: a pickle goes where tables go."""
        parts = (dict(self.tables), self.min_count, self.round_to, self.structure, b"")
        return (_again, parts)


def _again(
    tables: dict[str, pd.DataFrame],
    min_count: int,
    round_to: int,
    structure: tuple[CountTable, ...],
    key: bytes,
) -> Published:
    return Published(MappingProxyType(tables), min_count, round_to, structure, key)
