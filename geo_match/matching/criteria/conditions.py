"""The conditions of a match, each declared once: its name, how it is told, and what it compares.

The order is that in which answers name them. The last, who is registered, is judged with all the
others: whoever is not is no candidate, asks for nothing, and is counted nowhere.
`geo_match.matching.plain` says the same in plain Python, and shares nothing with this.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.matching.criteria import _job_type, occupation
from geo_match.matching.criteria import _words as words
from geo_match.matching.criteria.forms import (
    Alone,
    Bounded,
    Form,
    Keyed,
    Keys,
    Span,
    each_pair,
    numbers,
    texts,
)
from geo_match.matching.options import JUDGED, REGISTERED
from geo_match.records.holding import holds_on
from geo_match.records.types import texts_in
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN
from geo_match.rules.working_age import age_span, working_age
from geo_match.taxonomy import are_months_known, wages_to_month

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from geo_match.matching.options import MatchOptions

    Told = Callable[[Mapping[str, Any], MatchOptions, Mapping[str, Any]], str]

EDUCATION_LEVELS: Final = {
    "primary": 1,
    "junior": 2,
    "senior": 3,
    "vocational": 3,
    "college": 4,
    "bachelor": 5,
    "master": 6,
}
"""高中 and 中专 are of one level (高中阶段教育)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a match.

    Parameters
    ----------
    name, chinese
        What it is called.
    form
        How it is told; None for the distance, which the index tells.
    seeker, job
        Say in words what of a row it compares, given the other row, too; rows are mappings with
        the columns of `geo_match.matching.given.frames`.
    rule
        Says which dated rule it follows, given a seeker's row, and a job's; empty for none.
    """

    name: str
    chinese: str
    form: Form | None
    seeker: Told
    job: Told
    rule: Told = words.nothing


# Job alone.


def _is_open(jobs: pa.Table, options: MatchOptions) -> NDArray[np.int8]:
    return _passes(holds_on("jobs", jobs, options.day))


def _has_vacancies(jobs: pa.Table, _: MatchOptions) -> NDArray[np.int8]:
    """Tell whether people are sought still; unknown where it is not stated how many are.

    The one missing number that counts as zero is `filled`: a posting says how many are sought, and
    as long as nobody is said to be found, all are open. `explain` says that it is not stated.
    """
    sought = jobs.column("vacancies")
    left = pc.subtract(sought, pc.fill_null(jobs.column("filled"), 0))
    return _unless_null(sought, _passes(pc.fill_null(pc.greater(left, 0), False)))  # noqa: FBT003 - Arrow's


def _is_verified(jobs: pa.Table, _: MatchOptions) -> NDArray[np.int8]:
    verified = pc.equal(jobs.column("employer_licence"), "verified")
    return _passes(pc.fill_null(verified, False))  # noqa: FBT003 - Arrow's


# Seeker alone.


def _is_of_working_age(seekers: pa.Table, options: MatchOptions) -> NDArray[np.int8]:
    return working_age(seekers.column("birth_year"), seekers.column("sex"), options.day)


def _is_registered(seekers: pa.Table, options: MatchOptions) -> NDArray[np.int8]:
    return _passes(holds_on("seekers", seekers, options.day))


# Kinds.


def _shift_keys(table: pa.Table, _: MatchOptions) -> Keys:
    return texts(table.column("shift"))


def _shift_outcome(seeker: tuple[str | None], job: tuple[str | None]) -> int:
    (wanted,), (offered,) = seeker, job
    if wanted is None or offered is None:
        return UNKNOWN
    return PASS if wanted == offered or "any" in (wanted, offered) else FAIL


def certificate_set(names: str | None) -> frozenset[str]:
    """Return the certificates that a text names, such as 健康证、电工证; none for None."""
    parts = texts_in(names or "")
    return frozenset(unicodedata.normalize("NFKC", part).strip() for part in parts)


def _held_keys(seekers: pa.Table, _: MatchOptions) -> Keys:
    lists = seekers.column("certificates").combine_chunks()
    joined = pc.binary_join(lists, ",")
    # An empty list is none, which is known; null is not known.
    told = texts(
        pa.chunked_array(
            [pc.if_else(pc.is_valid(lists), pc.binary_join_element_wise("=", joined, ""), None)]
        )
    )
    return Keys(
        told.code,
        [None if text is None else certificate_set(text[1:]) for (text,) in told.values],
    )


def _demanded_keys(jobs: pa.Table, _: MatchOptions) -> Keys:
    told = texts(jobs.column("certificate"))
    return Keys(told.code, [certificate_set(text) for (text,) in told.values])


def _certificate_outcome(held: frozenset[str] | None, demanded: frozenset[str]) -> int:
    if not demanded:
        return PASS
    if held is None:
        return UNKNOWN
    return PASS if demanded <= held else FAIL


# Amounts.


def education_level(column: pa.ChunkedArray, null: float) -> NDArray[np.float64]:
    """Return the level of each education, float64, (n,), with something for null."""
    names, levels = zip(*EDUCATION_LEVELS.items(), strict=True)
    place = np.asarray(
        pc.fill_null(pc.index_in(column, value_set=pa.array(names, pa.string())), -1), np.int64
    )
    return np.array([*levels, null], dtype=np.float64)[place]


def _education_held(seekers: pa.Table, _: MatchOptions) -> Span:
    level = education_level(seekers.column("education"), np.nan)
    return Span(np.nan_to_num(level, nan=-np.inf), np.nan_to_num(level, nan=np.inf))


def _education_asked(jobs: pa.Table, _: MatchOptions) -> Span:
    level = education_level(jobs.column("education_min"), -np.inf)
    return Span(level, np.full(len(level), np.inf))


def stated_pay(jobs: pa.Table) -> Span:
    """Return what each job says that it pays a month, CNY; NaN for an end not stated.

    Where `is_pay_known` does not say so, it is what a full month would pay.
    """
    unit = jobs.column("wage_unit").to_numpy(zero_copy_only=False)
    hours = numbers(jobs.column("hours_per_week"), np.nan)
    ends = [
        wages_to_month(numbers(jobs.column(name), np.nan), unit, hours)
        for name in ("wage_low_cny", "wage_high_cny")
    ]
    return Span(*ends)


def is_pay_known(jobs: pa.Table) -> NDArray[np.bool_]:
    """Return of which jobs a month's pay is known, not only the most that it may be, (n,)."""
    unit, kind = (
        jobs.column(name).to_numpy(zero_copy_only=False) for name in ("wage_unit", "job_type")
    )
    return are_months_known(unit, numbers(jobs.column("hours_per_week"), np.nan), kind)


def _pay(jobs: pa.Table, _: MatchOptions) -> Span:
    """Return what each job may pay: from 0 on where it says the most alone, and so upwards.

    What only a full month would pay is the most, too.
    """
    low, high = stated_pay(jobs)
    told = ~(np.isnan(low) & np.isnan(high))
    least = np.where(is_pay_known(jobs), np.nan_to_num(low, nan=0.0), 0.0)
    return Span(
        np.where(told, least, -np.inf),
        np.where(told, np.nan_to_num(high, nan=np.inf), np.inf),
    )


def _wage_asked(seekers: pa.Table, _: MatchOptions) -> Span:
    floor = numbers(seekers.column("wage_floor_cny"), -np.inf)
    return Span(floor, np.full(len(floor), np.inf))


def _hours(jobs: pa.Table, _: MatchOptions) -> Span:
    column = jobs.column("hours_per_week")
    return Span(numbers(column, -np.inf), numbers(column, np.inf))


def _most_hours(seekers: pa.Table, _: MatchOptions) -> Span:
    most = numbers(seekers.column("hours_max_per_week"), np.inf)
    return Span(np.full(len(most), -np.inf), most)


def _age(seekers: pa.Table, options: MatchOptions) -> Span:
    return Span(*age_span(seekers.column("birth_year"), options.day))


def _ages_asked(jobs: pa.Table, _: MatchOptions) -> Span:
    return Span(numbers(jobs.column("age_min"), -np.inf), numbers(jobs.column("age_max"), np.inf))


ALL: Final = (
    Condition("distance", "距离", None, words.place, words.place),
    Condition("open", "在招", Alone("job", _is_open), words.nothing, words.open_days),
    Condition(
        "vacancies", "剩余名额", Alone("job", _has_vacancies), words.nothing, words.vacancies
    ),
    Condition("employer", "资质核验", Alone("job", _is_verified), words.nothing, words.licence),
    Condition(
        "working_age",
        "劳动年龄",
        Alone("seeker", _is_of_working_age),
        words.birth_year_and_sex,
        words.nothing,
        words.working_age_rule,
    ),
    Condition(
        "job_type",
        "岗位类型",
        Keyed(_job_type.seeker_keys, _job_type.job_keys, _job_type.outcomes),
        words.types_accepted,
        words.job_type,
        words.job_type_rule,
    ),
    Condition(
        "occupation",
        "职业",
        Keyed(occupation.keys, occupation.keys, occupation.outcomes, occupation.is_not_known),
        words.occupation,
        words.occupation,
    ),
    Condition(
        "education",
        "学历",
        Bounded("seeker", _education_held, _education_asked),
        words.education,
        words.education_asked,
    ),
    Condition("wage", "薪资", Bounded("job", _pay, _wage_asked), words.wage_floor, words.wage),
    Condition("hours", "工时", Bounded("job", _hours, _most_hours), words.most_hours, words.hours),
    Condition(
        "shift",
        "班次",
        Keyed(_shift_keys, _shift_keys, lambda s, j, _: each_pair(s, j, _shift_outcome)),
        words.shift,
        words.shift,
    ),
    Condition("age", "年龄", Bounded("seeker", _age, _ages_asked), words.age, words.ages_asked),
    Condition(
        "certificates",
        "证书",
        Keyed(_held_keys, _demanded_keys, lambda s, j, _: each_pair(s, j, _certificate_outcome)),
        words.certificates,
        words.certificate,
    ),
    Condition(
        REGISTERED, "求职登记", Alone("seeker", _is_registered), words.registered, words.nothing
    ),
)
"""All conditions; the place of one is its bit in a mask of outcomes."""

if tuple(one.name for one in ALL) != JUDGED:  # the options name them without this module
    message = "the conditions are not those that the options name"
    raise ImportError(message)


def bit(name: str) -> int:
    """Return the bit of a condition in a mask of outcomes."""
    return 1 << JUDGED.index(name)


def mask_of(names: tuple[str, ...]) -> int:
    """Return the bits of some conditions."""
    return sum(bit(name) for name in names)


def _passes(flags: pa.ChunkedArray) -> NDArray[np.int8]:
    return np.where(np.asarray(flags, dtype=np.bool_), PASS, FAIL).astype(np.int8)


def _unless_null(column: pa.ChunkedArray, told: NDArray[np.int8]) -> NDArray[np.int8]:
    return np.where(np.asarray(pc.is_null(column)), UNKNOWN, told).astype(np.int8)
