"""What the rules say of employment status, by the day: which changes, and when it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from geo_match.rules.dated import Dated, Entry

_REGULATION: Final = (
    "就业服务与就业管理规定（劳动和社会保障部令第28号，2008-01-01施行）第六十三条、第六十五条；"
    "失业登记的定义按2020年规定（劳动年龄内、有劳动能力、有就业要求、无业，户籍地或常住地）[M]"
)


@dataclass(frozen=True, slots=True)
class Transitions:
    """Which changes of status there cannot be from one day to the next.

    Parameters
    ----------
    never
        Pairs of statuses, before and after. All others are allowed, also to the same status: one
        job after another.
    """

    never: frozenset[tuple[str, str]]

    def allows(self, before: str, after: str) -> bool:
        """Return whether somebody may change from one status to another.

        Examples
        --------
        >>> rule = TRANSITIONS.on(dt.date(2025, 3, 1)).value
        >>> rule.allows("registered_unemployed", "employed"), rule.allows("employed", "under_age")
        (True, False)
        """
        return (before, after) not in self.never


def _never() -> frozenset[tuple[str, str]]:
    to_childhood = {
        (one, "under_age")
        for one in (
            *("employed", "flexible", "registered_unemployed", "unemployed", "studying"),
            *("retired", "incapable", "not_seeking"),
        )
    }
    # Registered unemployed is who is of working age, and that does not come back; who was incapable
    # may be able again. And nobody retires on leaving childhood.
    by_age = {("retired", "registered_unemployed"), ("under_age", "retired")}
    return frozenset(to_childhood | by_age)


TRANSITIONS: Final = Dated(
    "transitions", (Entry(Transitions(_never()), dt.date(2008, 1, 1), None, _REGULATION),)
)
"""Changes of status that contradict the definitions; what held before 2008 is not known here."""

NO_CONTACT_MONTHS: Final = Dated(
    "no_contact_months",
    (
        Entry(
            6,
            dt.date(2008, 1, 1),
            None,
            "就业服务与就业管理规定第六十五条：连续6个月未与公共就业服务机构联系的，"
            "注销失业登记 [M]",
        ),
    ),
)
"""After how many whole months without contact a registration as unemployed ends."""

DEREGISTRATION: Final = Dated(
    "deregistration",
    (
        Entry(
            {
                "hired": frozenset({"employed", "flexible"}),
                "self_employed": frozenset({"employed", "flexible"}),
                "stable_income": frozenset({"employed", "flexible"}),
                "retired": frozenset({"retired"}),
                "incapable": frozenset({"incapable"}),
                "studying": frozenset({"studying"}),
            },
            dt.date(2008, 1, 1),
            None,
            _REGULATION,
        ),
    ),
)
"""Which status follows, by the reason for which a registration was closed.

The other reasons (serving, imprisoned, moved away, refused, no contact, died) say nothing of it.
"""

RESULT_CONTRADICTS: Final = Dated(
    "result_contradicts",
    (
        Entry(
            {
                "employed": frozenset(
                    {"registered_unemployed", "unemployed", "studying", "incapable"}
                    | {"not_seeking", "under_age", None}
                ),
                "refused": frozenset({"registered_unemployed"}),
                "moved_away": frozenset(
                    {"employed", "flexible", "registered_unemployed", "unemployed", "studying"}
                    | {"retired", "incapable", "not_seeking", "under_age", None}
                ),
            },
            dt.date(2008, 1, 1),
            None,
            f"{_REGULATION}；第六十五条：被录用、拒绝接受公共就业服务的，注销失业登记 [M]",
        ),
    ),
)
"""With which statuses of a registered person the result of a contact cannot stand.

None is no status at all. Whoever is retired may work and be retired still; whoever refuses service
is a jobseeker no more, but may be anything except registered as unemployed; and who has moved away
is registered at the wrong place, whatever their status.
"""

WORKING: Final = ("employed", "flexible")
"""Statuses of those who work."""
NO_CONTACT_RESULTS: Final = ("no_answer", "wrong_number")
"""Results of services by which nobody was reached: 未接通, and 空号 since nobody answers there."""
