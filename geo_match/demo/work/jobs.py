"""The invented jobs at the sites: those open on the reference date, and those closed before.

The platform fills up from 2022 on: postings become more each year, stay open for weeks or months,
are filled, withdrawn or run out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_match.demo._random import stream
from geo_match.demo._runs import number_in_order
from geo_match.demo.facts import WGS84
from geo_match.demo.people.seekers import SHIFTS as SEEKERS_SHIFTS
from geo_match.demo.people.working_life import EDUCATION
from geo_match.demo.vocabulary import JOB_TYPES, REFERENCE_DATE
from geo_match.demo.work.trades import PUBLIC, ROTATING, TRADES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.work.employers import Employment

OPEN: Final = 60_000
CLOSED: Final = 120_000
"""Postings on the reference date, and those closed before it."""
_ORDINARY, _FLEXIBLE, _WELFARE, _TRAINEE = range(4)
UNITS: Final = ("month", "day", "hour")
REASONS: Final = ("filled", "withdrawn", "expired")

_TODAY: Final = np.datetime64(REFERENCE_DATE, "s")
_DAY: Final = np.timedelta64(1, "D")
_ADOPTION: Final = 0.5
"""Power of a uniform mark: a posting's day is the later the lower, as the platform fills up."""
_OPEN_DAYS, _CLOSED_DAYS, _MOST_DAYS = 55.0, 48.0, 360
_SITE_SPREAD: Final = 0.9
_WAGE_SPREAD: Final = 0.12
_WAGE_RANGE: Final = (0.06, 0.18)
_WORK_DAYS, _MONTH_HOURS = 26.0, 174.0
_URBAN_PAY, _VILLAGE_PAY = 1.03, 0.90
_STEP_CNY: Final = {"month": 100, "day": 10, "hour": 1}
_LESS_EDUCATION: Final = 0.25
"""Share of postings that ask for no education though their title usually does."""
_TRAINEESHIPS: Final = 0.12
_PART_TIME: Final = 0.45
"""Share of flexible postings paid by the hour, for at most 24 hours a week but for some."""
_UNSTATED: Final = {"vacancies": 0.08, "hours": 0.10, "shift": 0.08}
_MORE_VACANCIES: Final = 0.42
"""Chance that a posting seeks one more person; parks seek more."""
_MOST_VACANCIES: Final = 60
_COLLEGE: Final = EDUCATION.index("college")
_FROM_AGE, _OF_AGE = 16, 18
_TRAINEES_OF_YOUTH: Final = 0.4
_LEAST_CNY: Final = (1_930.0, 75.0, 19.0)
"""Invented like all pay, and near what the law asks for a month, a day and an hour."""
_BELOW_LEAST: Final = 0.03
_STALE: Final = 0.04


def draw_jobs(employment: Employment, *, seed: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Draw the postings of all sites.

    Parameters
    ----------
    employment
        The employers and sites.
    seed
        What they are drawn from.

    Returns
    -------
    open, closed
        As `geo_match.demo.work.Work` has them, by id.
    """
    generator = stream(seed, "jobs")
    n_sites = len(employment.sites)
    weight = np.array([trade.jobs for trade in TRADES])[employment.trade]
    weight = weight * np.exp(_SITE_SPREAD * generator.standard_normal(n_sites))
    is_open = np.arange(OPEN + CLOSED) < OPEN
    site = np.concatenate([_spread(weight, n, generator) for n in (OPEN, CLOSED)])
    order = np.lexsort((~is_open, site))
    site, is_open = site[order], is_open[order]
    owner = pd.Index(employment.employers["id"]).get_indexer(employment.sites["employer_id"])
    entered = employment.employers["entered_on"].to_numpy("M8[s]")[owner[site]]
    opened, closed, reason = _draw_dates(is_open, entered, generator)
    jobs = _describe(employment, site, generator)
    vacancies, filled = _draw_vacancies(is_open, reason, employment, site, generator)
    stated = generator.random(len(site)) >= _UNSTATED["vacancies"]
    # What is not stated is not known to be filled either.
    filled = np.where(stated | (reason == 0), filled, np.minimum(filled, 1))
    updated = _draw_updates(opened, closed, generator)
    number = number_in_order(site) + 1
    id_ = [f"J{k:05d}-{i:03d}" for k, i in zip(site + 1, number, strict=True)]
    jobs.insert(0, "id", pd.Series(id_, dtype="str"))
    jobs["vacancies"] = pd.arrays.IntegerArray(vacancies.astype(np.int16), ~stated)
    jobs["filled"] = filled.astype(np.int16)
    jobs["opened_on"] = opened
    jobs["closed_on"] = closed
    jobs["close_reason"] = pd.Categorical.from_codes(reason, pd.Index(list(REASONS)))
    jobs["updated_on"] = updated
    frame = gpd.GeoDataFrame(jobs, geometry=employment.sites.geometry.array[site], crs=WGS84)
    return tuple(frame[is_open == which].reset_index(drop=True) for which in (True, False))


def _spread(
    weight: NDArray[np.float64], n: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Return the site of each of n postings, by position: one each, the others by weight."""
    further = generator.choice(len(weight), n - len(weight), p=weight / weight.sum())
    return np.concatenate([np.arange(len(weight)), further])


def _draw_dates(
    is_open: NDArray[np.bool_], entered: NDArray[np.datetime64], generator: np.random.Generator
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64], NDArray[np.int64]]:
    """Return opening and closing days, and positions in `REASONS`, −1 for the open, (n,).

    No posting is older than its employer's entry, whose licence was verified before.
    """
    n = len(is_open)
    here = (_TODAY - entered) // _DAY
    age = np.minimum(generator.exponential(_OPEN_DAYS, n), _MOST_DAYS).astype(np.int64)
    lasts = 3 + np.minimum(generator.exponential(_CLOSED_DAYS, n), _MOST_DAYS).astype(np.int64)
    lasts = np.minimum(lasts, here)
    start = ((here - lasts) * generator.random(n) ** _ADOPTION).astype(np.int64)
    opened = np.where(is_open, _TODAY - np.minimum(age, here) * _DAY, entered + start * _DAY)
    closed = np.where(is_open, np.datetime64("NaT"), opened + lasts * _DAY)
    reason = np.searchsorted((0.66, 0.84), generator.random(n), side="right")
    return opened, closed, np.where(is_open, -1, reason)


def _draw_vacancies(
    is_open: NDArray[np.bool_],
    reason: NDArray[np.int64],
    employment: Employment,
    site: NDArray[np.int64],
    generator: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many people each posting seeks in all, and how many it has found, (n,)."""
    park = (employment.sites["kind"] == "park").to_numpy()[site]
    more = np.where(park, 0.72, _MORE_VACANCIES)
    vacancies = np.minimum(generator.geometric(1.0 - more), _MOST_VACANCIES)
    some = generator.binomial(np.maximum(vacancies - 1, 0), 0.30)
    # A few stay open though everybody is found: nobody has closed them.
    stale = is_open & (generator.random(len(site)) < _STALE)
    return vacancies, np.where((reason == 0) | stale, vacancies, some)


def _draw_updates(
    opened: NDArray[np.datetime64],
    closed: NDArray[np.datetime64],
    generator: np.random.Generator,
) -> NDArray[np.datetime64]:
    end = np.where(np.isnat(closed), _TODAY, closed)
    days = (end - opened) // _DAY
    return np.asarray(opened + (days * generator.random(len(days))).astype(np.int64) * _DAY)


def _describe(
    employment: Employment, site: NDArray[np.int64], generator: np.random.Generator
) -> pd.DataFrame:
    """Draw what each posting offers and asks for."""
    sites = employment.sites.iloc[site]
    row = pd.Index(employment.employers["id"]).get_indexer(sites["employer_id"])
    titles = _Titles(employment.trade[site], generator)
    n = len(site)
    job_type = _choose_type(titles, employment.trade[site], generator)
    wage = _Wages(titles, job_type, sites["kind"].astype(str).to_numpy(), generator)
    education = titles.education.copy()
    education[generator.random(n) < _LESS_EDUCATION] = -1
    trainee = job_type == _TRAINEE
    education[trainee] = titles.education[trainee]
    hours = _draw_hours(job_type, wage.unit, generator)
    hours_known = generator.random(n) >= _UNSTATED["hours"]
    shift = np.where(
        titles.shift >= 0, titles.shift, generator.choice(4, n, p=(0.45, 0.25, 0.2, 0.1))
    )
    shift[generator.random(n) < _UNSTATED["shift"]] = -1
    skilled = (titles.education >= _COLLEGE) | (titles.certificate != None)  # noqa: E711 - elementwise
    age_min, age_max = _draw_ages(job_type, skilled, generator)
    return pd.DataFrame(
        {
            "title": pd.Categorical(titles.name),
            "site_id": sites["id"].array,
            "site_name": sites["name"].array,
            "employer_id": sites["employer_id"].array,
            "employer": sites["employer"].array,
            "employer_licence": employment.employers["licence"].array[row],
            "community": sites["community"].array,
            "occupation": pd.Categorical(titles.occupation),
            "job_type": pd.Categorical.from_codes(job_type, pd.Index(list(JOB_TYPES))),
            "education_min": pd.Categorical.from_codes(education, pd.Index(list(EDUCATION))),
            "wage_low_cny": wage.low.astype(np.int32),
            "wage_high_cny": wage.high.astype(np.int32),
            "wage_unit": pd.Categorical.from_codes(wage.unit, pd.Index(list(UNITS))),
            "hours_per_week": pd.arrays.IntegerArray(hours.astype(np.int16), ~hours_known),
            "shift": pd.Categorical.from_codes(shift, pd.Index(list(SEEKERS_SHIFTS))),
            "age_min": pd.arrays.IntegerArray(age_min.astype(np.int16), age_min == 0),
            "age_max": pd.arrays.IntegerArray(age_max.astype(np.int16), age_max == 0),
            "certificate": pd.Categorical(titles.certificate),
        }
    )


class _Titles:
    """The title of each posting, and what goes with it; each attribute has shape (n,)."""

    def __init__(self, trade: NDArray[np.int64], generator: np.random.Generator) -> None:
        titles = [title for t in TRADES for title in t.titles]
        count = np.array([len(t.titles) for t in TRADES])
        often = np.array([title.often for title in titles])
        running = np.concatenate([[0.0], np.cumsum(often)])
        first = np.cumsum(count) - count
        low, high = running[first], running[first + count]
        mark = low[trade] + generator.random(len(trade)) * (high - low)[trade]
        pick = np.searchsorted(running, mark, side="right") - 1
        pick = np.clip(pick, first[trade], (first + count - 1)[trade])
        education = [EDUCATION.index(t.education) if t.education else -1 for t in titles]
        shift = [-1 if t.shift == ROTATING else SEEKERS_SHIFTS.index(t.shift) for t in titles]
        self.name = np.array([t.name for t in titles], dtype=object)[pick]
        self.occupation = np.array([t.occupation for t in titles], dtype=object)[pick]
        self.certificate = np.array([t.certificate or None for t in titles], dtype=object)[pick]
        self.wage_cny = np.array([t.wage_cny for t in titles], dtype=np.float64)[pick]
        self.flexible = np.array([t.flexible for t in titles])[pick]
        self.education = np.array(education)[pick]
        self.shift = np.array(shift)[pick]


def _choose_type(
    titles: _Titles, trade: NDArray[np.int64], generator: np.random.Generator
) -> NDArray[np.int64]:
    n = len(trade)
    flexible = generator.random(n) < titles.flexible
    # Where a certificate or a degree is asked for, a trainee would not do.
    learnt = (titles.education == _COLLEGE) & (titles.certificate == None)  # noqa: E711 - elementwise
    trainee = learnt & (generator.random(n) < _TRAINEESHIPS)
    public = np.array([t.key == PUBLIC for t in TRADES])[trade]
    return np.select([public, trainee, flexible], [_WELFARE, _TRAINEE, _FLEXIBLE], _ORDINARY)


class _Wages:
    """Pay of each posting: `low` and `high`, CNY a `unit`, positions in `UNITS`, shape (n,)."""

    def __init__(
        self,
        titles: _Titles,
        job_type: NDArray[np.int64],
        where: NDArray[np.str_],
        generator: np.random.Generator,
    ) -> None:
        n = len(job_type)
        varied = np.exp(_WAGE_SPREAD * np.clip(generator.standard_normal(n), -2.5, 2.5))
        pay = np.select([where == "centre", where == "village"], [_URBAN_PAY, _VILLAGE_PAY], 1.0)
        month = titles.wage_cny * varied * pay
        month = np.where(job_type == _TRAINEE, np.maximum(month * 0.55, 2_100.0), month)
        flexible = job_type == _FLEXIBLE
        mark = generator.random(n)
        hourly = flexible & (mark < _PART_TIME)
        daily = flexible & (mark >= _PART_TIME) & (mark < _PART_TIME + 0.3)
        self.unit = np.select([hourly, daily], [2, 1], 0)
        per_unit = np.select([hourly, daily], [month / _MONTH_HOURS, month / _WORK_DAYS], month)
        step = np.array([_STEP_CNY[unit] for unit in UNITS])[self.unit]
        half = generator.uniform(*_WAGE_RANGE, n)
        low = np.maximum(np.floor(per_unit * (1.0 - half) / step), 1.0) * step
        lawful = np.ceil(np.array(_LEAST_CNY)[self.unit] / step) * step
        below = (generator.random(n) < _BELOW_LEAST) | (job_type == _TRAINEE)
        self.low = np.where(below, low, np.maximum(low, lawful))
        self.high = np.maximum(np.ceil(per_unit * (1.0 + half) / step) * step, self.low)


def _draw_hours(
    job_type: NDArray[np.int64], unit: NDArray[np.int64], generator: np.random.Generator
) -> NDArray[np.int64]:
    """Return hours a week, (n,): few of the part-time postings ask for more than 24."""
    n = len(job_type)
    full = generator.choice((40, 44, 48, 54, 60), n, p=(0.42, 0.14, 0.30, 0.10, 0.04))
    part = generator.choice((12, 16, 20, 24, 25, 30), n, p=(0.10, 0.15, 0.35, 0.28, 0.04, 0.08))
    hourly = (job_type == _FLEXIBLE) & (unit == UNITS.index("hour"))
    welfare = job_type == _WELFARE
    return np.select([hourly, welfare], [part, 40], full)


def _draw_ages(
    job_type: NDArray[np.int64], skilled: NDArray[np.bool_], generator: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the least and greatest age asked for, 0 for no demand, (n,)."""
    n = len(job_type)
    youngest = generator.choice((0, 16, 18, 20), n, p=(0.35, 0.05, 0.55, 0.05))
    oldest = generator.choice(
        (0, 35, 40, 45, 50, 55, 60), n, p=(0.3, 0.03, 0.05, 0.12, 0.2, 0.2, 0.1)
    )
    # Who has learnt for it or holds a certificate is of age; a certificate to drive takes longer.
    youngest = np.where(skilled & (youngest == _FROM_AGE), _OF_AGE, youngest)
    # Of young jobless people or of graduates of two years: the one has an age, the other has none.
    trainee = job_type == _TRAINEE
    of_youth = trainee & (generator.random(n) < _TRAINEES_OF_YOUTH)
    youngest = np.where(trainee, _OF_AGE, youngest)
    return np.where(of_youth, _FROM_AGE, youngest), np.where(of_youth, 24, oldest * ~trainee)
