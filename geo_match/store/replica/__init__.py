"""Indexes in step with a store."""

from geo_match.store.replica._errors import ReplicaError
from geo_match.store.replica._following import follow, live_of
from geo_match.store.replica.replica import Replica

__all__ = ["Replica", "ReplicaError", "follow", "live_of"]
