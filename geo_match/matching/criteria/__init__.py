"""What a pair is judged by: the conditions that it must keep, and the parts of its score."""
