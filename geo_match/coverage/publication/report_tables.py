"""The tables of counts of a coverage report, with all that is known of how they add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.coverage.publication.count_table import CountTable, Measure
from geo_match.coverage.publication.hexagon_tables import hexagon_tables
from geo_match.coverage.publication.report_splits import (
    REACHED_STRAIGHT,
    REASON_COUNTS,
    counts_of,
    reasons_of,
    splits_of,
)
from geo_match.coverage.release import RELEASE
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.coverage.answers.report import CoverageReport

_COMMUNITY: Final = "community"
_SHARES: Final = {
    "located_share": ("located", "people"),
    "reached_share": ("reached", "located"),
    "below_share": ("below", "people"),
}
_STRAIGHT_SHARE: Final = {f"{REACHED_STRAIGHT}_share": (REACHED_STRAIGHT, "located")}
_DATE, _CODE, _ALL = "date", "code", "all"
_NO_AREA: Final = "_no_area"
_NOBODY: Final = "_nobody"
_NEVER: Final = {name: f"_never_{name}" for name in REASON_COUNTS.values()}
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
    straight: bool,
) -> tuple[CountTable, ...]:
    """Make the tables of a report: see `geo_match.coverage.publication.publish.count_tables`."""
    for group in groups:
        if group in _OWN:
            raise ArgumentError("groups", "name columns of the people", repr(group), "Rename it.")
    if straight and not report.options.on_foot:
        rule = "be False of a report that is not on foot"
        raise ArgumentError("straight", rule, "True", "Its own figures are straight ones.")
    measures = _measures(report, distance_step_m, reach_step, straight=straight)
    making = _Making(report, date, measures, straight=straight)
    # First, as it is refused before anybody is counted if there are too many.
    hexagons = making.hexagons() if h3 else ()
    levels = report.communities.levels
    out = [making.everyone(levels[-1]), *(making.group(group) for group in groups)]
    for level, above in zip(levels, [*levels[1:], None], strict=True):
        out.append(making.level(level, above))
        out.extend(making.parted(level, above, group) for group in groups)
    return (*out, *hexagons)


class _Making:
    """What the tables of one report share."""

    def __init__(
        self, report: CoverageReport, date: str, measures: dict[str, Measure], *, straight: bool
    ) -> None:
        self._report = report
        self._date = date
        self._measures = measures
        self._straight = straight
        self._reasons = reasons_of(report.options)
        self._counts = counts_of(report.options, straight=straight)
        self._splits = splits_of(report.options, straight=straight)
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
        return hexagon_tables(
            self._report, date=self._date, measures=self._measures, straight=self._straight
        )

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
        is_level = by[0] in self._report.communities.levels
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
            shares=_SHARES | (_STRAIGHT_SHARE if self._straight else {}),
            measures=self._measures,
            labels=labels,
        )


def _codes_above(report: CoverageReport, level: str, above: str) -> NDArray[np.object_]:
    """Give the code of the row above for each row of a level; null for outside."""
    communities = report.communities
    upper = np.asarray(communities.level(above), dtype=object)
    if level == _COMMUNITY:
        return np.array([*upper, None], dtype=object)
    own = np.asarray(communities.level(level)).astype(str)
    rows = [set(upper[own == code]) for code in np.unique(own)]
    torn = [code for code, row in zip(np.unique(own), rows, strict=True) if len(row) > 1]
    if torn:
        raise ArgumentError(
            "communities", f"have each {level} in one {above}", f"{torn[0]} in several"
        )
    return np.array([*(row.pop() for row in rows), None], dtype=object)


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
    return {_NEVER[column]: never[name] for name, column in REASON_COUNTS.items()}


def _measures(
    report: CoverageReport, distance_step_m: float, reach_step: float, *, straight: bool
) -> dict[str, Measure]:
    out = {"gini": Measure("located", _GINI_STEP)}
    reached = {"": "reached"} | ({"_straight": REACHED_STRAIGHT} if straight else {})
    for q in report.options.quantiles:
        name = "median" if q == _MEDIAN else f"p{q * 100:.12g}"
        tail = min(q, 1 - q)
        if tail > 0:  # the greatest of all is one person's
            for basis, base in reached.items():
                out[f"in_reach{basis}_{name}"] = Measure("located", reach_step, tail)
                # Whoever is reached has a distance: there are as many of these, or more.
                out[f"distance{basis}_{name}_m"] = Measure(base, distance_step_m, tail)
    return out
