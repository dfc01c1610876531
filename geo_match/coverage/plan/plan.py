"""What a service plan tells: `ServicePlan`, a row a community or a level above."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_match.coverage.answers.attribution import attribute
from geo_match.coverage.answers.figures import share_of
from geo_match.coverage.answers.rows import Rows, level_rows
from geo_match.coverage.measures.area import area_km2
from geo_match.coverage.plan.demand import CELLS, Demand, most_short
from geo_match.coverage.plan.figures import COUNTS, NUMBERS, STATED, Figures
from geo_match.coverage.plan.seekers import GROUPS
from geo_match.coverage.release import INTERNAL, RELEASE
from geo_match.errors import ArgumentError
from geo_match.rules import WORKING_AGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from geo_match.coverage.answers.figures import Numbers
    from geo_match.coverage.given.communities import Communities
    from geo_match.coverage.plan.figures import Given
    from geo_match.coverage.plan.options import PlanOptions

    Integers = NDArray[np.int64]

LEVELS: Final = ("community", "street", "district", "city")
"""What a plan can be told by."""
OCCUPATION: Final = "occupation"
"""What each of its rows can be parted by."""


class ServicePlan:
    """The service plan of communities (社区服务方案); made by `service_plan`.

    It is internal, as a `CoverageReport` is: its figures are exact, and small ones tell of single
    people. All of its frames say so in the column `release`.

    Parameters
    ----------
    communities
        What it is told by.
    given
        What it is made of.
    options
        What was asked.
    """

    def __init__(self, communities: Communities, given: Given, options: PlanOptions) -> None:
        self.communities = communities
        self.given = given
        self.options = options

    @property
    def release(self) -> str:
        """What the plan is: "internal"."""
        return INTERNAL

    def __repr__(self) -> str:
        """Name the plan by its day and size."""
        return f"ServicePlan(on {self.options.on}, {len(self.communities):,} communities)"

    @cached_property
    def not_given(self) -> Mapping[str, str]:
        """Why a figure is null in every row: its name to what was not given.

        The frame; `seekers.graduate` where the seekers do not say who belongs to a group; or
        `people.birth_year` where no year of birth is stated.
        """
        there = self.given.places
        found = {
            name: ", ".join(one for one in needed if one not in there)
            for name, needed in {**COUNTS, **NUMBERS}.items()
        }
        people = self.given.people
        if people is not None and len(people.is_stated) and not people.is_stated.any():
            found["working_age"] = "people.birth_year"
        if self.given.seekers is not None:
            told = self.given.seekers.is_in
            untold = {f"seekers_{one}": f"seekers.{one}" for one in GROUPS if one not in told}
            found |= untold
            if not told:
                found["seekers_groups_not_stated"] = ", ".join(untold.values())
        short = ", ".join(one for one in ("seekers", "jobs") if one not in there)
        found |= {f"short_{at}": short for at in self._ranks}
        return {name: missing for name, missing in found.items() if missing}

    def by(self, first: str, *more: str) -> gpd.GeoDataFrame:
        """Return the plan of each community or row of a level above.

        Parameters
        ----------
        first
            "community", "street", "district" or "city".
        more
            Nothing, or "occupation": each row is then parted by the groups of occupations that
            seekers want or jobs are of.

        Returns
        -------
        geopandas.GeoDataFrame
            In order of the codes, EPSG:4326; the last row, of kind 'outside', has what lies in no
            area, or whose record names no community. A place belongs to the area that holds it,
            what has no place to the recorded code. What was not given makes null, and
            `not_given` names it. Figures add up to those of the level above, but for shares,
            medians, means, densities, what is in reach (one place may be near two communities)
            and `short_1` …, and the area, of which what overlaps counts once.

            Of the ground and those on it:

            - `kind`, `code`, `name`, `has_area`; `communities`, how many, and `without_area`, how
              many of them; `area_km2` of the ground on the ellipsoid, where areas overlap once;
            - `entities`: rows of entities; `entities_per_km2`, those on the ground per km² of it;
            - `people`, `people_located`; `working_age`, who surely is on the day, null where there
              are people and nobody's year of birth is stated, and `working_age_unknown`, who may
              be: the year of birth and the sex do not tell;
            - `seekers`, `seekers_located`; `seekers_graduate` … for each key group, and
              `seekers_groups_not_stated`, of whom one or more of the groups that were given is not
              stated;
            - `jobs`, open postings of verified employers that seek somebody; `vacancies`, how many
              they seek; `stations`, those open.

            Of the circles, where "near" is within the radius, inclusive:

            - `seekers_reached`, with a vacancy near, and `seekers_reached_share` of the located;
              `vacancies_in_reach_median`, the weighted median over the located of the vacancies
              near each; `vacancies_in_reach`, those near one seeker or more, each once; here and
              below a row of weight 0 is nobody;
            - `people_near_station`, with a station near, and their share of the located;
              `stations_in_reach`, `entities_in_reach`: those near one person or more, each once;
            - `short_1`, `short_1_name`, `short_1_shortfall`, …: the occupations whose supply falls
              most short, by `shortfall` as below; null where no more does. Those that fall equally
              short, to a millionth of a person, are in order of their codes.

            - `on`, `radius_m`, `working_age_rule` (the entry that held, with its source),
              `not_given`, `release`, `geometry`.

            By occupation `kind`, `code`, `name`, and:

            - `occupation`, a code or null where not known; `occupation_name`;
            - `seekers` who want it, `seekers_located`; `vacancies` of it on the ground;
            - `in_reach_mean`, `in_reach_median`: of its vacancies near each, over the located;
              `vacancies_in_reach`, those near one such seeker or more, each once;
            - `available`: Σ_i P_i·a_i over the row's located seekers i who want it, P their
              weights; a_i = Σ_j R_j over the jobs j of it near i; R_j = S_j / Σ_k P_k over all
              located seekers k, wherever they live, who want it and have j near. These are the
              vacancies that fall to the row's seekers where all compete (Luo & Wang 2003); over
              all rows they are the vacancies that have a seeker near;
            - `shortfall`: Σ_i P_i·max(0, 1 − a_i), what the seekers lack of a vacancy each, in
              people; what one has too much is no help to another;
            - `surplus`: Σ_i P_i·max(0, a_i − 1), what they have beyond a vacancy each, so that
              `available` = `seekers_located` − `shortfall` + `surplus`;
            - all from `in_reach_mean` on are null where the occupation is not known.

            And `on`, `radius_m`, `not_given`, `release`, `geometry`.

        Raises
        ------
        ArgumentError
            If there is no such level or column, or a community has no such level.
        """
        if first not in LEVELS:
            raise ArgumentError("by", f"name one of {', '.join(LEVELS)}", repr(first))
        if more not in {(), (OCCUPATION,)}:
            rule = f"name nothing, or {OCCUPATION!r} once"
            raise ArgumentError("more", rule, repr(", ".join(more)))
        each = np.append(np.arange(len(self.communities)), -1)
        rows = level_rows(first, self.communities, each)
        return self._by_occupation(rows) if more else self._told(rows)

    def occupations(self, level: str = "community") -> gpd.GeoDataFrame:
        """Return `by(level, "occupation")`."""
        return self.by(level, OCCUPATION)

    def totals(self) -> dict[str, Any]:
        """Return the figures of all together, and what was left out of them.

        Returns
        -------
        dict
            The figures of a row of `by`; and, of seekers, jobs and stations that were given, how
            many rows were left out (`seekers_not_registered`, `jobs_not_open`,
            `jobs_not_verified`, `jobs_filled`, `stations_not_open`), are in nobody's reach
            (`jobs_unlocated`, `vacancies_unlocated`), count for 1 as nothing is stated
            (`jobs_vacancies_not_stated`) or for no occupation (`vacancies_without_occupation`);
            `occupation_version`; `release`.
        """
        one = np.array(["all"], dtype=object)
        nothing = np.array([None], dtype=object)
        area = nothing.copy()
        if self.communities.has_area.any():
            area[0] = shapely.union_all(self.communities.areas[self.communities.has_area])
        of = np.zeros(len(self.communities) + 1, dtype=np.int64)
        row = self._told(Rows(of, one, nothing, nothing, area)).drop(columns="geometry")
        found = {name: _plain(row[name].iloc[0]) for name in row.columns}
        for name in ("kind", "code", "name", "has_area", RELEASE):
            found.pop(name)
        if self.given.seekers is not None:
            found["seekers_not_registered"] = self.given.seekers.not_registered
        if self.given.jobs is not None:
            found |= self.given.jobs.told
        if self.given.stations is not None:
            found["stations_not_open"] = self.given.stations.not_open
        found["occupation_version"] = self.options.table.version
        return {**found, RELEASE: INTERNAL}

    def _told(self, rows: Rows) -> gpd.GeoDataFrame:
        n, k = len(rows.kind), len(self.communities)
        found: dict[str, Any] = dict(self._figures.of(self._rows(rows), n))
        area = area_km2(rows.area)
        if self.given.entities is not None:
            # What is on record alone has no place on the ground.
            places = self.given.entities.located
            there = np.bincount(self._rows(rows)["entities"][places], minlength=n)
            found["entities_per_km2"] = share_of(there, np.nan_to_num(area, nan=0.0))
        columns: dict[str, Any] = {
            "kind": rows.kind,
            "code": rows.code,
            "name": rows.name,
            "has_area": ~shapely.is_missing(rows.area),
            "communities": _count(np.bincount(rows.of[:k], minlength=n), n),
            "without_area": _count(
                np.bincount(rows.of[:k][~self.communities.has_area], minlength=n), n
            ),
            "area_km2": area,
        }
        for name in COUNTS:
            columns[name] = _count(found.get(name), n)
        if self.given.people is not None:
            # Nobody is known to be of working age; that nobody is, is not known either.
            untold = (found["people"] > 0) & (found[STATED] == 0)
            columns["working_age"] = _without(columns["working_age"], untold)
        for name in NUMBERS:
            columns[name] = found.get(name, np.full(n, np.nan))
        rule = WORKING_AGE.on(self.options.on)
        columns |= self._short(rows, n)
        columns |= {
            "on": self.options.on,
            "radius_m": float(self.options.radius_m),
            "working_age_rule": str(rule) if self.given.people is not None else None,
            "not_given": _listed(self.not_given.values()),
            RELEASE: INTERNAL,
        }
        return gpd.GeoDataFrame(columns, geometry=rows.area, crs=4326)

    def _by_occupation(self, rows: Rows) -> gpd.GeoDataFrame:
        n, groups = len(rows.kind), self._demand.groups
        cells = self._cells(rows, n)
        size = n * len(groups)
        known = np.tile(np.array([one is not None for one in groups], dtype=np.bool_), n)
        names = [None if one is None else self.options.table.name(one) for one in groups]
        columns: dict[str, Any] = {
            "kind": np.repeat(rows.kind, len(groups)),
            "code": np.repeat(rows.code, len(groups)),
            "name": np.repeat(rows.name, len(groups)),
            OCCUPATION: np.tile(np.array(groups, dtype=object), n),
            "occupation_name": np.tile(np.array(names, dtype=object), n),
        }
        for name in CELLS:
            values = cells[name]
            if name in {"seekers", "seekers_located", "vacancies", "vacancies_in_reach"}:
                columns[name] = _count(None if values is None else values.ravel(), size)
            else:
                columns[name] = np.full(size, np.nan) if values is None else values.ravel()
        columns["vacancies_in_reach"][~known] = pd.NA
        missing = [one for one in ("seekers", "jobs") if one not in self.given.places]
        columns |= {
            "on": self.options.on,
            "radius_m": float(self.options.radius_m),
            "not_given": _listed(missing),
            RELEASE: INTERNAL,
        }
        area = np.repeat(rows.area, len(groups))
        return gpd.GeoDataFrame(columns, geometry=area, crs=4326)

    def _short(self, rows: Rows, n: int) -> dict[str, Any]:
        """Return the columns of the occupations that fall most short."""
        shortfall = self._cells(rows, n)["shortfall"]
        names = np.array([*self._demand.groups, None], dtype=object)
        found: dict[str, Any] = {}
        if shortfall is None:
            which = np.full((n, len(self._ranks)), -1, dtype=np.int64)
            amount = np.full((n, 1), np.nan)
        else:
            which = most_short(np.asarray(shortfall), len(self._ranks))
            amount = np.column_stack((shortfall, np.full(n, np.nan)))
        for column, rank in enumerate(self._ranks):
            at = which[:, column]
            codes = names[at]
            found[f"short_{rank}"] = codes
            found[f"short_{rank}_name"] = np.array(
                [None if one is None else self.options.table.name(one) for one in codes],
                dtype=object,
            )
            found[f"short_{rank}_shortfall"] = amount[np.arange(n), at]
        return found

    def _cells(self, rows: Rows, n: int) -> Mapping[str, Numbers | None]:
        of = self._rows(rows)
        return self._demand.cells(of.get("seekers"), of.get("jobs"), n)

    def _rows(self, rows: Rows) -> Mapping[str, Integers]:
        """Return the row of each place of each frame."""
        return {name: rows.of[whose] for name, whose in self._whose.items()}

    @property
    def _ranks(self) -> range:
        return range(1, self.options.most_short + 1)

    @cached_property
    def _whose(self) -> Mapping[str, Integers]:
        """For each frame the community of each of its places; −1 outside."""
        return {
            name: attribute(places, self.communities) for name, places in self.given.places.items()
        }

    @cached_property
    def _figures(self) -> Figures:
        return Figures(self.given, self.options.radius_m)

    @cached_property
    def _demand(self) -> Demand:
        return Demand(self.given.seekers, self.given.jobs, self.options.radius_m)


def _listed(missing: Iterable[str]) -> str | None:
    """Return names by commas, each once; None for none."""
    return ", ".join(dict.fromkeys(one for names in missing for one in names.split(", "))) or None


def _count(values: Numbers | None, n: int) -> Any:  # noqa: ANN401 - an array of pandas or numpy
    """Return counts as a column that may hold null: whole ones, and floats of float weights."""
    if values is None:
        return pd.array([pd.NA] * n, dtype="Int64")
    return pd.Series(values, dtype="Int64").array if values.dtype.kind == "i" else values


def _without(counts: Any, untold: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - as `_count` returns them
    """Return counts with null in some rows."""
    return pd.Series(counts).mask(untold).array


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    """Return a cell as Python has it; None for null."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN is not itself
        return None
    return value.item() if isinstance(value, np.generic) else value
