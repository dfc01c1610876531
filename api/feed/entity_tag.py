"""The entity tag of a snapshot: by its place in the feed and its kinds, since it never differs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo_match.store import Cursor

_FORM: Final = 1
"""Raised when the same records are told in another way."""
_TAGS: Final = re.compile(r'(?:W/)?("[^"]*")|\*')


def entity_tag(cursor: Cursor, kinds: Sequence[str]) -> str:
    """Return the tag of the snapshot of some kinds, which are in their own order."""
    return f'"{_FORM}.{cursor}.{"+".join(kinds)}"'


def is_known(tag: str, known: str) -> bool:
    """Return whether `If-None-Match` names a tag, weak or strong, or any (`*`)."""
    return any(match[0] == "*" or match[1] == tag for match in _TAGS.finditer(known))
