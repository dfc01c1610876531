"""Reports that may go out: `publish` keeps small groups back, and `audit` says how well."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.publication.bounds import Shown
from geo_match.coverage.publication.cells import Cells, cells_of, names_without_date
from geo_match.coverage.publication.count_table import CountTable, Measure, Split, bare, stacked
from geo_match.coverage.publication.digits import shares
from geo_match.coverage.publication.noise import KEY_BYTES, figures, most_error_of, noise_of
from geo_match.coverage.publication.program import AuditError, Intervals, Program, Seen
from geo_match.coverage.publication.report_tables import report_tables
from geo_match.coverage.publication.suppression import choose_shown
from geo_match.coverage.publication.twins import with_twins
from geo_match.coverage.publication.witnesses import Witnesses
from geo_match.coverage.publication.zeros import with_implied_zeros
from geo_match.coverage.release import INTERNAL, PUBLISHED, RELEASE
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = [
    "INTERNAL",
    "PUBLISHED",
    "RELEASE",
    "AuditError",
    "CountTable",
    "Measure",
    "Published",
    "Split",
    "audit",
    "count_tables",
    "publish",
]

_LEAST_KEY, _MOST_KEY = 16, 64
_MOST_CELLS = 60_000
"""Counts, rests and overlaps: beyond, a publication takes many minutes."""
_T = TypeVar("_T", bound=np.generic)


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


def count_tables(
    report: CoverageReport,
    *,
    date: str = "",
    groups: Sequence[str] = (),
    distance_step_m: float = 500.0,
    reach_step: float = 5.0,
    h3: bool = False,
) -> tuple[CountTable, ...]:
    """Make the tables of a coverage report that `publish` takes.

    One for all people, one for each level that the communities' codes or columns have, and, for
    each group, one by the group and one for each level by the group. FGT figures, availability and
    the edge effect stay inside: at few people they are exact fractions of them. So does
    `not_found`, for which its neighbours would be kept back, and, of a report on foot, what there
    is straight and the causes: `reason_none_on_foot` goes out as the other reasons do. Distances
    go out where enough people are reached.

    Parameters
    ----------
    report
        With whole weights: households are published, not fractions of them.
    date
        Of the report; tables of several dates go out together.
    groups
        Columns of the people.
    distance_step_m, reach_step
        To which quantiles of the distance (metres) and of what is in reach are rounded.
    h3
        Whether there is a table of H3 cells of resolution 8 too, with the located and the reached.
        Cells cut across communities: their overlaps are in a table that stays, for whoever takes
        one from the other learns of these. The cells are those that touch a community's area,
        lived in or not; all other places are one row, of kind 'outside'.

    Raises
    ------
    ArgumentError
        If there is no such group, or a street lies in several districts.
    """
    return report_tables(
        report,
        date=date,
        groups=groups,
        distance_step_m=distance_step_m,
        reach_step=reach_step,
        h3=h3,
    )


def publish(
    *reports: CountTable | CoverageReport,
    min_count: int = 10,
    round_to: int = 5,
    key: bytes | None = None,
) -> Published:
    """Make tables that may go out; all that go out together are given together.

    Counts below `min_count` are kept back (null), and others with them, until no count that is
    kept back can be bounded by linear programming to an interval narrower than `min_count`. For
    each of them two sets of counts are found that fit all that is printed, that far apart; where
    none are found more is kept back, so that it is at times more than need be, never less. What
    is printed is a multiple of `round_to`, no further than `Published.most_error` from the count,
    and (above the least figures) right in the mean over all keys; so printed parts need not add up
    to their printed total. What is kept back beside the small counts is as low as it can be: of
    the figures that bound the gap one of the lowest table, there of the last of its counts, there
    the least; a total only where nothing below it would do.

    0 is kept back like 1: were it printed, a gap would say "somebody is here", and its turning into
    a gap would report the first arrival. A 0 that cannot be otherwise (`CountTable.structural`) is
    printed: it is known without the table. So is, of a report, that everybody has a place, and that
    nobody lives outside all areas, where it is so: that is told of the whole list at once. Counts
    that are one and the same by such zeros (located and all people) have one figure.

    What this does not guard against: a reader who knows most people of a row; one who reasons from
    the choice of what is kept back, or from counts and measures together (a measure goes out where
    enough people are behind it, and is no part of the linear programs); and earlier publications
    that were not given again here.

    There may be at most 60,000 counts, with rests and overlaps. Of a city of 1,157 communities a
    report has 15,000 a date, 45,000 with one group of two values, and with its H3 cells 108,000:
    these can be published for a district or two, not for such a city at once. The linear programs
    have a bound as well: beyond it what is not known to be safe is kept back. That city takes about
    4 seconds for one date, 20 for two, and with a group minutes, at the end of which it may pass
    the bound: ask for groups by district, or for a part of the city.

    Parameters
    ----------
    reports
        Coverage reports, or tables of counts; of a report `count_tables` makes them, without date
        and groups.
    min_count
        People, 2 at least.
    round_to
        People, 1 to `min_count`.
    key
        16 to 64 secret bytes. None draws one, to be kept from the answer's `key`.

    Raises
    ------
    ArgumentError
        If an option or a table breaks its rule, counts contradict a declared sum, or there are
        more than 60,000 counts.
    """
    _check_options(min_count, round_to, key)
    key = secrets.token_bytes(KEY_BYTES) if key is None else key
    tables = stacked(_tables_of(reports))
    cells = cells_of(tables)
    if cells.size > _MOST_CELLS:
        raise ArgumentError(
            "reports",
            f"have at most {_MOST_CELLS:,} counts together, with rests and overlaps",
            f"{cells.size:,}",
            "Publish fewer levels, groups or dates, or no H3 cells.",
        )
    cells = with_twins(with_implied_zeros(cells))
    counts = cells.values()
    size = {"min_count": min_count, "step": round_to}
    names = names_without_date(tables)
    printed = figures([names[one] for one in cells.twin], counts, key, **size)
    noise = noise_of(min_count, round_to)
    shown = choose_shown(cells, counts, printed, noise=noise, **size)
    grids = (
        _by_table(cells, printed),
        _by_table(cells, shown),
        _by_table(cells, cells.structural),
    )
    out = {
        table.name: _frame(table, figure, is_shown, zero, size)
        for table, figure, is_shown, zero in zip(tables, *grids, strict=True)
        if table.goes_out
    }
    structure = tuple(bare(table) for table in tables)
    return Published(MappingProxyType(out), min_count, round_to, structure, key)


def audit(published: Published, *, exact: bool = False) -> pd.DataFrame:
    """Bound every count that is kept back, by linear programming over all that is published.

    It uses what any reader has: the tables, how they add up, `min_count` and `round_to`.

    Parameters
    ----------
    published
        What goes out.
    exact
        True: the narrowest interval of each cell, two programs a cell. False: once two values
        `min_count` apart are found for a cell, it is left at these; much faster.

    Returns
    -------
    DataFrame
        A row a cell: `table`, `row` (position), `column`, `printed` (False for a rest, or a table
        that stays), `lower`, `upper`, `exact` (whether these are the narrowest), `safe`: at least
        `min_count` wide, or not printed and certainly no less than `min_count`.

    Raises
    ------
    AuditError
        If no counts fit the figures, which then are not those that `publish` made.
    """
    cells = with_twins(with_implied_zeros(cells_of(published.structure)))
    shown = np.zeros(cells.size, dtype=np.bool_)
    figure = np.zeros(cells.size, dtype=np.int64)
    for table, start in zip(cells.tables, cells.starts, strict=False):
        if not table.goes_out:
            continue
        frame = published.tables[table.name]
        for place, name in enumerate(table.counts):
            at = start + np.arange(len(frame)) * len(table.columns) + place
            shown[at] = frame[name].notna().to_numpy()
            figure[at] = frame[name].fillna(0).to_numpy(dtype=np.int64)
    shown &= ~cells.structural
    min_count, step = published.min_count, published.round_to
    known = Shown(cells, shown, figure, min_count, step, noise_of(min_count, step))
    program = Program(known)
    seen = Seen(cells.size)
    if not exact and known.kept_back.any():
        point = program.inner_point()
        seen.add(point)
        Witnesses(cells).narrow(known, point, seen)
    return _as_frame(known, program.intervals(exact=exact, seen=seen))


def _check_options(min_count: int, round_to: int, key: bytes | None) -> None:
    for name, value, least, most in (
        ("min_count", min_count, 2, None),
        ("round_to", round_to, 1, min_count),
    ):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or value < least or (most is not None and value > most):
            limit = "" if most is None else f" and at most `min_count` ({most})"
            raise ArgumentError(name, f"be a whole number of at least {least}{limit}", repr(value))
    if key is not None and not (isinstance(key, bytes) and _LEAST_KEY <= len(key) <= _MOST_KEY):
        found = f"{len(key)} bytes" if isinstance(key, bytes) else type(key).__name__
        rule = f"be {_LEAST_KEY} to {_MOST_KEY} secret bytes"
        raise ArgumentError("key", rule, found, "Give none, and keep the one that is drawn.")


def _tables_of(reports: tuple[CountTable | CoverageReport, ...]) -> list[CountTable]:
    tables: list[CountTable] = []
    for report in reports:
        if isinstance(report, CountTable):
            tables.append(report)
        elif isinstance(report, CoverageReport):
            tables.extend(count_tables(report))
        else:
            raise ArgumentError(
                "reports",
                "be coverage reports or tables of counts",
                type(report).__name__,
                "What was published cannot be published again.",
            )
    if not tables:
        raise ArgumentError("reports", "have a table at least", "none")
    return tables


def _by_table(cells: Cells, values: NDArray[_T]) -> list[NDArray[_T]]:
    """Cut what each cell has into the tables' (rows, columns)."""
    parts = np.split(values, cells.starts[1:-1])
    return [
        part.reshape(len(table.frame), len(table.columns))
        for part, table in zip(parts, cells.tables, strict=True)
    ]


def _frame(
    table: CountTable,
    figure: NDArray[np.int64],
    shown: NDArray[np.bool_],
    zero: NDArray[np.bool_],
    size: Mapping[str, int],
) -> pd.DataFrame:
    """Make the table that goes out, of the named columns only."""
    kept = dict.fromkeys(chain(table.by, table.labels, chain.from_iterable(table.into.values())))
    out = table.frame[list(kept)].copy()
    for place, name in enumerate(table.counts):
        values = np.where(zero[:, place], 0, figure[:, place])
        missing = ~shown[:, place] & ~zero[:, place]
        out[name] = pd.arrays.IntegerArray(values.astype(np.int64), missing)
    for name, (part, whole) in table.shares.items():
        out[name] = shares(out[part], out[whole], most_error_of(**size))
    for name, measure in table.measures.items():
        steps = (table.frame[name].astype("Float64") / measure.step).round()
        tail = out[measure.base].astype("Float64") * measure.tail
        enough = (tail >= size["min_count"]).fillna(value=False)
        # Three steps of 0.05 are 0.15000000000000002: what is behind the twelfth place is noise.
        out[name] = (steps * measure.step).round(12).where(enough.astype(bool))
    out[RELEASE] = PUBLISHED
    out.attrs[RELEASE] = PUBLISHED
    return out


def _as_frame(known: Shown, intervals: Intervals) -> pd.DataFrame:
    cells = known.cells
    at = np.flatnonzero(known.kept_back)
    number = np.searchsorted(cells.starts, at, side="right") - 1
    columns = [table.columns for table in cells.tables]
    widths = np.array([len(one) for one in columns], dtype=np.int64)
    row, place = np.divmod(at - cells.starts[number], widths[number])
    return pd.DataFrame(
        {
            "table": [cells.tables[i].name for i in number],
            "row": row,
            "column": [columns[i][j] for i, j in zip(number, place, strict=True)],
            "printed": cells.printed[at],
            "lower": intervals.lower[at],
            "upper": intervals.upper[at],
            "exact": intervals.exact[at],
            "safe": intervals.safe[at],
        }
    )
