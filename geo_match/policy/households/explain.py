"""A suspected household's conditions in words, each with the records that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.policy.conditions import Condition
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

_NAMED: Final = 5


def explain_household(
    household: pd.Series, members: pd.DataFrame, on: dt.date
) -> tuple[Condition, ...]:
    """Return the conditions of one household.

    Parameters
    ----------
    household
        Its row of `Suspicion.households`.
    members
        Its rows of `Suspicion.members`.
    on
        The day that was judged.
    """
    return (
        _urban(household),
        _known(household),
        _nobody_works(household, members, on),
        _somebody_unemployed(household, members, on),
    )


def _outcome(household: pd.Series, name: str) -> int:
    return OUTCOMES.index(household[name])


def _urban(household: pd.Series) -> Condition:
    outcome = _outcome(household, "urban")
    en, zh = {
        PASS: ("Its registration is urban.", "户口为城镇。"),
        FAIL: ("Its registration is not urban.", "户口不是城镇。"),
        UNKNOWN: ("Its registration is not recorded.", "户口性质未登记。"),
    }[outcome]
    missing = "households.hukou 户口性质" if outcome == UNKNOWN else ""
    return Condition("urban", outcome, (household["household"],), en, zh, missing)


def _known(household: pd.Series) -> Condition:
    outcome, n = _outcome(household, "members_known"), int(household["members"])
    ids = (household["household"],)
    if outcome == PASS:
        en, zh = f"Its members are listed: {n}.", f"家庭成员已登记：{n}人。"
        return Condition("members_known", outcome, ids, en, zh)
    en = f"Of its members {n} are listed, which are not all."
    zh = f"家庭成员只登记了{n}人，名单不全。"
    return Condition("members_known", outcome, ids, en, zh, "members 家庭成员名单")


def _nobody_works(household: pd.Series, members: pd.DataFrame, on: dt.date) -> Condition:
    outcome = _outcome(household, "nobody_works")
    at_work = members[(members["working_age"] != FAIL) & (members["works"] != FAIL)]
    sure = at_work[_is_sure(at_work, "works")]
    if outcome == FAIL:
        who = _names(sure)
        en = f"On {on} {who[0]} of working age worked."
        zh = f"{on}，劳动年龄内的{who[1]}在就业。"
        return Condition("nobody_works", outcome, _evidence(sure), en, zh)
    if outcome == PASS:
        en = f"On {on} no member of working age worked."
        zh = f"{on}，劳动年龄内的家庭成员无人就业。"
        return Condition("nobody_works", outcome, _evidence(members), en, zh)
    who = _names(at_work)
    en = f"Whether {who[0]} was of working age and worked on {on} is not known."
    zh = f"{on}，{who[1]}是否处于劳动年龄且就业不明。"
    if at_work.empty:
        en, zh = "Who is not listed may work.", "未登记的成员可能在就业。"
    missing = _missing(at_work, "works")
    return Condition("nobody_works", outcome, _evidence(at_work), en, zh, missing)


def _somebody_unemployed(household: pd.Series, members: pd.DataFrame, on: dt.date) -> Condition:
    name = "somebody_unemployed"
    outcome = _outcome(household, name)
    jobless = members[(members["working_age"] != FAIL) & (members["unemployed"] != FAIL)]
    sure = jobless[_is_sure(jobless, "unemployed")]
    if outcome == PASS:
        who = _names(sure)
        en = f"On {on} {who[0]} of working age had no work and wanted it."
        zh = f"{on}，劳动年龄内的{who[1]}失业且有就业意愿。"
        return Condition(name, outcome, _evidence(sure), en, zh)
    if outcome == FAIL:
        en = f"On {on} no member of working age was unemployed."
        zh = f"{on}，劳动年龄内没有失业成员。"
        return Condition(name, outcome, _evidence(members), en, zh)
    who = _names(jobless)
    en = f"Whether {who[0]} was of working age and unemployed on {on} is not known."
    zh = f"{on}，{who[1]}是否处于劳动年龄且失业不明。"
    if jobless.empty:
        en, zh = "Who is not listed may be unemployed.", "未登记的成员可能失业。"
    missing = _missing(jobless, "unemployed")
    return Condition(name, outcome, _evidence(jobless), en, zh, missing)


def _is_sure(members: pd.DataFrame, what: str) -> pd.Series:
    sure: pd.Series = (
        (members["working_age"] == PASS) & (members[what] == PASS) & ~members["shared"]
    )
    return sure


def _names(members: pd.DataFrame) -> tuple[str, str]:
    """Return whom a sentence is about, in English and in Chinese: ids, or else years of birth."""
    en, zh = [], []
    for person, year in zip(members["person"], members["birth_year"], strict=True):
        if isinstance(person, str):
            en.append(person)
            zh.append(person)
        elif year == year:  # noqa: PLR0124 - not NaN
            en.append(f"the member born in {year:.0f}")
            zh.append(f"{year:.0f}年出生的成员")
        else:
            en.append("a member of unknown age")
            zh.append("年龄不明的成员")
    more = len(en) - _NAMED
    tail_en = [f"{more} more"] if more > 0 else []
    tail_zh = [f"另{more}人"] if more > 0 else []
    return " and ".join([*en[:_NAMED], *tail_en]), "、".join([*zh[:_NAMED], *tail_zh])


def _evidence(members: pd.DataFrame) -> tuple[str, ...]:
    """Return the spells that tell, else the person's record, else that of the household."""
    ids: list[str] = []
    columns = members["household"], members["person"], members["evidence"]
    for household, person, spells in zip(*columns, strict=True):
        ids += spells or [person if isinstance(person, str) else household]
    return tuple(dict.fromkeys(ids))


def _missing(members: pd.DataFrame, what: str) -> str:
    """Return which records would settle what is not known of some members."""
    lacks = []
    if members["shared"].any():
        lacks.append("which household the person belongs to 家庭归属")
    if (members[what] == UNKNOWN).any():
        lacks.append("employment status on the day 当日就业状态")
    unsure = members[members["working_age"] == UNKNOWN]
    if unsure["birth_year"].isna().any():
        lacks.append("birth year 出生年份")
    if unsure["sex"].isna().any():
        lacks.append("sex 性别")
    if (unsure["birth_year"].notna() & unsure["sex"].notna()).any():
        lacks.append("day of birth, or of women the post's retirement age 出生日期或女性退休年龄")
    return "; ".join(lacks) or "members 家庭成员名单"
