"""What if a street were there."""
