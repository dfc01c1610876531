"""From lines that share points to a graph that walks are searched on."""
