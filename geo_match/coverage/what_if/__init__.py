"""What would change if a station or a site were added, moved or closed, or the radius another."""
