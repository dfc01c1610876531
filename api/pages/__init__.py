"""`/`: the page with the map, as `api/web` is built, and the ground that it draws."""
