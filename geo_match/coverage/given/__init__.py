"""What coverage is asked about: people, supply and communities as checked arrays."""
