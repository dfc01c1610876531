"""What is asked of a hire: a sound record, who organised it, contract, insurance, form."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from geo_match.policy.conditions import Condition
from geo_match.policy.payments import months
from geo_match.policy.payments.asked import refusals
from geo_match.policy.payments.asked.span import in_span, insured_id, insured_months, outside
from geo_match.rules import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.case import Case

_NO_HIRE: Final = "the record of the hire 就业记录"
_CHINESE: Final = {
    "labour_contract": "劳动合同",
    "service_agreement": "劳务协议",
    "social": "社会保险",
    "accident": "人身意外保险",
    "part_time": "非全日制",
    "temporary": "临时性",
    "gig": "弹性",
}
_TRAINEESHIP: Final = "traineeship"


def rule_in_force(case: Case) -> Condition:
    """Tell whether the rule was in force on the day that fixes the year."""
    name, first = "rule_in_force", case.entry.valid_from
    if case.on is None:
        return Condition(
            name,
            UNKNOWN,
            case.work_id,
            "The day that decides on the rule is not known.",
            "确定适用规则的日期不明。",
            "the day 日期",
        )
    if case.in_force:
        en, zh = (
            f"{case.on} lies in its time, from {first}.",
            f"{case.on} 在规则有效期内（自 {first}）。",
        )
        return Condition(name, PASS, (), en, zh)
    en = f"{case.on} lies before {first}, when the rule came into force."
    return Condition(name, FAIL, (), en, f"{case.on} 早于规则生效日 {first}。")


def sound_record(case: Case) -> Condition:
    """Tell whether the records of the hire agree with themselves: others prove nothing."""
    name = "sound_record"
    if case.hire is None and case.post is None:
        return Condition(
            name, UNKNOWN, (), "There is no record of the hire.", "没有就业记录。", _NO_HIRE
        )
    evidence = case.work_id or (case.id,)
    missing = "a corrected record 更正后的记录"
    for en, zh in _contradictions(case):
        return Condition(name, UNKNOWN, evidence, en, zh, missing)
    beyond = dict(outside(case))
    if beyond:
        ids = tuple(dict.fromkeys((*evidence, *sorted(beyond))))
        month = months.month_text(min(beyond.values()))
        en = f"Insurance or income is recorded for {month}, in which the hire did not last."
        return Condition(
            name, UNKNOWN, ids, en, f"{month} 不在就业期间，却有参保或收入记录。", missing
        )
    return Condition(name, PASS, evidence, "Its days agree with each other.", "各日期前后一致。")


def _contradictions(case: Case) -> Iterator[tuple[str, str]]:
    hire, post = case.hire, case.post
    if (hire is not None and hire.conflicts) or (post is not None and post.conflicts):
        yield "Records that differ bear the same id.", "同一编号有互相矛盾的记录。"
    if hire is not None:
        if hire.hired_on is None:
            yield "The day of the hire is not known.", "入职日期不明。"
        if hire.hired_on and hire.left_on and hire.left_on < hire.hired_on:
            yield (
                f"It ended on {hire.left_on}, before it began.",
                f"离职日 {hire.left_on} 早于入职日。",
            )
        if hire.contract_from and hire.contract_to and hire.contract_to < hire.contract_from:
            yield (
                f"The contract ended on {hire.contract_to}, before it began.",
                f"合同终止日 {hire.contract_to} 早于起始日。",
            )
    if post is not None and post.held_from and post.held_to and post.held_to < post.held_from:
        yield f"The post was left on {post.held_to}, before it was taken.", "离岗日早于到岗日。"
    born = None if case.holder is None else case.holder.birth_year
    if born is not None and case.began is not None and case.began.year < born:
        yield (
            f"The person was born in {born:.0f}, after the hire.",
            f"出生年 {born:.0f} 晚于入职日。",
        )


def organised_by_operator(case: Case) -> Condition:
    """Tell whether a service of the operator is dated before the hire."""
    name, operator, began = "organised_by_operator", _operator(case), case.began
    missing = "the operator's service record dated before the hire 运营机构入职前的服务记录"
    if operator is None or began is None or case.person is None:
        what_en, what_zh = ("operator", "运营机构") if operator is None else ("hire", "入职日期")
        en, zh = f"The {what_en} is not known.", f"{what_zh}不明。"
        return Condition(name, UNKNOWN, case.work_id, en, zh, missing)
    if "services" not in case.known.given:
        en, zh = "No service records were given.", "未提供服务记录。"
        return Condition(name, UNKNOWN, (), en, zh, missing)
    told = [
        (one, _shows(case, one, operator, began))
        for one in case.known.services.get(case.person, ())
    ]
    own = [one for one, outcome in told if outcome == PASS]
    if own:
        # That which a claim of the case rests on: a service entered later changes nothing of what
        # was claimed. Else the latest that no other claim rests on; should all be used, the latest:
        # it is refused by the condition on that.
        best = max(
            own,
            key=lambda one: (
                case.rests_on(one.id),
                not case.is_used(one.id),
                one.on or began,
                one.id,
            ),
        )
        days = (began - (best.on or began)).days
        en = f"{operator} gave {best.kind} on {best.on}, {days} days before the hire."
        zh = f"{operator} 于 {best.on}（入职前 {days} 天）提供服务。"
        return Condition(name, PASS, (best.id,), en, zh)
    unsure = [one for one, outcome in told if outcome == UNKNOWN]
    if unsure:
        evidence = tuple(sorted({one.id for one in unsure}))
        if all(refusals.counts(one, case.options) == UNKNOWN for one in unsure):
            en = "Services before the hire were refused, and whether such a one counts is open."
            zh = "入职前的服务被拒绝或本人已搬离，能否认定未定。"
            return Condition(name, UNKNOWN, evidence, en, zh, refusals.MISSING)
        en = "Services before the hire do not say for certain whose, when and of what kind."
        zh = "入职前的服务记录未写明机构、日期或方式。"
        return Condition(name, UNKNOWN, evidence, en, zh, missing)
    en = f"No service of {operator} is dated before the hire on {began}."
    return Condition(name, FAIL, (), en, f"入职日 {began} 之前没有 {operator} 的服务记录。")


def _operator(case: Case) -> str | None:
    if case.post is not None:
        return case.post.led_by
    return None if case.hire is None else case.hire.claimed_by


def _shows(case: Case, service: r.ServiceGiven, operator: str, began: dt.date) -> int:
    """Return whether a service shows that an operator organised the hire.

    One that reached nobody does not, whatever else it says. What is not stated may be any.
    """
    options = case.options
    if service.conflicts:
        return UNKNOWN
    within = options.service_within_months
    since = dt.date.min if within is None else months.add_months(began, -within)
    counts = refusals.counts(service, options)
    fails = (
        service.result in options.no_contact_results,
        counts == FAIL,
        service.kind is not None and service.kind not in options.organising_services,
        service.on is not None and not since <= service.on < began,
        service.operator_id is not None and service.operator_id != operator,
    )
    if any(fails):
        return FAIL
    unknown = None in (service.kind, service.on, service.operator_id)
    return UNKNOWN if unknown else counts


def on_platform(case: Case) -> Condition:
    """Tell whether the platform's own record has the hire registered or filed."""
    return _platform(case, "on_platform", registered=True, filed=True)


def employment_registered(case: Case) -> Condition:
    """Tell whether the platform's own record has the employment registration."""
    return _platform(case, "employment_registered", registered=True)


def labour_filed(case: Case) -> Condition:
    """Tell whether the platform's own record has the labour filing."""
    return _platform(case, "labour_filed", filed=True)


def _platform(case: Case, name: str, *, registered: bool = False, filed: bool = False) -> Condition:
    """Sent by us is no registration: until it is late the platform's record may still come."""
    hire = case.hire
    missing = "the provincial platform's own record 省级平台导出的登记记录"
    if hire is None:
        en, zh = "There is no record of the hire.", "没有就业记录。"
        return Condition(name, UNKNOWN, (), en, zh, _NO_HIRE)
    asked = (hire.registered_on if registered else None, hire.filed_on if filed else None)
    days = [day for day in asked if day is not None]
    evidence = (hire.platform_record or hire.id,)
    if days and hire.record_origin == "platform_export":
        en, zh = f"The platform's own record is of {min(days)}.", f"省级平台记录日期 {min(days)}。"
        return Condition(name, PASS, evidence, en, zh)
    if days and hire.record_origin is None:
        en, zh = "A record is there, and not whose it is.", "有登记日期，但来源不明。"
        return Condition(name, UNKNOWN, evidence, en, zh, missing)
    columns = ["registered_on"] * registered + ["filed_on"] * filed
    if not case.known.has("employments", *columns, "record_origin"):
        en, zh = "No records of the platform were given.", "未提供省级平台的登记记录。"
        return Condition(name, UNKNOWN, (hire.id,), en, zh, missing)
    return _not_on_platform(case, name, hire, missing, is_sent=bool(days))


def _not_on_platform(
    case: Case, name: str, hire: r.Hire, missing: str, *, is_sent: bool
) -> Condition:
    within = case.rule.bounds["registers_within_days"]
    due = None if hire.hired_on is None else hire.hired_on + dt.timedelta(days=within)
    if due is None or case.known.as_of <= due:
        en = f"The platform has no record yet; it is due by {due or 'a day not known'}."
        zh = f"省级平台尚无记录，期限 {due or '不明'}。"
        return Condition(name, UNKNOWN, (hire.id,), en, zh, missing)
    if is_sent:
        en = "It was only sent by us, which is no record of the platform."
        return Condition(name, FAIL, (hire.id,), en, "仅为我方上报，不是省级平台的登记。")
    en, zh = f"The platform has no record by {due}.", f"至 {due} 省级平台没有记录。"
    return Condition(name, FAIL, (hire.id,), en, zh)


def labour_contract_long(case: Case) -> Condition:
    """Tell whether there is a labour contract of the months that the rule asks for."""
    return _contract(case, "labour_contract_long", "labour_contract")


def service_agreement_long(case: Case) -> Condition:
    """Tell whether there is a service agreement of the months that the rule asks for."""
    return _contract(case, "service_agreement_long", "service_agreement")


def _contract(case: Case, name: str, form: str) -> Condition:
    hire, asked, zh_form = case.hire, case.rule.bounds["contract_months"], _CHINESE[form]
    missing = f"the contract with its days 写明起止日期的{zh_form}"
    if hire is None or hire.form is None:
        en, zh = "The form of employment is not known.", "就业形式不明。"
        return Condition(name, UNKNOWN, case.work_id, en, zh, missing)
    if hire.form != form:
        en, zh = f"The hire is by {hire.form}.", f"就业形式为 {hire.form}，不是{zh_form}。"
        return Condition(name, FAIL, (hire.id,), en, zh)
    first, last = hire.contract_from, hire.contract_to
    if not hire.contract_known or first is None or (last is not None and last < first):
        en, zh = "Its days are not known for certain.", f"{zh_form}起止日期不明。"
        return Condition(name, UNKNOWN, (hire.id,), en, zh, missing)
    if last is None:
        en, zh = f"It is open-ended from {first}.", f"自 {first} 起无固定期限。"
        return Condition(name, PASS, (hire.id,), en, zh)
    passes = months.lasts_months(first, last, asked)
    n = months.whole_months(first, last)
    en = f"It is from {first} to {last}: {n} whole months, {asked} are asked for."
    zh = f"{first} 至 {last}，满 {n} 个月，要求 {asked} 个月。"
    return Condition(name, PASS if passes else FAIL, (hire.id,), en, zh)


def social_insurance_long(case: Case) -> Condition:
    """Tell whether social insurance was paid for the months that the rule asks for."""
    return _insurance(case, "social_insurance_long", "social")


def accident_insurance_long(case: Case) -> Condition:
    """Tell whether accident insurance was paid for the months that the rule asks for."""
    return _insurance(case, "accident_insurance_long", "accident")


def _insurance(case: Case, name: str, kind: str) -> Condition:
    """Months of the hire count that are over and confirmed as paid; those not yet confirmed may.

    So may those of a record that comes in several forms, unless each says that nothing was paid.
    """
    hire, asked, zh_kind = case.hire, case.rule.bounds["insurance_months"], _CHINESE[kind]
    missing = f"confirmed months of {kind} insurance 经核实的{zh_kind}缴费月份"
    if hire is None or "insurance" not in case.known.given:
        en, zh = "No months of insurance were given.", "未提供参保记录。"
        return Condition(name, UNKNOWN, case.work_id, en, zh, missing)
    runs = [one for one in case.known.insured.get(hire.id, ()) if one.kind == kind]
    told: dict[bool | None, set[int]] = {True: set(), False: set(), None: set()}
    for one in runs:
        found = in_span(hire, insured_months(one))
        if not one.conflicts:
            told[one.verified] |= found
        elif one.verified is not False:
            told[None] |= found
    sure, perhaps = told[True] - told[False], told[None] | (told[True] & told[False])
    perhaps -= sure | (told[False] - told[True])
    paid = [one for one in runs if one.verified is not False]
    evidence = tuple(
        sorted({insured_id(one) for one in paid if in_span(hire, insured_months(one))})
    )
    most = len(sure) + len(perhaps)
    en = f"{len(sure)} months paid are confirmed, {len(perhaps)} more are not; {asked} asked for."
    zh = f"已核实缴费 {len(sure)} 个月，未核实 {len(perhaps)} 个月，要求 {asked} 个月。"
    if len(sure) >= asked:
        return Condition(name, PASS, evidence, en, zh)
    if most >= asked:
        return Condition(name, UNKNOWN, evidence, en, zh, missing)
    return Condition(name, FAIL, evidence, en, zh)


def flexible_form(case: Case) -> Condition:
    """Tell whether the work is part-time, temporary or flexible."""
    name, hire = "flexible_form", case.hire
    if hire is None or hire.form is None:
        en, zh = "The form of employment is not known.", "就业形式不明。"
        return Condition(name, UNKNOWN, case.work_id, en, zh, "the form of employment 就业形式")
    if hire.form not in case.rule.forms:
        en, zh = f"The hire is by {hire.form}.", f"就业形式为 {hire.form}，不属于灵活就业。"
        return Condition(name, FAIL, (hire.id,), en, zh)
    zh_form = _CHINESE[hire.form]
    if hire.form != "part_time":
        en, zh = f"The work is {hire.form}.", f"{zh_form}就业。"
        return Condition(name, PASS, (hire.id,), en, zh)
    most, hours = case.rule.bounds["part_time_hours_per_week"], hire.hours_per_week
    if hours is None:
        en, zh = "The hours a week are not known.", "每周工作时间不明。"
        return Condition(name, UNKNOWN, (hire.id,), en, zh, "the hours a week 每周工作小时数")
    en = f"Part-time, {hours:g} hours a week; {most} at most are allowed."
    zh = f"{zh_form}，每周 {hours:g} 小时，法定不超过 {most} 小时。"
    return Condition(name, PASS if hours <= most else FAIL, (hire.id,), en, zh)


def in_work(case: Case) -> Condition:
    """Tell whether it is work: a traineeship (就业见习) is no employment."""
    name, hire = "in_work", case.hire
    if hire is None or hire.form is None:
        en, zh = "The form of employment is not known.", "就业形式不明。"
        return Condition(name, UNKNOWN, case.work_id, en, zh, "the form of employment 就业形式")
    if hire.form == _TRAINEESHIP:
        en, zh = "A traineeship is no employment.", "就业见习不属于就业。"
        return Condition(name, FAIL, (hire.id,), en, zh)
    en, zh = f"In work since {hire.hired_on}.", f"自 {hire.hired_on} 起就业。"
    return Condition(name, PASS, (hire.id,), en, zh)
