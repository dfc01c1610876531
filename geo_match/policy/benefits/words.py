"""The conditions of policies in words, by their outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match.policy.conditions import Condition
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping


class Words(NamedTuple):
    """A condition in words.

    Parameters
    ----------
    fails, passes, unknown
        In English and in Chinese, by the outcome.
    missing
        Which record would settle it.
    """

    fails: tuple[str, str]
    passes: tuple[str, str]
    unknown: tuple[str, str]
    missing: str


WORDS: Final[Mapping[str, Words]] = {
    "working_age": Words(
        ("Not of working age on the day.", "当日不在劳动年龄内。"),
        ("Of working age on the day.", "当日处于劳动年龄内。"),
        ("Whether of working age is not known.", "是否处于劳动年龄不明。"),
        "birth date, and of women the post's retirement age 出生日期，女性的退休年龄",
    ),
    "jobless": Words(
        ("Not without work, or not in want of it.", "不处于失业状态。"),
        ("Without work.", "处于失业状态。"),
        ("The employment status is not recorded.", "就业状态未登记。"),
        "employment status 就业状态",
    ),
    "seeks_work": Words(
        ("Not registered as a jobseeker on the day.", "当日没有求职登记。"),
        ("Registered as a jobseeker on the day.", "当日处于求职登记中。"),
        ("Since when they seek work is not recorded.", "求职登记日期未登记。"),
        "day of registration 求职登记日期",
    ),
    "lives_here": Words(
        ("Lives in another division.", "居住在其他地区。"),
        ("Lives here.", "居住在本地。"),
        ("Neither residence is known to be here.", "户籍地或常住地是否在本地不明。"),
        "community of residence, or place of 户籍 居住社区或户籍地",
    ),
    "difficulty": Words(
        ("Recorded as having no employment difficulty.", "登记为无就业困难。"),
        ("Recorded as having an employment difficulty.", "已认定为就业困难人员。"),
        ("Whether there is an employment difficulty is not recorded.", "就业困难情况未登记。"),
        "recognition of the difficulty 就业困难认定",
    ),
    "household_confirmed": Words(
        ("The household has no open case that was verified.", "家庭没有已核实的未结案件。"),
        ("The household's case was verified and is open.", "家庭案件已核实且未结。"),
        ("The household is suspected, and not verified.", "家庭为疑似，尚未核实。"),
        "verification of the household 家庭核实记录",
    ),
    "within_cap": Words(
        ("The longest time on such posts is over.", "在公益性岗位已满最长年限。"),
        ("There is time left on such posts.", "公益性岗位年限未满。"),
        ("How long such posts were held is not known.", "在公益性岗位的时间不明。"),
        "records of public-welfare posts held, and birth date 公益性岗位在岗记录和出生日期",
    ),
    "recent_graduate_or_young": Words(
        (
            "Neither a graduate of recent years nor young enough.",
            "不是近年毕业生，也超出青年年龄。",
        ),
        ("A graduate of recent years, or young.", "近年高校毕业生或青年。"),
        ("Graduation or age is not known well enough.", "毕业时间或年龄不明。"),
        "graduation and birth date 毕业时间和出生日期",
    ),
    "licence_verified": Words(
        ("The licence is not verified, or has expired.", "执照未核验或已过期。"),
        ("The licence is verified.", "执照已核验。"),
        ("The state of the licence is not known.", "执照状态不明。"),
        "verification of the licence 执照核验",
    ),
    "seeks_people": Words(
        ("At the last visit it sought nobody.", "最近走访时没有用工需求。"),
        ("At the last visit it sought people.", "最近走访时有用工需求。"),
        ("It was not visited, or did not say whom it seeks.", "未走访或未说明用工需求。"),
        "a visit that asks for its demand 用工需求走访",
    ),
    "held_on_the_day": Words(
        ("Nobody is on the post on the day.", "当日岗位无人在岗。"),
        ("Somebody is on the post on the day.", "当日岗位有人在岗。"),
        ("Since when it is held is not recorded.", "到岗日期未登记。"),
        "the first day on the post 到岗日期",
    ),
}


def condition(name: str, outcome: int, evidence: tuple[str, ...]) -> Condition:
    """Return a condition in words."""
    words = WORDS[name]
    en, zh = {FAIL: words.fails, PASS: words.passes, UNKNOWN: words.unknown}[outcome]
    return Condition(name, outcome, evidence, en, zh, words.missing if outcome == UNKNOWN else "")
