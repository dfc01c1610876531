"""The faults of a ledger in words: the rule that is broken, and what can be done about it."""

from __future__ import annotations

from typing import Final, NamedTuple


class FaultWords(NamedTuple):
    """A kind of fault, in both languages.

    Parameters
    ----------
    zh, en
        The rule.
    zh_remedy, en_remedy
        What somebody can do.
    """

    zh: str
    en: str
    zh_remedy: str
    en_remedy: str


FAULTS: Final[dict[str, FaultWords]] = {
    "incomplete": FaultWords(
        "每条就业状态记录须有人员、状态和开始日期",
        "a spell has a person, a status and a first day",
        "补齐后重新导入；补齐前该记录不计入任何一天",
        "Complete it and import it again; until then it counts on no day.",
    ),
    "repeated_id": FaultWords(
        "记录编号不得重复",
        "each spell has an id of its own",
        "给其中一条换新编号，或删除重复的一条",
        "Give one of them another id, or take the repeated one out.",
    ),
    "end_before_start": FaultWords(
        "结束日期不得早于开始日期",
        "a spell does not end before it begins",
        "核对两个日期；改正前该记录不计入任何一天",
        "Check both days; until it is mended it counts on no day.",
    ),
    "overlap": FaultWords(
        "同一人的就业状态记录不得重叠",
        "two spells of one person do not overlap",
        "把先开始的一条结束在后一条开始的前一天；改正前以后开始的为准",
        "End the earlier one on the day before the later begins; until then the later one counts.",
    ),
    "gap": FaultWords(
        "同一人的就业状态记录应前后相接",
        "the spells of one person follow each other without a gap",
        "询问这段时间的状态并补记",
        "Ask what the person was in these days, and record it.",
    ),
    "transition": FaultWords(
        "相邻两段状态须是规则允许的变化",
        "a change of status is one that the rules allow",
        "核对两条记录：其中一条有误，或中间缺一段",
        "Check both: one of them is wrong, or one between them is missing.",
    ),
    "before_birth": FaultWords(
        "状态不得始于出生之前",
        "a spell does not begin before the person's birth",
        "核对开始日期和出生年份",
        "Check the first day and the year of birth.",
    ),
    "below_working_age": FaultWords(
        "未满劳动年龄不得就业或登记失业",
        "nobody works, or is registered unemployed, below working age",
        "核对开始日期和出生年份",
        "Check the first day and the year of birth.",
    ),
    "beyond_working_age": FaultWords(
        "登记失业人员须在劳动年龄内",
        "who is registered unemployed is of working age",
        "到龄的应注销失业登记；核对出生年份和性别",
        "End the registration of who has retired; check the year of birth and the sex.",
    ),
    "future": FaultWords(
        "日期不得晚于台账日期",
        "a day does not lie after the day of the ledger",
        "核对日期；预定的变化到期再记",
        "Check the day; record what is planned when it has come.",
    ),
    "verified_before_start": FaultWords(
        "核实日期不得早于开始日期",
        "a spell is not verified before it begins",
        "核对核实日期",
        "Check the day of its verification.",
    ),
    "verification_incomplete": FaultWords(
        "核实方式与核实日期须同时填写",
        "how and when a spell was verified are given together",
        "补齐另一项",
        "Give the other one too.",
    ),
    "unknown_person": FaultWords(
        "记录须属于台账中的人员",
        "a record is of a person in the ledger",
        "导入此人的求职者记录，或改正编号",
        "Import the person's record, or mend the id.",
    ),
    "no_spell": FaultWords(
        "在册人员应有当日的就业状态",
        "who is registered has a status on the day",
        "补记就业状态",
        "Record the employment status.",
    ),
    "status_differs": FaultWords(
        "人员记录的就业状态须与台账一致",
        "the person's record has the status of the ledger",
        "核实本人现状，改正其中一处",
        "Ask the person, and mend the one that is wrong.",
    ),
    "closing_differs": FaultWords(
        "注销原因须与注销后的就业状态相符",
        "the status after a closing is the one that its reason says",
        "核对注销原因，或补记注销后的状态",
        "Check the reason of the closing, or record the status after it.",
    ),
    "result_differs": FaultWords(
        "联系得知已就业的，台账应有就业状态，除非其后另有记录或核实",
        "who was said to be at work is so in the ledger, unless it says something newer",
        "核实后补记就业状态记录；若联系结果有误，核实现有记录",
        "Verify it and record the spell of work; or verify the spell that is there.",
    ),
}
"""By their names, in the order in which they are told."""
