"""What people can reach: amounts, distances, shares in competition, and the edge of the data."""
