"""The plain twin of matching: every pair judged by every rule, one after the other.

Slow on purpose and short enough to be believed: the tests hold every fast path against it. It
shares no code with the rest of this room, nor with the dated rules; it reads the table of
occupations, and compares their codes itself.
"""

from __future__ import annotations

from geo_match.matching.plain.answers import PARTS, match, match_jobs
from geo_match.matching.plain.conditions import CONDITIONS
from geo_match.matching.plain.judge import judge
from geo_match.matching.plain.options import DEFAULT_WEIGHTS, PlainOptions
from geo_match.matching.plain.origins import (
    judge_from,
    match_alone,
    match_from,
    shortfall_from,
)
from geo_match.matching.plain.shortfall import LADDER_M, shortfall, totals, totals_of

__all__ = [
    "CONDITIONS",
    "DEFAULT_WEIGHTS",
    "LADDER_M",
    "PARTS",
    "PlainOptions",
    "judge",
    "judge_from",
    "match",
    "match_alone",
    "match_from",
    "match_jobs",
    "shortfall",
    "shortfall_from",
    "totals",
    "totals_of",
]
