"""Words as people write them: compared without regard to width, case and white space."""

from __future__ import annotations

import unicodedata


def normalised(text: str) -> str:
    """Return a header, word, name or address as it is compared with others."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
