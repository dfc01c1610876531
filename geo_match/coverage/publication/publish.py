"""Reports that may go out: `publish` keeps small groups back."""

from __future__ import annotations

import secrets
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pandas as pd

from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.publication.audit import audit
from geo_match.coverage.publication.cells import Cells, cells_of, names_without_date
from geo_match.coverage.publication.count_table import (
    MOST_COUNTS,
    CountTable,
    Measure,
    Split,
    bare,
    check_size,
    stacked,
)
from geo_match.coverage.publication.digits import shares
from geo_match.coverage.publication.noise import KEY_BYTES, figures, most_error_of, noise_of
from geo_match.coverage.publication.program import AuditError
from geo_match.coverage.publication.published import Published
from geo_match.coverage.publication.report_tables import report_tables
from geo_match.coverage.publication.suppression import choose_shown
from geo_match.coverage.publication.twins import with_twins
from geo_match.coverage.publication.zeros import with_implied_zeros
from geo_match.coverage.release import INTERNAL, PUBLISHED, RELEASE
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = [
    "INTERNAL",
    "MOST_COUNTS",
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
_SEVERAL: Final = (
    "Make the tables of each by `geo_match.coverage.count_tables(report, date=...)`, and give all"
    " of them. Of a straight report and one on foot `count_tables(on_foot, straight=True)`"
    " has both."
)
_T = TypeVar("_T", bound=np.generic)


def count_tables(
    report: CoverageReport,
    *,
    date: str = "",
    groups: Sequence[str] = (),
    distance_step_m: float = 500.0,
    reach_step: float = 5.0,
    h3: bool = False,
    straight: bool = False,
) -> tuple[CountTable, ...]:
    """Make the tables of a coverage report that `publish` takes.

    One for all people, one for each level that the communities' codes or columns have, and, for
    each group, one by the group and one for each level by the group. FGT figures, availability and
    the edge effect stay inside: at few people they are exact fractions of them. So does
    `not_found`, for which its neighbours would be kept back, and, of a report on foot, the causes,
    and unless it is asked for what there is straight: `reason_none_on_foot` goes out as the other
    reasons do. Distances go out where enough people are reached.

    A straight report and one on foot of the same people do not go out apart: whoever has both
    subtracts. The report on foot has both, and `straight=True` lets both out in one table, with all
    that ties them in the linear programs: nobody is reached on foot who is not so straight.

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
    straight
        Of a report on foot, whether `reached_straight`, its share, and the quantiles of what is in
        reach and of the distance, straight, go out, too. Who is lost on foot, their difference, is
        printed nowhere, and protected as a rest.

    Raises
    ------
    ArgumentError
        If there is no such group, a street lies in several districts, the report with `straight` is
        not on foot, or the H3 cells alone have more than `MOST_COUNTS` counts.
    """
    return report_tables(
        report,
        date=date,
        groups=groups,
        distance_step_m=distance_step_m,
        reach_step=reach_step,
        h3=h3,
        straight=straight,
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
    that were not given again here, such as of the same people on another basis (`count_tables` says
    how both go out).

    There may be at most 60,000 counts (`MOST_COUNTS`), with rests and overlaps. Of a city of 1,157
    communities a report has 15,000 a date, 45,000 with one group of two values, and with its H3
    cells 108,000: these can be published for a district or two, not for such a city at once. The
    linear programs have a bound as well: beyond it what is not known to be safe is kept back. That
    city takes about 4 seconds for one date, 20 for two, and with a group minutes, at the end of
    which it may pass the bound: ask for groups by district, or for a part of the city.

    Parameters
    ----------
    reports
        One coverage report, and tables of counts; of several dates the tables of each. Of a report
        `count_tables` makes them, without date and groups.
    min_count
        People, 2 at least.
    round_to
        People, 1 to `min_count`.
    key
        16 to 64 secret bytes. None draws one, to be kept from the answer's `key`.

    Raises
    ------
    ArgumentError
        If an option or a table breaks its rule, counts contradict a declared sum, there are several
        reports, whose tables do not say their dates, or more than 60,000 counts.
    """
    _check_options(min_count, round_to, key)
    key = secrets.token_bytes(KEY_BYTES) if key is None else key
    given = _tables_of(reports)
    check_size(sum(len(table.frame) * len(table.columns) for table in given))
    tables = stacked(given)
    cells = with_twins(with_implied_zeros(cells_of(tables)))
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
    n_reports = sum(isinstance(one, CoverageReport) for one in reports)
    if n_reports > 1:
        rule = "be one report, or tables of counts that say their dates"
        raise ArgumentError("reports", rule, f"{n_reports:,} reports", _SEVERAL)
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
