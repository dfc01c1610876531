"""What a condition compares, in words: one short text a side, with units; and the rule it follows.

Each function is given its side's row, the options, and the other side's row. Rows are mappings with
the columns of `geo_match.matching.given.frames`; None is not stated. Numbers have all the digits
that they were given with, since the last may decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo_match.rules.dated import NotInForceError
from geo_match.rules.traineeship import TRAINEESHIP
from geo_match.rules.working_age import WORKING_AGE, possible_ages
from geo_match.taxonomy import FULL_WEEK_HOURS, is_month_known, wage_to_month

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from geo_match.matching.options import MatchOptions

    Row = Mapping[str, Any]

NOT_STATED: Final = "not stated"


def nothing(_: Row, __: MatchOptions, ___: Row) -> str:
    """Say nothing: this side has no part in the condition."""
    return ""


def place(row: Row, _: MatchOptions, __: Row) -> str:
    """Say how well a place is known."""
    if row["lon"] is None:
        return "no place"
    accuracy = row["location_accuracy_m"]
    return "a place" if accuracy is None else f"a place known to {_number(accuracy)} m"


def origin(is_known: bool, has_place: bool, is_area: bool, accuracy_m: float) -> str:  # noqa: FBT001 - the three truths are its input
    """Say what a circle is around, if not around a seeker's own place, and how well it is known."""
    if not is_known:
        return "no origin"
    if not has_place:
        return "an origin without a place"
    what = "the edge of an area" if is_area else "an origin"
    return what if accuracy_m == 0.0 else f"{what} known to {_number(accuracy_m)} m"


def on_foot(place: str, snap_m: float | None) -> str:
    """Say how far a place is from its street; None if none leads to it."""
    if snap_m is None:
        return f"{place} that no street leads to"
    return f"{place} {_number(snap_m)} m from its street"


def open_days(job: Row, _: MatchOptions, __: Row) -> str:
    """Say from when until when a posting is open."""
    return _days("open", job["opened_on"], job["closed_on"])


def vacancies(job: Row, _: MatchOptions, __: Row) -> str:
    """Say how many people are sought and found."""
    sought, found = job["vacancies"], job["filled"]
    if sought is None and found is None:
        return NOT_STATED
    told = f"sought {NOT_STATED}" if sought is None else f"{sought} sought"
    return f"{told}, found {NOT_STATED}" if found is None else f"{told}, {found} found"


def licence(job: Row, _: MatchOptions, __: Row) -> str:
    """Say the state of the employer's licence."""
    return _or_not(job["employer_licence"])


def birth_year_and_sex(seeker: Row, _: MatchOptions, __: Row) -> str:
    """Say what decides on the working age."""
    return f"born {_or_not(seeker['birth_year'])}, sex {_or_not(seeker['sex'])}"


def working_age_rule(_: Row, options: MatchOptions, __: Row) -> str:
    """Say which rule tells the working age on the day."""
    return str(WORKING_AGE.on(options.day))


def registered(seeker: Row, _: MatchOptions, __: Row) -> str:
    """Say from when until when a seeker is registered."""
    return _days("registered", seeker["registered_on"], seeker["closed_on"])


def types_accepted(seeker: Row, _: MatchOptions, job: Row) -> str:
    """Say what a seeker accepts, and what entitles them to the kind of job that it is."""
    said = [f"accepts {_list(seeker['accepts'])}"]
    if job["job_type"] == "public_welfare":
        said.append(f"difficulty {_or_not(seeker['difficulty'])}")
    if job["job_type"] == "traineeship":
        said += [
            f"status {_or_not(seeker['status'])}",
            f"groups {_list(seeker['groups'])}",
            f"graduated {_or_not(seeker['graduation_year'])}",
            f"born {_or_not(seeker['birth_year'])}",
        ]
    return "; ".join(said)


def job_type_rule(_: Row, options: MatchOptions, job: Row) -> str:
    """Say which rule tells for whom traineeships are; nothing for other jobs, and without one."""
    if job["job_type"] != "traineeship":
        return ""
    try:
        return str(TRAINEESHIP.on(options.day))
    except NotInForceError:
        return ""


def job_type(job: Row, _: MatchOptions, __: Row) -> str:
    """Say the kind of job."""
    return _or_not(job["job_type"])


def occupation(row: Row, options: MatchOptions, __: Row) -> str:
    """Say an occupation and its edition, with its group's name if the table is of that edition."""
    code, edition, table = row["occupation"], row["occupation_version"], options.table
    if code is None:
        return NOT_STATED
    name = table.name(table.longest_known(code)) if edition == table.version else None
    return f"{code}{'' if name is None else f' {name}'} ({_or_not(edition)})"


def education(seeker: Row, _: MatchOptions, __: Row) -> str:
    """Say the education held."""
    return _or_not(seeker["education"])


def education_asked(job: Row, _: MatchOptions, __: Row) -> str:
    """Say the education asked for."""
    return _no_demand(job["education_min"], "at least {}")


def wage_floor(seeker: Row, _: MatchOptions, __: Row) -> str:
    """Say the least pay accepted."""
    floor = seeker["wage_floor_cny"]
    return "no floor" if floor is None else f"at least {_number(floor)} CNY a month"


def wage(job: Row, _: MatchOptions, __: Row) -> str:
    """Say the pay for a month; and if it is stated by less than that, how, and what was counted."""
    low, high = job["wage_low_cny"], job["wage_high_cny"]
    unit, week = job["wage_unit"], job["hours_per_week"]
    if unit is None or (low is None and high is None):
        return NOT_STATED
    least, most = (None if end is None else wage_to_month(end, unit, week) for end in (low, high))
    if not is_month_known(unit, week, job["job_type"]):
        least = None
    known = least is not None or most is not None
    said = [f"{_ends(least, most)} CNY a month" if known else "not known by the month"]
    if unit != "month":
        said.append(f"{_ends(low, high)} by the {unit}")
    if unit == "hour":
        said.append(_week_counted(week, job["job_type"]))
    return ", ".join(said)


def most_hours(seeker: Row, _: MatchOptions, __: Row) -> str:
    """Say the most hours a week."""
    most = seeker["hours_max_per_week"]
    return "no limit" if most is None else f"at most {_number(most)} hours a week"


def hours(job: Row, _: MatchOptions, __: Row) -> str:
    """Say the hours a week."""
    found = job["hours_per_week"]
    return NOT_STATED if found is None else f"{_number(found)} hours a week"


def shift(row: Row, _: MatchOptions, __: Row) -> str:
    """Say a shift."""
    return _or_not(row["shift"])


def age(seeker: Row, options: MatchOptions, __: Row) -> str:
    """Say how old a seeker may be on the day."""
    if seeker["birth_year"] is None:
        return NOT_STATED
    ages = possible_ages(seeker["birth_year"], options.day)
    return f"{' or '.join(map(str, ages))} on {options.day}"


def ages_asked(job: Row, _: MatchOptions, __: Row) -> str:
    """Say the ages asked for."""
    least, most = job["age_min"], job["age_max"]
    if least is None and most is None:
        return "no demand"
    if most is None:
        return f"at least {least}"
    return f"at most {most}" if least is None else f"{least} to {most}"


def certificates(seeker: Row, _: MatchOptions, __: Row) -> str:
    """Say the certificates held."""
    held = seeker["certificates"]
    return NOT_STATED if held is None else "、".join(held) or "none"


def certificate(job: Row, _: MatchOptions, __: Row) -> str:
    """Say the certificates asked for."""
    return _no_demand(job["certificate"], "{}")


def _ends(low: float | None, high: float | None) -> str:
    """Say two ends, of which one at least is known."""
    told = [_number(end) for end in (low, high) if end is not None]
    if high is None:
        return f"at least {told[0]}"
    if low is None:
        return f"up to {told[0]}"
    return " to ".join(dict.fromkeys(told))


def _week_counted(hours: float | None, job_type: str | None) -> str:
    """Say of how many hours a week a month's pay by the hour is."""
    if hours is None:
        said = f"hours {NOT_STATED}"
        known = is_month_known("hour", None, job_type)
        return f"{said}, counted as a full week" if known else said
    told = f"{_number(hours)} hours a week"
    return f"{_number(FULL_WEEK_HOURS)} of {told}" if hours > FULL_WEEK_HOURS else told


def _days(what: str, since: dt.date | None, until: dt.date | None) -> str:
    """Say from when until when something holds."""
    to = "" if until is None else f" to {until}"
    return (
        f"{what}{to}, since when is {NOT_STATED}" if since is None else f"{what} since {since}{to}"
    )


def _number(value: float) -> str:
    # No two numbers that people write, nor pay of them for a month, are the same in 15 digits.
    return f"{value:,.15g}"


def _list(names: Sequence[str] | None) -> str:
    return NOT_STATED if names is None else ", ".join(sorted(names)) or "none"


def _or_not(value: object) -> str:
    return NOT_STATED if value is None else str(value)


def _no_demand(value: object, form: str) -> str:
    return "no demand" if value is None else form.format(value)
