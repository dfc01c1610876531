"""What every request passes before it is answered: each a middleware of its own."""
