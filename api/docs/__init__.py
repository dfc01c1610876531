"""`/docs`: the description of the API as a page, which asks nothing of the internet."""
