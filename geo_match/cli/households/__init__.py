"""The commands of `households`: zero-employment households, suspected, open, and their help."""
