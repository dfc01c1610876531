"""Seekers and jobs: who can and would take which, in order, with the reason for each."""

from __future__ import annotations

from geo_match.matching.answers.explain import Compared, Explanation
from geo_match.matching.answers.one import Answer, Match
from geo_match.matching.answers.shortfall import LADDER_M, ReverseShortfall, Shortfall
from geo_match.matching.at_once import match, match_jobs
from geo_match.matching.given.faults import FrameError
from geo_match.matching.matcher import Matcher
from geo_match.matching.options import CONDITIONS, MatchOptions, Weights
from geo_match.matching.origins import Around
from geo_match.matching.prepared import Prepared
from geo_match.matching.reverse import ReverseMatcher

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
    "ReverseShortfall",
    "Shortfall",
    "Weights",
    "match",
    "match_jobs",
]
