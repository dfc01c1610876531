"""A demonstration city on Bengbu's ground: real outlines and names, invented people."""
