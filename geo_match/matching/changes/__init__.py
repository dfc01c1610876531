"""What entered and left the matches between two moments of a store, each with its cause."""

from geo_match.matching.changes.changes import CAUSES, MatchChanges, match_changes

__all__ = ["CAUSES", "MatchChanges", "match_changes"]
