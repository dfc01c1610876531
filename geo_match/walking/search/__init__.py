"""From places on streets to what a search starts from and what it finds."""
