"""Seekers and jobs: who can and would take which, in order, with the reason for each."""

from __future__ import annotations

from geo_match.matching.at_once import match, match_jobs
from geo_match.matching.explain import Compared, Explanation
from geo_match.matching.faults import FrameError
from geo_match.matching.matcher import Matcher, ReverseMatcher
from geo_match.matching.one import Answer, Match, Prepared
from geo_match.matching.options import CONDITIONS, MatchOptions, Weights
from geo_match.matching.origins import Around
from geo_match.matching.shortfall import LADDER_M, Shortfall

__all__ = [
    "CONDITIONS",
    "LADDER_M",
    "Answer",
    "Around",
    "Compared",
    "Explanation",
    "FrameError",
    "Match",
    "MatchOptions",
    "Matcher",
    "Prepared",
    "ReverseMatcher",
    "Shortfall",
    "Weights",
    "match",
    "match_jobs",
]
