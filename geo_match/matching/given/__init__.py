"""What is given to be matched: frames and records of a store, as tables that are read alike."""
