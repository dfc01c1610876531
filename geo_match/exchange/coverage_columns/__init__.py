"""The data dictionary of coverage, on which files and pages of it stand."""
