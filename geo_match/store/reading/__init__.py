"""Reading: the feed of changes, and records as they were known or hold."""

from geo_match.store.reading.reading import Reading

__all__ = ["Reading"]
