"""On foot: the shortest way along streets, not the crow's.

A `Network` is made of an extract of OpenStreetMap or of another map's lines, saved, and opened
again at once.
"""

from geo_match.walking.graph.graph import Kind, Obstacle
from geo_match.walking.graph.info import NetworkInfo
from geo_match.walking.network import Network
from geo_match.walking.source.profile import WalkingProfile

__all__ = ["Kind", "Network", "NetworkInfo", "Obstacle", "WalkingProfile"]
