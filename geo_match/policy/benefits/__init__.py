"""Benefits: a dated catalogue of policies, and for whom each is: seekers, entities, posts."""

from geo_match.policy.benefits.entities import match_entities
from geo_match.policy.benefits.judged import Benefits
from geo_match.policy.benefits.posts import match_posts
from geo_match.policy.benefits.rules import CATALOGUE, Policy, Terms
from geo_match.policy.benefits.seekers import match_seekers

__all__ = [
    "CATALOGUE",
    "Benefits",
    "Policy",
    "Terms",
    "match_entities",
    "match_posts",
    "match_seekers",
]
