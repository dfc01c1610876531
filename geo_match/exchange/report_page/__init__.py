"""The printable report: one HTML file that opens with no internet."""
