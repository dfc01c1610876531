"""The engine: of all pairs those in a circle that keep the conditions, and the best of them."""
