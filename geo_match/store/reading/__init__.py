"""Reading: the feed of changes, and records as they were known or hold."""
