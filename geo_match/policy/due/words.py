"""The reasons of a due list in words, and what a worker reads aloud, in both languages."""

from __future__ import annotations

from typing import Final

from geo_match.records.people import Seeker

REASONS: Final = (
    *("six_months", "household_clock", "result_contradicts", "follow_up", "contact_interval"),
    *("no_contact_recorded", "unverified"),
)
"""Why somebody is due, the gravest first."""
REASON_NAMES: Final = {
    "six_months": ("满6个月未联系", "months without contact"),
    "household_clock": ("零就业家庭时限", "household clock"),
    "result_contradicts": ("联系结果与台账不符", "result contradicts the ledger"),
    "follow_up": ("约定再次联系", "follow-up"),
    "contact_interval": ("定期联系", "regular contact"),
    "no_contact_recorded": ("无联系记录", "no contact recorded"),
    "unverified": ("状态未核实", "unverified status"),
}
"""Chinese and English."""
NO_JOB: Final = {
    "none_in_circle": ("范围内没有岗位", "no job in reach"),
    "none_eligible": ("范围内的岗位都不符合条件", "no job in reach fits"),
    "no_location": ("没有位置，无法推荐", "no location"),
    "not_on_network": ("附近没有能走到的道路", "no street leads there"),
    "none_on_foot": ("步行都到不了", "none can be reached on foot"),
    "not_registered": ("不在册", "not registered"),
}
"""Why there is nothing to read aloud."""
_UNITS: Final = {"month": ("月", "month"), "day": ("天", "day"), "hour": ("小时", "hour")}
_BASES: Final = {"geodesic": ("直线", "in a straight line"), "walking": ("步行", "on foot")}
_KILOMETRE: Final = 1_000


_SENTENCES: Final = {
    "six_months": (
        "自{since}起未联系上，{day}后连续6个月未联系，须注销失业登记",
        "no contact since {since}; after {day} the registration as unemployed ends",
    ),
    "household_clock": (
        "零就业家庭，{day}前须帮扶到位",
        "zero-employment household, to help by {day}",
    ),
    "follow_up": ("约定{day}再次联系", "to be contacted again on {day}"),
    "contact_interval": (
        "{group_zh}每{days}天联系一次，自{since}起计",
        "{group}: every {days} days, counted from {since}",
    ),
    "no_contact_recorded": (
        "没有联系上的记录，也不知登记日期",
        "no contact and no registration day recorded",
    ),
    "unverified": ("自{since}起的就业状态未核实", "status since {since} is not verified"),
}


_STATUSES: Final = {
    value: said.split()[0] for value, said in (Seeker.specs()["status"].about.choices or {}).items()
}
_RESULTS: Final = {
    "employed": (
        "{day}联系得知已就业，台账{status_zh}：核实后补记就业状态记录",
        "said to be at work on {day}, in the ledger {status}: verify it and record the spell",
    ),
    "refused": (
        "{day}拒绝服务，台账{status_zh}：核实后结束该状态，注销失业登记",
        "refused service on {day}, in the ledger {status}: verify it, end spell and registration",
    ),
    "moved_away": (
        "{day}得知已搬离，登记仍未注销：核实现住址，注销或转出",
        "told to have moved away on {day}, and registered still: verify it, close or transfer it",
    ),
    "wrong_number": (
        "{day}所拨为空号：上门核实，更正联系电话",
        "the number was wrong on {day}: visit, and mend it",
    ),
}


def contradiction_words(result: str, day: str, status: str | None) -> tuple[str, str]:
    """Return what a result contradicts and what is to be done, in Chinese and in English.

    Parameters
    ----------
    result
        As `geo_match.policy.ledger.contradictions` gives it.
    day
        When it was told.
    status
        What is recorded; None for nothing.

    Examples
    --------
    >>> contradiction_words("employed", "2025-12-01", "registered_unemployed")[0]
    '2025-12-01联系得知已就业，台账仍为登记失业：核实后补记就业状态记录'
    """
    said = {
        "day": day,
        "status_zh": f"仍为{_STATUSES[status]}" if status else "没有状态",
        "status": f"still {status}" if status else "without a status",
    }
    zh, en = _RESULTS[result]
    return zh.format_map(said), en.format_map(said)


def due_words(reason: str, **said: object) -> tuple[str, str]:
    """Return why somebody is due, one sentence in Chinese and in English.

    Parameters
    ----------
    reason
        One of `REASONS`, but for a result that contradicts the ledger: `contradiction_words`.
    said
        What the sentence names: `day`, `since`, `group` and `days`, as the reason has them.
    """
    if reason == "household_clock" and said.get("day") is None:
        return "零就业家庭，帮扶期限不详", "zero-employment household; no day to help by is known"
    zh, en = _SENTENCES[reason]
    return zh.format_map(said), en.format_map(said)


def job_words(job: dict[str, object]) -> tuple[str, str]:
    """Return a job to be read aloud, in Chinese and in English.

    Parameters
    ----------
    job
        `title`, `employer` (null for none), `distance_m`, `basis`, `wage_low_cny`,
        `wage_high_cny`, `wage_unit`, null where not stated.

    Examples
    --------
    >>> job = {"title": "保洁员", "employer": "示例物业", "distance_m": 846.2, "basis": "geodesic"}
    >>> job_words(job | {"wage_low_cny": 2200, "wage_high_cny": 2600, "wage_unit": "month"})[0]
    '保洁员，示例物业，直线850米，2,200–2,600元/月'
    """
    basis = _BASES[str(job["basis"])]
    far = float(str(job["distance_m"]))
    tens = round(far, -1)  # as exact as anybody says it
    if tens < _KILOMETRE:
        zh_far, en_far = f"{tens:.0f}米", f"{tens:.0f} m"
    else:
        zh_far, en_far = f"{far / _KILOMETRE:.1f}公里", f"{far / _KILOMETRE:.1f} km"
    pay = _pay(job)
    named = [str(one) for one in (job["title"], job.get("employer")) if one]
    zh = [*named, f"{basis[0]}{zh_far}", pay[0]]
    en = [*named, f"{en_far} {basis[1]}", pay[1]]
    return "，".join(zh), ", ".join(en)


def _pay(job: dict[str, object]) -> tuple[str, str]:
    amounts = [job.get("wage_low_cny"), job.get("wage_high_cny")]
    told = [f"{float(str(one)):,.0f}" for one in amounts if one is not None]
    unit = job.get("wage_unit")
    if not told or unit not in _UNITS:
        return "薪资面议", "pay not stated"
    span = "–".join(dict.fromkeys(told))
    return f"{span}元/{_UNITS[str(unit)][0]}", f"CNY {span} a {_UNITS[str(unit)][1]}"
