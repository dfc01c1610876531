"""Matching that keeps up with a store."""

from geo_match.matching.live.live_matcher import LiveMatcher

__all__ = ["LiveMatcher"]
