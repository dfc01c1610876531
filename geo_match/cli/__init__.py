"""The command `geo-match`: files in, exact circles, files out."""

from geo_match.cli.app import app, main

__all__ = ["app", "main"]
