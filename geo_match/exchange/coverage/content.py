"""What goes into the files of one answer of coverage: `Content`, made once for all formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_match.coverage.answers.levels import LEVELS as REPORT_LEVELS
from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.plan.plan import ServicePlan
from geo_match.coverage.publication.publish import Published
from geo_match.coverage.release import RELEASE
from geo_match.errors import ArgumentError
from geo_match.exchange.coverage.asked import asked_of_published, asked_of_report
from geo_match.intake.chinese import LANGUAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.chinese import Language
    from geo_match.walking.network import Network

LEVELS: Final = ("community", "street", "district", "city")
"""What a report is told by unless it is asked otherwise, as far as the communities have it."""
GAP_AREAS, PLAN, SUPPLY = "gap_areas", "plan", "supply"
PLAN_PARTED, PLAN_CITY = "plan by occupation", "plan city by occupation"
_BETWEEN: Final = " by "
_ALL: Final = "all"
_KEPT_FOR: Final = frozenset({GAP_AREAS, PLAN, SUPPLY})
_MANY: Final = 10
"""Of fewer people all may differ by chance."""
_NAMED: Final = ("street", "district", "city")


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Content:
    """Tables that go out together; nobody's id and nobody's place is among them.

    Parameters
    ----------
    release
        "internal" or "published"; every table says the same in its column `release`.
    language
        "zh" or "en": of what is said beside the figures.
    date
        The day that the figures are of, as it is to be shown; "" where it is not known.
    tables
        What it is told by, such as "community" or "community by hukou" → the frame; the first is
        what a format of one table gets.
    totals
        The figures of all people together; empty where they were not published.
    asked
        What was asked: labels and values in the language.
    gap_areas
        Polygons that no supply is near; None without.
    supply
        A point a place that can be reached, with its `amount`; None without.
    plan
        Tables of a service plan by their name; empty without.
    map_approval
        The approval number of the map, 审图号, for a page; None where there is none.
    most_error
        How far a count may be from what it is of; 0 where counts are exact.
    steps
        Column → what its figures are multiples of, of those that are rounded so.
    network
        The streets that distances are along, of a report on foot; else None.
    """

    release: str
    language: Language
    date: str
    tables: Mapping[str, pd.DataFrame]
    totals: Mapping[str, Any]
    asked: Sequence[tuple[str, str]]
    gap_areas: gpd.GeoDataFrame | None
    supply: gpd.GeoDataFrame | None
    plan: Mapping[str, pd.DataFrame]
    map_approval: str | None = None
    most_error: int = 0
    steps: Mapping[str, float] = field(default_factory=dict)
    network: Network | None = None

    @property
    def first(self) -> str:
        """The table that a format of one table gets."""
        return next(iter(self.tables))

    def layers(self) -> dict[str, pd.DataFrame]:
        """Return all frames by their name: the tables, and what was added to them."""
        found = dict(self.tables)
        if self.gap_areas is not None:
            found[GAP_AREAS] = self.gap_areas
        if self.supply is not None:
            found[SUPPLY] = self.supply
        return {**found, **self.plan}

    def names(self) -> dict[str, str]:
        """Return the names of streets, districts and cities by their codes, where stated."""
        found: dict[str, str] = {}
        for level in _NAMED:
            frame = self.tables.get(level)
            if frame is not None and "name" in frame:
                stated = frame[frame["name"].notna() & frame["code"].notna()]
                found.update(zip(stated["code"], stated["name"], strict=True))
        return found


def content_of(
    report: object,
    *,
    by: Sequence[str] | None = None,
    language: str = "zh",
    date: str = "",
    gap_areas: object = None,
    plan: object = None,
    asked: Sequence[tuple[str, str]] = (),
    map_approval: str | None = None,
) -> Content:
    """Return what is written of a report, or of what was published.

    Parameters
    ----------
    report, by, language, date, gap_areas, plan, map_approval
        As in `geo_match.exchange.coverage.write.write_coverage`.
    asked
        What else was asked: labels and values in the language, told before the others.

    Raises
    ------
    ArgumentError
        As there.
    """
    if language not in LANGUAGES:
        raise ArgumentError("language", f"be one of {', '.join(LANGUAGES)}", repr(language))
    supply, network, most_error = None, None, 0
    steps: Mapping[str, float] = {}
    totals: Mapping[str, Any]
    if isinstance(report, CoverageReport):
        tables = _tables_of_report(report, _names(by))
        accuracies = bool(np.isfinite(report.who.accuracy_m).any())
        totals = report.totals()
        told = asked_of_report(report.options, language, accuracies=accuracies)
        supply, network = _supply(report), report.options.network
    elif isinstance(report, Published):
        tables = _tables_of_published(report, _names(by))
        totals, told = _published_totals(report), asked_of_published(report, language)
        most_error, steps = report.most_error, report.steps
    else:
        rule = "be a CoverageReport, or what `publish` made of some"
        raise ArgumentError("report", rule, type(report).__name__)
    found = Content(
        release=report.release,
        language=language,  # type: ignore[arg-type]  # as was checked
        date=date,
        tables=tables,
        totals=totals,
        asked=(*asked, *told),
        gap_areas=_gap_areas(gap_areas),
        supply=supply,
        plan=_plan(plan, tables),
        map_approval=map_approval,
        most_error=most_error,
        steps=steps,
        network=network,
    )
    for name, frame in found.layers().items():
        _check_release(name, frame, found.release)
    return found


def _names(by: object) -> tuple[str, ...] | None:
    """Return the names of tables as they were asked for."""
    if by is None:
        return None
    names = (by,) if isinstance(by, str) else tuple(by) if isinstance(by, Sequence) else ()
    if not names or not all(isinstance(one, str) and one for one in names):
        rule = "name levels or columns of the people, one at least"
        raise ArgumentError("by", rule, repr(by))
    for one in names:
        if names.count(one) > 1 or one in _KEPT_FOR:
            rule = f"name each once, and none of {', '.join(sorted(_KEPT_FOR))}"
            raise ArgumentError("by", rule, repr(one))
    return names


def _tables_of_report(
    report: CoverageReport, names: tuple[str, ...] | None
) -> dict[str, pd.DataFrame]:
    wanted = report.communities.levels if names is None else names
    parts = {part for name in wanted for part in name.split(_BETWEEN)}
    for column in sorted(parts.difference(REPORT_LEVELS)):
        _check_groups(report, column)
    return {name: report.by(*name.split(_BETWEEN)) for name in wanted}


def _check_groups(report: CoverageReport, column: str) -> None:
    """Check that a column of the people tells of groups, and does not name each of them."""
    group, labels = report.who.groups(column)
    n_people = len(group)
    if column == "id" or (n_people > _MANY and len(labels) == n_people):
        rule = "name columns of which people share the values"
        remedy = "Persons are written by `write_people` alone."
        found = f"{column!r}, different for each"
        raise ArgumentError("by", rule, found, remedy)


def _tables_of_published(
    published: Published, names: tuple[str, ...] | None
) -> dict[str, pd.DataFrame]:
    there = published.tables
    if names is None:
        levels = [one for one in LEVELS if one in there]
        names = tuple(dict.fromkeys([*levels, *there]))
    for name in names:
        if name not in there:
            rule = f"name tables that were published: {', '.join(there)}"
            raise ArgumentError("by", rule, repr(name))
    return {name: there[name] for name in names}


def _published_totals(published: Published) -> dict[str, Any]:
    """Return the one row of the table of everybody; nothing if there is none, or of several."""
    frame = published.tables.get(_ALL)
    if frame is None or len(frame) != 1:
        return {}
    return {str(name): value for name, value in frame.iloc[0].items()}


def _supply(report: CoverageReport) -> gpd.GeoDataFrame:
    """Return the places that can be reached: no ids, no names, and nobody's home."""
    supply = report.supply
    lon: NDArray[np.float64] = supply.lon
    points = gpd.points_from_xy(lon, supply.lat, crs=4326)
    columns = {"amount": supply.amount.copy(), RELEASE: report.release}
    return gpd.GeoDataFrame(columns, geometry=points, index=np.arange(len(lon)))


def _gap_areas(given: object) -> gpd.GeoDataFrame | None:
    if given is None or isinstance(given, gpd.GeoDataFrame):
        return given
    raise ArgumentError("gap_areas", "be a GeoDataFrame, or None", type(given).__name__)


def _plan(given: object, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan by names that nothing else has."""
    if given is None:
        return {}
    if isinstance(given, ServicePlan):
        return _plan(_tables_of_plan(given), tables)
    if isinstance(given, pd.DataFrame):
        return {PLAN: given}
    if not isinstance(given, Mapping) or not all(
        isinstance(name, str) and isinstance(frame, pd.DataFrame) for name, frame in given.items()
    ):
        rule = "be a ServicePlan, a frame, frames by their names, or None"
        raise ArgumentError("plan", rule, type(given).__name__)
    for name in given:
        if name in tables or name in {GAP_AREAS, SUPPLY}:
            raise ArgumentError("plan", "have names of its own", repr(name), "Rename it.")
    return dict(given)


def _tables_of_plan(plan: ServicePlan) -> dict[str, pd.DataFrame]:
    """Return what is written of a plan: each community, and occupations there and in the city."""
    found: dict[str, pd.DataFrame] = {PLAN: plan.by(LEVELS[0])}
    if plan.given.seekers is None and plan.given.jobs is None:
        return found  # nobody wants or offers an occupation
    # One outline a community is enough: the rows of its occupations are joined to it by the code.
    found[PLAN_PARTED] = _without_outline(plan.occupations(LEVELS[0]))
    try:
        plan.communities.level(LEVELS[-1])
    except ArgumentError:  # codes that do not say it
        return found
    return {**found, PLAN_CITY: _without_outline(plan.occupations(LEVELS[-1]))}


def _without_outline(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame.drop(columns="geometry"))


def _check_release(name: str, frame: pd.DataFrame, release: str) -> None:
    if RELEASE not in frame:
        raise ArgumentError(name, f"have a column `{RELEASE}`", "none")
    others = sorted({repr(one) for one in frame[RELEASE]} - {repr(release)})
    if others:
        remedy = "Write internal and published figures into files of their own."
        raise ArgumentError(name, f'be of release "{release}"', others[0], remedy)
