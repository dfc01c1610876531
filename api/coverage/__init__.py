"""Coverage over HTTP: who is reached and who is not, published from a fixed menu, or exact."""
