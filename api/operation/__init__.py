"""What those who run a server ask it: that it answers, and that it is in step."""
