"""The feed: all records of one moment, and every change since, for systems that keep a copy."""
