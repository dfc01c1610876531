"""The tables of counts of a coverage report, with all that is known of how they add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.publication.count_table import CountTable, Measure, Split
from geo_match.coverage.publication.hexagon_tables import hexagon_tables
from geo_match.coverage.release import RELEASE
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.coverage.answers.report import CoverageReport

_LEVELS: Final = ("community", "street", "district", "city")
_REASON_COUNTS: Final = tuple(f"reason_{name}" for name in REASONS)
_NOTHING: Final = ("reason_none_in_circle", "reason_none_on_foot", "reason_none_eligible")
_SHARES: Final = {
    "located_share": ("located", "people"),
    "reached_share": ("reached", "located"),
    "below_share": ("below", "people"),
}
_DATE, _CODE, _ALL = "date", "code", "all"
_NO_AREA: Final = "_no_area"
_NOBODY: Final = "_nobody"
_NEVER: Final = {name: f"_never_{name}" for name in _REASON_COUNTS}
_OWN: Final = frozenset({_DATE, RELEASE, _NO_AREA, _NOBODY, *_NEVER.values()})
_MEDIAN = 0.5
_GINI_STEP = 0.05


def report_tables(
    report: CoverageReport,
    *,
    date: str,
    groups: Sequence[str],
    distance_step_m: float,
    reach_step: float,
    h3: bool,
) -> tuple[CountTable, ...]:
    """Make the tables of a report: see `geo_match.coverage.publication.publish.count_tables`."""
    for group in groups:
        if group in _OWN:
            raise ArgumentError("groups", "name columns of the people", repr(group), "Rename it.")
    making = _Making(report, date, _measures(report, distance_step_m, reach_step))
    levels = [level for level in _LEVELS if _has_level(report, level)]
    out = [making.everyone(levels[-1]), *(making.group(group) for group in groups)]
    for level, above in zip(levels, [*levels[1:], None], strict=True):
        out.append(making.level(level, above))
        out.extend(making.parted(level, above, group) for group in groups)
    if h3:
        out.extend(making.hexagons())
    return tuple(out)


class _Making:
    """What the tables of one report share."""

    def __init__(self, report: CoverageReport, date: str, measures: dict[str, Measure]) -> None:
        self._report = report
        self._date = date
        self._measures = measures
        self._reasons = _reason_counts(report)
        self._counts = ("people", "located", "reached", "below", *self._reasons)
        self._splits = _splits(report, self._reasons)
        # Told where it is so, as that everybody has a place (`_never`), and for the same reason:
        # kept back, this one row would take figures of the city, which is all but this row.
        self._all_inside = bool((report.outcome.community >= 0).all())

    def everyone(self, level: str) -> CountTable:
        """Make the table of one row: counts from the rows of a level, measures of all people."""
        totals = self._rows(level)[list(self._counts)].sum().to_frame().T
        figures = self._report.totals()
        measured = {name: figures[name] for name in self._measures}
        totals = totals.assign(**{_DATE: self._date, **measured})
        return self._table(_ALL, totals, (), into={}, labels=())

    def level(self, level: str, above: str | None) -> CountTable:
        """Make the table of a level; its rows add up to those above, at the top to everyone."""
        frame = self._rows(level)
        into: dict[str, tuple[str, ...]] = {_ALL: (_DATE,)}
        if above is not None:
            frame[above] = _codes_above(self._report, level, above)
            into = {above: (above, _DATE)}
        labels = ("kind", "name", "has_area", "geometry")
        return self._table(level, frame, (_CODE,), into=into, labels=labels)

    def hexagons(self) -> tuple[CountTable, CountTable]:
        """Make the table of H3 cells, and that of their overlaps with communities."""
        return hexagon_tables(self._report, date=self._date, measures=self._measures)

    def group(self, group: str) -> CountTable:
        """Make the table by a column of the people."""
        # The rows' figures have `zero_employment` among them, which does not go out.
        rows = self._rows(group).drop(columns=["geometry", group], errors="ignore")
        frame = pd.DataFrame(rows)
        frame = frame.rename(columns={_CODE: group})
        return self._table(group, frame, (group,), into={_ALL: (_DATE,)}, labels=())

    def parted(self, level: str, above: str | None, group: str) -> CountTable:
        """Make the table of a level by a column of the people."""
        frame = pd.DataFrame(self._rows(level, group).drop(columns="geometry"))
        into: dict[str, tuple[str, ...]] = {level: (_CODE, _DATE)}
        if above is None:
            into[group] = (group, _DATE)
        else:
            codes = _codes_above(self._report, level, above)
            frame[above] = np.repeat(codes, len(frame) // len(codes))
            into[f"{above} by {group}"] = (above, group, _DATE)
        by = (_CODE, group)
        return self._table(f"{level} by {group}", frame, by, into=into, labels=("kind", "name"))

    def _rows(self, *by: str) -> gpd.GeoDataFrame:
        """Give the report's rows with what everybody knows to be 0 (parts of it follow)."""
        frame = self._report.by(*by)
        is_level = by[0] in _LEVELS
        outside = (frame["kind"] == "outside").to_numpy(dtype=np.bool_)
        without = ~frame["has_area"].to_numpy(dtype=np.bool_) & ~outside
        return frame.assign(
            **{
                _DATE: self._date,
                _NOBODY: outside & is_level & self._all_inside,
                _NO_AREA: without & is_level,  # nobody can be located in it
                **_never(self._report),
            }
        )

    def _table(
        self,
        name: str,
        frame: pd.DataFrame,
        by: tuple[str, ...],
        *,
        into: Mapping[str, tuple[str, ...]],
        labels: tuple[str, ...],
    ) -> CountTable:
        never = {count: _NEVER[count] for count in self._reasons}
        known = {"people": _NOBODY, "located": _NO_AREA, **never}
        return CountTable(
            name=name,
            frame=frame,
            by=(*by, _DATE),
            counts=self._counts,
            splits=self._splits,
            into=into,
            date=_DATE,
            structural={count: column for count, column in known.items() if column in frame},
            shares=_SHARES,
            measures=self._measures,
            labels=labels,
        )


def _has_level(report: CoverageReport, level: str) -> bool:
    if level == _LEVELS[0]:
        return True
    try:
        report.communities.level(level)
    except ArgumentError:  # codes that do not say it
        return False
    return True


def _codes_above(report: CoverageReport, level: str, above: str) -> NDArray[np.object_]:
    """Give the code of the row above for each row of a level; null for outside."""
    communities = report.communities
    upper = np.asarray(communities.level(above), dtype=object)
    if level == _LEVELS[0]:
        return np.array([*upper, None], dtype=object)
    own = np.asarray(communities.level(level)).astype(str)
    rows = [set(upper[own == code]) for code in np.unique(own)]
    torn = [code for code, row in zip(np.unique(own), rows, strict=True) if len(row) > 1]
    if torn:
        raise ArgumentError(
            "communities", f"have each {level} in one {above}", f"{torn[0]} in several"
        )
    return np.array([*(row.pop() for row in rows), None], dtype=object)


def _reason_counts(report: CoverageReport) -> tuple[str, ...]:
    """Return the columns of the reasons that go out: all that can be asked about on its basis."""
    left_out = set() if report.options.on_foot else {"reason_none_on_foot"}
    return tuple(name for name in _REASON_COUNTS if name not in left_out)


def _splits(report: CoverageReport, reasons: tuple[str, ...]) -> tuple[Split, ...]:
    """Say which counts are sums of others, by the definitions of the reasons and the options."""
    own = report.options
    always = (
        # Who has no place is below the standard for just that reason.
        Split("people", ("located", "reason_no_location")),
        Split("below", reasons),
        Split("located", ("reached",), "not_reached"),
        Split("people", ("below",), "above"),
    )
    standard, shared = own.standard_or_default, own.competition is not None
    if not shared and standard == own.at_least:
        return (
            *always,
            Split("people", ("reached", "below")),
            # These two follow from the others. Said, they need no linear program to be seen.
            Split("above", ("reached",)),
            Split("below", ("not_reached", "reason_no_location")),
        )
    if not shared and standard < own.at_least:
        return (*always, Split("above", ("reached",), "above_but_not_reached"))
    some = () if shared else (Split("reached", ("above",), "reached_but_below"),)
    return (*always, *some, *_of_not_reached(own.at_least, standard, reasons))


def _of_not_reached(at_least: int, standard: float, reasons: tuple[str, ...]) -> tuple[Split, ...]:
    """Say which reasons only those have who are not reached, where no other sum implies it.

    Who has nothing is not reached, and below any standard above 0. Where one is enough to be
    reached, all others who are not reached and below are those whose place is too coarse.
    """
    if standard == 0:
        return ()
    nothing = tuple(name for name in _NOTHING if name in reasons)
    some = Split("not_reached", nothing, "not_reached_but_some")
    if at_least > 1:
        return (some,)
    return (some, Split("reason_coarse_location", (str(some.rest),), "coarse_but_reached"))


def _never(report: CoverageReport) -> dict[str, bool]:
    """Say which reasons nobody can have, by the options and the columns, whoever the people are.

    That everybody has a place is told, where it is so: it is a fact about the whole list, and says
    of no one how well they are served. Kept back it would take the totals with it. So is that the
    list states of no place how accurate it is, whether for want of the column or in all its rows.
    """
    options, people = report.options, report.who
    standard = options.standard_or_default
    shared = options.competition is not None
    never = {
        "no_location": bool(people.located.all()),
        "coarse_location": standard == 0 or bool(np.isnan(people.accuracy_m).all()),
        "none_in_circle": standard == 0,
        "none_on_foot": standard == 0 or not options.on_foot,
        "none_eligible": standard == 0 or options.eligible is None,
        "over_subscribed": standard == 0 or not shared,
        "too_few": standard <= 1 or shared,  # what is counted is whole: below 1 it is none
    }
    return {_NEVER[f"reason_{name}"]: never[name] for name in REASONS}


def _measures(
    report: CoverageReport, distance_step_m: float, reach_step: float
) -> dict[str, Measure]:
    out = {"gini": Measure("located", _GINI_STEP)}
    for q in report.options.quantiles:
        name = "median" if q == _MEDIAN else f"p{q * 100:.12g}"
        tail = min(q, 1 - q)
        if tail > 0:  # the greatest of all is one person's
            out[f"in_reach_{name}"] = Measure("located", reach_step, tail)
            # Whoever is reached has a distance: there are as many of these, or more.
            out[f"distance_{name}_m"] = Measure("reached", distance_step_m, tail)
    return out
