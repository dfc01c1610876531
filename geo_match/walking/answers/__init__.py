"""How far places are apart on foot, by which way, and why so far."""
