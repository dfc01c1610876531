"""The service plan by brute force, pair by pair and as the words say it; no code of the library."""

from __future__ import annotations

import datetime as dt
import math
from statistics import fmean

import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
FLAGS = ("graduate", "migrant_worker", "veteran", "retired_fisherman")
# What the shipped table makes of these codes: the major and the middle group.
OCCUPATIONS = {
    None: (None, None),
    "401": ("4", "401"),
    "4-02-01": ("4", "402"),
    "601": ("6", "601"),
    "2": ("2", None),
    "119": ("1", None),
    "普工": (None, None),
}


def _near(one, other, radius):
    if one["lon"] is None or other["lon"] is None:
        return False
    return GEOD.inv(one["lon"], one["lat"], other["lon"], other["lat"])[2] <= radius


def _community(row, communities):
    if row["lon"] is None:
        codes = {c["code"] for c in communities}
        return row.get("community") if row.get("community") in codes else None
    point = shapely.Point(row["lon"], row["lat"])
    holding = [c["code"] for c in communities if c["area"] is not None and c["area"].covers(point)]
    return min(holding, default=None)


def _age(person, on):
    """Before 2025: from 16 to 60, women to 50 or 55; every birthday of the year must do."""
    born, sex = person["birth_year"], person.get("sex")
    if born is None:
        return "unknown"
    oldest, youngest = on.year - born, on.year - born - (on < dt.date(on.year, 12, 31))
    ends = {"male": [60], "female": [50, 55], None: [50, 55, 60]}[sex]
    if youngest >= 16 and oldest < min(ends):
        return "pass"
    return "fail" if oldest < 16 or youngest >= max(ends) else "unknown"


def _left(job):
    if job.get("vacancies") is None:
        return 1
    return max(job["vacancies"] - (job.get("filled") or 0), 0)


def holds(row, on, since="opened_on"):
    opened, closed = row.get(since), row.get("closed_on")
    return (opened is None or opened <= on) and (closed is None or closed > on)


def _median(pairs):
    """Return the least value up to which the weights are half of all."""
    total = sum(weight for _, weight in pairs)
    for value in sorted({value for value, _ in pairs}):
        if total and 2 * sum(w for v, w in pairs if v <= value) >= total:
            return value
    return None


def _weight(row):
    return row.get("weight", 1)


def _sum(rows):
    return sum(map(_weight, rows))


class PlainPlan:
    def __init__(self, communities, on, radius, level, **frames):
        self.communities, self.radius, self.level = communities, radius, level
        self.people, self.entities = frames["people"], frames["entities"]
        self.on = on
        self.seekers = [one for one in frames["seekers"] if holds(one, on, "registered_on")]
        self.jobs = [
            job
            for job in frames["jobs"]
            if holds(job, on)
            and _left(job)
            and job.get("employer_licence", "verified") == "verified"
        ]
        self.stations = [one for one in frames["stations"] if holds(one, on)]

    def codes(self):
        return [*sorted(one["code"] for one in self.communities), None]

    def _of(self, rows, code):
        return [row for row in rows if _community(row, self.communities) == code]

    def _near_any(self, rows, places):
        """Return the places near one of some rows or more; a row of weight 0 is nobody."""
        there = [row for row in rows if _weight(row)]
        return [one for one in places if any(_near(row, one, self.radius) for row in there)]

    def _reach(self, row, places):
        return [one for one in places if _near(row, one, self.radius)]

    def row(self, code):
        people, seekers = self._of(self.people, code), self._of(self.seekers, code)
        entities, jobs = self._of(self.entities, code), self._of(self.jobs, code)
        there = [one for one in people if one["lon"] is not None]
        looking = [one for one in seekers if one["lon"] is not None]
        found = {
            "entities": len(entities),
            "people": _sum(people),
            "people_located": _sum(there),
            "working_age": _sum([one for one in people if _age(one, self.on) == "pass"]),
            "working_age_unknown": _sum([one for one in people if _age(one, self.on) == "unknown"]),
            "seekers": _sum(seekers),
            "seekers_located": _sum(looking),
            "jobs": len(jobs),
            "vacancies": sum(map(_left, jobs)),
            "stations": len(self._of(self.stations, code)),
        }
        if _sum(people) and not _sum([one for one in people if one["birth_year"] is not None]):
            found["working_age"] = None  # not 0: nothing is known of anybody
        for name in FLAGS:
            found[f"seekers_{name}"] = _sum([one for one in seekers if one[name]])
        found["seekers_difficulty"] = _sum(
            [one for one in seekers if one["difficulty"] not in {None, "none"}]
        )
        found["seekers_registered_unemployed"] = _sum(
            [one for one in seekers if one["status"] == "registered_unemployed"]
        )
        found["seekers_groups_not_stated"] = _sum(
            [
                one
                for one in seekers
                if any(one[name] is None for name in (*FLAGS, "difficulty", "status"))
            ]
        )
        amounts = [(sum(map(_left, self._reach(one, self.jobs))), _weight(one)) for one in looking]
        found["seekers_reached"] = sum(weight for amount, weight in amounts if amount)
        found["vacancies_in_reach_median"] = _median(amounts)
        found["vacancies_in_reach"] = sum(map(_left, self._near_any(looking, self.jobs)))
        found["people_near_station"] = _sum(
            [one for one in there if self._reach(one, self.stations)]
        )
        for name in ("stations", "entities"):
            found[f"{name}_in_reach"] = len(self._near_any(there, getattr(self, name)))
        for part, whole in (
            ("seekers_reached", "seekers_located"),
            ("people_near_station", "people_located"),
        ):
            found[f"{part}_share"] = found[part] / found[whole] if found[whole] else None
        return found

    def group(self, row):
        return OCCUPATIONS[row["occupation"]][0 if self.level == "major" else 1]

    def occupations(self):
        found = {self.group(one) for one in [*self.seekers, *self.jobs]}
        return sorted(one for one in found if one is not None) + [None] * (None in found)

    def _head(self, seeker, group):
        rivals = [one for one in self.seekers if self.group(one) == group]
        jobs = [one for one in self.jobs if self.group(one) == group]
        shares = []
        for job in self._reach(seeker, jobs):
            demand = _sum([one for one in rivals if _near(one, job, self.radius)])
            shares.append(_left(job) / demand if demand else 0.0)
        return math.fsum(shares)

    def cell(self, code, group):
        seekers = [one for one in self._of(self.seekers, code) if self.group(one) == group]
        looking = [one for one in seekers if one["lon"] is not None]
        jobs = [one for one in self.jobs if self.group(one) == group]
        found = {
            "seekers": _sum(seekers),
            "seekers_located": _sum(looking),
            "vacancies": sum(map(_left, self._of(jobs, code))),
        }
        if group is None:
            unknown = ("in_reach_mean", "in_reach_median", "vacancies_in_reach", "available")
            return found | dict.fromkeys((*unknown, "shortfall", "surplus"))
        amounts = [(sum(map(_left, self._reach(one, jobs))), _weight(one)) for one in looking]
        each = [amount for amount, weight in amounts for _ in range(weight)]
        heads = [(self._head(one, group), _weight(one)) for one in looking]
        return found | {
            "in_reach_mean": fmean(each) if each else None,
            "in_reach_median": _median(amounts),
            "vacancies_in_reach": sum(map(_left, self._near_any(looking, jobs))),
            "available": math.fsum(head * weight for head, weight in heads),
            "shortfall": math.fsum(max(1 - head, 0) * weight for head, weight in heads),
            "surplus": math.fsum(max(head - 1, 0) * weight for head, weight in heads),
        }

    def short(self, code, most):
        amounts = [
            (-round(self.cell(code, group)["shortfall"], 6), group)
            for group in self.occupations()
            if group is not None
        ]
        return [group for amount, group in sorted(amounts) if amount < 0][:most]
