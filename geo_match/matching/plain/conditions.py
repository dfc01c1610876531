"""The conditions of a match, each as its rule reads.

Each takes a seeker, a job and the options, and returns "pass", "fail" or "unknown". A record is a
mapping by its fields' names; what is missing or None is not stated.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from pyproj import Geod

from geo_match.matching.plain.ages import possible_ages, working_age
from geo_match.matching.plain.areas import area_distance_m
from geo_match.matching.plain.occupation import occupation
from geo_match.matching.plain.outcomes import (
    FAIL,
    PASS,
    UNKNOWN,
    among,
    either,
    every,
    passes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo_match.matching.plain.options import PlainOptions, Walks

LEVELS: Final = {
    "primary": 1,
    "junior": 2,
    "senior": 3,
    "vocational": 3,
    "college": 4,
    "bachelor": 5,
    "master": 6,
}
_PER_MONTH: Final = {"month": 1.0, "day": 21.75, "hour": 174.0}
"""Paid days and hours of a full month: 劳社部发〔2008〕3号."""
_WEEK_HOURS: Final = 40.0
"""Hours of a full week, beyond which all is overtime."""
_DIGITS: Final = 1_000_000
"""Pay for part of a week is rounded to so many parts of a CNY."""
_JOBLESS: Final = ("registered_unemployed", "unemployed")
_GRADUATE_YEARS: Final = 2
_TRAINEE_AGES: Final = range(16, 25)
_BETWEEN_CERTIFICATES: Final = re.compile(
    r"[、,，;；/／|｜。\r\n]"
    # A plus with a text at both sides, but not that of C++ or of 3.4E+17.
    r"|(?<=[^、,，;；/／|｜。\s+＋])(?<!\d[Ee])\s*[+＋]\s*(?=[^、,，;；/／|｜。\s+＋])"
    # A blank where both sides end as names of certificates do.
    r"|(?<=[证书])\s+(?=[^、,，;；/／|｜。\s+＋]+[证书](?![^、,，;；/／|｜。\s+＋.．]))"
)
_FULL_STOPS: Final = re.compile(r"[.．\s]+\Z")
_GEOD: Final = Geod(ellps="WGS84")


def is_located(record: Mapping[str, Any]) -> bool:
    """Return whether a record has a place: a point, or the area that a circle is drawn around."""
    has_point = record.get("lon") is not None and record.get("lat") is not None
    return has_point or record.get("area") is not None


def says_when_registered(seeker: Mapping[str, Any]) -> bool:
    """Return whether a seeker's record says from when, or until when, they are registered."""
    return seeker.get("registered_on") is not None or seeker.get("closed_on") is not None


def is_registered(seeker: Mapping[str, Any], options: PlainOptions) -> bool:
    """Return whether a seeker takes part: from the day of registration until that of closing.

    Who is asked for `former_too` takes part always.
    """
    if options.former_too:
        return True
    since, until = seeker.get("registered_on"), seeker.get("closed_on")
    if since is not None and since > options.day:
        return False
    return until is None or until > options.day


def distance_m(
    seeker: Mapping[str, Any], job: Mapping[str, Any], walks: Walks | None = None
) -> float | None:
    """Return the geodesic distance, metres; None where one of them has no place.

    From an area it is that to its edge, and 0 inside. With `walks` it is that on foot, and None
    where there is no way.
    """
    if not (is_located(seeker) and is_located(job)):
        return None
    if walks is not None:
        return walks.distance_m(seeker["lon"], seeker["lat"], job["lon"], job["lat"])
    if seeker.get("area") is not None:
        return area_distance_m(seeker["area"], job["lon"], job["lat"])
    return float(_GEOD.inv(seeker["lon"], seeker["lat"], job["lon"], job["lat"])[2])


def radius_m(seeker: Mapping[str, Any], options: PlainOptions) -> float:
    """Return the radius of a seeker's circle, metres: the seeker's own counts first."""
    own = seeker.get("radius_m")
    return options.radius_m if own is None else float(own)


def pay_a_month(job: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return a job's least and greatest pay for a month, CNY; None for what is not stated.

    By the hour it is that of its hours a week, or of a full month where it does not state them.
    """
    unit = job.get("wage_unit")
    if unit is None:
        return None, None
    low, high = (job.get(name) for name in ("wage_low_cny", "wage_high_cny"))
    hours = job.get("hours_per_week")
    if unit == "hour" and hours is not None and hours < _WEEK_HOURS:
        return _part_of_a_month(low, hours), _part_of_a_month(high, hours)
    factor = _PER_MONTH[unit]
    return (
        None if low is None else low * factor,
        None if high is None else high * factor,
    )


def _part_of_a_month(cny: float | None, hours: float) -> float | None:
    if cny is None:
        return None
    return round(cny * (_PER_MONTH["hour"] * hours) / _WEEK_HOURS * _DIGITS) / _DIGITS


def may_pay_less(job: Mapping[str, Any]) -> bool:
    """Return whether a job may be of any hours up to a full week, and is paid by the hour."""
    by_the_hour = job.get("wage_unit") == "hour" and job.get("hours_per_week") is None
    return by_the_hour and job.get("job_type") == "flexible"


def _distance(seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions) -> str:
    if not (is_located(seeker) and is_located(job)):
        return UNKNOWN
    metres = distance_m(seeker, job, options.walks)
    return passes(metres is not None and metres <= radius_m(seeker, options))


def _open(_: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions) -> str:
    opened, closed = job.get("opened_on"), job.get("closed_on")
    has_opened = opened is None or opened <= options.day
    has_closed = closed is not None and closed <= options.day
    return passes(has_opened and not has_closed)


def _vacancies(_: Mapping[str, Any], job: Mapping[str, Any], __: PlainOptions) -> str:
    sought = job.get("vacancies")
    return UNKNOWN if sought is None else passes(sought > (job.get("filled") or 0))


def _employer(_: Mapping[str, Any], job: Mapping[str, Any], __: PlainOptions) -> str:
    return passes(job.get("employer_licence") == "verified")


def _working_age(seeker: Mapping[str, Any], _: Mapping[str, Any], options: PlainOptions) -> str:
    born = seeker.get("birth_year")
    return UNKNOWN if born is None else working_age(born, seeker.get("sex"), options.day)


def _job_type(seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions) -> str:
    kind = job.get("job_type")
    if kind is None:
        return UNKNOWN
    accepts = seeker.get("accepts")
    accepted = UNKNOWN if accepts is None else passes(kind in accepts)
    return every(accepted, _entitled(kind, seeker, options))


def _entitled(kind: str, seeker: Mapping[str, Any], options: PlainOptions) -> str:
    if kind == "public_welfare":
        difficulty = seeker.get("difficulty")
        return UNKNOWN if difficulty is None else passes(difficulty != "none")
    if kind == "traineeship":
        status = seeker.get("status")
        jobless = UNKNOWN if status is None else passes(status in _JOBLESS)
        return every(jobless, either(_new_graduate(seeker, options), _young(seeker, options)))
    return PASS


def _new_graduate(seeker: Mapping[str, Any], options: PlainOptions) -> str:
    groups, year = seeker.get("groups"), seeker.get("graduation_year")
    graduate = UNKNOWN if groups is None else passes("graduate" in groups)
    since = None if year is None else options.day.year - year
    # In the second calendar year after it the day of graduation decides, which nobody recorded.
    in_time = UNKNOWN if since in (None, _GRADUATE_YEARS) else passes(since < _GRADUATE_YEARS)
    return every(graduate, in_time)


def _young(seeker: Mapping[str, Any], options: PlainOptions) -> str:
    born = seeker.get("birth_year")
    if born is None:
        return UNKNOWN
    return among(age in _TRAINEE_AGES for age in possible_ages(born, options.day))


def _education(seeker: Mapping[str, Any], job: Mapping[str, Any], _: PlainOptions) -> str:
    demanded, has = job.get("education_min"), seeker.get("education")
    if demanded is None:
        return PASS
    return UNKNOWN if has is None else passes(LEVELS[has] >= LEVELS[demanded])


def _wage(seeker: Mapping[str, Any], job: Mapping[str, Any], _: PlainOptions) -> str:
    floor = seeker.get("wage_floor_cny")
    if floor is None:
        return PASS
    low, high = pay_a_month(job)
    if low is None and high is None:
        return UNKNOWN
    if (0.0 if low is None or may_pay_less(job) else low) >= floor:
        return PASS
    return FAIL if (math.inf if high is None else high) < floor else UNKNOWN


def _hours(seeker: Mapping[str, Any], job: Mapping[str, Any], _: PlainOptions) -> str:
    most, hours = seeker.get("hours_max_per_week"), job.get("hours_per_week")
    if most is None:
        return PASS
    return UNKNOWN if hours is None else passes(hours <= most)


def _shift(seeker: Mapping[str, Any], job: Mapping[str, Any], _: PlainOptions) -> str:
    sought, offered = seeker.get("shift"), job.get("shift")
    if sought is None or offered is None:
        return UNKNOWN
    return passes("any" in {sought, offered} or sought == offered)


def _age(seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions) -> str:
    least, most = job.get("age_min"), job.get("age_max")
    born = seeker.get("birth_year")
    if least is None and most is None:
        return PASS
    if born is None:
        return UNKNOWN
    return among(
        (least is None or age >= least) and (most is None or age <= most)
        for age in possible_ages(born, options.day)
    )


def _certificates(seeker: Mapping[str, Any], job: Mapping[str, Any], _: PlainOptions) -> str:
    demanded, held = job.get("certificate"), seeker.get("certificates")
    wanted = _named(demanded or "")
    if not wanted:
        return PASS
    if held is None:
        return UNKNOWN
    return passes(wanted <= {name for one in held for name in _named(one)})


def _named(certificates: str) -> set[str]:
    """Return the certificates that a text names."""
    parts = (_FULL_STOPS.sub("", one) for one in _BETWEEN_CERTIFICATES.split(certificates))
    return {unicodedata.normalize("NFKC", one).strip() for one in parts} - {""}


CONDITIONS: Final[
    dict[str, Callable[[Mapping[str, Any], Mapping[str, Any], PlainOptions], str]]
] = {
    "distance": _distance,
    "open": _open,
    "vacancies": _vacancies,
    "employer": _employer,
    "working_age": _working_age,
    "job_type": _job_type,
    "occupation": occupation,
    "education": _education,
    "wage": _wage,
    "hours": _hours,
    "shift": _shift,
    "age": _age,
    "certificates": _certificates,
}
"""The conditions by name, in the order in which an answer names them."""
