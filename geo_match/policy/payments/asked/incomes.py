"""What is asked of income from flexible work: months in a row, stable, at the minimum wage."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.policy.conditions import Condition
from geo_match.policy.payments import months
from geo_match.policy.payments.asked.span import in_span, income_id
from geo_match.rules import FAIL, PASS, UNKNOWN, NotInForceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.case import Case
    from geo_match.rules import Dated

_BEST: Final = {FAIL: 0, UNKNOWN: 1, PASS: 2}
_MISSING: Final = "records of income by month 逐月收入记录"
_PART_TIME: Final = "part_time"
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class _Month:
    """A month of income: between which amounts it lies, and what it rests on.

    Parameters
    ----------
    low, high
        CNY; None where not stated.
    evidence
        Ids of its records.
    is_sure
        Whether a record says for certain that it is of this month.
    """

    low: float | None
    high: float | None
    evidence: tuple[str, ...]
    is_sure: bool = True


def consecutive_months(case: Case) -> Condition:
    """Tell whether there are as many months of income in a row as the rule asks for."""
    name, asked = "consecutive_months", case.rule.bounds["months_in_a_row"]
    found = _by_month(case)
    if not found:
        en, zh = "No month of income is stated.", "没有收入记录。"
        return Condition(name, UNKNOWN, case.work_id, en, zh, _MISSING)
    sure = months.longest_run(one for one in found if found[one].is_sure)
    perhaps = months.longest_run(found)
    run = sure if len(sure) >= asked or len(perhaps) < asked else perhaps
    if not run:  # no month is sure, and with those that are not there are too few
        run = perhaps
    evidence = _evidence(found, run)
    en = f"{len(run)} months in a row, up to {months.month_text(run[-1])}; {asked} are asked for."
    zh = f"连续 {len(run)} 个月（至 {months.month_text(run[-1])}），要求 {asked} 个月。"
    if len(sure) >= asked:
        return Condition(name, PASS, evidence, en, zh)
    if len(perhaps) < asked:
        return Condition(name, FAIL, evidence, en, zh)
    en, zh = f"{en} Records of one of them differ.", f"{zh}其中有互相矛盾的记录。"
    return Condition(name, UNKNOWN, evidence, en, zh, "a corrected record 更正后的记录")


def stable_income(case: Case) -> Condition:
    """Tell whether income is stable, by the ratio that whoever decides has set."""
    found = _by_month(case)
    return _stable(case, found, _chosen(case, found))


def minimum_income(case: Case) -> Condition:
    """Tell whether income reaches the minimum wage of the place and month."""
    found = _by_month(case)
    return _minimum(case, found, _chosen(case, found))


def minimum_hourly_pay(case: Case) -> Condition:
    """Tell whether part-time work pays the minimum wage an hour of the place and time.

    What the hire states decides. Where it states none, income over the hours a week on average can
    still show that it does, but never that it does not: a month may not have been worked in full.
    """
    name, hire = "minimum_hourly_pay", case.hire
    if hire is None or hire.form is None:
        en, zh = "The form of employment is not known.", "就业形式不明。"
        return Condition(name, UNKNOWN, case.work_id, en, zh, "the form of employment 就业形式")
    if hire.form != _PART_TIME:
        en, zh = "It is asked of part-time work alone.", "仅对非全日制用工要求。"
        return Condition(name, PASS, (), en, zh)
    found = _by_month(case)
    chosen = _chosen(case, found)
    day = hire.hired_on or case.known.as_of
    span = chosen or (months.month_of(day),)
    wages = [_tiers(case, case.options.minimum_hourly_wage, one) for one in span]
    asked = [wage for one in wages if one is not None for wage in one]
    if None in wages:
        en, zh = "The minimum wage an hour then is not known.", "当时的小时最低工资标准不明。"
        missing = "the minimum wage an hour then (minimum_hourly_wage) 当时的小时最低工资标准"
        return Condition(name, UNKNOWN, (hire.id,), en, zh, missing)
    least = f"{min(asked)}-{max(asked)}" if min(asked) < max(asked) else str(max(asked))
    low, high = hire.hourly_low_cny, hire.hourly_high_cny
    if low is None and high is None:
        low = _earned_an_hour(hire, found, chosen)
    shown = "?" if low is None else f"{low:.2f}"
    en = f"It pays {shown} CNY an hour or more; the minimum wage is {least} CNY an hour."
    zh = f"小时工资不低于 {shown} 元，当地小时最低工资标准 {least} 元。"
    if low is not None and low >= max(asked) and (high is None or high >= low):
        return Condition(name, PASS, (hire.id,), en, zh)
    if high is not None and high < min(asked) and (low is None or high >= low):
        return Condition(name, FAIL, (hire.id,), en, zh)
    missing = "the pay an hour, and the division's tier (wage_tiers) 小时工资和所在地工资档次"
    return Condition(name, UNKNOWN, (hire.id,), en, zh, missing)


def _earned_an_hour(
    hire: r.Hire, found: dict[int, _Month], chosen: tuple[int, ...]
) -> float | None:
    """Return what the months earn an hour at least, CNY, as if each had been worked in full."""
    lows = [found[one].low for one in chosen]
    earned = [one for one in lows if one is not None]
    if not hire.hours_per_week or not earned or len(earned) < len(lows):
        return None
    days = sum((months.last_day(one) - months.first_day(one)).days + 1 for one in chosen)
    return sum(earned) / (hire.hours_per_week * days / _WEEK)


def _by_month(case: Case) -> dict[int, _Month]:
    """Return the months of income of a hire; records of one month that differ bound it.

    A record that comes in several forms under its own id is of no month for certain, nor is its
    amount.
    """
    hire = case.hire
    if hire is None:
        return {}
    grouped: dict[int, list[r.Income]] = defaultdict(list)
    for one in case.known.incomes.get(hire.id, ()):
        if one.month is not None:
            grouped[months.month_of(one.month)].append(one)
    found = {}
    for month in in_span(hire, grouped):
        several = grouped[month]
        stated = [one.income_cny for one in several if one.income_cny is not None]
        ids = tuple(sorted({income_id(one, month) for one in several}))
        sure = any(one.id is None or not one.conflicts for one in several)
        low, high = (min(stated), max(stated)) if stated and sure else (None, None)
        found[month] = _Month(low, high, ids, is_sure=sure)
    return found


def _chosen(case: Case, found: dict[int, _Month]) -> tuple[int, ...]:
    """Return the months that are judged: all, or the best of those in a row.

    The best is that of which most can be said, the latest of several alike. So a later month that
    earns less takes nothing from what was reached before it.
    """
    every = tuple(sorted(found))
    if case.options.income_months == "all":
        return every
    runs = months.windows(found, case.rule.bounds["months_in_a_row"])

    def told(run: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
        outcomes = [_BEST[ask(case, found, run).outcome] for ask in (_stable, _minimum)]
        return min(outcomes), sum(outcomes), run

    return max(runs, key=told, default=every)


def _stable(case: Case, found: dict[int, _Month], chosen: tuple[int, ...]) -> Condition:
    name, ratio = "stable_income", case.options.stable_income_ratio
    judged = [found[one] for one in chosen]
    evidence = _evidence(found, chosen)
    lows = [one.low for one in judged if one.low is not None]
    highs = [one.high for one in judged if one.high is not None]
    if len(lows) < 2:  # noqa: PLR2004 - one amount varies from nothing
        en, zh = "Fewer than two months state their income.", "写明收入的月份不足两个。"
        return Condition(name, UNKNOWN, evidence, en, zh, _MISSING)
    # The least that the ratio can be is that of the bounds; the most, where each month lies as near
    # to all others as its records allow, so that only the greatest low and the least high matter.
    at_least = min(lows) / max(highs) if max(highs) > 0 else 1.0
    at_most = min(1.0, min(highs) / max(lows)) if max(lows) > 0 else 1.0
    complete = len(lows) == len(judged)
    en = f"The least month is {at_least:.2f} of the greatest"
    zh = f"最低月收入为最高月收入的 {at_least:.2f}"
    if ratio is None:
        if complete and at_least >= 1.0:
            return Condition(name, PASS, evidence, f"{en}.", f"{zh}。")
        missing = "what stable income is (stable_income_ratio) 稳定收入的认定标准"
        en, zh = f"{en}; no ratio is set.", f"{zh}；尚未设定认定比例。"
        return Condition(name, UNKNOWN, evidence, en, zh, missing)
    en, zh = f"{en}; {ratio:g} is asked for.", f"{zh}，要求 {ratio:g}。"
    if at_most < ratio:
        return Condition(name, FAIL, evidence, en, zh)
    if at_least >= ratio and complete:
        return Condition(name, PASS, evidence, en, zh)
    return Condition(name, UNKNOWN, evidence, en, zh, _MISSING)


def _minimum(case: Case, found: dict[int, _Month], chosen: tuple[int, ...]) -> Condition:
    name = "minimum_income"
    evidence = _evidence(found, chosen)
    if not chosen:
        en, zh = "No month of income is stated.", "没有收入记录。"
        return Condition(name, UNKNOWN, evidence, en, zh, _MISSING)
    by = case.options.income_by
    each, average = _each(case, found, chosen), _average(case, found, chosen)
    outcome = {"each_month": each, "average": average}.get(
        by or "", each if each == average else UNKNOWN
    )
    wages = [_wages(case, one) for one in chosen]
    known = sorted({wage for one in wages if one is not None for wage in one})
    wage = f"{known[0]}-{known[-1]}" if len(known) > 1 else "".join(map(str, known)) or "?"
    lows = [found[one].low for one in chosen]
    least = min((one for one in lows if one is not None), default=None)
    span = f"{months.month_text(chosen[0])}..{months.month_text(chosen[-1])}"
    shown = "?" if least is None else f"{least:g}"
    en = f"In {span} the least month is {shown} CNY; the minimum wage is {wage} CNY a month."
    zh = f"{span} 最低月收入 {shown} 元，当地月最低工资标准 {wage} 元。"
    if outcome != UNKNOWN:
        return Condition(name, outcome, evidence, en, zh)
    return Condition(name, UNKNOWN, evidence, en, zh, _lacking(case, found, chosen, each, average))


def _lacking(
    case: Case, found: dict[int, _Month], chosen: tuple[int, ...], each: int, average: int
) -> str:
    if case.options.income_by is None and {each, average} == {PASS, FAIL}:
        return "whether income counts monthly or averaged (income_by) 月收入按月还是按平均认定"
    if any(found[one].low is None for one in chosen):
        return "the income of each month 每月收入"
    if any(_wages(case, one) is None for one in chosen):
        return "the minimum wage then (minimum_wage) 当时的最低工资标准"
    return "the division's tier (wage_tiers), or incomes that agree 所在地工资档次或一致的收入记录"


def _each(case: Case, found: dict[int, _Month], chosen: Iterable[int]) -> int:
    """Return whether every month reaches its wage; one that surely does not decides."""
    outcomes = {_reaches(found[one], _wages(case, one)) for one in chosen}
    return FAIL if FAIL in outcomes else UNKNOWN if UNKNOWN in outcomes else PASS


def _average(case: Case, found: dict[int, _Month], chosen: tuple[int, ...]) -> int:
    """Return whether the months together earn as much as their wages are together."""
    wages = [_wages(case, one) for one in chosen]
    lows, highs = [found[one].low for one in chosen], [found[one].high for one in chosen]
    if None in wages or None in lows or None in highs:
        return UNKNOWN
    together = _Month(sum(x for x in lows if x), sum(x for x in highs if x), ())
    least, most = (sum(pick(one) for one in wages if one) for pick in (min, max))
    return _reaches(together, (least, most))


def _reaches(month: _Month, wages: tuple[int, ...] | None) -> int:
    if month.low is None or month.high is None or wages is None:
        return UNKNOWN
    if month.low >= max(wages):
        return PASS
    return FAIL if month.high < min(wages) else UNKNOWN


def _wages(case: Case, month: int) -> tuple[int, ...] | None:
    """Return what the minimum wage a month may be in a month; None if none is known."""
    return _tiers(case, case.options.minimum_wage, month)


def _tiers(case: Case, table: Dated[tuple[int, ...]], month: int) -> tuple[int, ...] | None:
    """Return what a wage may be in a month: that of the division's tier, or of any."""
    try:
        tiers = table.on(months.first_day(month)).value
    except NotInForceError:
        return None
    division = None if case.hire is None else case.hire.division
    tier = case.options.wage_tiers.get(division or "")
    return tiers if tier is None else (tiers[tier - 1],)


def _evidence(found: dict[int, _Month], chosen: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted({id_ for one in chosen for id_ in found[one].evidence}))
