"""Matches: which jobs fit a seeker, and what stands in the way where none does."""
