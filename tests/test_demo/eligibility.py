"""Who has which job in reach: a plain reading of the rules, to judge the drawn city by."""

from __future__ import annotations

import numpy as np

from geo_match import PointIndex

EDUCATION = ("primary", "junior", "senior", "vocational", "college", "bachelor", "master")
MONTHLY = {"month": 1.0, "day": 26.0, "hour": 174.0}
TYPES = ("ordinary", "flexible", "public_welfare", "traineeship")
CONDITIONS = (
    "licence",
    "vacancies",
    "type",
    "occupation",
    "education",
    "wage",
    "age",
    "shift",
)


def count_eligible(seekers, jobs, *, radius_m=3_000.0):
    """Return for each seeker the jobs within the radius, and those of them that are eligible.

    What is not known does not stand in the way. Occupations match by their major group.
    """
    reached, (eligible,) = count_without(seekers, jobs, [()], radius_m=radius_m)
    return reached, eligible


def count_without(seekers, jobs, without, *, radius_m=3_000.0):
    """Return the jobs within the radius, and those eligible where some conditions are not asked.

    Parameters
    ----------
    without
        The conditions that are not asked, for each of the counts.
    """
    index = PointIndex(lon=jobs.geometry.x.to_numpy(), lat=jobs.geometry.y.to_numpy())
    lon, lat = seekers.geometry.x.to_numpy(), seekers.geometry.y.to_numpy()
    reached = np.zeros(len(seekers), dtype=np.int64)
    eligible = np.zeros((len(without), len(seekers)), dtype=np.int64)
    seeker, job = _of_seekers(seekers), _of_jobs(jobs)
    for block in index.iter_within(lon=lon, lat=lat, radius_m=radius_m, max_pairs=2_000_000):
        who, what = block.query + 0, block.point
        who_is = {name: values[who] for name, values in seeker.items()}
        what_is = {name: values[what] for name, values in job.items()}
        met = {name: _CHECKS[name](who_is, what_is) for name in CONDITIONS}
        reached += np.bincount(who, minlength=len(seekers))
        for at, unasked in enumerate(without):
            keep = np.logical_and.reduce([met[name] for name in CONDITIONS if name not in unasked])
            eligible[at] += np.bincount(who[keep], minlength=len(seekers))
    return reached, eligible


def _of_seekers(frame):
    return {
        "education": _codes(frame["education"]),
        "major": _major(frame["occupation"]),
        "floor": frame["wage_floor_cny"].to_numpy(dtype=float, na_value=np.nan),
        "age": 2025 - frame["birth_year"].to_numpy(int),
        "shift": frame["shift"].astype(object).fillna("any").to_numpy(),
        "accepts": np.column_stack(
            [frame[f"accepts_{t}"].fillna(value=True).astype(bool).to_numpy() for t in TYPES]
        ),
    }


def _of_jobs(frame):
    left = frame["vacancies"].astype("Float64") - frame["filled"].astype(float)
    unit = frame["wage_unit"].astype(str).map(MONTHLY).to_numpy(float)
    week = frame["hours_per_week"].astype("Float64").fillna(40.0).clip(upper=40.0)
    unit = unit * np.where(frame["wage_unit"] == "hour", week.to_numpy(float) / 40.0, 1.0)
    return {
        "licence": (frame["employer_licence"] == "verified").to_numpy(),
        "left": left.to_numpy(dtype=float, na_value=1.0),
        "type": frame["job_type"].astype(str).map(TYPES.index).to_numpy(int),
        "education": _codes(frame["education_min"]),
        "major": _major(frame["occupation"]),
        "wage": frame["wage_high_cny"].to_numpy(float) * unit,
        "age_min": frame["age_min"].fillna(0).to_numpy(int),
        "age_max": frame["age_max"].fillna(200).to_numpy(int),
        "shift": frame["shift"].astype(object).fillna("any").to_numpy(),
    }


def _codes(column):
    rank = {name: i for i, name in enumerate(EDUCATION)}
    return column.astype(object).map(rank).fillna(-1).to_numpy(int)


def _major(column):
    return column.astype(object).str[0].fillna("").to_numpy()


_CHECKS = {
    "licence": lambda _, j: j["licence"],
    "vacancies": lambda _, j: j["left"] > 0,
    "type": lambda s, j: s["accepts"][np.arange(len(j["type"])), j["type"]],
    "occupation": lambda s, j: (s["major"] == "") | (s["major"] == j["major"]),
    "education": lambda s, j: (s["education"] < 0) | (s["education"] >= j["education"]),
    "wage": lambda s, j: np.isnan(s["floor"]) | (j["wage"] >= s["floor"]),
    "age": lambda s, j: (s["age"] >= j["age_min"]) & (s["age"] <= j["age_max"]),
    "shift": lambda s, j: (
        (s["shift"] == "any") | (j["shift"] == "any") | (s["shift"] == j["shift"])
    ),
}
