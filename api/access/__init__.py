"""Who asks, and what they may: keys, the sessions that pages open with them, and their scopes."""
