"""Under which conditions a request is meant: the tag of a record as its caller knows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header

from api.records.refusals import condition_failed, fault
from geo_match.store import One

_ONE: Final = r'(?:W/)?"[\x21\x23-\x7e]*"'
# A comma stands between two: were it optional, there would be endless ways to read what is none.
# More of them have nothing between them, which counts for nothing (RFC 9110, 5.6.1.2).
_TAGS: Final = re.compile(rf"[\s,]*{_ONE}(?:\s*,[\s,]*{_ONE})*[\s,]*|\s*\*\s*")
_TAG: Final = re.compile(r'(W/)?("[^"]*")')


def tag_of(epoch: str, seq: int) -> str:
    """Return the tag of a record by the change that made it what it is."""
    return f'"{epoch}-{seq}"'


def tag(one: One) -> str:
    """Return the tag of a record."""
    return tag_of(one.cursor.epoch, one.seq)


def is_known(known: str | None, now: str) -> bool:
    """Return whether `If-None-Match` names a tag, weak or strong, or any."""
    if known is None:
        return False
    return known.strip() == "*" or any(one[2] == now for one in _TAG.finditer(known))


@dataclass(frozen=True, slots=True)
class Conditions:
    """Of a write.

    Parameters
    ----------
    match
        What `If-Match` says; None without.
    is_new
        Whether `If-None-Match: *` says that there must be no such record.
    """

    match: str | None
    is_new: bool

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return self.match is not None or self.is_new

    def check(self, kept: One | None) -> None:
        """Check them.

        Parameters
        ----------
        kept
            The record as it is; None if there is none.

        Raises
        ------
        ProblemError
            If one does not hold.
        """
        now = None if kept is None else tag(kept)
        if self.is_new and now is not None:
            raise condition_failed(now)
        if self.match is None:
            return
        if now is None:
            raise condition_failed(None)
        # A weak tag says that two states are alike, not that they are the same.
        strong = {one[2] for one in _TAG.finditer(self.match) if one[1] is None}
        if self.match.strip() != "*" and now not in strong:
            raise condition_failed(now)


async def _conditions(
    if_match: Annotated[
        str | None,
        Header(
            max_length=400,
            description="The `ETag` of the record as the caller read it, or `*` for whatever is "
            "there; otherwise nothing is written.",
            examples=['"0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"'],
        ),
    ] = None,
    if_none_match: Annotated[
        str | None,
        Header(max_length=400, description="`*`: only if there is no such record.", examples=["*"]),
    ] = None,
) -> Conditions:
    """Return the conditions of a write.

    Raises
    ------
    ProblemError
        If a header is none.
    """
    if if_match is not None and not _TAGS.fullmatch(if_match):
        raise fault("If-Match", 'must be * or tags, each in quotes: "…"')
    if if_none_match is not None and if_none_match.strip() != "*":
        raise fault("If-None-Match", "must be * where something is written")
    return Conditions(if_match, if_none_match is not None)


Conditional = Annotated[Conditions, Depends(_conditions)]
"""The conditions of a write."""
