"""Who asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from api.access.scopes import Scope

KEYLESS: Final = "keyless"
"""The role of who has no key, where such may ask at all."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may.

    Parameters
    ----------
    role
        One of the library's roles, or `KEYLESS`.
    scopes
        What they may.
    by
        How they are known.
    key
        The public id of the key; None for who has none. It names the caller in logs and audits.
    area
        Of the role community its area: what a community's code begins with; else None.
    expires_at
        Until when, UTC; None for no end.
    """

    role: str
    scopes: frozenset[Scope]
    by: Literal["key", "session", "nothing"]
    key: str | None = None
    area: str | None = None
    expires_at: dt.datetime | None = None

    def covers(self, community: str | None) -> bool:
        """Return whether what is in a community lies in the caller's area.

        Who has no area covers all; an area does not cover what is in no known community.
        """
        if self.area is None:
            return True
        return community is not None and community.startswith(self.area)
