"""Where streets come from: OpenStreetMap, or lines of another map."""
