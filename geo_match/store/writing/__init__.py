"""Writing: what becomes of arriving records, and the transactions that take them in."""
