"""From places to the streets that they are led to."""
