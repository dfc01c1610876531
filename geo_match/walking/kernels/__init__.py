"""The loops, compiled: each takes arrays, and none checks an argument."""
