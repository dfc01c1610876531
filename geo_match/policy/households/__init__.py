"""Zero-employment households (零就业家庭): suspected, applied for, verified, helped, cleared.

`suspect` finds them by their members' status on a day; `judge_cases` tells how the cases stand,
with the clock; `replay_cases` counts a span of days; `changed_cases` and `changed_households` say
what a correction has changed; `rank_help` finds what can help whom, most urgent first;
`read_households` reads what they need of a store.
"""

from geo_match.policy.households.cases import FAULTS, STEPS
from geo_match.policy.households.changes import changed_cases, changed_households
from geo_match.policy.households.from_store import HouseholdsRead, read_households
from geo_match.policy.households.help import HELPS, REASONS, Help, rank_help
from geo_match.policy.households.help_options import WISHES, HelpOptions
from geo_match.policy.households.replay import replay_cases
from geo_match.policy.households.report import (
    CLOCK_STATES,
    STAGES,
    CaseOptions,
    CaseReport,
    judge_cases,
)
from geo_match.policy.households.rules import (
    CLEARING_LIMIT,
    ZERO_EMPLOYMENT,
    ClearingLimit,
    ZeroEmployment,
)
from geo_match.policy.households.suspected import CONDITIONS, Suspicion, suspect

__all__ = [
    "CLEARING_LIMIT",
    "CLOCK_STATES",
    "CONDITIONS",
    "FAULTS",
    "HELPS",
    "REASONS",
    "STAGES",
    "STEPS",
    "WISHES",
    "ZERO_EMPLOYMENT",
    "CaseOptions",
    "CaseReport",
    "ClearingLimit",
    "Help",
    "HelpOptions",
    "HouseholdsRead",
    "Suspicion",
    "ZeroEmployment",
    "changed_cases",
    "changed_households",
    "judge_cases",
    "rank_help",
    "read_households",
    "replay_cases",
    "suspect",
]
