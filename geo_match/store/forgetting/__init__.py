"""Forgetting: erasure of persons, evidence kept back, and the end of retention."""

from geo_match.store.forgetting.forgetting import Forgetting

__all__ = ["Forgetting"]
