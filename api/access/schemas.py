"""What is said of a session."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.access.scopes import Scope

_MOST = 200


class KeyOfSession(BaseModel):
    """The key with which a session is opened."""

    model_config = ConfigDict(extra="forbid", strict=True)

    key: Annotated[
        str,
        Field(
            min_length=1,
            max_length=_MOST,
            description="The key, as it was shown once.",
            examples=["gmk_kq3v5w2x7yabcdef_abcdefghijklmnopqrstuvwxyz234567"],
        ),
    ]


class SessionState(BaseModel):
    """Who asks, and what they may."""

    role: str = Field(
        description="Of the key; `keyless` for who has none, where such may ask.",
        examples=["community"],
    )
    scopes: list[Scope] = Field(description="What the role may.", examples=[["jobs:read"]])
    area: str | None = Field(
        description="Of the role community, what the codes of its communities begin with; else "
        "null.",
        examples=["340302001001"],
    )
    by: Literal["key", "session", "nothing"] = Field(
        description="How the caller is known.", examples=["session"]
    )
    expires_at: dt.datetime | None = Field(
        description="When the session or the key ends, UTC; null for no end.",
        examples=["2026-12-01T08:00:00Z"],
    )
