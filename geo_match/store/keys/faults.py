"""What may be wrong with a store's keys: queries, each with the sentence that tells of a row.

None of them shows a hash.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Select, func, or_, select

from geo_match.store.keys.records import COMMUNITY, ROLES
from geo_match.store.keys.secret import HASH_LENGTH
from geo_match.store.schema.tables import API_KEYS, SESSIONS

_IS_THERE: Final = select(API_KEYS.c.id).where(API_KEYS.c.id == SESSIONS.c.key_id).exists()

FAULTS: Final[tuple[tuple[Select[Any], str], ...]] = (
    (
        select(API_KEYS.c.id).where(API_KEYS.c.role.not_in(ROLES)).order_by(API_KEYS.c.id),
        "The key {0} has a role that is not known.",
    ),
    (
        select(API_KEYS.c.id)
        .where(
            or_(
                (API_KEYS.c.role == COMMUNITY) & API_KEYS.c.community.is_(None),
                (API_KEYS.c.role != COMMUNITY) & API_KEYS.c.community.is_not(None),
            )
        )
        .order_by(API_KEYS.c.id),
        f"The key {{0}} has an area and not the role {COMMUNITY}, or that role and no area.",
    ),
    (
        select(API_KEYS.c.id)
        .where(func.length(API_KEYS.c.hash) != HASH_LENGTH)
        .order_by(API_KEYS.c.id),
        "The key {0} has a hash of another length.",
    ),
    (
        select(SESSIONS.c.key_id).where(~_IS_THERE).distinct().order_by(SESSIONS.c.key_id),
        "There are sessions of the key {0}, which is not there.",
    ),
)
"""In the order in which they are told."""
