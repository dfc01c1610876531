"""Many places asked about at once: who is within a walk of whom."""
