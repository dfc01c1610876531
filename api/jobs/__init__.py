"""The jobs around a place: those of a file or a store, in a circle or within a walk."""
