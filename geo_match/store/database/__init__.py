"""Where a store lies: a SQLite file or PostgreSQL, behind one face."""

from geo_match.store.database.database import Database
from geo_match.store.database.urls import path_of, url_of

__all__ = ["Database", "path_of", "url_of"]
