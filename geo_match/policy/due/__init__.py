"""The due list (待办名单): who is to be contacted today, why, and which jobs to read aloud."""

from geo_match.policy.due.aloud import Openings, jobs_aloud, read_openings
from geo_match.policy.due.due_list import DueList, due_list
from geo_match.policy.due.options import DueOptions
from geo_match.policy.due.results import service_id
from geo_match.policy.due.words import REASON_NAMES, REASONS
from geo_match.policy.masking import mask_name, mask_phone

__all__ = [
    "REASONS",
    "REASON_NAMES",
    "DueList",
    "DueOptions",
    "Openings",
    "due_list",
    "jobs_aloud",
    "mask_name",
    "mask_phone",
    "read_openings",
    "service_id",
]
