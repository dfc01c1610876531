"""Keys of those who ask a store from outside, and the sessions that pages open with them."""

from geo_match.store.keys.keys import Keys
from geo_match.store.keys.records import ROLES, Key, Session
from geo_match.store.keys.secret import mask_secrets

__all__ = ["ROLES", "Key", "Keys", "Session", "mask_secrets"]
