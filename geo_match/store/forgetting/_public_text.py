"""Texts that stay when a person's records have gone: reasons, and who gave them."""

from __future__ import annotations

import re
from typing import Final

from geo_match import codes
from geo_match.errors import ArgumentError

_LONGEST: Final = 200
_TELLING: Final = 2
"""Letters or signs of which what is known must have so many to tell who is meant."""
_BETWEEN: Final = r"[\s\-‐‑‒–—−]?"
_PHONE: Final = re.compile(
    rf"(?<!\d)(?:1[3-9](?:{_BETWEEN}\d){{9}}"
    rf"|0(?:10|2\d|[3-9]\d\d)\)?{_BETWEEN}[2-9](?:{_BETWEEN}\d){{6,7}})(?!\d)",
    re.ASCII,
)


def check_public_text(name: str, text: str) -> None:
    """Check that a text may be kept for good.

    Raises
    ------
    ArgumentError
        If it has more than 200 characters or one of control, or an ID-card or phone number in it.
    """
    if len(text) > _LONGEST or not text.isprintable():
        raise ArgumentError(
            name, f"be one line of at most {_LONGEST} characters", f"{len(text)} characters"
        )
    try:
        codes.check_no_id_card(text)
    except ValueError:
        raise _personal(name, "an ID-card number") from None
    if _PHONE.search(codes.narrow(text)):
        raise _personal(name, "a phone number")


def check_reason(reason: str) -> None:
    """Check that a reason is given and may be kept for good; raise ArgumentError if not."""
    if not reason.strip():
        raise ArgumentError("reason", "be a text that is not blank", repr(reason))
    check_public_text("reason", reason)


def check_names_nobody(name: str, text: str, known: set[str]) -> None:
    """Raise ArgumentError if a text has in it what is known of a person: a name, a number.

    Wide and small letters count as the usual ones, and spaces for nothing. What is of one letter or
    sign is in many words, and tells nobody; so are letters and digits of ASCII that others stand
    beside, as in a year (of the id 25) or a word (of the id up), and they count alone.
    """
    said = _plainly(text)
    if any(_is_in(_plainly(one), said) for one in known):
        raise _personal(name, "what the records say of the person")


def _is_in(one: str, said: str) -> bool:
    """Return whether a text holds another; both are plain."""
    words = one.split()
    bare = "".join(words)
    if len(bare) < _TELLING:
        return False
    if not bare.isascii():
        return bare in "".join(said.split())
    spaced = r"\s*".join(map(re.escape, words))
    alone = rf"(?<![0-9a-z]){spaced}(?![0-9a-z])"
    return re.search(alone, said) is not None


def _plainly(text: str) -> str:
    return codes.narrow(text).casefold()


def _personal(name: str, found: str) -> ArgumentError:
    # What was found is not shown: messages are logged.
    return ArgumentError(
        name,
        "say nothing personal, since it is kept for good",
        found,
        "Put the number of the request in its place.",
    )
