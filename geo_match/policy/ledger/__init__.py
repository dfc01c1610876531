"""The ledger (台账): what everybody is on every day, who belongs where, and what is wrong in it."""

from geo_match.policy.ledger.analysis import AnalysisOptions, analyse
from geo_match.policy.ledger.comparing import changed
from geo_match.policy.ledger.contacts import RESULTS, contact_limit, contacts
from geo_match.policy.ledger.contradictions import contradictions
from geo_match.policy.ledger.faults import ledger_faults
from geo_match.policy.ledger.from_store import LedgerRead, read_ledger
from geo_match.policy.ledger.groups import GROUPS, groups_on
from geo_match.policy.ledger.rules import (
    DEREGISTRATION,
    NO_CONTACT_MONTHS,
    NO_CONTACT_RESULTS,
    RESULT_CONTRADICTS,
    TRANSITIONS,
    Transitions,
)
from geo_match.policy.ledger.spells import STATUSES, Spells
from geo_match.policy.ledger.timeline import Timeline
from geo_match.policy.ledger.words import FAULTS

__all__ = [
    "DEREGISTRATION",
    "FAULTS",
    "GROUPS",
    "NO_CONTACT_MONTHS",
    "NO_CONTACT_RESULTS",
    "RESULTS",
    "RESULT_CONTRADICTS",
    "STATUSES",
    "TRANSITIONS",
    "AnalysisOptions",
    "LedgerRead",
    "Spells",
    "Timeline",
    "Transitions",
    "analyse",
    "changed",
    "contact_limit",
    "contacts",
    "contradictions",
    "groups_on",
    "ledger_faults",
    "read_ledger",
]
