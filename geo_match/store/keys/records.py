"""What is known of a key and of a session: never the secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

COMMUNITY: Final = "community"
"""The one role that has an area."""
ROLES: Final = (
    "integration",
    "employer",
    COMMUNITY,
    "operator",
    "planner",
    "supervisor",
    "administrator",
)
"""Whom a key may be for: the city's other systems 业务系统, an employer 经营实体, a community 社区,
the operator 运营机构, who plans 规划, the supervisor 监理机构, who runs the system 系统管理员. What
each may do is for whoever answers them to say."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key.

    Parameters
    ----------
    id
        By which it is named; it stands in the key, and is no secret.
    role
        One of `ROLES`.
    label
        Whose it is.
    community
        Of the role community its area: the 12 digits of a community, or the first 9 or 6 of its
        street's or district's; else None.
    created_at, expires_at, revoked_at
        Moments in UTC; None where it does not expire, or was not revoked.
    """

    id: str
    role: str
    label: str
    community: str | None
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None

    def is_valid(self, at: dt.datetime) -> bool:
        """Return whether it opens anything at a moment, which has a zone."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True)
class Session:
    """What is known of a session.

    Parameters
    ----------
    key
        With which it was opened; it ends with it.
    expires_at
        When it ends at the latest, UTC.
    """

    key: Key
    expires_at: dt.datetime
