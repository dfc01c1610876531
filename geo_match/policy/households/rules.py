"""What a zero-employment household is, and how soon one is to be cleared: dated, each sourced."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from geo_match.rules.dated import Dated, Entry


@dataclass(frozen=True, slots=True)
class ZeroEmployment:
    """Which households are of zero employment (零就业家庭).

    Parameters
    ----------
    hukou
        Registrations (户口) of households that count as urban residents.
    working
        Statuses of somebody who works.
    unemployed
        Statuses of somebody who has no work and wants it. Whoever has any other known status
        studies, is incapable or does not seek: they neither make such a household nor keep one
        from being it.
    """

    hukou: tuple[str, ...]
    working: tuple[str, ...]
    unemployed: tuple[str, ...]


ZERO_EMPLOYMENT: Final = Dated(
    "zero_employment",
    (
        Entry(
            ZeroEmployment(
                hukou=("urban",),
                working=("employed", "flexible"),
                unemployed=("registered_unemployed", "unemployed"),
            ),
            dt.date(2008, 1, 1),
            None,
            "中华人民共和国就业促进法第五十六条，自2008年1月1日起施行：法定劳动年龄内的家庭人员均处于"
            "失业状况的城市居民家庭 [H]",
        ),
    ),
)
"""Confirmed ones are to get at least one member a suitable job."""


@dataclass(frozen=True, slots=True)
class ClearingLimit:
    """How long a household may wait.

    Parameters
    ----------
    months
        Whole months from the day on which the clock starts; the same day of the month is the last
        day, or the month's last one where it has no such day.
    """

    months: int


CLEARING_LIMIT: Final = Dated(
    "clearing_limit",
    (
        Entry(
            ClearingLimit(1),
            dt.date(2022, 1, 1),
            None,
            "全国充分就业社区创建标准（一批）：零就业家庭1个月内得到帮扶；标准的施行日期未见，自本方案"
            "起始之年起采用，安徽省标准未见 [M]",
        ),
    ),
)
"""Earlier clocks have no limit that is known here."""

TRAINEESHIP: Final = "traineeship"
"""The form of a hire that is no employment (见习不属于就业): it clears no household."""

NOT_CONFIRMED: Final = "not_confirmed"
"""Why a case is closed that was found wrong: there never was such a household."""
