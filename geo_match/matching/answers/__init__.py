"""What is answered: rows, plain values, the reason for a pair, and what stands in the way."""
