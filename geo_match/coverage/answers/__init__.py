"""What coverage found: whose each person is, why below the standard, and the rows of a report."""
