"""Files of every format that offices use, each read as a table of what stands in it."""
