"""Secrets of keys and sessions: how they are made, kept, compared and hidden.

A key is `gmk_`, its public id, `_` and 160 random bits; a session is `gms_` and 160 random bits:
all in the lower-case letters and digits of base32. By the prefix a key is known wherever it turns
up, by the id it is found in the table.

Kept is the SHA-256 of the whole. A slow hash guards what people think up, which some millions of
guesses find. 160 random bits are found by no number of guesses, and a slow hash would take
milliseconds of each request.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

ID_LENGTH: Final = 16
"""Characters of a key's id: 80 random bits, so that no two keys ever have the same."""
HASH_LENGTH: Final = 64
"""Characters of a hash, hexadecimal."""
_KEY_PREFIX: Final = "gmk_"
_SESSION_PREFIX: Final = "gms_"
_ID_BYTES: Final = 10
_SECRET_BYTES: Final = 20
_KEY: Final = re.compile(rf"{_KEY_PREFIX}([a-z2-7]{{{ID_LENGTH}}})_[a-z2-7]{{32}}")
_SESSION: Final = re.compile(rf"{_SESSION_PREFIX}[a-z2-7]{{32}}")
_NEARLY: Final = re.compile("(gm[ks]_)[0-9a-z_]+", re.ASCII | re.IGNORECASE)


def new_key() -> tuple[str, str]:
    """Return the id of a new key, and the key."""
    id_ = _random(_ID_BYTES)
    return id_, f"{_KEY_PREFIX}{id_}_{_random(_SECRET_BYTES)}"


def new_session() -> str:
    """Return the secret of a new session."""
    return _SESSION_PREFIX + _random(_SECRET_BYTES)


def id_in(key: str) -> str | None:
    """Return the id that stands in a key; None for what has not a key's form, to the letter."""
    found = _KEY.fullmatch(key)
    return None if found is None else found[1]


def is_session(secret: str) -> bool:
    """Return whether a text has the form of a session's secret, to the letter."""
    return _SESSION.fullmatch(secret) is not None


def hash_of(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_same(kept: str, secret: str) -> bool:
    """Return whether a kept hash is that of a secret; it takes as long whichever it is."""
    return hmac.compare_digest(kept, hash_of(secret))


def mask_secrets(text: str) -> str:
    """Return a text with whatever looks like a key or a session cut off behind its prefix.

    Examples
    --------
    >>> mask_secrets("/v1/GMK_abcdefgh/jobs")
    '/v1/GMK_…/jobs'
    """
    return _NEARLY.sub(r"\1…", text)


def _random(n_bytes: int) -> str:
    """Return random bytes, a multiple of five, as base32: that needs no padding."""
    return base64.b32encode(secrets.token_bytes(n_bytes)).decode().lower()
