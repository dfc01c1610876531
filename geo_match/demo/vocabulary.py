"""What all rooms of the city call by the same name: its days, statuses, kinds of job, groups.

A position in a tuple here is what the drawings hold; the frames show the name.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

START: Final = dt.date(2022, 5, 13)
"""The day of the programme's notice, 蚌人社发〔2022〕5号: no work is posted or served before it."""
REFERENCE_DATE: Final = dt.date(2025, 12, 31)
"""The day on which every status holds."""

STATUS: Final = (
    "employed",
    "flexible",
    "registered_unemployed",
    "unemployed",
    "studying",
    "retired",
    "incapable",
    "not_seeking",
    "under_age",
)
"""Employment status; `unemployed` wants work, has none and is not registered."""
(
    EMPLOYED,
    FLEXIBLE,
    REGISTERED,
    UNEMPLOYED,
    STUDYING,
    RETIRED,
    INCAPABLE,
    NOT_SEEKING,
    UNDER_AGE,
) = range(len(STATUS))

JOB_TYPES: Final = ("ordinary", "flexible", "public_welfare", "traineeship")
"""Of postings, and of what seekers accept."""
GROUPS: Final = ("graduate", "migrant_worker", "veteran", "retired_fisherman")
"""The notice's groups: 高校毕业生, 农民工, 退役军人, 长江禁捕退捕渔民."""
LICENCES: Final = ("verified", "unverified", "expired")
"""States of an employer's licence."""
OPEN_WAGE: Final = "面议"
"""What an office writes for a wage that is to be agreed."""
