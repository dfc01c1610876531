"""Keeping: backups, restoring them, and whether a store is sound."""

from geo_match.store.keeping.keeping import Keeping

__all__ = ["Keeping"]
